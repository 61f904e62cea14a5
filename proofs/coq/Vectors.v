(** * Vectors: R^n as functions nat -> R read at the indices below n

    Assumed: nothing.  Proved: bilinearity of [dot], Cauchy-Schwarz, Hoelder's
    inequality for the pair l1 / linf, completion of a quadratic, the identity
    that makes half the squared l2 norm 1-strongly convex, and convexity of the
    hinge loss along segments.  [Linear n phi Theta X] is the learning problem
    of a margin loss phi(y <t, x>) without a bias, both labels available, with
    R(t) = |t|_2^2 / 2. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base.
Import ListNotations.
Open Scope R_scope.

Definition vec := nat -> R.

Definition vzero : vec := fun _ => 0.
Definition vplus (a b : vec) : vec := fun i => a i + b i.
Definition vminus (a b : vec) : vec := fun i => a i - b i.
Definition vscal (k : R) (a : vec) : vec := fun i => k * a i.
Definition vmix (s : R) (a b : vec) : vec := fun i => (1 - s) * a i + s * b i.
Definition vunit (k : nat) : vec := fun i => if Nat.eqb i k then 1 else 0.

Definition dot (n : nat) (a b : vec) : R := nsum (fun i => a i * b i) n.
Definition sqnorm (n : nat) (a : vec) : R := dot n a a.
Definition l2norm (n : nat) (a : vec) : R := sqrt (sqnorm n a).
Definition l1norm (n : nat) (a : vec) : R := nsum (fun i => Rabs (a i)) n.
Fixpoint linfnorm (n : nat) (a : vec) : R :=
  match n with O => 0 | S n' => Rmax (linfnorm n' a) (Rabs (a n')) end.

(** ** Dot product *)

Lemma dot_ext n a b a' b' :
  (forall i, (i < n)%nat -> a i = a' i) -> (forall i, (i < n)%nat -> b i = b' i) ->
  dot n a b = dot n a' b'.
Proof. intros Ha Hb. apply nsum_ext. intros i Hi. rewrite Ha, Hb; auto. Qed.

Lemma dot_sym n a b : dot n a b = dot n b a.
Proof. apply nsum_ext. intros; lra. Qed.

Lemma dot_plus_l n a b c : dot n (vplus a b) c = dot n a c + dot n b c.
Proof. unfold dot. rewrite <- nsum_plus. apply nsum_ext. intros; unfold vplus; lra. Qed.

Lemma dot_minus_l n a b c : dot n (vminus a b) c = dot n a c - dot n b c.
Proof. unfold dot. rewrite <- nsum_minus. apply nsum_ext. intros; unfold vminus; lra. Qed.

Lemma dot_scal_l n k a c : dot n (vscal k a) c = k * dot n a c.
Proof. unfold dot. rewrite <- nsum_scal. apply nsum_ext. intros; unfold vscal; lra. Qed.

Lemma dot_plus_r n a b c : dot n c (vplus a b) = dot n c a + dot n c b.
Proof. rewrite dot_sym, dot_plus_l, (dot_sym n a), (dot_sym n b). reflexivity. Qed.

Lemma dot_minus_r n a b c : dot n c (vminus a b) = dot n c a - dot n c b.
Proof. rewrite dot_sym, dot_minus_l, (dot_sym n a), (dot_sym n b). reflexivity. Qed.

Lemma dot_scal_r n k a c : dot n c (vscal k a) = k * dot n c a.
Proof. rewrite dot_sym, dot_scal_l, dot_sym. reflexivity. Qed.

Lemma dot_mix_l n s a b c : dot n (vmix s a b) c = (1 - s) * dot n a c + s * dot n b c.
Proof.
  unfold dot. rewrite <- !nsum_scal, <- nsum_plus. apply nsum_ext.
  intros; unfold vmix; lra.
Qed.

Lemma dot_mix_r n s a b c : dot n c (vmix s a b) = (1 - s) * dot n c a + s * dot n c b.
Proof. rewrite dot_sym, dot_mix_l, (dot_sym n a), (dot_sym n b). reflexivity. Qed.

Lemma dot_zero_l n a : dot n vzero a = 0.
Proof.
  unfold dot. rewrite (nsum_ext _ (fun _ => 0)) by (intros; unfold vzero; lra).
  rewrite nsum_const. lra.
Qed.

Lemma dot_zero_r n a : dot n a vzero = 0.
Proof. rewrite dot_sym. apply dot_zero_l. Qed.

Lemma nsum_vunit n k f :
  (k < n)%nat -> nsum (fun i => vunit k i * f i) n = f k.
Proof.
  intros Hk. induction n as [|n IH]; [lia|]. simpl.
  destruct (Nat.eq_dec k n) as [->|Hne].
  - unfold vunit at 2. rewrite Nat.eqb_refl.
    rewrite (nsum_ext _ (fun _ => 0)).
    + rewrite nsum_const. lra.
    + intros i Hi. unfold vunit. destruct (Nat.eqb_spec i n); [lia|lra].
  - rewrite IH by lia. unfold vunit. destruct (Nat.eqb_spec n k); [lia|lra].
Qed.

Lemma dot_vunit_l n k a : (k < n)%nat -> dot n (vunit k) a = a k.
Proof. intros Hk. unfold dot. now apply nsum_vunit. Qed.

Lemma sqnorm_nonneg n a : 0 <= sqnorm n a.
Proof. apply nsum_nonneg. intros; nra. Qed.

Lemma sqnorm_zero n a : sqnorm n a = 0 -> forall i, (i < n)%nat -> a i = 0.
Proof.
  intros H i Hi.
  assert (Hle : a i * a i <= sqnorm n a).
  { apply (nsum_term_le (fun i => a i * a i)); auto. intros; nra. }
  nra.
Qed.

Lemma sqnorm_plus n a b : sqnorm n (vplus a b) = sqnorm n a + 2 * dot n a b + sqnorm n b.
Proof. unfold sqnorm. rewrite !dot_plus_l, !dot_plus_r, (dot_sym n b a). lra. Qed.

Lemma sqnorm_minus n a b : sqnorm n (vminus a b) = sqnorm n a - 2 * dot n a b + sqnorm n b.
Proof. unfold sqnorm. rewrite !dot_minus_l, !dot_minus_r, (dot_sym n b a). lra. Qed.

Lemma sqnorm_scal n k a : sqnorm n (vscal k a) = k * k * sqnorm n a.
Proof. unfold sqnorm. rewrite dot_scal_l, dot_scal_r. lra. Qed.

(** The identity behind 1-strong convexity of |.|^2/2. *)
Lemma sqnorm_mix n s a b :
  sqnorm n (vmix s a b) =
  (1 - s) * sqnorm n a + s * sqnorm n b - s * (1 - s) * sqnorm n (vminus a b).
Proof.
  rewrite sqnorm_minus. unfold sqnorm.
  rewrite dot_mix_l, !dot_mix_r, (dot_sym n b a). lra.
Qed.

(** ** Cauchy-Schwarz *)

Lemma cauchy_schwarz_sq n a b : dot n a b * dot n a b <= sqnorm n a * sqnorm n b.
Proof.
  pose proof (sqnorm_nonneg n a) as Ha. pose proof (sqnorm_nonneg n b) as Hb.
  pose proof (sqnorm_nonneg n (vminus (vscal (sqnorm n b) a) (vscal (dot n a b) b))) as H.
  rewrite sqnorm_minus, !sqnorm_scal, dot_scal_l, dot_scal_r in H.
  destruct (Req_dec (sqnorm n b) 0) as [E|E].
  - assert (Hz : dot n a b = 0); [|rewrite Hz, E; lra].
    unfold dot. rewrite (nsum_ext _ (fun _ => 0)).
    + rewrite nsum_const. lra.
    + intros i Hi. rewrite (sqnorm_zero n b E i Hi). lra.
  - assert (0 < sqnorm n b) by lra.
    apply Rmult_le_reg_l with (sqnorm n b); [lra|]. nra.
Qed.

Lemma l2norm_nonneg n a : 0 <= l2norm n a.
Proof. apply sqrt_pos. Qed.

Lemma l2norm_sq n a : l2norm n a * l2norm n a = sqnorm n a.
Proof. apply sqrt_sqrt, sqnorm_nonneg. Qed.

Lemma cauchy_schwarz n a b : Rabs (dot n a b) <= l2norm n a * l2norm n b.
Proof.
  apply Rsqr_incr_0_var.
  - rewrite <- Rsqr_abs. unfold Rsqr.
    pose proof (cauchy_schwarz_sq n a b).
    replace (l2norm n a * l2norm n b * (l2norm n a * l2norm n b))
      with ((l2norm n a * l2norm n a) * (l2norm n b * l2norm n b)) by lra.
    rewrite !l2norm_sq. assumption.
  - apply Rmult_le_pos; apply l2norm_nonneg.
Qed.

Lemma dot_le_l2 n a b : dot n a b <= l2norm n a * l2norm n b.
Proof. pose proof (cauchy_schwarz n a b). pose proof (Rle_abs (dot n a b)). lra. Qed.

Lemma l2norm_triangle n a b : l2norm n (vplus a b) <= l2norm n a + l2norm n b.
Proof.
  pose proof (l2norm_nonneg n a). pose proof (l2norm_nonneg n b).
  pose proof (dot_le_l2 n a b).
  apply Rsqr_incr_0_var; [|lra]. unfold Rsqr. rewrite l2norm_sq, sqnorm_plus.
  rewrite <- (l2norm_sq n a), <- (l2norm_sq n b). nra.
Qed.

(** ** l1 and linf *)

Lemma l1norm_nonneg n a : 0 <= l1norm n a.
Proof. apply nsum_nonneg. intros; apply Rabs_pos. Qed.

Lemma linfnorm_nonneg n a : 0 <= linfnorm n a.
Proof.
  induction n as [|n IH]; simpl; [lra|].
  apply Rle_trans with (linfnorm n a); [assumption | apply Rmax_l].
Qed.

Lemma linfnorm_ge n a i : (i < n)%nat -> Rabs (a i) <= linfnorm n a.
Proof.
  induction n as [|n IH]; [lia|]. intros Hi. simpl.
  destruct (Nat.eq_dec i n) as [->|Hne]; [apply Rmax_r|].
  apply Rle_trans with (linfnorm n a); [apply IH; lia | apply Rmax_l].
Qed.

Lemma linfnorm_le n a q :
  0 <= q -> (forall i, (i < n)%nat -> Rabs (a i) <= q) -> linfnorm n a <= q.
Proof.
  intros Hq. induction n as [|n IH]; simpl; intros H; [assumption|].
  apply Rmax_lub; [apply IH; intros; apply H; lia | apply H; lia].
Qed.

(** Hoelder, with any bound on the coordinates of the second vector. *)
Lemma hoelder_bound n a b q :
  (forall i, (i < n)%nat -> Rabs (b i) <= q) -> Rabs (dot n a b) <= l1norm n a * q.
Proof.
  intros H. unfold dot. eapply Rle_trans; [apply nsum_abs|].
  unfold l1norm. rewrite Rmult_comm, <- nsum_scal. apply nsum_le. intros i Hi.
  rewrite Rabs_mult. specialize (H i Hi). pose proof (Rabs_pos (a i)). nra.
Qed.

Lemma hoelder n a b : Rabs (dot n a b) <= l1norm n a * linfnorm n b.
Proof. apply hoelder_bound. intros; now apply linfnorm_ge. Qed.

Lemma l1norm_triangle n a b : l1norm n (vplus a b) <= l1norm n a + l1norm n b.
Proof.
  unfold l1norm. rewrite <- nsum_plus. apply nsum_le. intros. apply Rabs_triang.
Qed.

(** |a|_1^2 <= n |a|_2^2. *)
Lemma l1norm_sq_le n a : l1norm n a * l1norm n a <= INR n * sqnorm n a.
Proof.
  pose proof (cauchy_schwarz_sq n (fun i => Rabs (a i)) (fun _ => 1)) as H.
  assert (E1 : dot n (fun i => Rabs (a i)) (fun _ => 1) = l1norm n a).
  { apply nsum_ext. intros; lra. }
  assert (E2 : sqnorm n (fun i => Rabs (a i)) = sqnorm n a).
  { apply nsum_ext. intros. rewrite <- Rabs_mult. apply Rabs_pos_eq. nra. }
  assert (E3 : sqnorm n (fun _ => 1) = INR n).
  { unfold sqnorm, dot. rewrite nsum_const. lra. }
  rewrite E1, E2, E3 in H. lra.
Qed.

(** ** Completing the square *)

Lemma quadratic_completion_R (G m x : R) : 0 < m -> - (G * G / (2 * m)) <= - G * x + m / 2 * (x * x).
Proof.
  intros Hm.
  assert (E : - G * x + m / 2 * (x * x) + G * G / (2 * m) = m / 2 * ((x - G / m) * (x - G / m))).
  { field. lra. }
  assert (0 <= m / 2 * ((x - G / m) * (x - G / m))).
  { apply Rmult_le_pos; [lra | apply Rle_0_sqr]. }
  lra.
Qed.

Lemma quadratic_completion n (g h : vec) m :
  0 < m -> - (sqnorm n g / (2 * m)) <= dot n g h + m / 2 * sqnorm n h.
Proof.
  intros Hm.
  pose proof (cauchy_schwarz n g h) as H.
  pose proof (Rle_abs (- dot n g h)) as H'. rewrite Rabs_Ropp in H'.
  pose proof (quadratic_completion_R (l2norm n g) m (l2norm n h) Hm) as Q.
  rewrite !l2norm_sq in Q. lra.
Qed.

(** ** Linear models *)

Definition everywhere (a : vec) : Prop := True.
Definition box (n : nat) (lo hi : R) (x : vec) : Prop := forall i, (i < n)%nat -> lo <= x i <= hi.

Definition Linear (n : nat) (phi : R -> R) (Theta X : vec -> Prop) : problem := {|
  model := vec;
  point := (vec * R)%type;
  in_models := Theta;
  in_points := fun z => X (fst z) /\ is_label (snd z);
  loss := fun t z => phi (snd z * dot n t (fst z));
  regulariser := fun t => sqnorm n t / 2
|}.

Definition convex_on_line (phi : R -> R) : Prop :=
  forall s m m', 0 <= s <= 1 -> phi ((1 - s) * m + s * m') <= (1 - s) * phi m + s * phi m'.

Lemma hinge_convex_on_line : convex_on_line hinge.
Proof. intros s m m' Hs. now apply hinge_convex. Qed.

Lemma linear_loss_convex n phi (x : vec) (y s : R) (a b : vec) :
  convex_on_line phi -> 0 <= s <= 1 ->
  phi (y * dot n (vmix s a b) x) <=
  (1 - s) * phi (y * dot n a x) + s * phi (y * dot n b x).
Proof.
  intros Hphi Hs. rewrite dot_mix_l.
  replace (y * ((1 - s) * dot n a x + s * dot n b x))
    with ((1 - s) * (y * dot n a x) + s * (y * dot n b x)) by lra.
  now apply Hphi.
Qed.
