(** * theorem-4: for the hinge loss, loss-based closeness bounds the l1 distance

    The paper: for |t|_1 <= r and |t'|_1 <= r, if t is eps-close to t' on R^d, then
    |t - t'|_1 <= r eps.  (The proof has a sign slip: its point should have the signs of
    t - t', not the opposite ones.)  No bias feature.

    - [theorem_4_printed]: stands on R^d, with eps-closeness as "every loss difference is at
      most eps" (there the maximum of Definition 1 exists only when t = k t' with k in [0,1],
      so the hypothesis is rarely met).
    - [theorem_4_repaired]: all that is needed of the domain is the one point with
      coordinates +-1/r, with the signs of t - t'.
    - [theorem_4_repaired_zone]: the general form: |<t - t', x>| <= eps at every point x of the
      domain where both margins are in [[-1,1]].
    - [theorem_4_repaired_equality]: on the linf ball of radius 1/r the distance IS
      |t - t'|_1 / r, so the constant r is sharp and the distance symmetric.
    - [theorem_4_repaired_star], [theorem_4_repaired_box]: on a star-shaped domain with margins
      bounded by M >= 1, |<t - t', x>| <= M eps; so on [0,1]^d, |t - t'|_1 <= 2 M eps.
    - [theorem_4_printed_refuted_box]: the printed bound does not carry over to the box [0,1]^d
      of the experiments.  [theorem_4_printed_refuted_bias]: with a constant feature, no
      constant at all would do. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors.
Import ListNotations.
Open Scope R_scope.

(** The hinge problem without bias, all models, feature domain [X]. *)
Definition HingeOn (n : nat) (X : vec -> Prop) : problem := Linear n hinge everywhere X.

Lemma HingeOn_loss n X (t x : vec) y : loss (p := HingeOn n X) t (x, y) = hinge (y * dot n t x).
Proof. reflexivity. Qed.

Lemma is_label_plus : is_label 1. Proof. left; reflexivity. Qed.
Lemma is_label_minus : is_label (-1). Proof. right; reflexivity. Qed.

Lemma Rabs_bounds a b : Rabs a <= b -> - b <= a <= b.
Proof. unfold Rabs. destruct (Rcase_abs a); lra. Qed.

(** ** The general form *)

Theorem theorem_4_repaired_zone n (X : vec -> Prop) (t t' x : vec) eps :
  Close (P := HingeOn n X) eps t t' -> X x ->
  -1 <= dot n t x <= 1 -> -1 <= dot n t' x <= 1 ->
  Rabs (dot n (vminus t t') x) <= eps.
Proof.
  intros HC Hx Ht Ht'. rewrite dot_minus_l.
  pose proof (HC (x, 1) (conj Hx is_label_plus)) as H1.
  pose proof (HC (x, -1) (conj Hx is_label_minus)) as H2.
  rewrite !HingeOn_loss in H1, H2.
  rewrite (hinge_inside (1 * dot n t x)), (hinge_inside (1 * dot n t' x)) in H1 by lra.
  rewrite (hinge_inside (-1 * dot n t x)), (hinge_inside (-1 * dot n t' x)) in H2 by lra.
  apply Rabs_le. lra.
Qed.

(** ** The point of the proof: coordinates +-1/r with the signs of [t - t'] *)

Definition sign (a : R) : R := if Rle_dec 0 a then 1 else -1.

Lemma sign_mult a : a * sign a = Rabs a.
Proof.
  unfold sign. destruct (Rle_dec 0 a) as [H|H].
  - rewrite Rabs_pos_eq by lra. lra.
  - rewrite Rabs_left by lra. lra.
Qed.

Lemma sign_abs a : Rabs (sign a) = 1.
Proof.
  unfold sign. destruct (Rle_dec 0 a); [apply Rabs_R1 | rewrite Rabs_left by lra; lra].
Qed.

Definition sign_point (q : R) (a : vec) : vec := fun i => q * sign (a i).

Lemma dot_sign_point n q a : dot n a (sign_point q a) = q * l1norm n a.
Proof.
  unfold dot, l1norm, sign_point. rewrite <- nsum_scal. apply nsum_ext. intros i _.
  rewrite <- sign_mult. lra.
Qed.

Lemma sign_point_abs q a i : 0 <= q -> Rabs (sign_point q a i) <= q.
Proof. intros Hq. unfold sign_point. rewrite Rabs_mult, sign_abs, Rabs_pos_eq; lra. Qed.

Lemma margin_sign_point n q a b :
  0 <= q -> Rabs (dot n b (sign_point q a)) <= l1norm n b * q.
Proof. intros Hq. apply hoelder_bound. intros. now apply sign_point_abs. Qed.

Theorem theorem_4_repaired n (X : vec -> Prop) (t t' : vec) r eps :
  0 < r -> l1norm n t <= r -> l1norm n t' <= r ->
  X (sign_point (/ r) (vminus t t')) ->
  Close (P := HingeOn n X) eps t t' ->
  l1norm n (vminus t t') <= r * eps.
Proof.
  intros Hr Ht Ht' HX HC.
  assert (Hinv : 0 < / r) by now apply Rinv_0_lt_compat.
  assert (Hzone : forall b, l1norm n b <= r ->
            -1 <= dot n b (sign_point (/ r) (vminus t t')) <= 1).
  { intros b Hb. pose proof (margin_sign_point n (/ r) (vminus t t') b ltac:(lra)) as H.
    assert (l1norm n b * / r <= 1).
    { apply Rmult_le_reg_r with r; [lra|]. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    split.
    - apply Rabs_bounds in H. lra.
    - apply Rabs_bounds in H. lra. }
  pose proof (theorem_4_repaired_zone n X t t' _ eps HC HX (Hzone t Ht) (Hzone t' Ht')) as H.
  rewrite dot_sign_point in H.
  rewrite Rabs_pos_eq in H by (pose proof (l1norm_nonneg n (vminus t t')); nra).
  apply Rmult_le_reg_l with (/ r); [lra|].
  rewrite <- Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** ** As printed: domain R^d *)

Lemma l1norm_minus_le n a b : l1norm n (vminus a b) <= l1norm n a + l1norm n b.
Proof.
  unfold l1norm. rewrite <- nsum_plus. apply nsum_le. intros i _. unfold vminus.
  pose proof (Rabs_triang (a i) (- b i)) as H. rewrite Rabs_Ropp in H. exact H.
Qed.

Theorem theorem_4_printed n (t t' : vec) r eps :
  l1norm n t <= r -> l1norm n t' <= r ->
  Close (P := HingeOn n everywhere) eps t t' ->
  l1norm n (vminus t t') <= r * eps.
Proof.
  intros Ht Ht' HC.
  destruct (Rlt_le_dec 0 r) as [Hr|Hr].
  - apply (theorem_4_repaired n everywhere); auto. exact I.
  - pose proof (l1norm_minus_le n t t'). pose proof (l1norm_nonneg n t).
    assert (r = 0) by lra. subst. lra.
Qed.

(** ** The linf ball of radius 1/r: an equality *)

Definition linf_ball (n : nat) (q : R) (x : vec) : Prop :=
  forall i, (i < n)%nat -> Rabs (x i) <= q.

(** Any bound on <t - t', x> bounds the distance (the proof of Theorem 5). *)
Lemma Close_of_form_bound n (X : vec -> Prop) (t t' : vec) B :
  (forall x, X x -> Rabs (dot n (vminus t t') x) <= B) ->
  Close (P := HingeOn n X) B t t'.
Proof.
  intros H [x y] [Hx Hy]. rewrite HingeOn_loss, HingeOn_loss. simpl in *.
  eapply Rle_trans; [apply hinge_lipschitz|].
  replace (y * dot n t x - y * dot n t' x) with (y * dot n (vminus t t') x)
    by (rewrite dot_minus_l; lra).
  rewrite Rabs_mult. specialize (H x Hx).
  destruct Hy as [-> | ->]; [rewrite Rabs_R1 | rewrite Rabs_left by lra]; lra.
Qed.

Theorem theorem_4_repaired_equality n (t t' : vec) r :
  0 < r -> l1norm n t <= r -> l1norm n t' <= r ->
  distance (P := HingeOn n (linf_ball n (/ r))) t t' (l1norm n (vminus t t') / r).
Proof.
  intros Hr Ht Ht'. assert (Hinv : 0 < / r) by now apply Rinv_0_lt_compat. split.
  - intros v (p & Hp & ->). revert p Hp. apply Close_of_form_bound. intros x Hx.
    apply hoelder_bound. exact Hx.
  - intros b Hb.
    assert (HC : Close (P := HingeOn n (linf_ball n (/ r))) b t t').
    { intros p Hp. apply Hb. exists p. auto. }
    apply theorem_4_repaired with (r := r) in HC; auto.
    + unfold Rdiv. apply Rmult_le_reg_l with r; [lra|].
      replace (r * (l1norm n (vminus t t') * / r)) with (l1norm n (vminus t t'))
        by (field; lra). exact HC.
    + intros i _. apply sign_point_abs. lra.
Qed.

(** ** Star-shaped domains *)

Definition star_shaped (X : vec -> Prop) : Prop :=
  forall x s, X x -> 0 <= s <= 1 -> X (vscal s x).

Theorem theorem_4_repaired_star n (X : vec -> Prop) (t t' : vec) M eps :
  star_shaped X -> 1 <= M ->
  (forall x, X x -> Rabs (dot n t x) <= M) -> (forall x, X x -> Rabs (dot n t' x) <= M) ->
  Close (P := HingeOn n X) eps t t' ->
  forall x, X x -> Rabs (dot n (vminus t t') x) <= M * eps.
Proof.
  intros Hstar HM Ht Ht' HC x Hx.
  assert (Hinv : 0 < / M) by (apply Rinv_0_lt_compat; lra).
  assert (Hone : / M * M = 1) by (apply Rinv_l; lra).
  assert (Hin : X (vscal (/ M) x)) by (apply Hstar; [assumption | nra]).
  assert (Hzone : forall b, Rabs (dot n b x) <= M -> -1 <= dot n b (vscal (/ M) x) <= 1).
  { intros b Hb. rewrite dot_scal_r. apply Rabs_bounds in Hb. nra. }
  pose proof (theorem_4_repaired_zone n X t t' _ eps HC Hin
                (Hzone t (Ht x Hx)) (Hzone t' (Ht' x Hx))) as H.
  rewrite dot_scal_r, Rabs_mult, (Rabs_pos_eq (/ M)) in H by lra.
  apply Rmult_le_reg_l with (/ M); [lra|]. rewrite <- Rmult_assoc, Hone. lra.
Qed.

(** ** The box [0,1]^n *)

(** l1 norms of the positive and of the negative part. *)
Definition pos_part (n : nat) (a : vec) : R := nsum (fun i => Rmax 0 (a i)) n.
Definition neg_part (n : nat) (a : vec) : R := nsum (fun i => Rmax 0 (- a i)) n.
(** The largest |<a, x>| over the box is [max (pos_part a) (neg_part a)]. *)

Lemma pos_neg_l1 n a : pos_part n a + neg_part n a = l1norm n a.
Proof.
  unfold pos_part, neg_part, l1norm. rewrite <- nsum_plus. apply nsum_ext. intros i _.
  unfold Rmax, Rabs. destruct (Rle_dec 0 (a i)), (Rle_dec 0 (- a i)), (Rcase_abs (a i)); lra.
Qed.

Lemma box_margin n a x : box n 0 1 x -> - neg_part n a <= dot n a x <= pos_part n a.
Proof.
  intros Hx. unfold neg_part, pos_part, dot. rewrite <- nsum_opp. split; apply nsum_le;
    intros i Hi; specialize (Hx i Hi); unfold Rmax.
  - destruct (Rle_dec 0 (- a i)); nra.
  - destruct (Rle_dec 0 (a i)); nra.
Qed.

Lemma box_margin_abs n a x M :
  box n 0 1 x -> pos_part n a <= M -> neg_part n a <= M -> Rabs (dot n a x) <= M.
Proof. intros Hx H1 H2. pose proof (box_margin n a x Hx). apply Rabs_le. lra. Qed.

(** The corner that selects the positive, or the negative, coordinates. *)
Definition pos_corner (a : vec) : vec := fun i => if Rle_dec 0 (a i) then 1 else 0.
Definition neg_corner (a : vec) : vec := fun i => if Rle_dec 0 (a i) then 0 else 1.

Lemma pos_corner_in n a : box n 0 1 (pos_corner a).
Proof. intros i _. unfold pos_corner. destruct (Rle_dec 0 (a i)); lra. Qed.
Lemma neg_corner_in n a : box n 0 1 (neg_corner a).
Proof. intros i _. unfold neg_corner. destruct (Rle_dec 0 (a i)); lra. Qed.

Lemma dot_pos_corner n a : dot n a (pos_corner a) = pos_part n a.
Proof.
  apply nsum_ext. intros i _. unfold pos_corner, Rmax. destruct (Rle_dec 0 (a i)); lra.
Qed.
Lemma dot_neg_corner n a : dot n a (neg_corner a) = - neg_part n a.
Proof.
  unfold dot, neg_part. rewrite <- nsum_opp. apply nsum_ext. intros i _.
  unfold neg_corner, Rmax.
  destruct (Rle_dec 0 (a i)), (Rle_dec 0 (- a i)); lra.
Qed.

Lemma box_star_shaped n : star_shaped (box n 0 1).
Proof. intros x s Hx Hs i Hi. specialize (Hx i Hi). unfold vscal. nra. Qed.

Theorem theorem_4_repaired_box n (t t' : vec) M eps :
  1 <= M -> pos_part n t <= M -> neg_part n t <= M -> pos_part n t' <= M -> neg_part n t' <= M ->
  Close (P := HingeOn n (box n 0 1)) eps t t' ->
  pos_part n (vminus t t') <= M * eps /\ neg_part n (vminus t t') <= M * eps /\
  l1norm n (vminus t t') <= 2 * M * eps.
Proof.
  intros HM H1 H2 H3 H4 HC.
  assert (Hform : forall x, box n 0 1 x -> Rabs (dot n (vminus t t') x) <= M * eps).
  { apply theorem_4_repaired_star; auto using box_star_shaped, box_margin_abs. }
  pose proof (Hform _ (pos_corner_in n (vminus t t'))) as Hp.
  pose proof (Hform _ (neg_corner_in n (vminus t t'))) as Hn.
  rewrite dot_pos_corner in Hp. rewrite dot_neg_corner in Hn.
  apply Rabs_bounds in Hp. apply Rabs_bounds in Hn.
  pose proof (pos_neg_l1 n (vminus t t')). repeat split; lra.
Qed.

(** ** What does not carry over *)

(** The printed claim on a domain [X]. *)
Definition theorem_4_on (n : nat) (X : vec -> Prop) : Prop :=
  forall (t t' : vec) r eps, 0 < r -> l1norm n t <= r -> l1norm n t' <= r ->
    Close (P := HingeOn n X) eps t t' -> l1norm n (vminus t t') <= r * eps.

Definition const (k : R) : vec := fun _ => k.

Lemma dot_1 (a b : vec) : dot 1 a b = a 0%nat * b 0%nat.
Proof. unfold dot. simpl. lra. Qed.
Lemma l1norm_1 (a : vec) : l1norm 1 a = Rabs (a 0%nat).
Proof. unfold l1norm. simpl. lra. Qed.

(** Box [0,1], weights 1/4 and -1/4, r = 1/4: closeness 1/2, but the difference is 1/2 > 1/8. *)
Theorem theorem_4_printed_refuted_box : ~ theorem_4_on 1 (box 1 0 1).
Proof.
  intros H. specialize (H (const (1/4)) (const (-1/4)) (1/4) (1/2)).
  rewrite !l1norm_1 in H. unfold const, vminus in H.
  rewrite (Rabs_pos_eq (1/4)), (Rabs_left (-1/4)), (Rabs_pos_eq (1/4 - -1/4)) in H by lra.
  assert (HC : Close (P := HingeOn 1 (box 1 0 1)) (1/2) (const (1/4)) (const (-1/4))).
  { apply Close_of_form_bound. intros x Hx. specialize (Hx 0%nat ltac:(lia)).
    rewrite dot_1. unfold vminus, const. apply Rabs_le. lra. }
  specialize (H ltac:(lra) ltac:(lra) ltac:(lra) HC). lra.
Qed.

(** One constant feature 1, that is a bias: b = 2 is 0-close to b' = 3. *)
Theorem theorem_4_printed_refuted_bias :
  ~ exists K, forall (t t' : vec) eps, Close (P := HingeOn 1 (box 1 1 1)) eps t t' ->
      l1norm 1 (vminus t t') <= K * eps.
Proof.
  intros [K H]. specialize (H (const 2) (const 3) 0).
  rewrite l1norm_1 in H. unfold vminus, const in H. rewrite (Rabs_left (2 - 3)) in H by lra.
  assert (HC : Close (P := HingeOn 1 (box 1 1 1)) 0 (const 2) (const 3)).
  { intros [x y] [Hx Hy]. specialize (Hx 0%nat ltac:(lia)). simpl in *.
    rewrite !dot_1. unfold const. assert (E : x 0%nat = 1) by lra. rewrite E.
    destruct Hy as [-> | ->]; hinge_split; lra. }
  specialize (H HC). lra.
Qed.

(** ** Witnesses *)

(** On R^2: (1/2, 0) is 1/2-close to (1, 0), and 1/2 is the l1 distance (r = 1: equality). *)
Lemma half_of_close n (t : vec) : Close (P := HingeOn n everywhere) (1/2) (vscal (1/2) t) t.
Proof.
  intros [x y] _. rewrite !HingeOn_loss, dot_scal_l.
  replace (y * (1/2 * dot n t x)) with (1/2 * (y * dot n t x)) by lra.
  set (m := y * dot n t x). hinge_split; lra.
Qed.

Lemma l1norm_2 (a : vec) : l1norm 2 a = Rabs (a 0%nat) + Rabs (a 1%nat).
Proof. unfold l1norm. simpl. lra. Qed.

Ltac unit_norms :=
  rewrite ?l1norm_2; unfold vminus, vscal, vunit; simpl;
  rewrite ?Rmult_1_r, ?Rmult_0_r, ?Rminus_0_r, ?Rabs_R0, ?Rabs_R1.

Theorem theorem_4_printed_witness :
  exists n t t' r eps, l1norm n t <= r /\ l1norm n t' <= r /\
    Close (P := HingeOn n everywhere) eps t t' /\
    0 < eps /\ l1norm n (vminus t t') = r * eps.
Proof.
  exists 2%nat, (vscal (1/2) (vunit 0)), (vunit 0), 1, (1/2).
  unit_norms. rewrite (Rabs_pos_eq (1/2)), (Rabs_left (1/2 - 1)) by lra.
  repeat split; try lra. apply half_of_close.
Qed.

Theorem theorem_4_repaired_witness :
  exists n X t t' r eps, 0 < r /\ l1norm n t <= r /\ l1norm n t' <= r /\
    X (sign_point (/ r) (vminus t t')) /\ Close (P := HingeOn n X) eps t t' /\
    l1norm n (vminus t t') = r * eps /\ 0 < eps.
Proof.
  exists 2%nat, (linf_ball 2 (/ 1)), (vunit 0), (vunit 1), 1,
    (l1norm 2 (vminus (vunit 0) (vunit 1)) / 1).
  assert (H1 : l1norm 2 (vunit 0) <= 1) by (unit_norms; lra).
  assert (H2 : l1norm 2 (vunit 1) <= 1) by (unit_norms; lra).
  repeat split; auto; try lra.
  - intros i _. apply sign_point_abs. lra.
  - apply distance_Close, theorem_4_repaired_equality; auto; lra.
  - unit_norms. rewrite (Rabs_left (0 - 1)) by lra. lra.
Qed.

Theorem theorem_4_repaired_equality_witness :
  exists n t t' r, 0 < r /\ l1norm n t <= r /\ l1norm n t' <= r /\ 0 < l1norm n (vminus t t').
Proof.
  exists 2%nat, (vunit 0), (vunit 1), 1. unit_norms. rewrite (Rabs_left (0 - 1)) by lra. lra.
Qed.

(** Box [0,1]^2, e1 and e2: M = eps = 1 and |e1 - e2|_1 = 2: the constant 2 is sharp. *)
Theorem theorem_4_repaired_box_witness :
  exists n t t' M eps, 1 <= M /\
    pos_part n t <= M /\ neg_part n t <= M /\ pos_part n t' <= M /\ neg_part n t' <= M /\
    Close (P := HingeOn n (box n 0 1)) eps t t' /\ l1norm n (vminus t t') = 2 * M * eps /\ 0 < eps.
Proof.
  exists 2%nat, (vunit 0), (vunit 1), 1, 1.
  unfold pos_part, neg_part, vunit. simpl. unit_norms.
  rewrite (Rabs_left (0 - 1)), !Rmax_right, !Rmax_left by lra.
  repeat split; try lra.
  apply Close_of_form_bound. intros x Hx. unfold dot, vminus. simpl.
  pose proof (Hx 0%nat ltac:(lia)). pose proof (Hx 1%nat ltac:(lia)). apply Rabs_le. lra.
Qed.

(** The zone and star forms, in the same instance. *)
Theorem theorem_4_repaired_zone_witness :
  exists n X t t' x eps, Close (P := HingeOn n X) eps t t' /\ X x /\
    -1 <= dot n t x <= 1 /\ -1 <= dot n t' x <= 1 /\ 0 < Rabs (dot n (vminus t t') x).
Proof.
  exists 1%nat, (box 1 0 1), (const (1/4)), (const (-1/4)), (const 1), (1/2).
  rewrite !dot_1. unfold vminus, const. rewrite Rabs_pos_eq by lra.
  repeat split; try lra.
  apply Close_of_form_bound. intros x Hx. specialize (Hx 0%nat ltac:(lia)).
  rewrite dot_1. unfold vminus, const. apply Rabs_le. lra.
Qed.

Theorem theorem_4_repaired_star_witness :
  exists n X t t' M eps x, star_shaped X /\ 1 <= M /\
    (forall x, X x -> Rabs (dot n t x) <= M) /\ (forall x, X x -> Rabs (dot n t' x) <= M) /\
    Close (P := HingeOn n X) eps t t' /\ X x /\ 0 < Rabs (dot n (vminus t t') x).
Proof.
  exists 1%nat, (box 1 0 1), (const (1/4)), (const (-1/4)), 1, (1/2), (const 1).
  split; [apply box_star_shaped|].
  rewrite dot_1. unfold vminus, const. rewrite (Rabs_pos_eq ((1/4 - -1/4) * 1)) by lra.
  repeat split; try lra.
  - intros x Hx. specialize (Hx 0%nat ltac:(lia)). rewrite dot_1. apply Rabs_le. lra.
  - intros x Hx. specialize (Hx 0%nat ltac:(lia)). rewrite dot_1. apply Rabs_le. lra.
  - apply Close_of_form_bound. intros x Hx. specialize (Hx 0%nat ltac:(lia)).
    rewrite dot_1. unfold vminus. apply Rabs_le. lra.
Qed.
