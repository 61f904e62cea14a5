(** * tight-lower-bound: theorem-2 never exceeds the fractional minimum t*

    Not in the paper.  t* is the least total weight of nonnegative real weights
    w_i on points z_i of X x Y for which tp satisfies the optimality condition
    of F0 + sum w_i f_{z_i}.
    Proved (weak duality): if tp minimises that weighted objective, in
    particular if subgradients at tp satisfy g_0 + sum w_i g_i = 0, then
    num(theta) <= (sum w_i) * S_reg(theta) for every theta.  Hence every quotient
    of theorem-2 is at most every feasible total weight, so at most t*.
    Multisets are the feasible weights 1 (theorem-2 is the special case).
    Also proved: a number t satisfies num(theta) <= t S_reg(theta) for all theta
    exactly when tp minimises F0 + t (S(., tp) + c R).
    For R = |.|^2/2 and a convex margin loss the regulariser may be replaced by
    its linear part at tp, which never gives a smaller bound:
    num + N c |theta - tp|^2/2 <= |Dp| (S_reg - c |theta - tp|^2/2).
    That t* equals the supremum (strong duality) is proved for finite data
    spaces in strong_duality.v, for an interval in one dimension in
    one_dimension.v. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity lemma_1 theorem_2 radius_bound.
Import ListNotations.
Open Scope R_scope.

Section TightLowerBound.

Context {P : problem}.

(** A weighted point is a pair (weight, point). *)
Definition weighted_objective (c : R) (W : list (R * point P)) (t : model P) : R :=
  lsum (fun wz => fst wz * point_objective c (snd wz) t) W.

Definition total_weight (W : list (R * point P)) : R := lsum fst W.

Definition feasible_weights (W : list (R * point P)) : Prop :=
  forall wz, In wz W -> 0 <= fst wz /\ in_points (snd wz).

Lemma weighted_objective_difference (c : R) (W : list (R * point P)) (tp t : model P) (S : R) :
  feasible_weights W -> Close S t tp ->
  weighted_objective c W t - weighted_objective c W tp <= total_weight W * regularised_gap c S t tp.
Proof.
  intros HW HS. unfold weighted_objective, total_weight.
  rewrite <- lsum_minus, Rmult_comm, <- lsum_scal. apply lsum_le.
  intros [w z] Hin. destruct (HW _ Hin) as [Hw Hz]. simpl in *.
  specialize (HS z Hz). unfold point_objective, regularised_gap.
  apply Rmult_le_compat_l with (r := w) in HS; [|assumption]. lra.
Qed.

Theorem tight_lower_bound_extended (c : R) (Dc : list (point P)) (W : list (R * point P))
    (tp t : model P) (S : R) :
  feasible_weights W ->
  minimises (fun u => objective c Dc u + weighted_objective c W u) tp ->
  in_models t -> Close S t tp ->
  objective c Dc tp - objective c Dc t <= total_weight W * regularised_gap c S t tp.
Proof.
  intros HW [_ Hmin] Ht HS. specialize (Hmin t Ht).
  pose proof (weighted_objective_difference c W tp t S HW HS). lra.
Qed.

(** The optimality condition in subgradients: [g0] of F0 and [g wz] of f_z at tp. *)
Theorem tight_lower_bound_extended_subgradients (c : R) (Dc : list (point P)) (W : list (R * point P))
    (mix : R -> model P -> model P -> model P) (tp t : model P) (S : R)
    (g0 : model P -> R) (g : R * point P -> model P -> R) :
  feasible_weights W -> in_models tp ->
  subgradient in_models mix (objective c Dc) tp g0 ->
  (forall wz, In wz W -> subgradient in_models mix (point_objective c (snd wz)) tp (g wz)) ->
  (forall u, in_models u -> g0 u + lsum (fun wz => fst wz * g wz u) W = 0) ->
  in_models t -> Close S t tp ->
  objective c Dc tp - objective c Dc t <= total_weight W * regularised_gap c S t tp.
Proof.
  intros HW Htp [H0 _] Hg Hopt Ht HS.
  apply (tight_lower_bound_extended c Dc W); try assumption.
  split; [assumption|]. intros u Hu. specialize (H0 u Hu). specialize (Hopt u Hu).
  assert (lsum (fun wz => fst wz * g wz u) W <= weighted_objective c W u - weighted_objective c W tp); [|lra].
  unfold weighted_objective. rewrite <- lsum_minus. apply lsum_le. intros wz Hin.
  destruct (HW wz Hin) as [Hw _]. destruct (Hg wz Hin) as [Hsub _]. specialize (Hsub u Hu).
  apply Rmult_le_compat_l with (r := fst wz) in Hsub; [|assumption]. lra.
Qed.

(** In quotient form: theorem-2's value at theta is at most any feasible total weight. *)
Theorem tight_lower_bound_extended_quotient (c : R) (Dc : list (point P)) (W : list (R * point P))
    (tp t : model P) (S : R) :
  feasible_weights W ->
  minimises (fun u => objective c Dc u + weighted_objective c W u) tp ->
  in_models t -> Close S t tp -> 0 < regularised_gap c S t tp ->
  (objective c Dc tp - objective c Dc t) / regularised_gap c S t tp <= total_weight W.
Proof.
  intros HW Hmin Ht HS Hpos.
  pose proof (tight_lower_bound_extended c Dc W tp t S HW Hmin Ht HS) as H.
  apply Rmult_le_reg_r with (regularised_gap c S t tp); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; lra.
Qed.

(** A multiset is a feasible choice of weights, so t* is at most its size. *)
Theorem tight_lower_bound_extended_multiset (c : R) (Dc Dp : list (point P)) (tp : model P) :
  minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  let W := map (fun z => (1, z)) Dp in
  feasible_weights W /\ total_weight W = INR (length Dp) /\
  minimises (fun u => objective c Dc u + weighted_objective c W u) tp.
Proof.
  intros Hmin HD W. split; [|split].
  - intros wz Hin. apply in_map_iff in Hin. destruct Hin as (z & <- & Hz). simpl. split; [lra | auto].
  - unfold total_weight, W. rewrite lsum_map. simpl. rewrite lsum_const. lra.
  - apply (minimises_ext (objective c (Dc ++ Dp))); [|assumption].
    intros u. rewrite objective_app. f_equal. unfold weighted_objective, W. rewrite lsum_map.
    rewrite objective_lsum. apply lsum_ext. intros z _. simpl. lra.
Qed.

(** Which numbers theorem-2 can certify: exactly those t for which tp
    minimises F0 + t (S(., tp) + c R). *)
Theorem tight_lower_bound_extended_characterisation (c t : R) (Dc : list (point P)) (tp : model P)
    (S : model P -> R) :
  in_models tp -> S tp = 0 ->
  ((forall u, in_models u -> objective c Dc tp - objective c Dc u <= t * regularised_gap c (S u) u tp) <->
   minimises (fun u => objective c Dc u + t * (S u + c * regulariser u)) tp).
Proof.
  intros Htp HS. unfold regularised_gap. split.
  - intros H. split; [assumption|]. intros u Hu. specialize (H u Hu). rewrite HS. lra.
  - intros [_ H] u Hu. specialize (H u Hu). cbv beta in H. rewrite HS in H. lra.
Qed.

End TightLowerBound.

(** The linearised regulariser. *)
Theorem tight_lower_bound_extended_linearised (n : nat) (phi : R -> R) (Theta X : vec -> Prop) (c S : R)
    (Dc Dp : list (vec * R)) (tp t : vec) :
  let P := Linear n phi Theta X in
  convex_on_line phi -> closed_under_mix Theta vmix -> 0 <= c ->
  minimiser (P := P) c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points (p := P) z) ->
  Theta t -> Close (P := P) S t tp ->
  objective (P := P) c Dc tp - objective (P := P) c Dc t
    + INR (length Dc) * c * (sqnorm n (vminus t tp) / 2) <=
  INR (length Dp) * (regularised_gap (P := P) c S t tp - c * (sqnorm n (vminus t tp) / 2)).
Proof.
  intros P Hphi Hmix Hc Hmin HD Ht HS.
  pose proof (linearised_training n phi Theta X c Dc Dp tp t Hphi Hmix Hc Hmin Ht) as H. fold P in H.
  pose proof (total_loss_difference (P := P) Dp t tp S HD HS) as HDp.
  unfold objective, regularised_gap, total_loss in *. change (@length (point P)) with (@length (vec * R)) in *.
  cbn [regulariser P Linear]. rewrite sqnorm_minus. rewrite dot_minus_r, (dot_sym n tp t) in H.
  change (dot n tp tp) with (sqnorm n tp) in H. lra.
Qed.

(** ** Witness: hinge on [-1, 1], c = 2, clean point (1, +1), target 1/4

    The weight w on the point (1, -1) must satisfy -1 + c/4 + w (1 + c/4) = 0,
    so w = 1/3: a third of a point. *)

Definition tl_W : list (R * (R * R)) := [(1 / 3, (1, -1))].

Lemma tl_feasible : feasible_weights (P := Std) tl_W.
Proof. intros wz [<-|[]]. split; [simpl; lra | apply std_point_neg; lra]. Qed.

Lemma tl_minimises :
  minimises (P := Std) (fun u => objective (P := Std) 2 w2_Dc u + weighted_objective (P := Std) 2 tl_W u) (1 / 4).
Proof.
  split; [exact I|]. intros u _. unfold weighted_objective, tl_W, w2_Dc, point_objective, objective.
  cbn [lsum length fst snd]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite (hinge_inside (1 / 4 * (1 * 1))), (hinge_inside (1 / 4 * (-1 * 1))) by lra.
  pose proof (hinge_ge (u * (1 * 1))). pose proof (hinge_ge (u * (-1 * 1))).
  pose proof (Rle_0_sqr (u - 1 / 4)). unfold Rsqr in *. simpl INR. lra.
Qed.

Lemma tl_close : Close (P := Std) (1 / 4) (1 / 2) (1 / 4).
Proof.
  replace (1 / 4) with (Rabs (1 / 2 - 1 / 4)) at 1 by (unfold Rabs; destruct (Rcase_abs _); lra).
  apply std_Close; lra.
Qed.

Theorem tight_lower_bound_extended_quotient_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (W : list (R * point P)) (tp t : model P) (S : R),
    feasible_weights W /\ minimises (fun u => objective c Dc u + weighted_objective c W u) tp /\
    in_models t /\ Close S t tp /\ 0 < regularised_gap c S t tp /\
    0 < objective c Dc tp - objective c Dc t /\ total_weight W < 1.
Proof.
  exists Std, 2, w2_Dc, tl_W, (1 / 4), (1 / 2), (1 / 4).
  split; [exact tl_feasible|]. split; [exact tl_minimises|]. split; [exact I|].
  split; [exact tl_close|]. split; [unfold regularised_gap; simpl; lra|]. split.
  - unfold objective, w2_Dc. cbn [lsum length]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
    rewrite !hinge_inside by lra. simpl INR. lra.
  - unfold total_weight, tl_W. simpl. lra.
Qed.

Theorem tight_lower_bound_extended_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (W : list (R * point P)) (tp t : model P) (S : R),
    feasible_weights W /\ minimises (fun u => objective c Dc u + weighted_objective c W u) tp /\
    in_models t /\ Close S t tp /\ 0 < objective c Dc tp - objective c Dc t.
Proof.
  destruct tight_lower_bound_extended_quotient_witness as
    (P & c & Dc & W & tp & t & S & H1 & H2 & H3 & H4 & _ & H5 & _).
  exists P, c, Dc, W, tp, t, S. repeat (split; [assumption|]). assumption.
Qed.

Theorem tight_lower_bound_extended_multiset_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp : model P),
    minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\ Dp <> [].
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0.
  split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points | discriminate].
Qed.

Theorem tight_lower_bound_extended_characterisation_witness :
  exists (P : problem) (c t : R) (Dc : list (point P)) (tp : model P) (S : model P -> R),
    in_models tp /\ S tp = 0 /\ (forall u, in_models u -> Close (S u) u tp) /\
    (exists u, 0 < S u).
Proof.
  exists Std, 2, 1, w2_Dc, 0, (fun u : model Std => rdist u 0).
  split; [exact I|]. split; [unfold rdist; replace (0 - 0) with 0 by lra; apply Rabs_R0|]. split.
  - intros u _ z Hz. apply std_signed in Hz. rewrite !std_loss.
    eapply Rle_trans; [apply hinge_lipschitz|].
    set (s := snd z * fst z) in *. unfold rdist.
    replace (u * s - 0 * s) with ((u - 0) * s) by lra. rewrite Rabs_mult.
    assert (Rabs s <= 1) by (unfold Rabs; destruct (Rcase_abs s); lra).
    pose proof (Rabs_pos (u - 0)). nra.
  - exists 1. unfold rdist. apply Rabs_pos_lt. simpl. lra.
Qed.

(** Subgradients: -1 + 2/4 of F0, 1 + 2/4 of f at the poison. *)
Theorem tight_lower_bound_extended_subgradients_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (W : list (R * point P))
    (mix : R -> model P -> model P -> model P) (tp t : model P) (S : R)
    (g0 : model P -> R) (g : R * point P -> model P -> R),
    feasible_weights W /\ in_models tp /\
    subgradient in_models mix (objective c Dc) tp g0 /\
    (forall wz, In wz W -> subgradient in_models mix (point_objective c (snd wz)) tp (g wz)) /\
    (forall u, in_models u -> g0 u + lsum (fun wz => fst wz * g wz u) W = 0) /\
    in_models t /\ Close S t tp /\ 0 < total_weight W.
Proof.
  exists Std, 2, w2_Dc, tl_W, rmix, (1 / 4), (1 / 2), (1 / 4),
    (fun u : model Std => - (1 / 2) * (u - 1 / 4)), (fun _ (u : model Std) => 3 / 2 * (u - 1 / 4)).
  split; [exact tl_feasible|]. split; [exact I|]. split.
  { split.
    - intros u _. unfold objective, w2_Dc. cbn [lsum length]. rewrite !std_loss.
      cbn [fst snd regulariser Std Hinge1]. rewrite (hinge_inside (1 / 4 * (1 * 1))) by lra.
      pose proof (hinge_ge (u * (1 * 1))). pose proof (Rle_0_sqr (u - 1 / 4)). unfold Rsqr in *.
      simpl INR. lra.
    - intros s u _ _. unfold rmix. lra. }
  split.
  { intros wz [<-|[]]. split.
    - intros u _. unfold point_objective. cbn [snd]. rewrite !std_loss.
      cbn [fst snd regulariser Std Hinge1]. rewrite (hinge_inside (1 / 4 * (-1 * 1))) by lra.
      pose proof (hinge_ge (u * (-1 * 1))). pose proof (Rle_0_sqr (u - 1 / 4)). unfold Rsqr in *. lra.
    - intros s u _ _. unfold rmix. lra. }
  split; [intros u _; unfold tl_W; cbn [lsum fst]; lra|].
  split; [exact I|]. split; [exact tl_close|]. unfold total_weight, tl_W. simpl. lra.
Qed.

(** In R^2, the set-up of radius-bound: the trained model is 0; theta = (1/2, 0). *)
Theorem tight_lower_bound_extended_linearised_witness :
  exists (n : nat) (phi : R -> R) (Theta X : vec -> Prop) (c S : R) (Dc Dp : list (vec * R)) (tp t : vec),
    let P := Linear n phi Theta X in
    convex_on_line phi /\ closed_under_mix Theta vmix /\ 0 <= c /\
    minimiser (P := P) c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points (p := P) z) /\
    Theta t /\ Close (P := P) S t tp /\
    0 < objective (P := P) c Dc tp - objective (P := P) c Dc t /\ 0 < sqnorm n (vminus t tp).
Proof.
  exists 2%nat, hinge, everywhere, (box 2 (-1) 1), 2, (1 / 2 - 0), [(rb_x, 1)], [(rb_x, -1)],
    vzero, (vscal (1 / 2) rb_x).
  cbv zeta. split; [exact hinge_convex_on_line|]. split; [exact everywhere_closed|]. split; [lra|].
  split; [exact rb_minimiser|]. split; [intros z [<-|[]]; apply rb_point; now right|]. split; [exact I|].
  split.
  { intros z Hz. pose proof (rb_close (1 / 2) 0 ltac:(lra) z Hz) as H.
    destruct z as [x y]. cbn [loss rb_P Linear fst snd] in *. rewrite !rb_dot in *. rewrite dot_zero_l.
    replace (0 * x O) with 0 in H by ring. exact H. }
  unfold objective. cbn [lsum length INR loss regulariser Linear fst snd]. unfold sqnorm. rewrite !rb_dot, !dot_zero_l.
  unfold dot, vminus, vscal, vzero, rb_x. simpl. rewrite !hinge_inside by lra. split; lra.
Qed.
