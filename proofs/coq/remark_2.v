(** * remark-2: the regulariser of an attainable model is at most 1/c

    Paper: for the SVM, and for any regulariser with R(0) = 0, R(theta) <= 1/c,
    hence R* <= 1/c in corollary-1.

    Assumed: theta minimises the objective of a nonempty multiset; the zero
    model is a model.  Proved:
    - as printed: c R(theta) <= 1 when l(0) = 1 (hinge), l >= 0 and R(0) = 0;
      in general c R(theta) <= mean of l(0) - l(theta), no sign of l needed;
    - sharper: 2 c R(theta) <= mean of l(0) - l(theta) when the losses are
      convex along the segment from 0 to theta and R(s theta) = s^2 R(theta)
      (R = |.|^2/2 among them); so R(theta) <= 1/(2 c) for the hinge loss;
    - 1/(2 c) is attained: d = 1, c = 1/4, data {(1/2, +1)}, theta = 2.
    Refuted: the bound for ALL models of Theta = R, as corollary-1 uses it. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity.
Import ListNotations.
Open Scope R_scope.

Section Remark2.

Context {P : problem}.

Theorem remark_2_repaired (c : R) (D : list (point P)) (zero theta : model P) :
  minimiser c D theta -> in_models zero -> regulariser zero = 0 ->
  INR (length D) * (c * regulariser theta) <= total_loss D zero - total_loss D theta.
Proof.
  intros [_ Hmin] Hz H0. specialize (Hmin zero Hz). unfold objective in Hmin. rewrite H0 in Hmin.
  unfold total_loss. lra.
Qed.

Theorem remark_2_printed (c l0 : R) (zero theta : model P) :
  0 < c -> attainable c theta -> in_models zero -> regulariser zero = 0 ->
  (forall z, in_points z -> loss zero z = l0) ->
  (forall z, in_points z -> 0 <= loss theta z) ->
  regulariser theta <= l0 / c.
Proof.
  intros Hc (D & Hne & HD & Hmin) Hz H0 Hl0 Hpos.
  pose proof (remark_2_repaired c D zero theta Hmin Hz H0) as H.
  pose proof (length_INR_pos D Hne).
  assert (E : total_loss D zero = INR (length D) * l0).
  { unfold total_loss. rewrite <- lsum_const. apply lsum_ext. auto. }
  assert (0 <= total_loss D theta) by (apply lsum_nonneg; auto).
  assert (c * regulariser theta <= l0).
  { apply Rmult_le_reg_l with (INR (length D)); lra. }
  apply Rmult_le_reg_l with c; [assumption|].
  replace (c * (l0 / c)) with l0 by (field; lra). assumption.
Qed.

(** The sharper form: [shrink s] stands for s theta, 0 <= s <= 1. *)
Theorem remark_2_extended (c : R) (D : list (point P)) (zero theta : model P) (shrink : R -> model P) :
  minimiser c D theta ->
  (forall s, 0 <= s <= 1 -> in_models (shrink s)) ->
  (forall s z, 0 <= s <= 1 -> In z D -> loss (shrink s) z <= (1 - s) * loss zero z + s * loss theta z) ->
  (forall s, 0 <= s <= 1 -> regulariser (shrink s) = s * s * regulariser theta) ->
  INR (length D) * (2 * (c * regulariser theta)) <= total_loss D zero - total_loss D theta.
Proof.
  intros [_ Hmin] Hin Hl HR.
  set (A := INR (length D) * (c * regulariser theta)).
  assert (Hs : forall s, 0 < s <= 1 -> 2 * A - A * s <= total_loss D zero - total_loss D theta).
  { intros s Hs. specialize (Hmin (shrink (1 - s)) (Hin (1 - s) ltac:(lra))).
    unfold objective in Hmin. rewrite HR in Hmin by lra.
    assert (Hsum : lsum (loss (shrink (1 - s))) D <= s * total_loss D zero + (1 - s) * total_loss D theta).
    { unfold total_loss. rewrite <- !lsum_scal, <- lsum_plus. apply lsum_le.
      intros z Hz. specialize (Hl (1 - s) z ltac:(lra) Hz). lra. }
    fold (total_loss D theta) in Hmin.
    apply Rmult_le_reg_l with s; [lra|]. unfold A. nra. }
  replace (INR (length D) * (2 * (c * regulariser theta))) with (2 * A) by (unfold A; ring).
  destruct (Rle_lt_dec A 0) as [HA|HA].
  - specialize (Hs 1 ltac:(lra)). lra.
  - apply limit_at_zero. intros s Hs1. specialize (Hs s Hs1). nra.
Qed.

End Remark2.

(** R = |.|^2/2 and the hinge loss in R^n, with 0 in Theta and Theta
    star-shaped about 0: R(theta) <= 1/(2 c), that is |theta|_2^2 <= 1/c. *)
Theorem remark_2_extended_hinge (n : nat) (Theta X : vec -> Prop) (c : R) (theta : vec) :
  0 < c -> attainable (P := Linear n hinge Theta X) c theta ->
  (forall s, 0 <= s <= 1 -> Theta (vscal s theta)) ->
  sqnorm n theta / 2 <= 1 / (2 * c).
Proof.
  intros Hc (D & Hne & HD & Hmin) Hstar.
  pose proof (remark_2_extended (P := Linear n hinge Theta X) c D vzero theta
                (fun s => vscal s theta) Hmin Hstar) as H.
  pose proof (length_INR_pos D Hne) as HN.
  assert (Hl : forall (z : vec * R), hinge (snd z * dot n vzero (fst z)) = 1).
  { intros z. rewrite dot_zero_l, Rmult_0_r. rewrite hinge_inside; lra. }
  assert (E0 : total_loss (P := Linear n hinge Theta X) D vzero = INR (length D)).
  { unfold total_loss. rewrite <- (Rmult_1_r (INR (length D))), <- lsum_const.
    apply lsum_ext. intros z _. apply Hl. }
  assert (E1 : 0 <= total_loss (P := Linear n hinge Theta X) D theta).
  { apply lsum_nonneg. intros z _. apply hinge_nonneg. }
  rewrite E0 in H.
  assert (Hq : INR (length D) * (2 * (c * (sqnorm n theta / 2))) <= INR (length D) * 1).
  { eapply Rle_trans; [apply H|lra].
    - intros s [x y] Hs _. cbn [loss Linear fst snd]. rewrite dot_scal_l, dot_zero_l.
      pose proof (hinge_convex s (y * 0) (y * dot n theta x) Hs) as Hx.
      replace ((1 - s) * (y * 0) + s * (y * dot n theta x)) with (y * (s * dot n theta x)) in Hx by ring.
      exact Hx.
    - intros s Hs. cbn [regulariser Linear]. rewrite sqnorm_scal. lra. }
  apply Rmult_le_reg_l in Hq; [|lra].
  apply Rmult_le_reg_l with (2 * c); [lra|].
  replace (2 * c * (1 / (2 * c))) with 1 by (field; lra). lra.
Qed.

(** The bound 1/(2 c) is attained. *)
Lemma remark_2_sharp_attainable : strictly_attainable (P := Std) (1 / 4) 2.
Proof.
  exists [(1 / 2, 1)]. split; [discriminate|]. split.
  { intros z [<-|[]]. apply std_point_pos. lra. }
  split; [exact I|]. intros u _ Hu. std_unfold.
  rewrite (hinge_outside (1 * 2 * (1 / 2))) by lra.
  pose proof (square_pos u 2 Hu). pose proof (hinge_ge (1 * u * (1 / 2))). lra.
Qed.

Theorem remark_2_extended_sharp :
  exists theta : R, strictly_attainable (P := Std) (1 / 4) theta /\
    regulariser (p := Std) theta = 1 / (2 * (1 / 4)).
Proof. exists 2. split; [exact remark_2_sharp_attainable|]. simpl. field. Qed.

(** ** Witnesses *)

Theorem remark_2_repaired_witness :
  exists (P : problem) (c : R) (D : list (point P)) (zero theta : model P),
    minimiser c D theta /\ in_models zero /\ regulariser zero = 0 /\ 0 < c * regulariser theta /\ D <> [].
Proof.
  exists Std, 1, [(1, 1)], 0, 1.
  split; [apply strictly_minimises_minimises, std_one_strict; lra|]. split; [exact I|].
  split; [simpl; lra|]. split; [simpl; lra | discriminate].
Qed.

Theorem remark_2_printed_witness :
  exists (P : problem) (c l0 : R) (zero theta : model P),
    0 < c /\ attainable c theta /\ in_models zero /\ regulariser zero = 0 /\
    (forall z, in_points z -> loss zero z = l0) /\
    (forall z, in_points z -> 0 <= loss theta z) /\ 0 < regulariser theta.
Proof.
  exists Std, (1 / 4), 1, 0, 2. split; [lra|].
  split; [apply strictly_attainable_attainable, remark_2_sharp_attainable|].
  split; [exact I|]. split; [simpl; lra|]. split.
  - intros z _. rewrite std_loss, Rmult_0_l, hinge_inside; lra.
  - split; [intros z _; apply hinge_nonneg | simpl; lra].
Qed.

Theorem remark_2_extended_witness :
  exists (P : problem) (c : R) (D : list (point P)) (zero theta : model P) (shrink : R -> model P),
    minimiser c D theta /\
    (forall s, 0 <= s <= 1 -> in_models (shrink s)) /\
    (forall s z, 0 <= s <= 1 -> In z D -> loss (shrink s) z <= (1 - s) * loss zero z + s * loss theta z) /\
    (forall s, 0 <= s <= 1 -> regulariser (shrink s) = s * s * regulariser theta) /\
    0 < c * regulariser theta /\ D <> [].
Proof.
  exists Std, 1, [(1, 1)], 0, 1, (fun s => s).
  split; [apply strictly_minimises_minimises, std_one_strict; lra|]. split; [intros; exact I|]. split.
  - intros s z Hs _. rewrite !std_loss.
    pose proof (hinge_convex s (0 * (snd z * fst z)) (1 * (snd z * fst z)) Hs) as H.
    replace ((1 - s) * (0 * (snd z * fst z)) + s * (1 * (snd z * fst z)))
      with (s * (snd z * fst z)) in H by ring.
    exact H.
  - split; [intros s _; simpl; lra|]. split; [simpl; lra | discriminate].
Qed.

Theorem remark_2_extended_hinge_witness :
  exists (n : nat) (Theta X : vec -> Prop) (c : R) (theta : vec),
    0 < c /\ attainable (P := Linear n hinge Theta X) c theta /\
    (forall s, 0 <= s <= 1 -> Theta (vscal s theta)) /\ 0 < sqnorm n theta.
Proof.
  exists 1%nat, everywhere, (box 1 (-1) 1), (1 / 4), (fun _ => 2).
  split; [lra|]. split.
  - exists [((fun _ => 1 / 2), 1)]. split; [discriminate|]. split.
    { intros z [<-|[]]. split; [intros i _; simpl; lra | now left]. }
    split; [exact I|]. intros u _. unfold objective.
    cbn [lsum length INR loss regulariser Linear fst snd].
    unfold sqnorm, dot. cbn [nsum].
    rewrite (hinge_outside (1 * (0 + 2 * (1 / 2)))) by lra.
    pose proof (hinge_ge (1 * (0 + u O * (1 / 2)))). pose proof (Rle_0_sqr (u O - 2)).
    unfold Rsqr in *. lra.
  - split; [intros; exact I|]. unfold sqnorm, dot. simpl. lra.
Qed.

(** ** Refutation: the bound is not one on all models *)

Definition remark_2_printed_all_models_claim (P : problem) : Prop :=
  forall (c : R) (theta : model P), 0 < c -> in_models theta -> regulariser theta <= 1 / c.

Theorem remark_2_printed_refuted_all_models : ~ remark_2_printed_all_models_claim Std.
Proof. intros H. specialize (H 1 2 Rlt_0_1 I). simpl in H. lra. Qed.
