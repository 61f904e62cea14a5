(** * data-dependent-regret: the regret of the attack, step by step

    Not in the paper (it sharpens its Remark 1).
    Assumed: every l(.; z) + c R is m-strongly convex, m > 0, in some norm
    (m = c sigma for convex losses and a sigma-strongly convex regulariser);
    every theta j minimises the objective on the data so far; G j bounds the
    dual norm of a subgradient of l(.; z j) + c R at theta j.
    Proved: the regret is the sum of the steps delta_j, exactly;
    0 <= delta_j <= (G j)^2 / (2 m (N + j + 1)); hence regret <= the sum of these,
    which is at most G^2 / (2 m) log (1 + T/N) when 0 <= G j <= G (a priori).
    Rounds are numbered from 0, so N + j + 1 is the number of points after
    round j.  The loss need not be Lipschitz. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity LogSums lemma_1 lemma_2 theorem_1.
Import ListNotations.
Open Scope R_scope.

Section Regret.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Implicit Types (theta : nat -> model P) (z : nat -> point P).

(** Steps of a leader are nonnegative. *)
Theorem data_dependent_regret_extended_step_nonneg (c : R) (Dc : list (point P)) theta z (T j : nat) :
  follows_leader c Dc theta z T -> (j < T)%nat -> 0 <= regret_step c Dc theta z j.
Proof.
  intros Hlead Hj. unfold regret_step.
  destruct (Hlead (S j) ltac:(lia)) as [_ Hmin].
  specialize (Hmin (theta j) (proj1 (Hlead j ltac:(lia)))). lra.
Qed.

Theorem data_dependent_regret_extended_step (c m : R) (Dc : list (point P)) theta z (T j : nat)
    (g : model P -> R) (G : R) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  follows_leader c Dc theta z T -> (j < T)%nat ->
  subgradient in_models mix (point_objective c (z j)) (theta j) g ->
  dual_bound in_models dist (theta j) g G ->
  regret_step c Dc theta z j <= G * G / (2 * (m * (INR (length Dc) + INR (S j)))).
Proof.
  intros Hm Hmix Hp Hlead Hj Hg HG. unfold regret_step. rewrite !poisoned_objective_S.
  destruct (Hlead j ltac:(lia)) as [Hin Hmin].
  pose proof (proj1 (Hlead (S j) ltac:(lia))) as Hin'.
  assert (Hpos : 0 < m * (INR (length Dc) + INR (S j))).
  { apply Rmult_lt_0_compat; [assumption|]. pose proof (pos_INR (length Dc)).
    assert (0 < INR (S j)) by (apply lt_0_INR; lia). lra. }
  apply (leader_step in_models mix dist _ G (poisoned_objective c Dc z j)
           (point_objective c (z j)) (theta j) (theta (S j)) g); try assumption.
  apply (strongly_convex_ext _ _ _ _ (poisoned_objective c Dc z (S j))).
  - intros t. apply poisoned_objective_S.
  - rewrite Rmult_comm. now apply poisoned_objective_strongly_convex.
Qed.

Theorem data_dependent_regret_extended (c m : R) (Dc : list (point P)) theta z (T : nat)
    (g : nat -> model P -> R) (G : nat -> R) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  follows_leader c Dc theta z T ->
  (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                            dual_bound in_models dist (theta j) (g j) (G j)) ->
  regret_against c Dc theta z T (theta T) <=
  nsum (fun j => G j * G j / (2 * (m * (INR (length Dc) + INR (S j))))) T.
Proof.
  intros Hm Hmix Hp Hlead Hg. rewrite <- theorem_1_repaired_regret_identity.
  apply nsum_le. intros j Hj. destruct (Hg j Hj) as [H1 H2].
  now apply (data_dependent_regret_extended_step c m Dc theta z T j (g j) (G j)).
Qed.

(** The last model is the best comparator, so this bounds the regret itself. *)
Theorem data_dependent_regret_extended_all_comparators (c : R) (Dc : list (point P)) theta z (T : nat) (u : model P) :
  follows_leader c Dc theta z T -> in_models u ->
  regret_against c Dc theta z T u <= regret_against c Dc theta z T (theta T).
Proof.
  intros Hlead Hu. unfold regret_against.
  destruct (Hlead T (le_n T)) as [_ Hmin]. specialize (Hmin u Hu). lra.
Qed.

End Regret.

(** The a priori form of the sum: a fact about numbers. *)
Theorem data_dependent_regret_extended_a_priori (m N Gmax : R) (G : nat -> R) (T : nat) :
  0 < m -> 0 < N -> (forall j, (j < T)%nat -> 0 <= G j <= Gmax) ->
  nsum (fun j => G j * G j / (2 * (m * (N + INR (S j))))) T <=
  Gmax * Gmax / (2 * m) * ln (1 + INR T / N).
Proof.
  intros Hm HN HG.
  apply Rle_trans with (Gmax * Gmax / (2 * m) * nsum (fun i => / (N + INR (S i))) T).
  - rewrite <- nsum_scal. apply nsum_le. intros j Hj. destruct (HG j Hj) as [H0 H1].
    assert (HN' : 0 < N + INR (S j)) by (rewrite S_INR; pose proof (pos_INR j); lra).
    replace (G j * G j / (2 * (m * (N + INR (S j))))) with (G j * G j * (/ (2 * m) * / (N + INR (S j))))
      by (field; lra).
    replace (Gmax * Gmax / (2 * m) * / (N + INR (S j))) with (Gmax * Gmax * (/ (2 * m) * / (N + INR (S j))))
      by (field; lra).
    apply Rmult_le_compat_r; [|apply Rmult_le_compat; lra].
    apply Rmult_le_pos; apply Rlt_le, Rinv_0_lt_compat; lra.
  - apply Rmult_le_compat_l; [|now apply sum_inverse_log].
    apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.

Theorem data_dependent_regret_extended_a_priori_witness :
  exists (m N Gmax : R) (G : nat -> R) (T : nat),
    0 < m /\ 0 < N /\ (forall j, (j < T)%nat -> 0 <= G j <= Gmax) /\ (1 < T)%nat /\ G 1%nat < Gmax.
Proof.
  exists 1, 1, 2, (fun j => / INR (S j)), 5%nat. split; [lra|]. split; [lra|]. split.
  - intros j _. pose proof (pos_INR j). rewrite S_INR.
    split; [apply Rlt_le, Rinv_0_lt_compat; lra|].
    apply Rle_trans with (/ 1); [apply Rinv_le_contravar; lra | lra].
  - split; [lia | simpl; lra].
Qed.

(** ** Witness: the one-round run of theorem-1 (eight clean points), m = c = 1/2;
    the subgradient at 1/2 is -3/4 *)

Definition run8_g (u : R) : R := - (3 / 4) * (u - 1 / 2).

Lemma std_strongly_convex_points (c : R) : 0 <= c -> strongly_convex_points (P := Std) rmix rdist c (c * 1).
Proof.
  intros Hc. apply strongly_convex_points_regulariser;
    [assumption | apply hinge1_convex_losses | apply hinge1_strongly_convex_regulariser].
Qed.

Lemma run8_subgradient :
  subgradient (M := model Std) in_models rmix (point_objective (P := Std) (1 / 2) (run8_z 0)) (run8_theta 0) run8_g.
Proof.
  split.
  - intros u _. unfold point_objective, run8_z, run8_theta, run8_g. rewrite !std_loss.
    cbn [fst snd regulariser Std Hinge1]. rewrite (hinge_inside (1 / 2 * (1 * 1))) by lra.
    pose proof (hinge_ge (u * (1 * 1))). pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
  - intros s u _ _. unfold run8_g, rmix, run8_theta. lra.
Qed.

Lemma run8_dual_bound : dual_bound (M := model Std) in_models rdist (run8_theta 0) run8_g (3 / 4).
Proof.
  intros u _. unfold run8_g, rdist, run8_theta.
  pose proof (Rle_abs (- (1 / 2 - u))). rewrite Rabs_Ropp in *. lra.
Qed.

Theorem data_dependent_regret_extended_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat)
         (g : nat -> model P -> R) (G : nat -> R),
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    follows_leader c Dc theta z T /\
    (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                              dual_bound in_models dist (theta j) (g j) (G j)) /\
    (0 < T)%nat /\ Dc <> [] /\ 0 < dist (theta O) (theta 1%nat).
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), run8_data, run8_theta, run8_z, 1%nat,
    (fun _ => run8_g), (fun _ => 3 / 4).
  split; [lra|]. split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [exact run8_follows_leader|]. split.
  - intros j Hj. replace j with O by lia. split; [exact run8_subgradient | exact run8_dual_bound].
  - split; [lia|]. split; [discriminate|]. unfold rdist. apply Rabs_pos_lt. simpl. lra.
Qed.

Theorem data_dependent_regret_extended_step_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T j : nat)
         (g : model P -> R) (G : R),
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    follows_leader c Dc theta z T /\ (j < T)%nat /\
    subgradient in_models mix (point_objective c (z j)) (theta j) g /\
    dual_bound in_models dist (theta j) g G /\ 0 < G.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), run8_data, run8_theta, run8_z, 1%nat, O, run8_g, (3 / 4).
  split; [lra|]. split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [exact run8_follows_leader|]. split; [lia|]. split; [exact run8_subgradient|].
  split; [exact run8_dual_bound | lra].
Qed.

Theorem data_dependent_regret_extended_step_nonneg_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T j : nat),
    follows_leader c Dc theta z T /\ (j < T)%nat /\ 0 < c /\ Dc <> [].
Proof.
  exists Std, (1 / 2), run8_data, run8_theta, run8_z, 1%nat, O.
  split; [exact run8_follows_leader|]. split; [lia|]. split; [lra | discriminate].
Qed.

Theorem data_dependent_regret_extended_all_comparators_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat) (u : model P),
    follows_leader c Dc theta z T /\ in_models u /\ (0 < T)%nat /\ u <> theta T.
Proof.
  exists Std, (1 / 2), run8_data, run8_theta, run8_z, 1%nat, 0.
  split; [exact run8_follows_leader|]. split; [exact I|]. split; [lia|]. simpl. lra.
Qed.
