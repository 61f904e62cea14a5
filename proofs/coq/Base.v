(** * Base: the vocabulary of every claim

    Assumed: nothing.  Proved: elementary facts about finite sums and upper
    bounds, and the consequences of the definitions that many claims share.

    A learning problem is a model space [in_models] inside a type of models, a
    data space [in_points] (the paper's X x Y) inside a type of points, a loss
    and a regulariser.  Nothing else is assumed of them: convexity, continuity,
    compactness, a norm or a sign enter as hypotheses of the theorems that need
    them.  The names mirror the Python objects: [objective], [minimiser],
    [attainable], [distance], [Close], [poisoned_objective], [regret].

    Departures from the paper as printed:
    - the loss-based distance is a supremum (relation [distance]), which need
      not be attained and need not exist;
    - data sets are lists, that is multisets: a point may be added twice;
    - objectives are in sum form (mean objective times the number of points),
      and the regulariser is always there with weight (number of points) * c;
    - a minimiser need not be unique unless [strict_minimiser] says so. *)

From Coq Require Import Reals Lra Lia List.
Import ListNotations.
Open Scope R_scope.

(** ** Finite sums over lists *)

Fixpoint lsum {A : Type} (f : A -> R) (s : list A) : R :=
  match s with
  | [] => 0
  | a :: s' => f a + lsum f s'
  end.

Lemma lsum_app {A} (f : A -> R) s1 s2 : lsum f (s1 ++ s2) = lsum f s1 + lsum f s2.
Proof. induction s1 as [|a s IH]; simpl; lra. Qed.

Lemma lsum_ext {A} (f g : A -> R) s :
  (forall x, In x s -> f x = g x) -> lsum f s = lsum g s.
Proof.
  induction s as [|a s IH]; simpl; intros H; [reflexivity|].
  rewrite (H a) by auto. rewrite IH; auto.
Qed.

Lemma lsum_plus {A} (f g : A -> R) s :
  lsum (fun x => f x + g x) s = lsum f s + lsum g s.
Proof. induction s as [|a s IH]; simpl; lra. Qed.

Lemma lsum_minus {A} (f g : A -> R) s :
  lsum (fun x => f x - g x) s = lsum f s - lsum g s.
Proof. induction s as [|a s IH]; simpl; lra. Qed.

Lemma lsum_opp {A} (f : A -> R) s : lsum (fun x => - f x) s = - lsum f s.
Proof. induction s as [|a s IH]; simpl; lra. Qed.

Lemma lsum_scal {A} (k : R) (f : A -> R) s :
  lsum (fun x => k * f x) s = k * lsum f s.
Proof. induction s as [|a s IH]; simpl; lra. Qed.

Lemma length_INR_cons {A} (a : A) s : INR (length (a :: s)) = 1 + INR (length s).
Proof. change (length (a :: s)) with (S (length s)). rewrite S_INR. lra. Qed.

Lemma lsum_const {A} (k : R) (s : list A) :
  lsum (fun _ => k) s = INR (length s) * k.
Proof.
  induction s as [|a s IH]; [simpl; lra|].
  rewrite length_INR_cons. cbn [lsum]. rewrite IH. lra.
Qed.

Lemma lsum_le {A} (f g : A -> R) s :
  (forall x, In x s -> f x <= g x) -> lsum f s <= lsum g s.
Proof.
  induction s as [|a s IH]; simpl; intros H; [lra|].
  specialize (IH (fun x Hx => H x (or_intror Hx))).
  specialize (H a (or_introl eq_refl)). lra.
Qed.

Lemma lsum_nonneg {A} (f : A -> R) s :
  (forall x, In x s -> 0 <= f x) -> 0 <= lsum f s.
Proof.
  intros H. replace 0 with (lsum (fun _ : A => 0) s).
  - now apply lsum_le.
  - rewrite lsum_const. lra.
Qed.

(** A sum is at most the number of terms times an upper bound of the terms. *)
Lemma lsum_le_bound {A} (f : A -> R) s b :
  (forall x, In x s -> f x <= b) -> lsum f s <= INR (length s) * b.
Proof. intros H. rewrite <- lsum_const. now apply lsum_le. Qed.

Lemma lsum_ge_bound {A} (f : A -> R) s b :
  (forall x, In x s -> b <= f x) -> INR (length s) * b <= lsum f s.
Proof. intros H. rewrite <- lsum_const. now apply lsum_le. Qed.

Lemma lsum_abs {A} (f : A -> R) s : Rabs (lsum f s) <= lsum (fun x => Rabs (f x)) s.
Proof.
  induction s as [|a s IH]; simpl; [rewrite Rabs_R0; lra|].
  pose proof (Rabs_triang (f a) (lsum f s)). lra.
Qed.

Lemma lsum_repeat {A} (f : A -> R) a n : lsum f (repeat a n) = INR n * f a.
Proof.
  induction n as [|n IH]; [simpl; lra|].
  rewrite S_INR. simpl repeat. simpl lsum. rewrite IH. lra.
Qed.

Lemma lsum_map {A B} (f : B -> R) (g : A -> B) s :
  lsum f (map g s) = lsum (fun x => f (g x)) s.
Proof. induction s as [|a s IH]; simpl; congruence. Qed.

Lemma length_INR_pos {A} (s : list A) : s <> [] -> 1 <= INR (length s).
Proof.
  destruct s as [|a s]; [congruence|]. intros _. rewrite length_INR_cons.
  pose proof (pos_INR (length s)). lra.
Qed.

Lemma length_INR_app {A} (s1 s2 : list A) :
  INR (length (s1 ++ s2)) = INR (length s1) + INR (length s2).
Proof. rewrite app_length, plus_INR. reflexivity. Qed.

(** ** Finite sums over 0 .. n-1 *)

Fixpoint nsum (f : nat -> R) (n : nat) : R :=
  match n with
  | O => 0
  | S n' => nsum f n' + f n'
  end.

Lemma nsum_ext f g n : (forall i, (i < n)%nat -> f i = g i) -> nsum f n = nsum g n.
Proof.
  induction n as [|n IH]; simpl; intros H; [reflexivity|].
  rewrite IH by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.

Lemma nsum_plus f g n : nsum (fun i => f i + g i) n = nsum f n + nsum g n.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma nsum_minus f g n : nsum (fun i => f i - g i) n = nsum f n - nsum g n.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma nsum_opp f n : nsum (fun i => - f i) n = - nsum f n.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma nsum_scal k f n : nsum (fun i => k * f i) n = k * nsum f n.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma nsum_const k n : nsum (fun _ => k) n = INR n * k.
Proof.
  induction n as [|n IH]; [simpl; lra|].
  rewrite S_INR. cbn [nsum]. rewrite IH. lra.
Qed.

Lemma nsum_le f g n : (forall i, (i < n)%nat -> f i <= g i) -> nsum f n <= nsum g n.
Proof.
  induction n as [|n IH]; simpl; intros H; [lra|].
  assert (nsum f n <= nsum g n) by (apply IH; intros; apply H; lia).
  assert (f n <= g n) by (apply H; lia). lra.
Qed.

Lemma nsum_nonneg f n : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= nsum f n.
Proof.
  intros H. replace 0 with (nsum (fun _ => 0) n).
  - now apply nsum_le.
  - rewrite nsum_const. lra.
Qed.

Lemma nsum_le_bound f n b :
  (forall i, (i < n)%nat -> f i <= b) -> nsum f n <= INR n * b.
Proof. intros H. rewrite <- nsum_const. now apply nsum_le. Qed.

Lemma nsum_ge_bound f n b :
  (forall i, (i < n)%nat -> b <= f i) -> INR n * b <= nsum f n.
Proof. intros H. rewrite <- nsum_const. now apply nsum_le. Qed.

Lemma nsum_abs f n : Rabs (nsum f n) <= nsum (fun i => Rabs (f i)) n.
Proof.
  induction n as [|n IH]; simpl; [rewrite Rabs_R0; lra|].
  pose proof (Rabs_triang (nsum f n) (f n)). lra.
Qed.

Lemma nsum_telescope f n : nsum (fun i => f (S i) - f i) n = f n - f O.
Proof. induction n as [|n IH]; simpl; lra. Qed.

Lemma nsum_term_le f n i :
  (forall j, (j < n)%nat -> 0 <= f j) -> (i < n)%nat -> f i <= nsum f n.
Proof.
  induction n as [|n IH]; simpl; intros H Hi; [lia|].
  assert (0 <= f n) by (apply H; lia).
  destruct (Nat.eq_dec i n) as [->|Hne].
  - assert (0 <= nsum f n) by (apply nsum_nonneg; intros; apply H; lia). lra.
  - assert (f i <= nsum f n) by (apply IH; [intros; apply H; lia | lia]). lra.
Qed.

Lemma nsum_swap (f : nat -> nat -> R) n m :
  nsum (fun i => nsum (fun j => f i j) m) n = nsum (fun j => nsum (fun i => f i j) n) m.
Proof.
  induction n as [|n IH]; simpl.
  - rewrite nsum_const. lra.
  - rewrite IH, nsum_plus. reflexivity.
Qed.

Lemma lsum_nsum_swap {A} (f : A -> nat -> R) s n :
  lsum (fun a => nsum (fun i => f a i) n) s = nsum (fun i => lsum (fun a => f a i) s) n.
Proof.
  induction s as [|a s IH]; simpl.
  - rewrite nsum_const. lra.
  - rewrite IH, <- nsum_plus. reflexivity.
Qed.

(** Some term of a nonempty sum is at most the average. *)
Lemma nsum_exists_le_average f n s :
  (0 < n)%nat -> nsum f n <= s -> exists i, (i < n)%nat /\ INR n * f i <= s.
Proof.
  revert s. induction n as [|n IH]; [lia|]. intros s _ Hs.
  destruct n as [|n].
  - exists O. split; [lia|]. simpl in *. lra.
  - destruct (Rle_lt_dec (INR (S (S n)) * f (S n)) s) as [Hle|Hlt].
    + exists (S n). split; [lia | exact Hle].
    + change (nsum f (S (S n))) with (nsum f (S n) + f (S n)) in Hs.
      destruct (IH (s - f (S n)) ltac:(lia) ltac:(lra)) as (i & Hi & Hle).
      exists i. split; [lia|].
      rewrite S_INR in *. pose proof (pos_INR n). rewrite S_INR in *.
      assert (0 < INR n + 1) by lra.
      assert (f i <= f (S n)); [|lra].
      apply Rmult_le_reg_l with (INR n + 1); lra.
Qed.

(** ** Learning problems *)

Record problem := Problem {
  model : Type;
  point : Type;
  in_models : model -> Prop;      (* the model space Theta *)
  in_points : point -> Prop;      (* the data space X x Y *)
  loss : model -> point -> R;
  regulariser : model -> R
}.

Arguments in_models {p} _.
Arguments in_points {p} _.
Arguments loss {p} _ _.
Arguments regulariser {p} _.

Section Definitions.

Context {P : problem}.
Implicit Types (t u : model P) (z : point P) (D : list (point P)) (c : R).

(** Definition 1: [S] is the loss-based distance from [t] to [u]. *)
Definition loss_gap t u (v : R) : Prop := exists z, in_points z /\ v = loss t z - loss u z.
Definition distance t u (S : R) : Prop := is_lub (loss_gap t u) S.
Definition Close (eps : R) t u : Prop :=
  forall z, in_points z -> loss t z - loss u z <= eps.

(** The regularised objective in sum form: L(t; D) + |D| c R(t). *)
Definition total_loss D t : R := lsum (loss t) D.
Definition objective c D t : R := lsum (loss t) D + INR (length D) * (c * regulariser t).

Definition minimises (F : model P -> R) t : Prop :=
  in_models t /\ forall u, in_models u -> F t <= F u.
Definition strictly_minimises (F : model P -> R) t : Prop :=
  in_models t /\ forall u, in_models u -> u <> t -> F t < F u.
Definition minimiser c D t : Prop := minimises (objective c D) t.
Definition strict_minimiser c D t : Prop := strictly_minimises (objective c D) t.

(** Definition 2: [attainable] asks for a minimiser, [strictly_attainable] for
    the only one ("theta = argmin"). *)
Definition attainable c t : Prop :=
  exists D, D <> [] /\ (forall z, In z D -> in_points z) /\ minimiser c D t.
Definition strictly_attainable c t : Prop :=
  exists D, D <> [] /\ (forall z, In z D -> in_points z) /\ strict_minimiser c D t.

(** One point's share of the objective: f_z = l(.; z) + c R. *)
Definition point_objective c z t : R := loss t z + c * regulariser t.

(** [S] bounds l(t; z) - l(u; z) from above; S_reg = S + c (R(t) - R(u)). *)
Definition regularised_gap c (S : R) t u : R := S + c * (regulariser t - regulariser u).

(** The attack: clean data [Dc], poisoning points [z 0], [z 1], ...  After [T]
    rounds the training set is [Dc] with [z 0 .. z (T-1)]. *)
Definition poisons (z : nat -> point P) (T : nat) : list (point P) := map z (seq 0 T).
Definition poisoned_objective c Dc (z : nat -> point P) (T : nat) t : R :=
  objective c Dc t + nsum (fun j => point_objective c (z j) t) T.

(** The excess of the target over the clean model, D0 of the audit:
    L(tp; Dc) - L(tc; Dc) + N c (R(tp) - R(tc)). *)
Definition clean_excess c Dc tp tc : R := objective c Dc tp - objective c Dc tc.

(** Definition 3 with round 0 on the clean data: regret against [u]. *)
Definition regret_against c Dc (theta : nat -> model P) (z : nat -> point P) T u : R :=
  objective c Dc (theta O) + nsum (fun j => point_objective c (z j) (theta j)) T
  - poisoned_objective c Dc z T u.

(** What round [j] adds to the regret of following the leader. *)
Definition regret_step c Dc (theta : nat -> model P) (z : nat -> point P) (j : nat) : R :=
  poisoned_objective c Dc z (S j) (theta j) - poisoned_objective c Dc z (S j) (theta (S j)).

(** Algorithm 1: theta 0 is the clean model, theta j is trained after j points,
    point j has the largest loss difference at theta j. *)
Definition follows_leader c Dc (theta : nat -> model P) (z : nat -> point P) T : Prop :=
  forall j, (j <= T)%nat -> minimises (poisoned_objective c Dc z j) (theta j).
Definition greedy (tp : model P) (theta : nat -> model P) (z : nat -> point P) T : Prop :=
  forall j, (j < T)%nat -> in_points (z j) /\
    Close (loss (theta j) (z j) - loss tp (z j)) (theta j) tp.

End Definitions.

Section Consequences.

Context {P : problem}.
Implicit Types (t u v : model P) (z : point P) (D : list (point P)) (c : R).

Lemma distance_Close t u S : distance t u S -> Close S t u.
Proof. intros [Hub _] z Hz. apply Hub. exists z. auto. Qed.

Lemma distance_least t u S eps : distance t u S -> Close eps t u -> S <= eps.
Proof.
  intros [_ Hl] Hc. apply Hl. intros v (z & Hz & ->). now apply Hc.
Qed.

Lemma distance_unique t u S S' : distance t u S -> distance t u S' -> S = S'.
Proof.
  intros H H'.
  apply Rle_antisym; eapply distance_least; eauto using distance_Close.
Qed.

(** A bound that is attained is the distance. *)
Lemma distance_attained t u z :
  in_points z -> Close (loss t z - loss u z) t u -> distance t u (loss t z - loss u z).
Proof.
  intros Hz Hc. split.
  - intros v (w & Hw & ->). now apply Hc.
  - intros b Hb. apply Hb. exists z. auto.
Qed.

Lemma objective_app c D1 D2 t :
  objective c (D1 ++ D2) t = objective c D1 t + objective c D2 t.
Proof. unfold objective. rewrite lsum_app, length_INR_app. lra. Qed.

Lemma objective_nil c t : objective c (P := P) [] t = 0.
Proof. unfold objective. simpl. lra. Qed.

Lemma objective_cons c z D t :
  objective c (z :: D) t = point_objective c z t + objective c D t.
Proof. unfold objective, point_objective. rewrite length_INR_cons. simpl. lra. Qed.

Lemma objective_lsum c D t : objective c D t = lsum (fun z => point_objective c z t) D.
Proof.
  induction D as [|z D IH].
  - unfold objective. simpl. lra.
  - rewrite objective_cons, IH. reflexivity.
Qed.

Lemma objective_repeat c z n t :
  objective c (repeat z n) t = INR n * point_objective c z t.
Proof. rewrite objective_lsum, lsum_repeat. reflexivity. Qed.

Lemma strictly_minimises_minimises (F : model P -> R) t :
  strictly_minimises F t -> minimises F t.
Proof.
  intros [H1 H2]. split; auto. intros u Hu. apply Rnot_lt_le. intros Hlt.
  assert (u <> t) by (intros ->; lra). specialize (H2 u Hu H). lra.
Qed.

Lemma strictly_attainable_attainable c t : strictly_attainable c t -> attainable c t.
Proof.
  intros (D & HD & HZ & H). exists D. split; [|split]; auto.
  now apply strictly_minimises_minimises.
Qed.

Lemma poisoned_objective_0 c Dc (z : nat -> point P) t :
  poisoned_objective c Dc z 0 t = objective c Dc t.
Proof. unfold poisoned_objective. simpl. lra. Qed.

Lemma poisoned_objective_S c Dc (z : nat -> point P) j t :
  poisoned_objective c Dc z (S j) t =
  poisoned_objective c Dc z j t + point_objective c (z j) t.
Proof. unfold poisoned_objective. simpl. lra. Qed.

Lemma poisons_S (z : nat -> point P) T : poisons z (S T) = poisons z T ++ [z T].
Proof. unfold poisons. rewrite seq_S, map_app. reflexivity. Qed.

Lemma poisons_length (z : nat -> point P) T : length (poisons z T) = T.
Proof. unfold poisons. rewrite map_length, seq_length. reflexivity. Qed.

(** The sum over rounds is the objective on the multiset union. *)
Lemma poisoned_objective_union c Dc (z : nat -> point P) T t :
  poisoned_objective c Dc z T t = objective c (Dc ++ poisons z T) t.
Proof.
  induction T as [|T IH].
  - rewrite poisoned_objective_0. unfold poisons. simpl. now rewrite app_nil_r.
  - rewrite poisoned_objective_S, IH, poisons_S, !objective_app, objective_cons, objective_nil.
    lra.
Qed.

Lemma minimises_ext (F G : model P -> R) t :
  (forall u, F u = G u) -> minimises F t -> minimises G t.
Proof. intros E [H1 H2]. split; auto. intros u Hu. rewrite <- !E. auto. Qed.

End Consequences.

(** ** One-dimensional hinge problems, for concrete instances

    Points are pairs (x, y); X is a predicate on the feature, both labels are
    available; R(t) = t^2/2; Theta is a predicate on the weight. *)

Definition hinge (m : R) : R := Rmax 0 (1 - m).

Definition is_label (y : R) : Prop := y = 1 \/ y = -1.

Definition Hinge1 (Theta X : R -> Prop) : problem := {|
  model := R;
  point := (R * R)%type;
  in_models := Theta;
  in_points := fun z => X (fst z) /\ is_label (snd z);
  loss := fun t z => hinge (snd z * t * fst z);
  regulariser := fun t => t * t / 2
|}.

Definition whole_line (t : R) : Prop := True.
Definition interval (a b : R) (t : R) : Prop := a <= t <= b.

Lemma hinge_nonneg m : 0 <= hinge m.
Proof. unfold hinge. apply Rmax_l. Qed.

Lemma hinge_ge m : 1 - m <= hinge m.
Proof. unfold hinge. apply Rmax_r. Qed.

Lemma hinge_cases m : (m <= 1 /\ hinge m = 1 - m) \/ (1 <= m /\ hinge m = 0).
Proof. unfold hinge, Rmax. destruct (Rle_dec 0 (1 - m)); [left|right]; lra. Qed.

Lemma hinge_inside m : m <= 1 -> hinge m = 1 - m.
Proof. destruct (hinge_cases m); lra. Qed.

Lemma hinge_outside m : 1 <= m -> hinge m = 0.
Proof. destruct (hinge_cases m); lra. Qed.

Lemma hinge_antitone m m' : m <= m' -> hinge m' <= hinge m.
Proof. destruct (hinge_cases m); destruct (hinge_cases m'); lra. Qed.

Lemma hinge_lipschitz m m' : hinge m - hinge m' <= Rabs (m - m').
Proof.
  pose proof (Rle_abs (m - m')). pose proof (Rle_abs (- (m - m'))).
  rewrite Rabs_Ropp in *.
  destruct (hinge_cases m); destruct (hinge_cases m'); lra.
Qed.

Lemma hinge_convex s m m' : 0 <= s <= 1 ->
  hinge ((1 - s) * m + s * m') <= (1 - s) * hinge m + s * hinge m'.
Proof.
  intros Hs. destruct (hinge_cases ((1 - s) * m + s * m')) as [[_ ->]|[_ ->]].
  - pose proof (hinge_ge m). pose proof (hinge_ge m'). nra.
  - pose proof (hinge_nonneg m). pose proof (hinge_nonneg m'). nra.
Qed.

(** Case analysis on every hinge of the goal and the context. *)
Ltac hinge_split :=
  repeat match goal with
  | |- context [hinge ?m] => destruct (hinge_cases m) as [[? ->]|[? ->]]
  | H : context [hinge ?m] |- _ => destruct (hinge_cases m) as [[? E]|[? E]]; rewrite E in *; clear E
  end.
