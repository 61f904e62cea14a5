(** * corollary-3: for the hinge loss, closeness in one direction bounds closeness in the other

    The paper: "if t is eps-close to t', then t' is r q eps-close to t", from Theorem 4
    (domain R^d, |t|_1, |t'|_1 <= r) and Theorem 5 (l1 ball of radius q).

    - [corollary_3_repaired]: on a domain that is star-shaped about 0, without a bias, the factor is
      k = any number that is at least 1 and at least every |margin| of the two models:
      k = max(1, max |margin|).
    - [corollary_3_repaired_box]: the box [0,1]^n.  [corollary_3_repaired_l1_ball]: the l1 ball,
      k = max(1, q |t|_inf, q |t'|_inf).
    - [corollary_3_repaired_rq]: the printed factor r q is right on the l1 ball of radius q as
      soon as r q >= 1.
    - [corollary_3_printed_refuted]: on the l1 ball with r q < 1 it is false (q = 1/2, r = 1).
      [corollary_3_printed_refuted_rd]: on R^d no factor exists.
      [corollary_3_printed_refuted_bias]: nor with a bias feature. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors theorem_4 theorem_5.
Import ListNotations.
Open Scope R_scope.

Theorem corollary_3_repaired n (X : vec -> Prop) (t t' : vec) k eps :
  star_shaped X -> 1 <= k ->
  (forall x, X x -> Rabs (dot n t x) <= k) -> (forall x, X x -> Rabs (dot n t' x) <= k) ->
  Close (P := HingeOn n X) eps t t' -> Close (P := HingeOn n X) (k * eps) t' t.
Proof.
  intros Hstar Hk Ht Ht' HC. apply Close_of_form_bound. intros x Hx.
  pose proof (theorem_4_repaired_star n X t t' k eps Hstar Hk Ht Ht' HC x Hx) as H.
  rewrite dot_minus_l in *. rewrite Rabs_minus_sym. exact H.
Qed.

Corollary corollary_3_repaired_box n (t t' : vec) k eps :
  1 <= k -> pos_part n t <= k -> neg_part n t <= k -> pos_part n t' <= k -> neg_part n t' <= k ->
  Close (P := HingeOn n (box n 0 1)) eps t t' ->
  Close (P := HingeOn n (box n 0 1)) (k * eps) t' t.
Proof.
  intros. apply corollary_3_repaired; auto using box_star_shaped, box_margin_abs.
Qed.

Lemma l1norm_scal n s x : l1norm n (vscal s x) = Rabs s * l1norm n x.
Proof.
  unfold l1norm. rewrite <- nsum_scal. apply nsum_ext. intros. unfold vscal. apply Rabs_mult.
Qed.

Lemma l1_ball_star_shaped n q : star_shaped (l1_ball n q).
Proof.
  intros x s Hx Hs. unfold l1_ball in *. rewrite l1norm_scal, Rabs_pos_eq by lra.
  pose proof (l1norm_nonneg n x). nra.
Qed.

Lemma l1_ball_margin n q a x k :
  l1_ball n q x -> q * linfnorm n a <= k -> Rabs (dot n a x) <= k.
Proof.
  unfold l1_ball. intros Hx Hk. rewrite dot_sym.
  eapply Rle_trans; [apply hoelder|].
  pose proof (linfnorm_nonneg n a). nra.
Qed.

Corollary corollary_3_repaired_l1_ball n (t t' : vec) q k eps :
  1 <= k -> q * linfnorm n t <= k -> q * linfnorm n t' <= k ->
  Close (P := HingeOn n (l1_ball n q)) eps t t' ->
  Close (P := HingeOn n (l1_ball n q)) (k * eps) t' t.
Proof.
  intros. apply corollary_3_repaired; auto using l1_ball_star_shaped.
  - intros x Hx. now apply (l1_ball_margin n q).
  - intros x Hx. now apply (l1_ball_margin n q).
Qed.

(** The printed factor, with the hypothesis that it needs. *)
Corollary corollary_3_repaired_rq n (t t' : vec) r q eps :
  0 <= q -> 1 <= r * q -> l1norm n t <= r -> l1norm n t' <= r ->
  Close (P := HingeOn n (l1_ball n q)) eps t t' ->
  Close (P := HingeOn n (l1_ball n q)) (r * q * eps) t' t.
Proof.
  intros Hq Hrq Ht Ht' HC. apply corollary_3_repaired_l1_ball; auto.
  - pose proof (linfnorm_le_l1norm n t). nra.
  - pose proof (linfnorm_le_l1norm n t'). nra.
Qed.

(** The factor max(1, r q), on every star-shaped domain with |x|_inf <= q. *)
Corollary corollary_3_repaired_max n (X : vec -> Prop) (t t' : vec) r q eps :
  star_shaped X -> 0 <= q -> (forall x, X x -> linfnorm n x <= q) -> l1norm n t <= r -> l1norm n t' <= r ->
  Close (P := HingeOn n X) eps t t' -> Close (P := HingeOn n X) (Rmax 1 (r * q) * eps) t' t.
Proof.
  intros Hstar Hq HX Ht Ht' HC.
  assert (Hm : forall a x, l1norm n a <= r -> X x -> Rabs (dot n a x) <= Rmax 1 (r * q)).
  { intros a x Ha Hx. eapply Rle_trans; [apply hoelder|]. eapply Rle_trans; [|apply Rmax_r].
    pose proof (HX x Hx). pose proof (linfnorm_nonneg n x). pose proof (l1norm_nonneg n a). nra. }
  apply (corollary_3_repaired n X t t'); auto. apply Rmax_l.
Qed.

(** ** The printed claim on a domain [X], and three ways in which it fails *)

Definition corollary_3_on (n : nat) (X : vec -> Prop) (q : R) : Prop :=
  forall (t t' : vec) r eps, 0 < r -> l1norm n t <= r -> l1norm n t' <= r ->
    Close (P := HingeOn n X) eps t t' -> Close (P := HingeOn n X) (r * q * eps) t' t.

(** X = [[-1/2, 1/2]], r = 1, weights 1 and 0: both distances are 1/2, but r q eps = 1/4. *)
Theorem corollary_3_printed_refuted : ~ corollary_3_on 1 (l1_ball 1 (1/2)) (1/2).
Proof.
  intros H. specialize (H (const 1) (const 0) 1 (1/2)).
  rewrite !l1norm_1 in H. unfold const in H. rewrite Rabs_R1, Rabs_R0 in H.
  assert (HC : Close (P := HingeOn 1 (l1_ball 1 (1/2))) (1/2) (const 1) (const 0)).
  { apply Close_of_form_bound. intros x Hx. unfold l1_ball in Hx. rewrite l1norm_1 in Hx.
    rewrite dot_1. unfold vminus, const.
    replace ((1 - 0) * x 0%nat) with (x 0%nat) by lra. exact Hx. }
  specialize (H ltac:(lra) ltac:(lra) ltac:(lra) HC (const (1/2), 1)).
  rewrite !HingeOn_loss, !dot_1 in H. unfold const in H.
  assert (Hin : in_points (p := HingeOn 1 (l1_ball 1 (1/2))) (fun _ : nat => 1/2, 1)).
  { split; [|apply is_label_plus]. simpl. unfold l1_ball. rewrite l1norm_1, Rabs_pos_eq; lra. }
  specialize (H Hin). hinge_split; lra.
Qed.

(** On R^d: 0 is 1-close to the weight 1, but 1 is not K-close to 0 for any K. *)
Theorem corollary_3_printed_refuted_rd :
  exists t t', l1norm 1 t <= 1 /\ l1norm 1 t' <= 1 /\
    Close (P := HingeOn 1 everywhere) 1 t t' /\
    forall K, ~ Close (P := HingeOn 1 everywhere) K t' t.
Proof.
  exists (const 0), (const 1). rewrite !l1norm_1. unfold const at 1 2. rewrite Rabs_R0, Rabs_R1.
  repeat split; try lra.
  - intros [x y] _. rewrite !HingeOn_loss, !dot_1. unfold const. hinge_split; lra.
  - intros K H. specialize (H (const (- (Rabs K + 1)), 1) (conj I is_label_plus)).
    rewrite !HingeOn_loss, !dot_1 in H. unfold const in H.
    pose proof (Rle_abs K). pose proof (Rabs_pos K). hinge_split; lra.
Qed.

(** With a bias feature: b = 2 is 0-close to b' = 3, but b' is at distance 1 from b. *)
Theorem corollary_3_printed_refuted_bias :
  ~ exists k, forall (t t' : vec) eps, Close (P := HingeOn 1 (box 1 1 1)) eps t t' ->
      Close (P := HingeOn 1 (box 1 1 1)) (k * eps) t' t.
Proof.
  intros [k H].
  assert (HC : Close (P := HingeOn 1 (box 1 1 1)) 0 (const 2) (const 3)).
  { intros [x y] [Hx Hy]. specialize (Hx 0%nat ltac:(lia)). simpl in *.
    rewrite !dot_1. unfold const. assert (E : x 0%nat = 1) by lra. rewrite E.
    destruct Hy as [-> | ->]; hinge_split; lra. }
  specialize (H _ _ _ HC (const 1, -1)).
  rewrite !HingeOn_loss, !dot_1 in H. unfold const in H.
  assert (Hin : in_points (p := HingeOn 1 (box 1 1 1)) (fun _ : nat => 1, -1)).
  { split; [|apply is_label_minus]. intros i _. simpl. lra. }
  specialize (H Hin). hinge_split; lra.
Qed.

(** ** Witnesses

    X = [[-1,1]], weights t = 1 and t' = 2, so k = 2: t is 1/2-close to t', and t' is 1-close to t
    and no closer: the factor k is sharp. *)

Lemma interval_star_shaped : star_shaped (box 1 (-1) 1).
Proof. intros x s Hx Hs i Hi. specialize (Hx i Hi). unfold vscal. nra. Qed.

Theorem corollary_3_repaired_witness :
  exists n X t t' k eps, star_shaped X /\ 1 < k /\
    (forall x, X x -> Rabs (dot n t x) <= k) /\ (forall x, X x -> Rabs (dot n t' x) <= k) /\
    Close (P := HingeOn n X) eps t t' /\ 0 < eps /\
    forall e, Close (P := HingeOn n X) e t' t -> k * eps <= e.
Proof.
  exists 1%nat, (box 1 (-1) 1), (const 1), (const 2), 2, (1/2).
  split; [apply interval_star_shaped|].
  repeat split; try lra.
  - intros x Hx. specialize (Hx 0%nat ltac:(lia)). rewrite dot_1. unfold const.
    apply Rabs_le. lra.
  - intros x Hx. specialize (Hx 0%nat ltac:(lia)). rewrite dot_1. unfold const.
    apply Rabs_le. lra.
  - intros [x y] [Hx Hy]. specialize (Hx 0%nat ltac:(lia)). simpl in Hx, Hy.
    rewrite !HingeOn_loss, !dot_1. unfold const.
    destruct Hy as [-> | ->]; hinge_split; lra.
  - intros e He. specialize (He (const (-1), 1)).
    rewrite !HingeOn_loss, !dot_1 in He. unfold const in He.
    assert (Hin : in_points (p := HingeOn 1 (box 1 (-1) 1)) (fun _ : nat => -1, 1)).
    { split; [|apply is_label_plus]. intros i _. simpl. lra. }
    specialize (He Hin). hinge_split; lra.
Qed.

Theorem corollary_3_repaired_box_witness :
  exists n t t' k eps, 1 <= k /\ pos_part n t <= k /\ neg_part n t <= k /\
    pos_part n t' <= k /\ neg_part n t' <= k /\
    Close (P := HingeOn n (box n 0 1)) eps t t' /\ 0 < eps.
Proof.
  destruct theorem_4_repaired_box_witness
    as (n & t & t' & M & eps & HM & H1 & H2 & H3 & H4 & HC & _ & He).
  exists n, t, t', M, eps. repeat split; auto.
Qed.

(** l1 ball of radius 1 in R^2, e1 and e2: r = q = 1, closeness 1. *)
Theorem corollary_3_repaired_rq_witness :
  exists n t t' r q eps, 0 <= q /\ 1 <= r * q /\ l1norm n t <= r /\ l1norm n t' <= r /\
    q * linfnorm n t <= r * q /\ q * linfnorm n t' <= r * q /\
    Close (P := HingeOn n (l1_ball n q)) eps t t' /\ 0 < linfnorm n (vminus t t').
Proof.
  assert (H1 : l1norm 2 (vunit 0) <= 1) by (unit_norms; lra).
  assert (H2 : l1norm 2 (vunit 1) <= 1) by (unit_norms; lra).
  exists 2%nat, (vunit 0), (vunit 1), 1, 1, (1 * linfnorm 2 (vminus (vunit 0) (vunit 1))).
  pose proof (linfnorm_le_l1norm 2 (vunit 0)). pose proof (linfnorm_le_l1norm 2 (vunit 1)).
  repeat split; try lra.
  - apply theorem_5_extended.
  - apply Rlt_le_trans with (Rabs (vminus (vunit 0) (vunit 1) 0%nat)).
    + unfold vminus, vunit. simpl. rewrite Rabs_pos_eq; lra.
    + apply linfnorm_ge. lia.
Qed.

(** [[-1, 1]], weights 1 and 2: r = 2, q = 1, and the factor 2 is sharp. *)
Theorem corollary_3_repaired_max_witness :
  exists n X t t' r q eps, star_shaped X /\ 0 <= q /\ (forall x, X x -> linfnorm n x <= q) /\
    l1norm n t <= r /\ l1norm n t' <= r /\ Close (P := HingeOn n X) eps t t' /\ 0 < eps /\ 1 < r * q.
Proof.
  exists 1%nat, (box 1 (-1) 1), (const 1), (const 2), 2, 1, (1/2).
  split; [apply interval_star_shaped|]. split; [lra|]. split.
  { intros x Hx. apply linfnorm_le; [lra|]. intros i Hi. specialize (Hx i Hi). apply Rabs_le. lra. }
  rewrite !l1norm_1. unfold const at 1 2. rewrite !Rabs_pos_eq by lra. repeat split; try lra.
  intros [x y] [Hx Hy]. specialize (Hx 0%nat ltac:(lia)). simpl in Hx, Hy.
  rewrite !HingeOn_loss, !dot_1. unfold const.
  destruct Hy as [-> | ->]; hinge_split; lra.
Qed.
