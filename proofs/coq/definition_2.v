(** * definition-2: attainable models, and why data sets are multisets

    Paper: theta is c-attainable when theta = argmin (1/|D|) L(theta; D) + c R(theta)
    for some training set D.

    Assumed: D is a nonempty finite multiset (a list) of points of X x Y.
    Proved: the mean form of the definition and the sum form used here are the
    same; a larger multiple of the data trains the same model; order is
    irrelevant.
    Refuted: line 3 of Algorithm 1, which trains without the regulariser (its
    minimisers on {(1, +1)} are all t >= 1, and 2 does not minimise the
    regularised objective); and line 5 of Algorithm 1 (add the chosen point to D_p) as a union of SETS.  For
    the hinge loss on X = [0, 1], c = 1/10, clean features 1, 9/10, 8/10, 7/10,
    6/10 with label +1 and target -1, every run with set union selects the
    point (1, -1) in every round, and every model from the second on is 5/4, at
    distance 9/4 from the target.  With multisets theorem-1 applies. *)

From Coq Require Import Reals Lra Lia List Permutation.
From MTP Require Import Base Instances.
Import ListNotations.
Open Scope R_scope.

Section Definition2.

Context {P : problem}.

Definition mean_objective (c : R) (D : list (point P)) (t : model P) : R :=
  / INR (length D) * total_loss D t + c * regulariser t.

Lemma mean_objective_scale (c : R) (D : list (point P)) (t : model P) :
  D <> [] -> INR (length D) * mean_objective c D t = objective c D t.
Proof.
  intros Hne. pose proof (length_INR_pos D Hne). unfold mean_objective, objective, total_loss.
  field. lra.
Qed.

Theorem definition_2_repaired (c : R) (D : list (point P)) (t : model P) :
  D <> [] -> (minimises (mean_objective c D) t <-> minimiser c D t).
Proof.
  intros Hne. pose proof (length_INR_pos D Hne).
  split; intros [Hin Hmin]; (split; [assumption|]); intros u Hu; specialize (Hmin u Hu).
  - rewrite <- !(mean_objective_scale c D) by assumption. apply Rmult_le_compat_l; [lra|assumption].
  - apply Rmult_le_reg_l with (INR (length D)); [lra|].
    rewrite !(mean_objective_scale c D) by assumption. assumption.
Qed.

Lemma objective_permutation (c : R) (D D' : list (point P)) (t : model P) :
  Permutation D D' -> objective c D t = objective c D' t.
Proof.
  intros HP. rewrite !objective_lsum. induction HP; simpl; lra.
Qed.

Theorem definition_2_repaired_order (c : R) (D D' : list (point P)) (t : model P) :
  Permutation D D' -> minimiser c D t -> minimiser c D' t.
Proof.
  intros HP. apply minimises_ext. intros u. now apply objective_permutation.
Qed.

Theorem definition_2_repaired_copies (c : R) (D : list (point P)) (t : model P) :
  minimiser c D t -> minimiser c (D ++ D) t.
Proof.
  intros [Hin Hmin]. split; [assumption|]. intros u Hu. rewrite !objective_app.
  specialize (Hmin u Hu). lra.
Qed.

Theorem definition_2_extended_any_copies (c : R) (D : list (point P)) (t : model P) (k : nat) :
  minimiser c D t -> minimiser c (concat (repeat D k)) t.
Proof.
  intros [Hin Hmin]. split; [assumption|]. intros u Hu.
  assert (E : forall v, objective c (concat (repeat D k)) v = INR k * objective c D v).
  { intros v. induction k as [|j IH]; [simpl; rewrite objective_nil; lra|].
    cbn [repeat concat]. rewrite objective_app, IH, S_INR. lra. }
  rewrite !E. apply Rmult_le_compat_l; [apply pos_INR | now apply Hmin].
Qed.

End Definition2.

Lemma std_one_minimiser : minimiser (P := Std) 1 [(1, 1)] 1.
Proof. apply strictly_minimises_minimises, std_one_strict. lra. Qed.

Theorem definition_2_repaired_witness :
  exists (P : problem) (c : R) (D : list (point P)) (t : model P), D <> [] /\ minimiser c D t.
Proof. exists Std, 1, [(1, 1)], 1. split; [discriminate | exact std_one_minimiser]. Qed.

Theorem definition_2_repaired_order_witness :
  exists (P : problem) (c : R) (D D' : list (point P)) (t : model P),
    Permutation D D' /\ D <> D' /\ minimiser c D t.
Proof.
  exists Std, 2, [(1, 1); (1, -1)], [(1, -1); (1, 1)], 0.
  split; [apply perm_swap|]. split.
  { intros E. injection E. intros. lra. }
  split; [exact I|]. intros u _. std_unfold.
  replace (1 * 0 * 1) with 0 by lra. replace (-1 * 0 * 1) with 0 by lra.
  rewrite (hinge_inside 0) by lra.
  pose proof (hinge_ge (1 * u * 1)). pose proof (hinge_ge (-1 * u * 1)).
  pose proof (Rle_0_sqr u). unfold Rsqr in *. lra.
Qed.

Theorem definition_2_repaired_copies_witness :
  exists (P : problem) (c : R) (D : list (point P)) (t : model P), minimiser c D t /\ D <> [] /\ 0 < c.
Proof. exists Std, 1, [(1, 1)], 1. split; [exact std_one_minimiser|]. split; [discriminate | lra]. Qed.

(** ** Line 3 of Algorithm 1 omits the regulariser *)

Definition line_3_claim (P : problem) : Prop :=
  forall (c : R) (D : list (point P)) (t : model P),
    0 < c -> D <> [] -> minimises (total_loss D) t -> minimiser c D t.

Theorem definition_2_printed_refuted_line_3 : ~ line_3_claim Std.
Proof.
  intros H.
  assert (Hmin : minimises (P := Std) (total_loss (P := Std) [(1, 1)]) 2).
  { split; [exact I|]. intros u _. unfold total_loss. cbn [lsum]. rewrite !std_loss. cbn [fst snd].
    rewrite (hinge_outside (2 * (1 * 1))) by lra. pose proof (hinge_nonneg (u * (1 * 1))). lra. }
  destruct (H 1 [(1, 1)] 2 Rlt_0_1 ltac:(discriminate) Hmin) as [_ H1].
  specialize (H1 1 I). revert H1. unfold objective. cbn [lsum length]. rewrite !std_loss.
  cbn [fst snd regulariser Std Hinge1]. rewrite !hinge_outside by lra. simpl INR. lra.
Qed.

(** ** Algorithm 1 with set union is stuck *)

Definition Unit : problem := Hinge1 whole_line (interval 0 1).

Definition set_union_step {A : Type} (z : A) (D D' : list A) : Prop :=
  (In z D /\ D' = D) \/ (~ In z D /\ D' = z :: D).

(** A run: train on the set, select a point of largest loss difference, unite. *)
Definition set_union_run {P : problem} (c : R) (Dc : list (point P)) (tp : model P)
    (D : nat -> list (point P)) (theta : nat -> model P) (z : nat -> point P) : Prop :=
  D O = Dc /\
  forall j, minimiser c (D j) (theta j) /\ in_points (z j) /\
    Close (loss (theta j) (z j) - loss tp (z j)) (theta j) tp /\
    set_union_step (z j) (D j) (D (S j)).

Definition stuck_clean : list (R * R) :=
  [(1, 1); (9 / 10, 1); (8 / 10, 1); (7 / 10, 1); (6 / 10, 1)].

Ltac stuck_unfold :=
  unfold stuck_clean in *; unfold objective in *;
  cbn [lsum length INR loss regulariser Unit Hinge1 fst snd] in *.

(** The clean model is 10/7 ... *)
Lemma stuck_clean_growth (t : R) :
  objective (P := Unit) (1 / 10) stuck_clean (10 / 7) + 1 / 4 * ((t - 10 / 7) * (t - 10 / 7))
  <= objective (P := Unit) (1 / 10) stuck_clean t.
Proof.
  stuck_unfold.
  pose proof (hinge_nonneg (1 * t * 1)). pose proof (hinge_nonneg (1 * t * (9 / 10))).
  pose proof (hinge_nonneg (1 * t * (8 / 10))).
  pose proof (hinge_nonneg (1 * t * (7 / 10))). pose proof (hinge_ge (1 * t * (7 / 10))).
  pose proof (hinge_ge (1 * t * (6 / 10))).
  rewrite !(hinge_outside (1 * (10 / 7) * _)) by lra.
  rewrite (hinge_inside (1 * (10 / 7) * (6 / 10))) by lra.
  lra.
Qed.

(** ... and with the point (1, -1) it is 5/4. *)
Lemma stuck_poisoned_growth (t : R) :
  objective (P := Unit) (1 / 10) ((1, -1) :: stuck_clean) (5 / 4)
    + 3 / 10 * ((t - 5 / 4) * (t - 5 / 4))
  <= objective (P := Unit) (1 / 10) ((1, -1) :: stuck_clean) t.
Proof.
  stuck_unfold.
  pose proof (hinge_nonneg (1 * t * 1)). pose proof (hinge_nonneg (1 * t * (9 / 10))).
  pose proof (hinge_nonneg (1 * t * (8 / 10))). pose proof (hinge_ge (1 * t * (8 / 10))).
  pose proof (hinge_ge (1 * t * (7 / 10))).
  pose proof (hinge_ge (1 * t * (6 / 10))). pose proof (hinge_ge (-1 * t * 1)).
  rewrite (hinge_outside (1 * (5 / 4) * 1)), (hinge_outside (1 * (5 / 4) * (9 / 10))),
    (hinge_outside (1 * (5 / 4) * (8 / 10))), (hinge_inside (1 * (5 / 4) * (7 / 10))),
    (hinge_inside (1 * (5 / 4) * (6 / 10))), (hinge_inside (-1 * (5 / 4) * 1)) by lra.
  lra.
Qed.

Lemma minimiser_of_growth (F : R -> R) (k a t : R) :
  0 < k -> (forall u, F a + k * ((u - a) * (u - a)) <= F u) -> F t <= F a -> t = a.
Proof.
  intros Hk Hg Hle. specialize (Hg t). pose proof (Rle_0_sqr (t - a)) as H0. unfold Rsqr in H0.
  destruct (Req_dec t a) as [E|E]; [assumption|].
  pose proof (square_pos t a E). nra.
Qed.

(** At any weight in [1, 2] the only point of largest loss difference is (1, -1). *)
Lemma stuck_choice (t : R) (z : R * R) :
  1 <= t <= 2 -> in_points (p := Unit) z ->
  Close (P := Unit) (loss (p := Unit) t z - loss (p := Unit) (-1) z) t (-1) -> z = (1, -1).
Proof.
  destruct z as [x y]. intros Ht [[Hx0 Hx1] Hy] HC. cbn [fst snd] in *.
  specialize (HC (1, -1)). cbn [loss in_points Unit Hinge1 fst snd] in HC.
  rewrite (hinge_inside (-1 * t * 1)), (hinge_outside (-1 * -1 * 1)) in HC by lra.
  specialize (HC (conj (conj Rle_0_1 (Rle_refl 1)) (or_intror eq_refl))).
  destruct Hy as [-> | ->].
  - exfalso. rewrite (hinge_inside (1 * -1 * x)) in HC by lra.
    assert (hinge (1 * t * x) <= 1) by (destruct (hinge_cases (1 * t * x)); nra). lra.
  - rewrite (hinge_inside (-1 * t * x)), (hinge_inside (-1 * -1 * x)) in HC by nra.
    assert (x = 1) by nra. now subst x.
Qed.

Lemma stuck_distance (S : R) : Close (P := Unit) S (5 / 4) (-1) -> 9 / 4 <= S.
Proof.
  intros HC. specialize (HC (1, -1)). cbn [loss in_points Unit Hinge1 fst snd] in HC.
  rewrite (hinge_inside (-1 * (5 / 4) * 1)), (hinge_outside (-1 * -1 * 1)) in HC by lra.
  specialize (HC (conj (conj Rle_0_1 (Rle_refl 1)) (or_intror eq_refl))). lra.
Qed.

Theorem definition_2_extended_set_union_stuck
    (D : nat -> list (R * R)) (theta : nat -> R) (z : nat -> R * R) :
  set_union_run (P := Unit) (1 / 10) stuck_clean (-1) D theta z ->
  forall j, theta (S j) = 5 / 4 /\ z (S j) = (1, -1) /\ D (S j) = (1, -1) :: stuck_clean.
Proof.
  intros [H0 Hrun].
  assert (HD1 : D 1%nat = (1, -1) :: stuck_clean).
  { destruct (Hrun O) as ([_ Hmin] & Hz & HC & Hstep). rewrite H0 in *.
    assert (E : theta O = 10 / 7).
    { apply (minimiser_of_growth (objective (P := Unit) (1 / 10) stuck_clean) (1 / 4)).
      - lra.
      - exact stuck_clean_growth.
      - exact (Hmin (10 / 7) I). }
    rewrite E in HC. assert (Ez : z O = (1, -1)) by (apply (stuck_choice (10 / 7)); auto; lra).
    rewrite Ez in Hstep. destruct Hstep as [[Hin _]|[_ ->]]; [|reflexivity].
    exfalso. unfold stuck_clean in Hin. simpl in Hin.
    repeat (destruct Hin as [Hin|Hin]; [injection Hin; intros; lra|]). exact Hin. }
  assert (Hstate : forall j, D (S j) = (1, -1) :: stuck_clean ->
            theta (S j) = 5 / 4 /\ z (S j) = (1, -1) /\ D (S (S j)) = (1, -1) :: stuck_clean).
  { intros j HD. destruct (Hrun (S j)) as ([_ Hmin] & Hz & HC & Hstep). rewrite HD in *.
    assert (E : theta (S j) = 5 / 4).
    { apply (minimiser_of_growth (objective (P := Unit) (1 / 10) ((1, -1) :: stuck_clean)) (3 / 10)).
      - lra.
      - exact stuck_poisoned_growth.
      - exact (Hmin (5 / 4) I). }
    rewrite E in HC. assert (Ez : z (S j) = (1, -1)) by (apply (stuck_choice (5 / 4)); auto; lra).
    rewrite Ez in Hstep. destruct Hstep as [[_ Hin]|[Hni _]]; [auto|].
    exfalso. apply Hni. now left. }
  induction j as [|j IH].
  - destruct (Hstate O HD1) as (? & ? & _). auto.
  - destruct IH as (_ & _ & HD). destruct (Hstate j HD) as (_ & _ & HD').
    destruct (Hstate (S j) HD') as (? & ? & _). auto.
Qed.

(** Such a run exists. *)
Theorem definition_2_extended_set_union_stuck_witness :
  exists D theta z, set_union_run (P := Unit) (1 / 10) stuck_clean (-1) D theta z.
Proof.
  exists (fun j => match j with O => stuck_clean | _ => (1, -1) :: stuck_clean end),
         (fun j => match j with O => 10 / 7 | _ => 5 / 4 end), (fun _ => (1, -1)).
  assert (Hchoice : forall t, 1 <= t <= 2 ->
    Close (P := Unit) (loss (p := Unit) t (1, -1) - loss (p := Unit) (-1) (1, -1)) t (-1)).
  { intros t Ht [x y] [[Hx0 Hx1] Hy]. cbn [loss Unit Hinge1 fst snd] in *.
    rewrite (hinge_inside (-1 * t * 1)), (hinge_outside (-1 * -1 * 1)) by lra.
    destruct Hy as [-> | ->].
    - rewrite (hinge_inside (1 * -1 * x)) by lra.
      assert (hinge (1 * t * x) <= 1) by (destruct (hinge_cases (1 * t * x)); nra). lra.
    - rewrite (hinge_inside (-1 * t * x)), (hinge_inside (-1 * -1 * x)) by nra. nra. }
  assert (Hin : in_points (p := Unit) (1, -1)) by (split; [unfold interval; simpl; lra | now right]).
  split; [reflexivity|]. intros [|j].
  - split.
    { split; [exact I|]. intros u _. pose proof (stuck_clean_growth u).
      pose proof (Rle_0_sqr (u - 10 / 7)). unfold Rsqr in *. lra. }
    split; [exact Hin|]. split; [apply Hchoice; lra|]. right. split; [|reflexivity].
    unfold stuck_clean. simpl. intros H.
    repeat (destruct H as [H|H]; [injection H; intros; lra|]). exact H.
  - split.
    { split; [exact I|]. intros u _. pose proof (stuck_poisoned_growth u).
      pose proof (Rle_0_sqr (u - 5 / 4)). unfold Rsqr in *. lra. }
    split; [exact Hin|]. split; [apply Hchoice; lra|]. left. split; [now left | reflexivity].
Qed.

(** The target is attainable: {(1, -1)} trains it. *)
Lemma stuck_target_attainable : strictly_attainable (P := Unit) (1 / 10) (-1).
Proof.
  exists [(1, -1)]. split; [discriminate|]. split.
  { intros w [<-|[]]. split; [unfold interval; simpl; lra | now right]. }
  split; [exact I|]. intros u _ Hu. unfold objective.
  cbn [lsum length INR loss regulariser Unit Hinge1 fst snd].
  rewrite (hinge_outside (-1 * -1 * 1)) by lra.
  pose proof (square_pos u (-1) Hu).
  destruct (hinge_cases (-1 * u * 1)) as [[? ->]|[? ->]]; [lra|].
  destruct (Rtotal_order u (-1)) as [Hlt|[Heq|Hgt]]; [nra|now elim Hu|lra].
Qed.

(** So "the distance of some model falls below 9/4 after enough rounds" fails. *)
Definition set_union_printed_claim (P : problem) (c : R) (Dc : list (point P)) (tp : model P) : Prop :=
  strictly_attainable c tp ->
  forall D theta z, set_union_run c Dc tp D theta z ->
  forall eps, 0 < eps -> exists j, (0 < j)%nat /\ Close eps (theta j) tp.

Theorem definition_2_printed_refuted_set_union :
  ~ set_union_printed_claim Unit (1 / 10) stuck_clean (-1).
Proof.
  intros H. destruct definition_2_extended_set_union_stuck_witness as (D & theta & z & Hrun).
  destruct (H stuck_target_attainable D theta z Hrun 1 Rlt_0_1) as ([|j] & Hj & HC); [lia|].
  destruct (definition_2_extended_set_union_stuck D theta z Hrun j) as (E & _).
  rewrite E in HC. apply stuck_distance in HC. lra.
Qed.

Theorem definition_2_extended_any_copies_witness :
  exists (P : problem) (c : R) (D : list (point P)) (t : model P) (k : nat), minimiser c D t /\ (2 < k)%nat /\ D <> [].
Proof. exists Std, 1, [(1, 1)], 1, 3%nat. split; [exact std_one_minimiser|]. split; [lia | discriminate]. Qed.
