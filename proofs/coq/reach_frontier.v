(** * reach-frontier: how close can n points bring the model to the target?

    Not in the paper: corollary-1 asks the same and answers through a factor k that a bias makes
    infinite.  Hinge loss, both labels on one convex X, R = |.|^2/2, no factor and no bound of R.

    - Margin transfer: let t' be eps-close to p, and for a labelled point z = y (x, 1) of the domain
      v = <p, z> >= -1, m = <t', z> (points of v < -1: flip the label).  Then m <= v + eps
      ([reach_frontier_extended_outward]), and if X is convex and holds a point at which the same
      label gives p the margin -1, v - eps max(1, v) <= m ([reach_frontier_extended_inward]): for
      |v| <= 1 both say |m - v| <= eps, for v >= 1 the second says (1 - eps) v <= m.  (A bias is a feature that is 1 on all of X; without such a feature
      the models have no bias.)
      In place of -1 any margin v0 < 1 of that label serves, at a price ([reach_frontier_extended_mixed]):
      v (1 - v0) - eps (2 v - v0 - 1) <= m (1 - v0) for v >= 1.
    - The other label bounds the loss of t' from below, for any X and eps:
      (1 - m)_+ >= max(0, 2 - eps - l(p; x, -y)) ([reach_frontier_extended_loss]).
    - The bound ([reach_frontier_extended]): if t' is trained on Dc and n points of the domain and
      eps-close to p, and U bounds (1 - <theta, z>)_+ - max(0, 2 - eps - l(p; x, -y)) on the domain, then
      L(t'; Dc) + (N + n) c <t', t' - theta> <= L(theta; Dc) + n U.  Where no eps-close model satisfies
      it, n points do not bring the model eps-close ([reach_frontier_extended_excluded]).

    - Corollary-3 with a bias ([corollary_3_repaired_bias]): if the margins of p over X include -1 and +1 and
      none exceeds k >= 1 in absolute value, a model eps-close to p has p (k eps)-close to it.

    The threat model is that of the paper: the attacker adds points, knows the data and the training,
    and the training is exact. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity lemma_1 radius_bound.
Import ListNotations.
Open Scope R_scope.

Definition convex_set (X : vec -> Prop) : Prop := closed_under_mix X vmix.

Section ReachFrontier.

Context (n : nat) (Theta X : vec -> Prop).
Notation Pb := (Linear n hinge Theta X).

(** The other label bounds the margin from above. *)
Theorem reach_frontier_extended_outward (eps : R) (p t x : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y -> -1 <= y * dot n p x ->
  y * dot n t x <= y * dot n p x + eps.
Proof.
  intros HC Hx Hy Hv.
  assert (Hy' : is_label (- y)) by (destruct Hy as [-> | ->]; [right | left]; lra).
  specialize (HC (x, - y) (conj Hx Hy')). cbn [loss Linear fst snd] in HC.
  replace (- y * dot n t x) with (- (y * dot n t x)) in HC by ring.
  replace (- y * dot n p x) with (- (y * dot n p x)) in HC by ring.
  rewrite (hinge_inside (- (y * dot n p x))) in HC by lra.
  pose proof (hinge_ge (- (y * dot n t x))). lra.
Qed.

Lemma margin_below (eps : R) (p t x : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y -> y * dot n p x <= 1 ->
  y * dot n p x - eps <= y * dot n t x.
Proof.
  intros HC Hx Hy Hv. specialize (HC (x, y) (conj Hx Hy)). cbn [loss Linear fst snd] in HC.
  rewrite (hinge_inside (y * dot n p x)) in HC by lra.
  pose proof (hinge_ge (y * dot n t x)). lra.
Qed.

(** Beyond margin 1 any point of the same label with a smaller margin v0 bounds the margin from below. *)
Theorem reach_frontier_extended_mixed (eps v0 : R) (p t x x0 : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y -> convex_set X -> X x0 -> y * dot n p x0 = v0 -> -1 <= v0 < 1 ->
  1 <= y * dot n p x ->
  y * dot n p x * (1 - v0) - eps * (2 * (y * dot n p x) - v0 - 1) <= y * dot n t x * (1 - v0).
Proof.
  intros HC Hx Hy HX Hx0 Ev0 Hv0 Hv.
  (* the point of the segment from x0 to x at which p has the margin 1 *)
  set (v := y * dot n p x) in *. set (m := y * dot n t x).
  set (s := (1 - v0) / (v - v0)).
  assert (Es : s * (v - v0) = 1 - v0) by (unfold s; field; lra).
  assert (Hs : 0 < s <= 1).
  { split; [apply Rdiv_lt_0_compat; lra|]. apply Rmult_le_reg_r with (v - v0); lra. }
  assert (Hxs : X (vmix s x0 x)) by (apply HX; assumption || lra).
  pose proof (margin_below eps p t _ y HC Hxs Hy) as H1. rewrite !dot_mix_r in H1.
  pose proof (reach_frontier_extended_outward eps p t x0 y HC Hx0 Hy ltac:(lra)) as H0. rewrite Ev0 in H0.
  replace (y * ((1 - s) * dot n p x0 + s * dot n p x)) with ((1 - s) * (y * dot n p x0) + s * v) in H1
    by (unfold v; ring).
  rewrite Ev0 in H1. specialize (H1 ltac:(lra)).
  replace (y * ((1 - s) * dot n t x0 + s * dot n t x)) with ((1 - s) * (y * dot n t x0) + s * m) in H1
    by (unfold m; ring).
  assert ((1 - s) * (y * dot n t x0) <= (1 - s) * (v0 + eps)) by (apply Rmult_le_compat_l; lra).
  assert (Hsm : (v - v0) * (1 - eps - (1 - s) * (v0 + eps)) <= (v - v0) * (s * m)).
  { apply Rmult_le_compat_l; lra. }
  replace ((v - v0) * (s * m)) with (s * (v - v0) * m) in Hsm by ring.
  replace ((v - v0) * (1 - eps - (1 - s) * (v0 + eps)))
    with ((v - v0) * (1 - eps) - (v - v0 - s * (v - v0)) * (v0 + eps)) in Hsm by ring.
  rewrite Es in Hsm. lra.
Qed.

Lemma margin_beyond (eps : R) (p t x x0 : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y -> convex_set X -> X x0 -> y * dot n p x0 = -1 ->
  1 <= y * dot n p x -> (1 - eps) * (y * dot n p x) <= y * dot n t x.
Proof.
  intros HC Hx Hy HX Hx0 E Hv.
  pose proof (reach_frontier_extended_mixed eps (-1) p t x x0 y HC Hx Hy HX Hx0 E ltac:(lra) Hv). lra.
Qed.

(** A point of the same label at which p has the margin -1 bounds the margin from below. *)
Theorem reach_frontier_extended_inward (eps : R) (p t x x0 : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y -> -1 <= y * dot n p x ->
  convex_set X -> X x0 -> y * dot n p x0 = -1 ->
  y * dot n p x - eps * Rmax 1 (y * dot n p x) <= y * dot n t x.
Proof.
  intros HC Hx Hy Hv HX Hx0 Hv0. unfold Rmax. destruct (Rle_dec 1 (y * dot n p x)) as [H1|H1].
  - pose proof (margin_beyond eps p t x x0 y HC Hx Hy HX Hx0 Hv0 H1). lra.
  - pose proof (margin_below eps p t x y HC Hx Hy ltac:(lra)). lra.
Qed.

(** The loss of an eps-close model is bounded below by what p makes of the other label. *)
Theorem reach_frontier_extended_loss (eps : R) (p t x : vec) (y : R) :
  Close (P := Pb) eps t p -> X x -> is_label y ->
  Rmax 0 (2 - eps - hinge (- y * dot n p x)) <= hinge (y * dot n t x).
Proof.
  intros HC Hx Hy. apply Rmax_lub; [apply hinge_nonneg|].
  assert (Hy' : is_label (- y)) by (destruct Hy as [-> | ->]; [right | left]; lra).
  specialize (HC (x, - y) (conj Hx Hy')). cbn [loss Linear fst snd] in HC.
  pose proof (hinge_ge (- y * dot n t x)). pose proof (hinge_ge (y * dot n t x)). lra.
Qed.

(** Closeness in one direction gives the other, with a bias too: corollary-3's factor is the largest margin
    of the target alone. *)
Theorem corollary_3_repaired_bias (eps k : R) (p t x1 x2 : vec) :
  Close (P := Pb) eps t p -> convex_set X -> X x1 -> dot n p x1 = 1 -> X x2 -> dot n p x2 = -1 ->
  1 <= k -> (forall x, X x -> Rabs (dot n p x) <= k) -> Close (P := Pb) (k * eps) p t.
Proof.
  intros HC HX Hx1 E1 Hx2 E2 Hk HM [x y] [Hx Hy]. cbn [loss Linear fst snd] in *.
  assert (H0 : 0 <= eps).
  { pose proof (HC (x1, 1) (conj Hx1 (or_introl eq_refl))) as H1.
    pose proof (HC (x1, -1) (conj Hx1 (or_intror eq_refl))) as H2. cbn [loss Linear fst snd] in *.
    rewrite E1 in *. rewrite (hinge_inside (1 * 1)) in H1 by lra. rewrite (hinge_inside (-1 * 1)) in H2 by lra.
    pose proof (hinge_ge (1 * dot n t x1)). pose proof (hinge_ge (-1 * dot n t x1)). lra. }
  assert (Hke : eps <= k * eps) by (assert (1 * eps <= k * eps) by (apply Rmult_le_compat_r; lra); lra).
  specialize (HM x Hx). set (v := y * dot n p x). set (m := y * dot n t x).
  assert (Hv : - k <= v).
  { unfold v. pose proof (Rle_abs (dot n p x)). pose proof (Rle_abs (- dot n p x)). rewrite Rabs_Ropp in *.
    destruct Hy as [-> | ->]; lra. }
  assert (Hmv : m <= v + k * eps).
  { destruct (Rle_lt_dec (-1) v) as [Hge|Hlt].
    - pose proof (reach_frontier_extended_outward eps p t x y HC Hx Hy Hge). fold m v in H. lra.
    - (* the other label gives the margin - v beyond 1 *)
      assert (Hy' : is_label (- y)) by (destruct Hy as [-> | ->]; [right | left]; lra).
      assert (Hx0 : exists x0, X x0 /\ - y * dot n p x0 = -1).
      { destruct Hy as [-> | ->]; [exists x1 | exists x2]; (split; [assumption|]); [rewrite E1 | rewrite E2]; lra. }
      destruct Hx0 as (x0 & Hx0 & Ex0).
      pose proof (margin_beyond eps p t x x0 (- y) HC Hx Hy' HX Hx0 Ex0) as Hb.
      replace (- y * dot n p x) with (- v) in Hb by (unfold v; ring).
      replace (- y * dot n t x) with (- m) in Hb by (unfold m; ring). specialize (Hb ltac:(lra)).
      assert (eps * - v <= eps * k) by (apply Rmult_le_compat_l; lra). lra. }
  destruct (Rle_lt_dec m v) as [Hle|Hlt].
  - pose proof (hinge_antitone m v Hle). assert (0 <= k * eps) by lra. lra.
  - pose proof (hinge_lipschitz v m) as Hl. rewrite Rabs_left in Hl by lra. lra.
Qed.

(** [U] bounds what a point of the domain gains theta over every eps-close model. *)
Definition frontier_bound (eps : R) (p theta : vec) (U : R) : Prop :=
  forall x y, X x -> is_label y ->
    hinge (y * dot n theta x) - Rmax 0 (2 - eps - hinge (- y * dot n p x)) <= U.

Theorem reach_frontier_extended (c eps U : R) (Dc Dp : list (vec * R)) (p t theta : vec) :
  closed_under_mix Theta vmix -> 0 <= c ->
  minimiser (P := Pb) c (Dc ++ Dp) t -> (forall z, In z Dp -> in_points (p := Pb) z) ->
  Close (P := Pb) eps t p -> Theta theta -> frontier_bound eps p theta U ->
  total_loss (P := Pb) Dc t + (INR (length Dc) + INR (length Dp)) * c * dot n t (vminus t theta) <=
  total_loss (P := Pb) Dc theta + INR (length Dp) * U.
Proof.
  intros Hmix Hc Hmin HD HC Htheta HU.
  pose proof (linearised_training n hinge Theta X c Dc Dp t theta hinge_convex_on_line Hmix Hc Hmin Htheta) as H.
  assert (HDp : total_loss (P := Pb) Dp theta - total_loss (P := Pb) Dp t <= INR (length Dp) * U); [|lra].
  unfold total_loss. rewrite <- lsum_minus. apply lsum_le_bound.
  intros [x y] Hz. destruct (HD _ Hz) as [Hx Hy]. cbn [loss Linear fst snd] in *.
  pose proof (reach_frontier_extended_loss eps p t x y HC Hx Hy).
  specialize (HU x y Hx Hy). lra.
Qed.

(** As an exclusion: if no eps-close model satisfies the inequality, n points do not bring the
    model eps-close. *)
Theorem reach_frontier_extended_excluded (c eps U : R) (Dc Dp : list (vec * R)) (p theta : vec) :
  closed_under_mix Theta vmix -> 0 <= c -> (forall z, In z Dp -> in_points (p := Pb) z) ->
  Theta theta -> frontier_bound eps p theta U ->
  (forall t, Theta t -> Close (P := Pb) eps t p ->
     total_loss (P := Pb) Dc theta + INR (length Dp) * U <
     total_loss (P := Pb) Dc t + (INR (length Dc) + INR (length Dp)) * c * dot n t (vminus t theta)) ->
  ~ exists t, minimiser (P := Pb) c (Dc ++ Dp) t /\ Close (P := Pb) eps t p.
Proof.
  intros Hmix Hc HD Htheta HU Hall (t & Hmin & HC).
  pose proof (reach_frontier_extended c eps U Dc Dp p t theta Hmix Hc Hmin HD HC Htheta HU).
  specialize (Hall t (proj1 Hmin) HC). lra.
Qed.

End ReachFrontier.

(** ** Witness in R^2, features in [-2, 2]^2 without a bias: clean point ((1, 0), +1), added point
    ((1, 0), -1), c = 2, trained model 0.  It is 2/5-close to p = (1/5, 0); theta = (1, 0). *)

Definition rf_X : vec -> Prop := box 2 (-2) 2.
Definition rf_P : problem := Linear 2 hinge everywhere rf_X.

(** With values in [-2, 2] the largest loss of (1/5, 0) is 7/5, that of 0 is 1. *)
Definition rf_p : vec := vscal (1 / 5) rb_x.

Lemma rf_close : Close (P := rf_P) (2 / 5) vzero rf_p.
Proof.
  intros [x y] [Hx Hy]. cbn [loss rf_P Linear fst snd] in *. unfold rf_p. rewrite rb_dot, dot_zero_l.
  rewrite Rmult_0_r, (hinge_inside 0) by lra. specialize (Hx O ltac:(lia)).
  pose proof (hinge_ge (y * (1 / 5 * x O))). destruct Hy as [-> | ->]; lra.
Qed.

Lemma rf_minimiser : minimiser (P := rf_P) 2 ([(rb_x, 1)] ++ [(rb_x, -1)]) vzero.
Proof. exact rb_minimiser. Qed.

Lemma rf_points z : In z [(rb_x, -1)] -> in_points (p := rf_P) z.
Proof.
  intros [<-|[]]. split; [intros i Hi; simpl; unfold rb_x; destruct i; lra | now right].
Qed.

(** theta = (1, 0) has losses up to 3; an eps-close model at least 8/5 - 7/5. *)
Lemma rf_bound : frontier_bound 2 rf_X (2 / 5) rf_p rb_x (14 / 5).
Proof.
  intros x y Hx Hy. specialize (Hx O ltac:(lia)).
  replace (dot 2 rb_x x) with (x O) by (unfold dot, rb_x; simpl; lra).
  unfold rf_p. rewrite rb_dot.
  pose proof (Rmax_r 0 (2 - 2 / 5 - hinge (- y * (1 / 5 * x O)))) as Hr.
  assert (Hh : hinge (- y * (1 / 5 * x O)) = 1 + y * (1 / 5 * x O)).
  { rewrite hinge_inside; destruct Hy as [-> | ->]; lra. }
  rewrite Hh in *. destruct (hinge_cases (y * x O)) as [[_ ->]|[_ ->]]; destruct Hy as [-> | ->]; lra.
Qed.

Theorem reach_frontier_extended_inward_witness :
  exists (n : nat) (Theta X : vec -> Prop) (eps : R) (p t x x0 : vec) (y : R),
    Close (P := Linear n hinge Theta X) eps t p /\ X x /\ is_label y /\ 0 < eps < 1 /\
    -1 <= y * dot n p x /\ convex_set X /\ X x0 /\ y * dot n p x0 = -1 /\ 1 < y * dot n p x.
Proof.
  exists 2%nat, everywhere, (box 2 (-10) 10), (1 / 2), rf_p, (vscal (3 / 20) rb_x), (vscal 6 rb_x),
    (vscal (-5) rb_x), 1.
  assert (HX : forall k, -10 <= k <= 10 -> box 2 (-10) 10 (vscal k rb_x)).
  { intros k Hk i Hi. unfold vscal, rb_x. destruct i; lra. }
  split.
  { intros [x y] [Hx Hy]. cbn [loss Linear fst snd] in *. unfold rf_p. rewrite !rb_dot.
    specialize (Hx O ltac:(lia)). eapply Rle_trans; [apply hinge_lipschitz|]. apply Rabs_le.
    destruct Hy as [-> | ->]; lra. }
  unfold rf_p. rewrite !rb_dot. replace (vscal 6 rb_x O) with 6 by (unfold vscal, rb_x; lra).
  replace (vscal (-5) rb_x O) with (-5) by (unfold vscal, rb_x; lra).
  split; [apply HX; lra|]. split; [now left|]. split; [lra|]. split; [lra|]. split.
  { intros s a b Hs Ha Hb i Hi. specialize (Ha i Hi). specialize (Hb i Hi). unfold vmix. nra. }
  split; [apply HX; lra | lra].
Qed.

(** The same target and model; the point 0 has the margin v0 = 0. *)
Theorem reach_frontier_extended_mixed_witness :
  exists (n : nat) (Theta X : vec -> Prop) (eps v0 : R) (p t x x0 : vec) (y : R),
    Close (P := Linear n hinge Theta X) eps t p /\ X x /\ is_label y /\ convex_set X /\ X x0 /\
    y * dot n p x0 = v0 /\ -1 <= v0 < 1 /\ 1 <= y * dot n p x /\ -1 < v0.
Proof.
  destruct reach_frontier_extended_inward_witness as
    (n & Theta & X & eps & p & t & x & x0 & y & H1 & H2 & H3 & _ & _ & H4 & H5 & H6 & H7).
  (* half way between x0 and the point of margin 1 *)
  set (v := y * dot n p x) in *. set (s := 1 / (v + 1)).
  assert (Es : s * (v + 1) = 1) by (unfold s; field; lra).
  assert (Hs : 0 <= s <= 1) by (split; apply Rmult_le_reg_r with (v + 1); lra).
  exists n, Theta, X, eps, 0, p, t, x, (vmix s x0 x), y.
  split; [exact H1|]. split; [exact H2|]. split; [exact H3|]. split; [exact H4|]. split; [now apply H4|].
  split; [|fold v; lra]. rewrite dot_mix_r.
  replace (y * ((1 - s) * dot n p x0 + s * dot n p x)) with ((1 - s) * (y * dot n p x0) + s * v) by (unfold v; ring).
  rewrite H6. lra.
Qed.

Theorem reach_frontier_extended_witness :
  exists (n : nat) (Theta X : vec -> Prop) (c eps U : R) (Dc Dp : list (vec * R)) (p t theta : vec),
    let Pb := Linear n hinge Theta X in
    closed_under_mix Theta vmix /\ 0 <= c /\ minimiser (P := Pb) c (Dc ++ Dp) t /\
    (forall z, In z Dp -> in_points (p := Pb) z) /\ Close (P := Pb) eps t p /\ Theta theta /\
    frontier_bound n X eps p theta U /\ (0 < length Dp)%nat /\ 0 < eps < 1 /\
    total_loss (P := Pb) Dc theta < total_loss (P := Pb) Dc t.
Proof.
  exists 2%nat, everywhere, rf_X, 2, (2 / 5), (14 / 5), [(rb_x, 1)], [(rb_x, -1)], rf_p, vzero, rb_x.
  cbv zeta. split; [exact everywhere_closed|]. split; [lra|]. split; [exact rf_minimiser|].
  split; [exact rf_points|]. split; [exact rf_close|]. split; [exact I|]. split; [exact rf_bound|].
  split; [simpl; lia|]. split; [lra|].
  unfold total_loss. cbn [lsum loss Linear fst snd]. rewrite dot_zero_l.
  replace (dot 2 rb_x rb_x) with 1 by (unfold dot, rb_x; simpl; lra).
  rewrite (hinge_outside (1 * 1)), (hinge_inside (1 * 0)) by lra. lra.
Qed.

(** Without any added point the model stays at 1/2, which is not 1/10-close to p: theta = (1/2, 0)
    excludes all of them. *)
Lemma rf_small_close (t : vec) : Close (P := rf_P) (1 / 10) t rf_p -> Rabs (t O - 1 / 5) <= 1 / 20.
Proof.
  intros HC.
  assert (Hin : forall y, is_label y -> in_points (p := rf_P) (vscal 2 rb_x, y)).
  { intros y Hy. split; [|exact Hy]. intros i Hi. simpl. unfold vscal, rb_x. destruct i; lra. }
  pose proof (HC _ (Hin 1 (or_introl eq_refl))) as H1. pose proof (HC _ (Hin (-1) (or_intror eq_refl))) as H2.
  cbn [loss rf_P Linear fst snd] in *. unfold rf_p in *. rewrite !rb_dot in *.
  replace (dot 2 t (vscal 2 rb_x)) with (2 * t O) in * by (unfold dot, vscal, rb_x; simpl; lra).
  unfold vscal, rb_x in *.
  rewrite (hinge_inside (1 * (1 / 5 * (2 * 1)))) in H1 by lra.
  rewrite (hinge_inside (-1 * (1 / 5 * (2 * 1)))) in H2 by lra.
  pose proof (hinge_ge (1 * (2 * t O))). pose proof (hinge_ge (-1 * (2 * t O))). apply Rabs_le. lra.
Qed.

Theorem reach_frontier_extended_excluded_witness :
  exists (n : nat) (Theta X : vec -> Prop) (c eps U : R) (Dc Dp : list (vec * R)) (p theta : vec),
    let Pb := Linear n hinge Theta X in
    closed_under_mix Theta vmix /\ 0 <= c /\ (forall z, In z Dp -> in_points (p := Pb) z) /\ Theta theta /\
    frontier_bound n X eps p theta U /\
    (forall t, Theta t -> Close (P := Pb) eps t p ->
       total_loss (P := Pb) Dc theta + INR (length Dp) * U <
       total_loss (P := Pb) Dc t + (INR (length Dc) + INR (length Dp)) * c * dot n t (vminus t theta)) /\
    Dc <> [].
Proof.
  exists 2%nat, everywhere, rf_X, 2, (1 / 10), 3, [(rb_x, 1)], [], rf_p, (vscal (1 / 2) rb_x).
  cbv zeta. split; [exact everywhere_closed|]. split; [lra|]. split; [intros z []|]. split; [exact I|].
  split; [|split; [|discriminate]].
  - intros x y Hx Hy. specialize (Hx O ltac:(lia)). rewrite rb_dot.
    pose proof (Rmax_l 0 (2 - 1 / 10 - hinge (- y * dot 2 rf_p x))).
    destruct (hinge_cases (y * (1 / 2 * x O))) as [[_ ->]|[_ ->]]; destruct Hy as [-> | ->]; lra.
  - intros t _ HC. apply rf_small_close in HC.
    assert (Hb : 3 / 20 <= t O <= 1 / 4) by (unfold Rabs in HC; destruct (Rcase_abs _); lra).
    unfold total_loss. cbn [lsum length INR loss Linear fst snd]. rewrite rb_dot.
    replace (dot 2 t rb_x) with (t O) by (unfold dot, rb_x; simpl; lra).
    replace (dot 2 t (vminus t (vscal (1 / 2) rb_x))) with (sqnorm 2 t - t O / 2)
      by (unfold sqnorm, dot, vminus, vscal, rb_x; simpl; lra).
    assert (t O * t O <= sqnorm 2 t) by (unfold sqnorm, dot; simpl; nra).
    unfold rb_x. rewrite !hinge_inside by lra. nra.
Qed.

(** On [-2, 2]^2: the target (1, 0) has margins up to 2, the model (9/10, 0) is 1/5-close to it. *)
Theorem corollary_3_repaired_bias_witness :
  exists (n : nat) (Theta X : vec -> Prop) (eps k : R) (p t x1 x2 : vec),
    Close (P := Linear n hinge Theta X) eps t p /\ convex_set X /\ X x1 /\ dot n p x1 = 1 /\ X x2 /\ dot n p x2 = -1 /\
    1 <= k /\ (forall x, X x -> Rabs (dot n p x) <= k) /\ 0 < eps.
Proof.
  exists 2%nat, everywhere, rf_X, (1 / 5), 2, (vscal 1 rb_x), (vscal (9 / 10) rb_x), rb_x, (vscal (-1) rb_x).
  split; [|split; [|rewrite !rb_dot; split; [|split; [|split; [|split; [|split; [lra|split; [|lra]]]]]]]].
  - intros [x y] [Hx Hy]. cbn [loss Linear fst snd] in *. rewrite !rb_dot. specialize (Hx O ltac:(lia)).
    eapply Rle_trans; [apply hinge_lipschitz|]. apply Rabs_le. destruct Hy as [-> | ->]; lra.
  - intros s a b Hs Ha Hb i Hi. specialize (Ha i Hi). specialize (Hb i Hi). unfold vmix. nra.
  - intros i Hi. unfold rb_x. destruct i; lra.
  - unfold rb_x. lra.
  - intros i Hi. unfold vscal, rb_x. destruct i; lra.
  - unfold vscal, rb_x. lra.
  - intros x Hx. rewrite rb_dot. specialize (Hx O ltac:(lia)). apply Rabs_le. lra.
Qed.
