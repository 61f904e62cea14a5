(** * appendix-c: gamma for the support vector machine

    The paper, on R^d with hinge loss and R = |.|^2/2 (no bias): C >= 1 / (2 R(tp)), hence
    gamma >= 1 - 2 c R(tp).  C is the infimum of S / (R(tp) - R(t)) over models with R(t) < R(tp),
    S the loss-based distance from t to tp; gamma is the constant of Lemma 2.

    - [appendix_c_repaired]: all that is needed of the domain is the single point tp / |tp|^2
      (or its opposite: both labels are available).  Then, for every model t and every bound S of the
      loss differences, S >= (R(tp) - R(t)) / (2 R(tp)) and
      S + c (R(t) - R(tp)) >= (1 - 2 c R(tp)) S.  tp may have zero coordinates (the printed
      proof divides by them), and attainability is not used.
    - [appendix_c_printed]: stands on R^d.
    - [appendix_c_extended_box]: on the box [0,1]^d, 1 / W serves in place of 1 / (2 R(tp)), with
      W = max(|tp+|_inf, |tp+|^2) + max(|tp-|_inf, |tp-|^2): S >= (R(tp) - R(t)) / W
      ([appendix_c_extended_box_ratio]) and S + c (R(t) - R(tp)) >= (1 - c W) S.
    - [exact_gamma_extended_hinge]: on any domain, no constant exceeds 1 - 2 c R(tp).
    - [appendix_c_extended_exact]: on R^d the constant 1 / (2 R(tp)) cannot be improved.
    - [appendix_c_printed_refuted]: false on a bounded domain.  X = [0,1], c = 2, tp = 1/2:
      the printed bound is gamma >= 1/2; the attainable model 1/6 has
      S + c (R(t) - R(tp)) = S/3.  [appendix_c_printed_refuted_no_gamma]: there no
      positive gamma is valid at all. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Convexity theorem_4.
Import ListNotations.
Open Scope R_scope.

(** The property of Lemma 2 for one model [t], in the form that does not need a supremum. *)
Definition gamma_valid_at {P : problem} (c gamma : R) (tp t : model P) : Prop :=
  forall S, Close S t tp -> gamma * S <= S + c * (regulariser t - regulariser tp).

Section Repaired.

Variables (n : nat) (X : vec -> Prop) (tp : vec).
Notation Pb := (HingeOn n X).

(** [x] is tp / |tp|^2 up to the sign: the margin of the target at it is 1 in absolute value
    and <t, x> is <t, tp> / |tp|^2. *)
Definition touching_point (s : R) : vec := vscal (s / sqnorm n tp) tp.

Theorem appendix_c_repaired_ratio (s : R) (t : vec) S :
  0 < sqnorm n tp -> is_label s -> X (touching_point s) ->
  Close (P := Pb) S t tp ->
  (regulariser (p := Pb) tp - regulariser (p := Pb) t) / (2 * regulariser (p := Pb) tp) <= S.
Proof.
  intros Hpos Hs HX HC.
  specialize (HC (touching_point s, s) (conj HX Hs)).
  rewrite !HingeOn_loss in HC. unfold touching_point in HC. rewrite !dot_scal_r in HC.
  fold (sqnorm n tp) in HC. simpl. set (q := sqnorm n tp) in *.
  assert (Hss : s * s = 1) by (destruct Hs; subst; lra).
  replace (s * (s / q * q)) with (s * s) in HC by (field; lra). rewrite Hss in HC.
  rewrite (hinge_inside 1) in HC by lra.
  pose proof (hinge_ge (s * (s / q * dot n t tp))) as Hh.
  replace (s * (s / q * dot n t tp)) with (s * s * (dot n t tp / q)) in * by (field; lra).
  rewrite Hss, Rmult_1_l in *.
  pose proof (sqnorm_nonneg n (vminus t tp)) as Hsq. rewrite sqnorm_minus in Hsq. fold q in Hsq.
  apply Rmult_le_reg_r with q; [lra|].
  replace ((q / 2 - sqnorm n t / 2) / (2 * (q / 2)) * q) with (q / 2 - sqnorm n t / 2)
    by (field; lra).
  assert (E : dot n t tp / q * q = dot n t tp) by (field; lra).
  nra.
Qed.

Theorem appendix_c_repaired (c s : R) (t : vec) :
  0 <= c -> is_label s -> (0 < sqnorm n tp -> X (touching_point s)) ->
  gamma_valid_at (P := Pb) c (1 - 2 * c * regulariser (p := Pb) tp) tp t.
Proof.
  intros Hc Hs HX S HC. simpl in *.
  destruct (Rle_lt_or_eq_dec 0 (sqnorm n tp) (sqnorm_nonneg n tp)) as [Hpos|Hz].
  - pose proof (appendix_c_repaired_ratio s t S Hpos Hs (HX Hpos) HC) as H. simpl in H.
    set (q := sqnorm n tp) in *.
    assert (H' : q / 2 - sqnorm n t / 2 <= q * S).
    { apply Rmult_le_reg_r with (/ q); [now apply Rinv_0_lt_compat|].
      replace (q * S * / q) with S by (field; lra).
      replace ((q / 2 - sqnorm n t / 2) * / q) with ((q / 2 - sqnorm n t / 2) / (2 * (q / 2)))
        by (field; lra). exact H. }
    nra.
  - rewrite <- Hz. pose proof (sqnorm_nonneg n t). nra.
Qed.

End Repaired.

(** ** As printed: domain R^d *)

Theorem appendix_c_printed n c (tp t : vec) :
  0 <= c ->
  gamma_valid_at (P := HingeOn n everywhere) c (1 - 2 * c * (sqnorm n tp / 2)) tp t.
Proof.
  intros Hc. apply (appendix_c_repaired n everywhere tp c 1 t); auto using is_label_plus.
  intros _. exact I.
Qed.

Theorem appendix_c_printed_ratio n (tp t : vec) S :
  0 < sqnorm n tp -> Close (P := HingeOn n everywhere) S t tp ->
  (sqnorm n tp / 2 - sqnorm n t / 2) / (2 * (sqnorm n tp / 2)) <= S.
Proof.
  intros Hpos HC.
  exact (appendix_c_repaired_ratio n everywhere tp 1 t S Hpos is_label_plus I HC).
Qed.

(** Scaling the target down by 1 - k costs exactly k on R^d. *)
Lemma scaled_close n (tp : vec) k :
  0 <= k <= 1 -> Close (P := HingeOn n everywhere) k (vscal (1 - k) tp) tp.
Proof.
  intros Hk [x y] _. rewrite !HingeOn_loss, dot_scal_l.
  replace (y * ((1 - k) * dot n tp x)) with ((1 - k) * (y * dot n tp x)) by lra.
  set (m := y * dot n tp x). hinge_split; nra.
Qed.

(** For the hinge loss the closed form is never too small, on any domain, a bias being a feature that is 1
    on it: no constant of lemma-2 exceeds 1 - 2 c R(tp). *)
Theorem exact_gamma_extended_hinge n (X : vec -> Prop) c gamma (tp : vec) :
  0 <= c -> (forall t, gamma_valid_at (P := HingeOn n X) c gamma tp t) ->
  gamma <= 1 - 2 * c * regulariser (p := HingeOn n X) tp.
Proof.
  intros Hc H. cbn [regulariser HingeOn Linear]. pose proof (sqnorm_nonneg n tp) as Hq. set (q := sqnorm n tp) in *.
  assert (Hcq : 0 <= c * q) by (now apply Rmult_le_pos).
  assert (c * q <= 1 - gamma); [|lra]. apply limit_at_zero. intros k Hk.
  assert (HC : Close (P := HingeOn n X) k (vscal (1 - k) tp) tp).
  { intros z Hz. apply (scaled_close n tp k ltac:(lra) z). split; [exact I | exact (proj2 Hz)]. }
  specialize (H _ k HC). cbn [regulariser HingeOn Linear] in H. rewrite sqnorm_scal in H. fold q in H.
  assert (H' : k * (c * q * (1 - k / 2)) <= k * (1 - gamma)) by lra.
  apply Rmult_le_reg_l in H'; [|lra]. assert (0 <= c * q * k) by (apply Rmult_le_pos; lra). lra.
Qed.

(** On R^d the constant is exact: no larger lam satisfies lam (R(tp) - R(t)) <= S for all t. *)
Theorem appendix_c_extended_exact n (tp : vec) lam :
  0 < sqnorm n tp ->
  (forall t S, Close (P := HingeOn n everywhere) S t tp ->
     lam * (sqnorm n tp / 2 - sqnorm n t / 2) <= S) ->
  lam <= 1 / (2 * (sqnorm n tp / 2)).
Proof.
  intros Hpos H. set (q := sqnorm n tp) in *.
  replace (1 / (2 * (q / 2))) with (/ q) by (field; lra).
  assert (Hk : forall k, 0 < k <= 1 -> lam * q * (2 - k) <= 2).
  { intros k Hk. pose proof (H _ _ (scaled_close n tp k ltac:(lra))) as Hs.
    rewrite sqnorm_scal in Hs. fold q in Hs.
    apply Rmult_le_reg_l with k; [lra|]. nra. }
  apply Rmult_le_reg_r with q; [lra|]. rewrite Rinv_l by lra.
  set (a := lam * q) in *.
  destruct (Rle_lt_dec a 1) as [|Hlt]; [assumption|exfalso].
  assert (Hd : 0 < 1 - / a <= 1).
  { assert (0 < / a) by (apply Rinv_0_lt_compat; lra).
    assert (/ a < / 1) by (apply Rinv_lt_contravar; lra). lra. }
  specialize (Hk _ Hd).
  replace (a * (2 - (1 - / a))) with (a + 1) in Hk by (field; lra).
  lra.
Qed.

(** ** The closed form on the box [0,1]^d *)

Definition positive_part (a : vec) : vec := fun i => Rmax 0 (a i).
Definition negative_part (a : vec) : vec := fun i => Rmax 0 (- a i).

(** max(|a|_inf, |a|^2): dividing a nonnegative a by it gives a point of [0,1]^d at which the
    linear form of a is at most 1. *)
Definition half_weight (n : nat) (a : vec) : R := Rmax (linfnorm n a) (sqnorm n a).
Definition box_weight (n : nat) (tp : vec) : R :=
  half_weight n (positive_part tp) + half_weight n (negative_part tp).

Lemma half_weight_nonneg n a : 0 <= half_weight n a.
Proof. eapply Rle_trans; [apply linfnorm_nonneg | apply Rmax_l]. Qed.

(** One label: h = y times one part of the target. *)
Lemma half_weight_bound n (tp t h : vec) (y S : R) :
  is_label y -> (forall i, (i < n)%nat -> 0 <= h i) -> y * dot n tp h <= sqnorm n h ->
  Close (P := HingeOn n (box n 0 1)) S t tp ->
  y * dot n (vminus tp t) h <= half_weight n h * S.
Proof.
  intros Hy Hh Htp HC. pose proof (half_weight_nonneg n h) as H0.
  destruct (Rle_lt_or_eq_dec _ _ H0) as [Hpos|E].
  - set (A := half_weight n h) in *.
    assert (HX : box n 0 1 (vscal (/ A) h)).
    { intros i Hi. unfold vscal. specialize (Hh i Hi).
      assert (Hle : h i <= A).
      { unfold A, half_weight. eapply Rle_trans; [|apply Rmax_l].
        eapply Rle_trans; [apply Rle_abs | now apply linfnorm_ge]. }
      assert (0 < / A) by (now apply Rinv_0_lt_compat). split; [apply Rmult_le_pos; lra|].
      apply Rmult_le_reg_l with A; [assumption|].
      replace (A * (/ A * h i)) with (h i) by (field; lra). lra. }
    specialize (HC (vscal (/ A) h, y) (conj HX Hy)). rewrite !HingeOn_loss, !dot_scal_r in HC.
    assert (Hin : y * (/ A * dot n tp h) <= 1).
    { apply Rmult_le_reg_l with A; [assumption|].
      replace (A * (y * (/ A * dot n tp h))) with (y * dot n tp h) by (field; lra).
      assert (sqnorm n h <= A) by apply Rmax_r. lra. }
    rewrite (hinge_inside _ Hin) in HC. pose proof (hinge_ge (y * (/ A * dot n t h))).
    rewrite dot_minus_l. apply Rmult_le_reg_l with (/ A); [now apply Rinv_0_lt_compat|].
    replace (/ A * (A * S)) with S by (field; lra). lra.
  - rewrite <- E, Rmult_0_l.
    assert (Hz : sqnorm n h = 0).
    { pose proof (sqnorm_nonneg n h). assert (sqnorm n h <= half_weight n h) by apply Rmax_r. lra. }
    unfold dot. rewrite (nsum_ext _ (fun _ => 0)); [rewrite nsum_const; lra|].
    intros i Hi. rewrite (sqnorm_zero n h Hz i Hi). lra.
Qed.

Lemma parts_difference n (a tp : vec) :
  dot n a (positive_part tp) - dot n a (negative_part tp) = dot n a tp.
Proof.
  unfold dot. rewrite <- nsum_minus. apply nsum_ext. intros i _.
  rewrite <- Rmult_minus_distr_l. f_equal.
  unfold positive_part, negative_part, Rmax. destruct (Rle_dec 0 (tp i)), (Rle_dec 0 (- tp i)); lra.
Qed.

Theorem appendix_c_extended_box_ratio n (tp t : vec) S :
  Close (P := HingeOn n (box n 0 1)) S t tp ->
  sqnorm n tp / 2 - sqnorm n t / 2 <= box_weight n tp * S.
Proof.
  intros HC.
  assert (H : forall i, 0 <= positive_part tp i /\ 0 <= negative_part tp i)
    by (intros i; split; apply Rmax_l).
  pose proof (half_weight_bound n tp t (positive_part tp) 1 S is_label_plus
                (fun i _ => proj1 (H i))) as H1.
  pose proof (half_weight_bound n tp t (negative_part tp) (-1) S (or_intror eq_refl)
                (fun i _ => proj2 (H i))) as H2.
  assert (E1 : 1 * dot n tp (positive_part tp) <= sqnorm n (positive_part tp)).
  { rewrite Rmult_1_l. apply nsum_le. intros i _. unfold positive_part, Rmax.
    destruct (Rle_dec 0 (tp i)); nra. }
  assert (E2 : -1 * dot n tp (negative_part tp) <= sqnorm n (negative_part tp)).
  { unfold sqnorm, dot. rewrite <- nsum_scal. apply nsum_le. intros i _. unfold negative_part, Rmax.
    destruct (Rle_dec 0 (- tp i)); nra. }
  specialize (H1 E1 HC). specialize (H2 E2 HC).
  pose proof (parts_difference n (vminus tp t) tp) as Hd. rewrite (dot_minus_l n tp t tp) in Hd.
  pose proof (sqnorm_nonneg n (vminus tp t)) as Hsq. rewrite sqnorm_minus in Hsq.
  rewrite (dot_sym n tp t) in Hsq. change (dot n tp tp) with (sqnorm n tp) in Hd.
  unfold box_weight. lra.
Qed.

Theorem appendix_c_extended_box n c (tp t : vec) :
  0 <= c -> gamma_valid_at (P := HingeOn n (box n 0 1)) c (1 - c * box_weight n tp) tp t.
Proof.
  intros Hc S HC. simpl. pose proof (appendix_c_extended_box_ratio n tp t S HC) as H.
  apply Rmult_le_compat_l with (r := c) in H; [|assumption]. lra.
Qed.

(** ** A bounded domain: X = [0,1], c = 2, tp = 1/2 *)

Definition H01 : problem := Hinge1 whole_line (interval 0 1).

(** The training set: n points (1, +1) and one point (1, -1); its model is (n-1)/(2(n+1)). *)
Definition near_target_data (n : nat) : list (point H01) := (1, -1) :: repeat (1, 1) n.
Definition near_target (n : nat) : R := (INR n - 1) / (2 * (INR n + 1)).

Lemma near_target_attainable n : (1 <= n)%nat -> attainable (P := H01) 2 (near_target n).
Proof.
  intros Hn. exists (near_target_data n). split; [discriminate|]. split.
  - intros p [<-|Hp]; [|apply repeat_spec in Hp; subst]; simpl; unfold interval, is_label; lra.
  - assert (HN : 1 <= INR n) by (replace 1 with (INR 1) by reflexivity; now apply le_INR).
    set (N := INR n) in *.
    assert (E : near_target n * (2 * (N + 1)) = N - 1).
    { unfold near_target. fold N. field. lra. }
    set (t := near_target n) in *.
    assert (Ht : 0 <= t <= 1) by nra.
    split; [exact I|]. intros u _. unfold near_target_data.
    rewrite !(objective_cons (P := H01)), !(objective_repeat (P := H01)). fold N. unfold point_objective. simpl.
    rewrite (hinge_inside (-1 * t * 1)), (hinge_inside (1 * t * 1)) by lra.
    pose proof (hinge_ge (-1 * u * 1)) as H1. pose proof (hinge_ge (1 * u * 1)) as H2.
    pose proof (pow2_ge_0 (u - t)) as H3. simpl in H3.
    assert (H2' : N * (1 - 1 * u * 1) <= N * hinge (1 * u * 1)) by (apply Rmult_le_compat_l; lra).
    assert (H3' : 0 <= (N + 1) * ((u - t) * (u - t))) by (apply Rmult_le_pos; nra).
    assert (H4 : (u - t) * (N - 1) = (u - t) * (t * (2 * (N + 1)))) by (rewrite E; ring).
    nra.
Qed.

(** The target is attainable too, by the point (1, +1). *)
Lemma half_attainable : attainable (P := H01) 2 (1/2).
Proof.
  exists [(1, 1)]. split; [discriminate|]. split.
  - intros p [<-|[]]. simpl. unfold interval, is_label. lra.
  - split; [exact I|]. intros t _. unfold objective. simpl.
    pose proof (hinge_ge (1 * t * 1)). rewrite (hinge_inside (1 * (1/2) * 1)) by lra.
    pose proof (pow2_ge_0 (t - 1/2)). nra.
Qed.

Lemma near_target_distance (t : R) :
  0 <= t <= 1/2 -> distance (P := H01) t (1/2) (1/2 - t).
Proof.
  intros Ht.
  assert (E : 1/2 - t = loss (p := H01) t (1, 1) - loss (p := H01) (1/2) (1, 1)).
  { simpl. rewrite !hinge_inside by lra. lra. }
  rewrite E. apply distance_attained.
  - simpl. unfold interval, is_label. lra.
  - rewrite <- E. intros [x y] [Hx Hy]. unfold interval in Hx. simpl in *.
    destruct Hy as [-> | ->]; rewrite !hinge_inside by nra; nra.
Qed.

(** The printed claim on the domain [0,1]: with gamma = 1 - 2 c R(tp), Lemma 2's inequality holds
    for all attainable tp and t (here even with <= instead of <). *)
Definition appendix_c_printed_on (P : problem) : Prop :=
  forall c (tp t : model P) S, 0 < c -> attainable c tp -> attainable c t -> distance t tp S ->
    (1 - 2 * c * regulariser tp) * S <= S + c * (regulariser t - regulariser tp).

Theorem appendix_c_printed_refuted : ~ appendix_c_printed_on H01.
Proof.
  intros H.
  assert (E : near_target 2 = 1/6) by (unfold near_target; simpl; field).
  specialize (H 2 (1/2) (1/6) (1/2 - 1/6) ltac:(lra) half_attainable).
  rewrite <- E in H at 1. specialize (H (near_target_attainable 2 ltac:(lia))).
  specialize (H (near_target_distance (1/6) ltac:(lra))). simpl in H. lra.
Qed.

Theorem appendix_c_printed_refuted_no_gamma :
  ~ exists gamma, 0 < gamma /\
      forall (t : model H01) S, attainable 2 t -> distance t (1/2 : model H01) S ->
        gamma * S <= S + 2 * (regulariser t - regulariser (1/2 : model H01)).
Proof.
  intros (gamma & Hg & H).
  destruct (archimed_cor1 gamma Hg) as (n & Hn & Hn1).
  assert (HN : 1 <= INR n) by (replace 1 with (INR 1) by reflexivity; now apply le_INR).
  assert (Ht : near_target n = 1/2 - / (INR n + 1)) by (unfold near_target; field; lra).
  assert (Hi : 0 < / (INR n + 1) <= 1/2).
  { split; [apply Rinv_0_lt_compat; lra|].
    replace (1/2) with (/ 2) by lra. apply Rinv_le_contravar; lra. }
  assert (Hr : 0 <= near_target n <= 1/2) by (rewrite Ht; lra).
  specialize (H (near_target n) (1/2 - near_target n) (near_target_attainable n Hn1)
                (near_target_distance (near_target n) Hr)).
  rewrite Ht in H. simpl in H. set (d := / (INR n + 1)) in *.
  assert (Hd : gamma * d <= d * d) by nra.
  assert (Hgd : gamma <= d) by nra.
  assert (d < gamma).
  { apply Rlt_trans with (/ INR n); [|exact Hn]. apply Rinv_lt_contravar; nra. }
  lra.
Qed.

(** ** Witness: d = 2, the box [0,1]^2, tp = (1, 1), which has |tp|^2 = 2 and the touching point
    (1/2, 1/2); c = 1/4, so gamma >= 1/2.  Models closer to 0 exist: t = 0. *)
Theorem appendix_c_repaired_witness :
  exists n X tp c s t S, 0 < sqnorm n tp /\ 0 < c /\ is_label s /\ X (touching_point n tp s) /\
    Close (P := HingeOn n X) S t tp /\ 0 < 1 - 2 * c * (sqnorm n tp / 2) < 1 /\
    sqnorm n t < sqnorm n tp.
Proof.
  exists 2%nat, (box 2 0 1), (const 1), (1/4), 1, vzero, 2.
  assert (E : sqnorm 2 (const 1) = 2) by (unfold sqnorm, dot, const; simpl; lra).
  assert (E0 : sqnorm 2 vzero = 0) by (unfold sqnorm; apply dot_zero_l).
  rewrite E, E0. repeat split; try lra; auto using is_label_plus.
  - unfold touching_point, vscal. rewrite E. unfold const. lra.
  - unfold touching_point, vscal. rewrite E. unfold const. lra.
  - apply Close_of_form_bound. intros x Hx. rewrite dot_minus_l, dot_zero_l.
    unfold dot, const. simpl.
    pose proof (Hx 0%nat ltac:(lia)). pose proof (Hx 1%nat ltac:(lia)). apply Rabs_le. lra.
Qed.

(** On R^2: tp = (1, 1) and its half. *)
Theorem appendix_c_printed_witness :
  exists n c tp t S, 0 < c /\ 0 < sqnorm n tp /\
    Close (P := HingeOn n everywhere) S t tp /\ 0 < S /\ sqnorm n t < sqnorm n tp /\
    0 < 1 - 2 * c * (sqnorm n tp / 2).
Proof.
  exists 2%nat, (1/4), (const 1), (vscal (1 - 1/2) (const 1)), (1/2).
  rewrite sqnorm_scal.
  assert (E : sqnorm 2 (const 1) = 2) by (unfold sqnorm, dot, const; simpl; lra).
  rewrite E. repeat split; try lra. apply scaled_close. lra.
Qed.

(** The constant of [appendix_c_extended_exact] does satisfy its hypothesis. *)
Theorem appendix_c_extended_exact_witness :
  exists n tp lam, 0 < sqnorm n tp /\ 0 < lam /\
    forall t S, Close (P := HingeOn n everywhere) S t tp ->
      lam * (sqnorm n tp / 2 - sqnorm n t / 2) <= S.
Proof.
  exists 2%nat, (const 1), (1/2).
  assert (E : sqnorm 2 (const 1) = 2) by (unfold sqnorm, dot, const; simpl; lra).
  rewrite E. repeat split; try lra. intros t S HC.
  pose proof (appendix_c_printed_ratio 2 (const 1) t S ltac:(lra) HC) as H. rewrite E in H. lra.
Qed.

(** The box in R^2, tp = (1/2, -1/2): W = 1, while the printed value is |tp|^2 = 1/2; t = 0. *)
Theorem appendix_c_extended_box_witness :
  exists n c (tp t : vec) S, 0 <= c /\ Close (P := HingeOn n (box n 0 1)) S t tp /\
    0 < c * box_weight n tp < 1 /\ sqnorm n tp < box_weight n tp /\ sqnorm n t < sqnorm n tp.
Proof.
  exists 2%nat, (1/2), (fun i => match i with O => 1/2 | _ => -1/2 end), vzero, (1/2).
  assert (E : box_weight 2 (fun i => match i with O => 1/2 | _ => -1/2 end) = 1).
  { unfold box_weight, half_weight, sqnorm, dot, positive_part, negative_part. simpl.
    rewrite (Rmax_right 0 (1/2)), (Rmax_left 0 (-1/2)), (Rmax_left 0 (- (1/2))), (Rmax_right 0 (- (-1/2))) by lra.
    rewrite Rabs_R0, !Rabs_pos_eq by lra.
    rewrite (Rmax_right 0 (1/2)), (Rmax_left (1/2) 0), (Rmax_left 0 0), (Rmax_right 0 (- (-1/2))) by lra.
    rewrite !Rmax_left by lra. lra. }
  rewrite E. split; [lra|]. split; [|split; [lra|]].
  - intros [x y] [Hx Hy]. cbn [fst snd] in *. rewrite !HingeOn_loss, dot_zero_l, Rmult_0_r, (hinge_inside 0) by lra.
    pose proof (Hx 0%nat ltac:(lia)) as H0. pose proof (Hx 1%nat ltac:(lia)) as H1.
    set (m := y * _). pose proof (hinge_ge m) as Hm. enough (m <= 1/2) by lra.
    unfold m, dot. simpl. destruct Hy as [-> | ->]; lra.
  - unfold sqnorm. rewrite (dot_zero_l 2 vzero). unfold dot. simpl. lra.
Qed.

(** The same target on the box: the constant 1 - W/2 = 1/2 is valid, the closed form is 3/4. *)
Theorem exact_gamma_extended_hinge_witness :
  exists n (X : vec -> Prop) c gamma (tp : vec), 0 <= c /\
    (forall t, gamma_valid_at (P := HingeOn n X) c gamma tp t) /\ 0 < c /\ 0 < sqnorm n tp.
Proof.
  exists 2%nat, (box 2 0 1), (1/2),
    (1 - 1/2 * box_weight 2 (fun i => match i with O => 1/2 | _ => -1/2 end)),
    (fun i => match i with O => 1/2 | _ => -1/2 end).
  split; [lra|]. split; [intros t; apply appendix_c_extended_box; lra|]. split; [lra|].
  unfold sqnorm, dot. simpl. lra.
Qed.
