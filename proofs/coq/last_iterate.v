(** * last-iterate: the model trained on ALL the poisons converges

    Not in the paper, whose proof gives the best of the models on the way.
    Assumed: every l(.; z) + c R is m-strongly convex, m > 0, in some norm
    (m = c sigma); the target minimises the objective of some nonempty multiset
    at the weight c itself (gamma may be 0); theta j minimises the objective on
    the data so far; z j has the largest loss difference at theta j.
    Proved, with D0 = clean_excess and delta_j the regret steps:
      ((N + T) m / 2) |theta_T - tp|^2 + sum_{j<T} S_reg(theta_j) <= D0 + sum delta_j,
    every term on the left nonnegative.  Hence
      |theta_T - tp|^2 <= 2 (D0 + regret) / (m (N + T)),
    the distance of theta_T follows for a Lipschitz loss, and some theta_j with
    j < T has |theta_j - tp|^2 <= 2 (D0 + regret) / (m T).  For all of them together:
      (m/2) ((N + T) |theta_T - tp|^2 + sum_{j<T} |theta_j - tp|^2) <= D0 + sum delta_j. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity lemma_1 lemma_2 theorem_1 data_dependent_regret.
Import ListNotations.
Open Scope R_scope.

Lemma le_quotient (a b d : R) : 0 < d -> a * d <= b -> a <= b / d.
Proof.
  intros Hd H. replace a with (a * d * / d) by (field; lra).
  apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat, Hd | exact H].
Qed.

Section LastIterate.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Implicit Types (theta : nat -> model P) (z : nat -> point P).

(** The regularised gap at the chosen point: S_reg(theta j). *)
Definition chosen_gap (c : R) (tp : model P) theta z (j : nat) : R :=
  regularised_gap c (loss (theta j) (z j) - loss tp (z j)) (theta j) tp.

Lemma chosen_gap_nonneg (c : R) (tp : model P) theta z (T j : nat) :
  attainable c tp -> greedy tp theta z T -> (j < T)%nat -> in_models (theta j) ->
  0 <= chosen_gap c tp theta z j.
Proof.
  intros Hat Hgreedy Hj Hin. apply lemma_1_repaired_regularised_gap; try assumption.
  apply (Hgreedy j Hj).
Qed.

Theorem last_iterate_extended_potential (c m : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  in_models tp -> follows_leader c Dc theta z T ->
  (INR (length Dc) + INR T) * m / 2 * (dist (theta T) tp * dist (theta T) tp)
    + nsum (chosen_gap c tp theta z) T
  <= clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T).
Proof.
  intros Hmix Hp Htp Hlead.
  destruct (Hlead T (le_n T)) as [Hin Hmin].
  pose proof (minimiser_growth in_models mix dist _ _ (theta T) tp Hmix
                (poisoned_objective_strongly_convex mix dist c m Dc z T Hp) Hin Hmin Htp) as Hg.
  pose proof (theorem_1_repaired_potential_identity c Dc theta z tp T) as Hid.
  rewrite theorem_1_repaired_regret_identity in Hid.
  assert (E : nsum (chosen_gap c tp theta z) T =
              nsum (fun j => point_objective c (z j) (theta j) - point_objective c (z j) tp) T).
  { apply nsum_ext. intros j _. unfold chosen_gap. now rewrite bracket_is_regularised_gap. }
  rewrite E. lra.
Qed.

Theorem last_iterate_extended (c m : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  attainable c tp -> follows_leader c Dc theta z T -> greedy tp theta z T ->
  0 < INR (length Dc) + INR T ->
  dist (theta T) tp * dist (theta T) tp <=
  2 * (clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T))
  / (m * (INR (length Dc) + INR T)).
Proof.
  intros Hm Hmix Hp Hat Hlead Hgreedy HNT.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  pose proof (last_iterate_extended_potential c m Dc theta z tp T Hmix Hp Htp Hlead) as H.
  assert (0 <= nsum (chosen_gap c tp theta z) T).
  { apply nsum_nonneg. intros j Hj. apply (chosen_gap_nonneg c tp theta z T); auto.
    apply Hlead. lia. }
  assert (Hpos : 0 < m * (INR (length Dc) + INR T)) by (apply Rmult_lt_0_compat; assumption).
  apply le_quotient; [assumption | lra].
Qed.

(** In loss-based distance, when the loss is Lip-Lipschitz in the model. *)
Theorem last_iterate_extended_distance (c m Lip : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  attainable c tp -> follows_leader c Dc theta z T -> greedy tp theta z T ->
  0 < INR (length Dc) + INR T -> 0 <= Lip ->
  (forall w, in_points w -> loss (theta T) w - loss tp w <= Lip * dist (theta T) tp) ->
  Close (Lip * sqrt (2 * (clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T))
                     / (m * (INR (length Dc) + INR T)))) (theta T) tp.
Proof.
  intros Hm Hmix Hp Hat Hlead Hgreedy HNT HL HLip w Hw.
  pose proof (last_iterate_extended c m Dc theta z tp T Hm Hmix Hp Hat Hlead Hgreedy HNT) as H.
  eapply Rle_trans; [now apply HLip|]. apply Rmult_le_compat_l; [assumption|].
  apply sqrt_le_1_alt in H.
  eapply Rle_trans; [apply Rle_abs|]. rewrite <- sqrt_Rsqr_abs. exact H.
Qed.

(** The best iterate in the norm, without a constant gamma. *)
Theorem last_iterate_extended_best (c m : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  (forall j t, dist (theta j) t = dist t (theta j)) ->
  attainable c tp -> follows_leader c Dc theta z T -> greedy tp theta z T -> (0 < T)%nat ->
  exists j, (j < T)%nat /\
    dist (theta j) tp * dist (theta j) tp <=
    2 * (clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T)) / (m * INR T).
Proof.
  intros Hm Hmix Hp Hsym Hat Hlead Hgreedy HT.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  pose proof (last_iterate_extended_potential c m Dc theta z tp T Hmix Hp Htp Hlead) as H.
  assert (Hsum : nsum (fun j => m / 2 * (dist (theta j) tp * dist (theta j) tp)) T <=
                 clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T)).
  { apply Rle_trans with (nsum (chosen_gap c tp theta z) T).
    - apply nsum_le. intros j Hj. unfold chosen_gap, regularised_gap.
      pose proof (lemma_1_extended_strongly_convex mix dist c m tp (theta j) _ Hmix Hp Hat
                    (proj1 (Hlead j ltac:(lia))) (proj2 (Hgreedy j Hj))) as H1.
      rewrite (Hsym j tp). lra.
    - assert (0 <= (INR (length Dc) + INR T) * m / 2 * (dist (theta T) tp * dist (theta T) tp)); [|lra].
      apply Rmult_le_pos; [|apply Rle_0_sqr].
      pose proof (pos_INR (length Dc)). pose proof (pos_INR T).
      assert (0 <= (INR (length Dc) + INR T) * m) by (apply Rmult_le_pos; lra). lra. }
  destruct (nsum_exists_le_average _ T _ HT Hsum) as (j & Hj & Hle).
  exists j. split; [assumption|].
  pose proof (lt_0_INR T HT).
  assert (0 < m * INR T) by (apply Rmult_lt_0_compat; assumption).
  apply le_quotient; [assumption | lra].
Qed.

(** All iterates and the last one together. *)
Theorem last_iterate_extended_all (c m : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  attainable c tp -> follows_leader c Dc theta z T -> greedy tp theta z T ->
  m / 2 * ((INR (length Dc) + INR T) * (dist (theta T) tp * dist (theta T) tp)
           + nsum (fun j => dist tp (theta j) * dist tp (theta j)) T) <=
  clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T).
Proof.
  intros Hmix Hp Hat Hlead Hgreedy.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  pose proof (last_iterate_extended_potential c m Dc theta z tp T Hmix Hp Htp Hlead) as H.
  assert (Hsum : m / 2 * nsum (fun j => dist tp (theta j) * dist tp (theta j)) T <=
                 nsum (chosen_gap c tp theta z) T).
  { rewrite <- nsum_scal. apply nsum_le. intros j Hj. unfold chosen_gap, regularised_gap.
    pose proof (lemma_1_extended_strongly_convex mix dist c m tp (theta j) _ Hmix Hp Hat
                  (proj1 (Hlead j ltac:(lia))) (proj2 (Hgreedy j Hj))) as H1. lra. }
  lra.
Qed.

End LastIterate.

(** ** Witness: the one-round run of theorem-1 *)

Theorem last_iterate_extended_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat),
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    attainable c tp /\ follows_leader c Dc theta z T /\ greedy tp theta z T /\
    0 < INR (length Dc) + INR T /\ (0 < T)%nat /\ 0 < dist (theta T) tp /\
    (forall j t, dist (theta j) t = dist t (theta j)) /\
    (forall w, in_points w -> loss (theta T) w - loss tp w <= 1 * dist (theta T) tp).
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), run8_data, run8_theta, run8_z, 1, 1%nat.
  split; [lra|]. split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [apply std_one_attainable; lra|]. split; [exact run8_follows_leader|].
  split; [exact run8_greedy|]. split; [simpl; lra|]. split; [lia|].
  split; [unfold rdist; apply Rabs_pos_lt; simpl; lra|]. split.
  - intros. apply Rabs_minus_sym.
  - intros w Hw. rewrite Rmult_1_l. apply (std_Close (2 / 3) 1); (exact Hw || lra).
Qed.

(** The other theorems of this file have the same hypotheses or fewer. *)
Theorem last_iterate_extended_potential_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat),
    closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    in_models tp /\ follows_leader c Dc theta z T /\ 0 < m /\ (0 < T)%nat.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), run8_data, run8_theta, run8_z, 1, 1%nat.
  split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [exact I|]. split; [exact run8_follows_leader|]. split; [lra | lia].
Qed.

Theorem last_iterate_extended_distance_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m Lip : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat),
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    attainable c tp /\ follows_leader c Dc theta z T /\ greedy tp theta z T /\
    0 < INR (length Dc) + INR T /\ 0 <= Lip /\
    (forall w, in_points w -> loss (theta T) w - loss tp w <= Lip * dist (theta T) tp) /\
    0 < dist (theta T) tp.
Proof.
  destruct last_iterate_extended_witness as
    (P & mix & dist & c & m & Dc & theta & z & tp & T & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11).
  exists P, mix, dist, c, m, 1, Dc, theta, z, tp, T. repeat (split; [assumption || lra|]). assumption.
Qed.

Theorem last_iterate_extended_best_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat),
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    (forall j t, dist (theta j) t = dist t (theta j)) /\
    attainable c tp /\ follows_leader c Dc theta z T /\ greedy tp theta z T /\ (0 < T)%nat /\
    0 < dist (theta T) tp.
Proof.
  destruct last_iterate_extended_witness as
    (P & mix & dist & c & m & Dc & theta & z & tp & T & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11).
  exists P, mix, dist, c, m, Dc, theta, z, tp, T. repeat (split; [assumption|]). assumption.
Qed.

Theorem last_iterate_extended_all_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat),
    closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    attainable c tp /\ follows_leader c Dc theta z T /\ greedy tp theta z T /\
    0 < m /\ (0 < T)%nat /\ 0 < dist (theta T) tp.
Proof.
  destruct last_iterate_extended_witness as
    (P & mix & dist & c & m & Dc & theta & z & tp & T & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11).
  exists P, mix, dist, c, m, Dc, theta, z, tp, T. repeat (split; [assumption|]). assumption.
Qed.
