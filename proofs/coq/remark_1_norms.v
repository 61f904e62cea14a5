(** * remark-1 in every norm, for both of its sentences

    Paper: alpha(T) is in the order of O(log T) when the loss is Lipschitz and R
    is strongly convex; and also when the loss is strongly convex and R convex.

    Assumed: every l(.; z) + c R is m-strongly convex in the norm, m > 0: this
    covers both sentences (m = c sigma for convex losses and a sigma-strongly
    convex R; m = sigma for sigma-strongly convex losses and a convex R).
    theta j minimises the objective on the data so far.
    Proved.
    - Losses B-Lipschitz in the norm on the clean data and the added points:
      regret <= (2 B)^2 / (2 m) log (1 + T/N) <= (2 B)^2 / (2 m) (1 + log T).
      No subgradient, no inner product: at a minimiser
      c (R(theta j) - R(u)) <= B d - (m/2) d^2 with d = |theta j - u|.
    - G a bound of the dual norms of subgradients of l + c R at the iterates
      (a strongly convex loss is Lipschitz on bounded sets only):
      regret <= G^2 / (2 m) (1 + log T). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity LogSums lemma_1 lemma_2 theorem_1
  data_dependent_regret last_iterate remark_2 remark_1.
Import ListNotations.
Open Scope R_scope.

Lemma log_to_one_plus_log (N : R) (T : nat) :
  1 <= N -> (1 <= T)%nat -> ln (1 + INR T / N) <= 1 + ln (INR T).
Proof.
  intros HN HT. pose proof (ln_one_plus_quotient N T HN) as H. apply le_INR in HT. simpl in HT.
  assert (H2 : ln (1 + INR T) <= ln 2 + ln (INR T)).
  { rewrite <- ln_mult by lra. destruct (Req_dec (1 + INR T) (2 * INR T)) as [E|E]; [rewrite E; lra|].
    apply Rlt_le, ln_increasing; lra. }
  pose proof (ln_le_minus_one 2 ltac:(lra)). lra.
Qed.

Section AnyNorm.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Context (c m B : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat).

Hypothesis Hm : 0 < m.
Hypothesis Hne : Dc <> [].
Hypothesis HDc : forall w, In w Dc -> in_points w.
Hypothesis Hz : forall j, (j < T)%nat -> in_points (z j).
Hypothesis Hmix : closed_under_mix in_models mix.
Hypothesis Hp : strongly_convex_points mix dist c m.
Hypothesis HLip : forall w a b, in_points w -> in_models a -> in_models b -> Rabs (loss a w - loss b w) <= B * dist a b.
Hypothesis Hlead : follows_leader c Dc theta z T.

Lemma any_norm_step (j : nat) : (j < T)%nat ->
  regret_step c Dc theta z j <= 2 * B * (2 * B) / (2 * (m * (INR (length Dc) + INR (S j)))).
Proof.
  intros Hj. unfold regret_step. rewrite !poisoned_objective_S.
  destruct (Hlead j ltac:(lia)) as [Hin Hmin].
  pose proof (proj1 (Hlead (S j) ltac:(lia))) as Hu. set (u := theta (S j)) in *. set (a := theta j) in *.
  pose proof (length_INR_pos Dc Hne) as HN. pose proof (pos_INR j) as Hj0. rewrite S_INR.
  set (n := INR (length Dc) + INR j). assert (Hn : 1 <= n) by (unfold n; lra).
  pose proof (minimiser_growth in_models mix dist _ _ a u Hmix
                (poisoned_objective_strongly_convex mix dist c m Dc z j Hp) Hin Hmin Hu) as Hg.
  fold n in Hg. set (d := dist a u) in *.
  assert (Hl : forall w, in_points w -> loss u w - loss a w <= B * d).
  { intros w Hw. pose proof (HLip w a u Hw Hin Hu). pose proof (Rle_abs (- (loss a w - loss u w))).
    rewrite Rabs_Ropp in *. unfold d. lra. }
  assert (H1 : poisoned_objective c Dc z j u - poisoned_objective c Dc z j a <=
               n * (B * d + c * (regulariser u - regulariser a))).
  { unfold poisoned_objective, objective, n.
    assert (E1 : lsum (loss u) Dc - lsum (loss a) Dc <= INR (length Dc) * (B * d)).
    { rewrite <- lsum_minus. apply lsum_le_bound. auto. }
    assert (E2 : nsum (fun i => point_objective c (z i) u) j - nsum (fun i => point_objective c (z i) a) j <=
                 INR j * (B * d + c * (regulariser u - regulariser a))).
    { rewrite <- nsum_minus. apply nsum_le_bound. intros i Hi. unfold point_objective.
      pose proof (Hl (z i) (Hz i ltac:(lia))). lra. }
    lra. }
  assert (H2 : c * (regulariser a - regulariser u) <= B * d - m / 2 * (d * d)).
  { apply Rmult_le_reg_l with n; [lra|]. lra. }
  assert (H3 : point_objective c (z j) a - point_objective c (z j) u <= 2 * B * d - m / 2 * (d * d)).
  { unfold point_objective. pose proof (HLip (z j) a u (Hz j Hj) Hin Hu) as H.
    pose proof (Rle_abs (loss a (z j) - loss u (z j))). fold d in H. lra. }
  pose proof (quadratic_completion_R (2 * B) (m * (INR (length Dc) + (INR j + 1))) d
                ltac:(apply Rmult_lt_0_compat; lra)) as Hq.
  unfold n in *. lra.
Qed.

Theorem remark_1_extended_any_norm :
  regret_against c Dc theta z T (theta T) <= 2 * B * (2 * B) / (2 * m) * ln (1 + INR T / INR (length Dc)).
Proof.
  rewrite <- theorem_1_repaired_regret_identity. pose proof (length_INR_pos Dc Hne) as HN.
  apply Rle_trans with (2 * B * (2 * B) / (2 * m) * nsum (fun i => / (INR (length Dc) + INR (S i))) T).
  - rewrite <- nsum_scal. apply nsum_le. intros j Hj. eapply Rle_trans; [apply any_norm_step, Hj|].
    apply Req_le. pose proof (pos_INR j). rewrite S_INR. field. lra.
  - apply Rmult_le_compat_l; [|apply sum_inverse_log; lra].
    apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.

(** The first sentence, with a constant. *)
Theorem remark_1_printed_constant :
  (1 <= T)%nat ->
  regret_against c Dc theta z T (theta T) <= 2 * B * (2 * B) / (2 * m) * (1 + ln (INR T)).
Proof.
  intros HT. eapply Rle_trans; [apply remark_1_extended_any_norm|].
  apply Rmult_le_compat_l; [|apply log_to_one_plus_log; [now apply length_INR_pos | assumption]].
  apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.

End AnyNorm.

(** Strongly convex losses and a convex regulariser. *)
Lemma strongly_convex_points_losses {P : problem} (mix : R -> model P -> model P -> model P)
    (dist : model P -> model P -> R) (c m : R) :
  0 <= c -> (forall w : point P, strongly_convex in_models mix dist m (fun t => loss t w)) ->
  strongly_convex_regulariser mix dist 0 -> strongly_convex_points mix dist c m.
Proof.
  intros Hc Hl HR w. replace m with (m + c * 0) by ring.
  apply (strongly_convex_plus in_models mix dist m); [apply Hl|]. now apply strongly_convex_scal.
Qed.

(** The second sentence. *)
Theorem remark_1_printed_strongly_convex_loss {P : problem} (mix : R -> model P -> model P -> model P)
    (dist : model P -> model P -> R) (c m G : R) (Dc : list (point P)) (theta : nat -> model P)
    (z : nat -> point P) (T : nat) (g : nat -> model P -> R) :
  0 < m -> 0 <= c -> Dc <> [] -> closed_under_mix in_models mix ->
  (forall w : point P, strongly_convex in_models mix dist m (fun t => loss t w)) ->
  strongly_convex_regulariser mix dist 0 ->
  follows_leader c Dc theta z T ->
  (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                            dual_bound in_models dist (theta j) (g j) G) ->
  (1 <= T)%nat ->
  regret_against c Dc theta z T (theta T) <= G * G / (2 * m) * (1 + ln (INR T)).
Proof.
  intros Hm Hc Hne Hmix Hl HR Hlead Hg HT.
  eapply Rle_trans; [apply (remark_1_repaired mix dist c m G Dc theta z T g); try assumption|].
  - now apply strongly_convex_points_losses.
  - apply Rmult_le_compat_l; [|apply log_to_one_plus_log; [now apply length_INR_pos | assumption]].
    apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.

(** ** Witnesses: the one-round run of theorem-1, B = 1, m = c = 1/2; and the same run read with the
    regulariser inside the loss, which is then 1/2-strongly convex, and R = 0 *)

Lemma std_lipschitz (w : point Std) (a b : R) : in_points w -> Rabs (loss (p := Std) a w - loss (p := Std) b w) <= 1 * rdist a b.
Proof.
  intros [[Hx1 Hx2] Hy]. rewrite !std_loss. unfold rdist. rewrite Rmult_1_l.
  assert (Hs : forall s, -1 <= s <= 1 -> Rabs (hinge (a * s) - hinge (b * s)) <= Rabs (a - b)).
  { intros s Hs. apply Rabs_le. pose proof (Rle_abs (a - b)). pose proof (Rle_abs (- (a - b))).
    rewrite Rabs_Ropp in *.
    destruct (hinge_cases (a * s)) as [[? ->]|[? ->]], (hinge_cases (b * s)) as [[? ->]|[? ->]]; nra. }
  apply Hs. destruct Hy as [-> | ->]; lra.
Qed.

Theorem remark_1_extended_any_norm_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m B : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat),
    0 < m /\ Dc <> [] /\ (forall w, In w Dc -> in_points w) /\ (forall j, (j < T)%nat -> in_points (z j)) /\
    closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    (forall w a b, in_points w -> in_models a -> in_models b -> Rabs (loss a w - loss b w) <= B * dist a b) /\
    follows_leader c Dc theta z T /\ (1 <= T)%nat /\ 0 < dist (theta O) (theta T).
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), 1, run8_data, run8_theta, run8_z, 1%nat.
  split; [lra|]. split; [discriminate|]. split.
  { intros w Hw. unfold run8_data in Hw. apply repeat_spec in Hw. subst w.
    split; [unfold interval; simpl; lra | now left]. }
  split.
  { intros j _. split; [unfold interval, run8_z; simpl; lra | now left]. }
  split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [intros w a b Hw _ _; now apply std_lipschitz|].
  split; [exact run8_follows_leader|]. split; [lia|]. unfold rdist. apply Rabs_pos_lt. simpl. lra.
Qed.

Definition StrongStd : problem := {|
  model := R; point := (R * R)%type; in_models := whole_line; in_points := in_points (p := Std);
  loss := fun t w => point_objective (P := Std) (1 / 2) w t; regulariser := fun _ => 0 |}.

Lemma strong_objective (D : list (R * R)) (t : R) :
  objective (P := StrongStd) (1 / 2) D t = objective (P := Std) (1 / 2) D t.
Proof.
  rewrite (objective_lsum (P := Std)), (objective_lsum (P := StrongStd)). apply lsum_ext. intros w _.
  unfold point_objective at 1. cbn [loss regulariser StrongStd]. lra.
Qed.

Lemma strong_poisoned (z : nat -> R * R) (j : nat) (t : R) :
  poisoned_objective (P := StrongStd) (1 / 2) run8_data z j t = poisoned_objective (P := Std) (1 / 2) run8_data z j t.
Proof.
  rewrite (poisoned_objective_union (P := StrongStd)), (poisoned_objective_union (P := Std)). apply strong_objective.
Qed.

Theorem remark_1_printed_strongly_convex_loss_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat)
         (g : nat -> model P -> R),
    0 < m /\ 0 <= c /\ Dc <> [] /\ closed_under_mix in_models mix /\
    (forall w : point P, strongly_convex in_models mix dist m (fun t => loss t w)) /\
    strongly_convex_regulariser mix dist 0 /\ follows_leader c Dc theta z T /\
    (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                              dual_bound in_models dist (theta j) (g j) G) /\
    (1 <= T)%nat /\ 0 < dist (theta O) (theta T).
Proof.
  exists StrongStd, rmix, rdist, (1 / 2), (1 / 2 * 1), (3 / 4), run8_data, run8_theta, run8_z, 1%nat, (fun _ => run8_g).
  split; [lra|]. split; [lra|]. split; [discriminate|]. split; [exact whole_line_closed|]. split.
  { intros w. exact (std_strongly_convex_points (1 / 2) ltac:(lra) w). }
  split; [intros s a b Hs _ _; cbn [regulariser StrongStd]; lra|]. split.
  { intros j Hj. destruct (run8_follows_leader j Hj) as [_ Hmin]. split; [exact I|].
    intros u Hu. rewrite !strong_poisoned. now apply Hmin. }
  split.
  { intros j Hj. replace j with O by lia. split; [|exact run8_dual_bound].
    destruct run8_subgradient as [H1 H2]. split; [|exact H2].
    intros u Hu. specialize (H1 u Hu). unfold point_objective at 1 2. cbn [loss regulariser StrongStd]. lra. }
  split; [lia|]. unfold rdist. apply Rabs_pos_lt. simpl. lra.
Qed.
