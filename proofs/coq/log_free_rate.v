(** * log-free-rate: rates without a logarithm, for the last model and the best one

    Not in the paper; it proves the rate of its abstract ("inversely
    proportional to the square root of the number of poisoning points").
    Assumed: tp is attainable at a weight lambda, gamma = 1 - c/lambda > 0; every
    l(.; z) + c R is m-strongly convex, m > 0, in some norm; the clean data lie
    in X x Y; every theta j minimises the objective on the data so far and z j
    has the largest loss difference D j at theta j; the distance from tp to
    theta j is at most k D j (corollary-3: hinge loss; on any run k is
    measured); each regret step is at most b / (N + j + 1), which data-dependent-regret
    gives with b = G^2 / (2 m) for a bound G of the (sub)gradients at the iterates;
    k >= 2 gamma - 1, for instance k >= 1.
    Proved, with a T = Phi_T(tp) - Phi_T(theta T) the excess of the target:
      a T <= A := max (D0, (k + 1 - gamma) b / gamma) for every T,
    because a (T+1) <= a T (1 - gamma / ((k + 1 - gamma) (N + T))) + b / (N + T + 1).  Hence
      |theta T - tp|^2 <= 2 A / (m (N + T)),
    D(theta T, tp) <= Lip sqrt (2 A / (m (N + T))), and for 0 <= S < T some j with
    S <= j < T has gamma (T - S) D(theta j, tp) <= A + b log ((N + T) / (N + S)); with
    S = T/2 the right side is A + b log 2, and D <= 2 (A + b log 2) / (gamma T). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity LogSums lemma_1 lemma_2 theorem_1 data_dependent_regret last_iterate.
Import ListNotations.
Open Scope R_scope.

(** The recursion behind the rates, a fact about numbers. *)
Lemma potential_recursion (a : nat -> R) (N q b A : R) (T : nat) :
  1 <= N -> 0 < q <= 1 -> 0 <= b -> a O <= A -> b <= q * A ->
  (forall j, (j < T)%nat -> a (S j) <= a j - q * (a j / (N + INR j)) + b / (N + INR j + 1)) ->
  forall j, (j <= T)%nat -> a j <= A.
Proof.
  intros HN Hq Hb H0 HA Hstep. induction j as [|j IH]; intros Hj; [assumption|].
  specialize (IH ltac:(lia)). specialize (Hstep j ltac:(lia)). pose proof (pos_INR j) as Hj0.
  set (n := N + INR j) in *. assert (Hn : 1 <= n) by (unfold n; lra).
  assert (Hi : 0 < / n <= 1).
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  assert (Hi' : / (n + 1) <= / n) by (apply Rinv_le_contravar; lra).
  assert (H1 : (1 - q * / n) * a j <= (1 - q * / n) * A) by (apply Rmult_le_compat_l; [nra | assumption]).
  assert (H2 : b * / (n + 1) <= b * / n) by (apply Rmult_le_compat_l; assumption).
  assert (H3 : b * / n <= q * A * / n) by (apply Rmult_le_compat_r; lra).
  unfold Rdiv in Hstep. lra.
Qed.

Section LogFree.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Context (c m lam k b : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
        (tp : model P) (T : nat).

Let gamma := 1 - c / lam.
Let N := INR (length Dc).
Let D j := loss (theta j) (z j) - loss tp (z j).

Hypothesis Hat : attainable lam tp.
Hypothesis Hc : 0 <= c.
Hypothesis Hlt : c < lam.
Hypothesis Hne : Dc <> [].
Hypothesis HDc : forall w, In w Dc -> in_points w.
Hypothesis Hlead : follows_leader c Dc theta z T.
Hypothesis Hgreedy : greedy tp theta z T.
Hypothesis Hback : forall j, (j < T)%nat -> Close (k * D j) tp (theta j).
Hypothesis Hk : 2 * gamma - 1 <= k.
Hypothesis Hb : 0 <= b.
Hypothesis Hregret : forall j, (j < T)%nat -> regret_step c Dc theta z j <= b / (N + INR (S j)).

Definition target_excess (j : nat) : R := poisoned_objective c Dc z j tp - poisoned_objective c Dc z j (theta j).
Definition excess_bound : R := Rmax (clean_excess c Dc tp (theta O)) ((k + (1 - (1 - c / lam))) * b / (1 - c / lam)).

Lemma gamma_range : 0 < gamma <= 1.
Proof.
  split; [apply lemma_2_repaired_gamma_positive; lra|]. unfold gamma.
  assert (0 <= c / lam) by (apply Rmult_le_pos; [assumption | apply Rlt_le, Rinv_0_lt_compat; lra]). lra.
Qed.

Lemma clean_size : 1 <= N.
Proof. now apply length_INR_pos. Qed.

Lemma bracket_bound (j : nat) : (j < T)%nat -> gamma * D j <= chosen_gap c tp theta z j.
Proof.
  intros Hj. unfold chosen_gap. apply lemma_2_repaired; try assumption; [lra | apply Hlead; lia | apply (Hgreedy j Hj)].
Qed.

(** What is left of the regulariser: c (R(tp) - R(theta j)) <= (1 - gamma) D j. *)
Lemma regulariser_drop (j : nat) :
  (j < T)%nat -> c * (regulariser tp - regulariser (theta j)) <= (1 - gamma) * D j.
Proof.
  intros Hj.
  pose proof (lemma_1_repaired_weak lam tp (theta j) (D j) Hat (proj1 (Hlead j ltac:(lia))) (proj2 (Hgreedy j Hj))) as H.
  assert (H0 : 0 <= c / lam) by (apply Rmult_le_pos; [assumption | apply Rlt_le, Rinv_0_lt_compat; lra]).
  apply Rmult_le_compat_l with (r := c / lam) in H; [|assumption].
  replace (c / lam * (lam * (regulariser tp - regulariser (theta j)))) with (c * (regulariser tp - regulariser (theta j))) in H
    by (field; lra).
  unfold gamma. lra.
Qed.

Lemma excess_below_distance (j : nat) :
  (j < T)%nat -> target_excess j <= (N + INR j) * ((k + (1 - gamma)) * D j).
Proof.
  intros Hj. unfold target_excess, poisoned_objective, objective.
  pose proof (regulariser_drop j Hj) as Hr. pose proof (Hback j Hj) as HB.
  assert (H1 : lsum (loss tp) Dc - lsum (loss (theta j)) Dc <= N * (k * D j)).
  { rewrite <- lsum_minus. apply lsum_le_bound. intros w Hw. apply HB. auto. }
  assert (H2 : nsum (fun i => point_objective c (z i) tp) j - nsum (fun i => point_objective c (z i) (theta j)) j <=
               INR j * (k * D j + c * (regulariser tp - regulariser (theta j)))).
  { rewrite <- nsum_minus. apply nsum_le_bound. intros i Hi. unfold point_objective.
    pose proof (HB (z i) (proj1 (Hgreedy i ltac:(lia)))). lra. }
  assert (H3 : (N + INR j) * (c * (regulariser tp - regulariser (theta j))) <= (N + INR j) * ((1 - gamma) * D j)).
  { apply Rmult_le_compat_l; [|assumption]. pose proof clean_size. pose proof (pos_INR j). lra. }
  fold N. lra.
Qed.

(** One round of the recursion. *)
Theorem log_free_rate_extended_step (j : nat) :
  (j < T)%nat ->
  target_excess (S j) <= target_excess j - gamma / (k + (1 - gamma)) * (target_excess j / (N + INR j)) + b / (N + INR j + 1).
Proof.
  intros Hj. pose proof gamma_range as Hg. pose proof clean_size as HN. pose proof (pos_INR j) as Hj0.
  assert (Hid : target_excess (S j) = target_excess j - chosen_gap c tp theta z j + regret_step c Dc theta z j).
  { unfold target_excess, chosen_gap, regret_step. rewrite !poisoned_objective_S, <- bracket_is_regularised_gap. lra. }
  pose proof (bracket_bound j Hj) as H1. pose proof (excess_below_distance j Hj) as H2.
  pose proof (Hregret j Hj) as H3. rewrite S_INR, <- Rplus_assoc in H3.
  assert (Hkg : 0 < k + (1 - gamma)).
  { destruct (Rle_lt_or_eq_dec gamma 1 (proj2 Hg)); lra. }
  set (n := N + INR j) in *. assert (Hn : 1 <= n) by (unfold n; lra).
  assert (Hi : 0 < / n) by (apply Rinv_0_lt_compat; lra).
  assert (Hi2 : 0 < / (k + (1 - gamma))) by (apply Rinv_0_lt_compat; lra).
  assert (H4 : target_excess j * / n <= (k + (1 - gamma)) * D j).
  { apply Rmult_le_reg_l with n; [lra|].
    replace (n * (target_excess j * / n)) with (target_excess j) by (field; lra). assumption. }
  assert (H5 : gamma / (k + (1 - gamma)) * (target_excess j / n) <= gamma * D j).
  { unfold Rdiv. rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|].
    apply Rmult_le_reg_l with (k + (1 - gamma)); [assumption|].
    replace ((k + (1 - gamma)) * (/ (k + (1 - gamma)) * (target_excess j * / n))) with (target_excess j * / n)
      by (field; lra). assumption. }
  lra.
Qed.

(** The excess stays bounded: no logarithm. *)
Theorem log_free_rate_extended (j : nat) : (j <= T)%nat -> target_excess j <= excess_bound.
Proof.
  intros Hj. pose proof gamma_range as Hg. pose proof clean_size as HN.
  assert (Hkg : 0 < k + (1 - gamma)).
  { destruct (Rle_lt_or_eq_dec gamma 1 (proj2 Hg)); lra. }
  apply (potential_recursion target_excess N (gamma / (k + (1 - gamma))) b excess_bound T); try assumption.
  - split; [apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]|].
    apply Rmult_le_reg_r with (k + (1 - gamma)); [assumption|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - unfold target_excess. rewrite !poisoned_objective_0. apply Rmax_l.
  - pose proof (Rmax_r (clean_excess c Dc tp (theta O)) ((k + (1 - gamma)) * b / gamma)) as H.
    change (Rmax _ _) with excess_bound in H.
    apply Rmult_le_compat_l with (r := gamma / (k + (1 - gamma))) in H.
    + replace (gamma / (k + (1 - gamma)) * ((k + (1 - gamma)) * b / gamma)) with b in H by (field; lra). exact H.
    + apply Rmult_le_pos; [lra | apply Rlt_le, Rinv_0_lt_compat; lra].
  - exact log_free_rate_extended_step.
Qed.

(** The last model, in the norm. *)
Theorem log_free_rate_extended_last :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  dist (theta T) tp * dist (theta T) tp <= 2 * excess_bound / (m * (N + INR T)).
Proof.
  intros Hm Hmix Hp. pose proof clean_size as HN. pose proof (pos_INR T) as HT0.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  destruct (Hlead T (le_n T)) as [Hin Hmin].
  pose proof (minimiser_growth in_models mix dist _ _ (theta T) tp Hmix
                (poisoned_objective_strongly_convex mix dist c m Dc z T Hp) Hin Hmin Htp) as Hg.
  pose proof (log_free_rate_extended T (le_n T)) as H. unfold target_excess in H. fold N in Hg.
  apply le_quotient; [apply Rmult_lt_0_compat; lra | lra].
Qed.

(** The last model, in loss-based distance: the rate of the abstract. *)
Theorem abstract_rate_printed (Lip : R) :
  0 < m -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m -> 0 <= Lip ->
  (forall w, in_points w -> loss (theta T) w - loss tp w <= Lip * dist (theta T) tp) ->
  Close (Lip * sqrt (2 * excess_bound / (m * (N + INR T)))) (theta T) tp.
Proof.
  intros Hm Hmix Hp HL HLip w Hw.
  pose proof (log_free_rate_extended_last Hm Hmix Hp) as H.
  eapply Rle_trans; [now apply HLip|]. apply Rmult_le_compat_l; [assumption|].
  apply sqrt_le_1_alt in H. eapply Rle_trans; [apply Rle_abs|]. rewrite <- sqrt_Rsqr_abs. exact H.
Qed.

(** The best model of the rounds s .. T-1. *)
Theorem log_free_rate_extended_window (s : nat) :
  (s < T)%nat ->
  exists j, (s <= j < T)%nat /\
    Close (D j) (theta j) tp /\
    gamma * (INR T - INR s) * D j <= excess_bound + b * ln ((N + INR T) / (N + INR s)).
Proof.
  intros Hs. pose proof clean_size as HN. pose proof gamma_range as Hg.
  pose proof (pos_INR s) as Hs0. pose proof (lt_INR _ _ Hs) as HsT.
  assert (Hsum : forall i, (s + i <= T)%nat ->
            nsum (fun j => gamma * D (s + j)) i + target_excess (s + i) <=
            excess_bound + nsum (fun j => b * / (N + INR s + INR (S j))) i).
  { induction i as [|i IH]; intros Hi.
    - rewrite Nat.add_0_r. cbn [nsum]. pose proof (log_free_rate_extended s ltac:(lia)). lra.
    - specialize (IH ltac:(lia)). cbn [nsum].
      assert (Hid : target_excess (S (s + i)) =
                    target_excess (s + i) - chosen_gap c tp theta z (s + i) + regret_step c Dc theta z (s + i)).
      { unfold target_excess, chosen_gap, regret_step. rewrite !poisoned_objective_S, <- bracket_is_regularised_gap. lra. }
      pose proof (bracket_bound (s + i) ltac:(lia)) as H1. pose proof (Hregret (s + i)%nat ltac:(lia)) as H2.
      rewrite S_INR, plus_INR in H2. rewrite S_INR. rewrite Nat.add_succ_r.
      replace (N + (INR s + INR i + 1)) with (N + INR s + (INR i + 1)) in H2 by lra.
      unfold Rdiv in H2. lra. }
  specialize (Hsum (T - s)%nat ltac:(lia)). replace (s + (T - s))%nat with T in Hsum by lia.
  assert (Hlast : 0 <= target_excess T).
  { assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
    pose proof (proj2 (Hlead T (le_n T)) tp Htp). unfold target_excess. lra. }
  rewrite (nsum_scal b) in Hsum.
  pose proof (sum_inverse_log (N + INR s) (T - s) ltac:(lra)) as Hlog.
  rewrite minus_INR in Hlog by lia.
  replace (1 + (INR T - INR s) / (N + INR s)) with ((N + INR T) / (N + INR s)) in Hlog by (field; lra).
  apply Rmult_le_compat_l with (r := b) in Hlog; [|assumption].
  destruct (nsum_exists_le_average (fun j => gamma * D (s + j)) (T - s)
              (excess_bound + b * ln ((N + INR T) / (N + INR s)))) as (i & Hi & Hle); [lia | lra |].
  exists (s + i)%nat. split; [lia|]. split; [apply (Hgreedy (s + i)%nat); lia|].
  rewrite minus_INR in Hle by lia. lra.
Qed.

(** The best model of the last half of the rounds. *)
Theorem log_free_rate_extended_best :
  (0 < T)%nat ->
  exists j, (Nat.div2 T <= j < T)%nat /\ Close (2 * (excess_bound + b * ln 2) / (gamma * INR T)) (theta j) tp.
Proof.
  intros HT. pose proof clean_size as HN. pose proof gamma_range as Hg.
  assert (Hh : (2 * Nat.div2 T <= T /\ T <= 2 * Nat.div2 T + 1)%nat).
  { pose proof (Nat.div2_odd T) as E. destruct (Nat.odd T); simpl in E; lia. }
  destruct (log_free_rate_extended_window (Nat.div2 T)) as (j & Hj & HC & Hle); [lia|].
  set (s := Nat.div2 T) in *.
  assert (Hs2 : 2 * INR s <= INR T).
  { replace (2 * INR s) with (INR (2 * s)) by (rewrite mult_INR; simpl; lra). apply le_INR. lia. }
  assert (Hs3 : INR T <= 2 * INR s + 1).
  { replace (2 * INR s + 1) with (INR (2 * s + 1)) by (rewrite plus_INR, mult_INR; simpl; lra). apply le_INR. lia. }
  pose proof (lt_INR _ _ HT) as HT0. simpl in HT0. pose proof (pos_INR s) as Hs0.
  assert (Hln : ln ((N + INR T) / (N + INR s)) <= ln 2).
  { assert (Hq : 0 < / (N + INR s)) by (apply Rinv_0_lt_compat; lra).
    assert (H2 : (N + INR T) / (N + INR s) <= 2).
    { apply Rmult_le_reg_r with (N + INR s); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
    destruct (Rle_lt_or_eq_dec _ _ H2) as [H|E]; [|rewrite E; lra].
    apply Rlt_le, ln_increasing; [apply Rmult_lt_0_compat; lra | assumption]. }
  apply Rmult_le_compat_l with (r := b) in Hln; [|assumption].
  exists j. split; [lia|]. intros w Hw. eapply Rle_trans; [apply HC; assumption|].
  apply le_quotient; [apply Rmult_lt_0_compat; lra|].
  destruct (Rle_lt_dec 0 (D j)) as [Hpos|Hneg].
  - assert (gamma * D j * INR T <= gamma * D j * (2 * (INR T - INR s))).
    { apply Rmult_le_compat_l; [apply Rmult_le_pos; lra | lra]. }
    lra.
  - assert (0 <= excess_bound).
    { pose proof (log_free_rate_extended T (le_n T)).
      assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
      pose proof (proj2 (Hlead T (le_n T)) tp Htp). unfold target_excess in *. lra. }
    assert (0 <= ln 2) by (rewrite <- ln_1; apply Rlt_le, ln_increasing; lra).
    assert (0 <= b * ln 2) by (apply Rmult_le_pos; assumption).
    assert (0 <= - D j * (gamma * INR T)) by (apply Rmult_le_pos; [lra | apply Rmult_le_pos; lra]). lra.
Qed.

End LogFree.

(** ** Witness: the one-round run of theorem-1 (eight clean points), c = m = 1/2, lambda = 1, k = 1, b = 9/16 *)

Lemma run8_backward : Close (P := Std) (1 * (loss (p := Std) (run8_theta 0) (run8_z 0) - loss (p := Std) 1 (run8_z 0))) 1 (run8_theta 0).
Proof.
  intros w Hw. pose proof (std_Close 1 (1 / 2) ltac:(lra) ltac:(lra) w Hw) as H.
  unfold run8_z, run8_theta. rewrite !(std_loss _ (1, 1)). cbn [fst snd].
  rewrite (hinge_inside (1 / 2 * (1 * 1))), (hinge_inside (1 * (1 * 1))) by lra.
  rewrite Rabs_pos_eq in H by lra. lra.
Qed.

Lemma run8_regret (j : nat) : (j < 1)%nat ->
  regret_step (P := Std) (1 / 2) run8_data run8_theta run8_z j <= 9 / 16 / (INR (length run8_data) + INR (S j)).
Proof.
  intros Hj. replace j with O by lia.
  eapply Rle_trans; [apply (data_dependent_regret_extended_step (P := Std) rmix rdist (1 / 2) (1 / 2 * 1)
    run8_data run8_theta run8_z 1 0 run8_g (3 / 4)); try lra; try lia|].
  - exact whole_line_closed.
  - apply std_strongly_convex_points. lra.
  - exact run8_follows_leader.
  - exact run8_subgradient.
  - exact run8_dual_bound.
  - simpl. lra.
Qed.

Theorem log_free_rate_extended_last_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m lam k b : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (T : nat) (Lip : R) (s j : nat),
    attainable lam tp /\ 0 <= c /\ c < lam /\ Dc <> [] /\ (forall w, In w Dc -> in_points w) /\
    follows_leader c Dc theta z T /\ greedy tp theta z T /\
    (forall j, (j < T)%nat -> Close (k * (loss (theta j) (z j) - loss tp (z j))) tp (theta j)) /\
    2 * (1 - c / lam) - 1 <= k /\ 0 <= b /\
    (forall j, (j < T)%nat -> regret_step c Dc theta z j <= b / (INR (length Dc) + INR (S j))) /\
    0 < m /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    (0 < T)%nat /\ (s < T)%nat /\ (j < T)%nat /\ (j <= T)%nat /\ 0 < dist (theta T) tp /\ 0 <= Lip /\
    (forall w, in_points w -> loss (theta T) w - loss tp w <= Lip * dist (theta T) tp).
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), 1, 1, (9 / 16), run8_data, run8_theta, run8_z, 1, 1%nat, 1, O, O.
  split; [apply std_one_attainable; lra|]. split; [lra|]. split; [lra|]. split; [discriminate|]. split.
  { intros w Hw. unfold run8_data in Hw. apply repeat_spec in Hw. subst w.
    split; [unfold interval; simpl; lra | now left]. }
  split; [exact run8_follows_leader|]. split; [exact run8_greedy|]. split.
  { intros i Hi. replace i with O by lia. exact run8_backward. }
  split; [lra|]. split; [lra|]. split; [exact run8_regret|]. split; [lra|].
  split; [exact whole_line_closed|]. split; [apply std_strongly_convex_points; lra|].
  split; [lia|]. split; [lia|]. split; [lia|]. split; [lia|]. split; [|split; [lra|]].
  - unfold rdist. apply Rabs_pos_lt. simpl. lra.
  - intros w Hw. rewrite Rmult_1_l. apply (std_Close (2 / 3) 1); (exact Hw || lra).
Qed.
