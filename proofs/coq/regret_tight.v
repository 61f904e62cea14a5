(** * data-dependent-regret: the logarithm of the regret is there

    Not in the paper.  p clean points s = +1 and p points s = -1 (hinge loss on
    [-1, 1], N = 2 p, any c with c (N + 1) >= 1), target 0, which is the clean model.
    Proved: a run of Algorithm 1 exists for every number of rounds (its points are
    -1, +1, -1, ...; at 0 every point is a maximiser) whose regret is at least
      1/(2 c) log (1 + T / (N + 1)).
    So no bound of the regret is of smaller order than log T, while
    log-free-rate bounds the excess of the target, and the distance, without it. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity LogSums lemma_1 lemma_2 theorem_1 data_dependent_regret.
Import ListNotations.
Open Scope R_scope.

Definition balanced (p : nat) : list (R * R) := repeat (1, 1) p ++ repeat (1, -1) p.
Definition turn (j : nat) : R * R := if Nat.even j then (1, -1) else (1, 1).
Definition swing (c : R) (p : nat) (j : nat) : R := if Nat.even j then 0 else - / (c * (2 * INR p + INR j)).
(** The sum of the signed features after j rounds. *)
Definition pull (j : nat) : R := if Nat.even j then 0 else -1.

Lemma balanced_size (p : nat) : INR (length (balanced p)) = 2 * INR p.
Proof. unfold balanced. rewrite app_length, !repeat_length, plus_INR. lra. Qed.

Lemma swing_objective (c : R) (p j : nat) (t : R) : -1 <= t <= 1 ->
  poisoned_objective (P := Std) c (balanced p) turn j t =
  (2 * INR p + INR j) * (1 + c * (t * t / 2)) - pull j * t.
Proof.
  intros Ht. induction j as [|j IH].
  - rewrite poisoned_objective_0. unfold balanced. rewrite (objective_app (P := Std)), !(objective_repeat (P := Std)).
    unfold point_objective, pull. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1 Nat.even].
    rewrite !hinge_inside by lra. simpl INR. lra.
  - rewrite (poisoned_objective_S (P := Std)), IH, S_INR. unfold point_objective, turn, pull. rewrite even_step, std_loss.
    destruct (Nat.even j); cbn [negb fst snd regulariser Std Hinge1]; rewrite hinge_inside by lra; lra.
Qed.

Lemma swing_objective_ge (c : R) (p j : nat) (t : R) :
  (2 * INR p + INR j) * (1 + c * (t * t / 2)) - pull j * t <=
  poisoned_objective (P := Std) c (balanced p) turn j t.
Proof.
  induction j as [|j IH].
  - rewrite poisoned_objective_0. unfold balanced. rewrite (objective_app (P := Std)), !(objective_repeat (P := Std)).
    unfold point_objective, pull. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1 Nat.even].
    pose proof (hinge_ge (t * (1 * 1))). pose proof (hinge_ge (t * (-1 * 1))). pose proof (pos_INR p).
    assert (INR p * 2 <= INR p * (hinge (t * (1 * 1)) + hinge (t * (-1 * 1)))) by (apply Rmult_le_compat_l; lra).
    simpl INR. lra.
  - rewrite (poisoned_objective_S (P := Std)), S_INR. unfold point_objective, turn, pull in *. rewrite even_step, std_loss.
    destruct (Nat.even j); cbn [negb fst snd regulariser Std Hinge1].
    + pose proof (hinge_ge (t * (-1 * 1))). lra.
    + pose proof (hinge_ge (t * (1 * 1))). lra.
Qed.

Section Tight.

Context (c : R) (p T : nat).
Hypothesis Hc : 0 < c.
Hypothesis Hbig : 1 <= c * (2 * INR p + 1).
Hypothesis Hp : (0 < p)%nat.

Lemma swing_size (j : nat) : (Nat.even j = false) -> 1 <= 2 * INR p + INR j /\ 1 <= c * (2 * INR p + INR j).
Proof.
  intros E. destruct j as [|j]; [discriminate|]. rewrite S_INR. pose proof (pos_INR j). pose proof (pos_INR p).
  split; [lra|]. assert (0 <= c * INR j) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma swing_range (j : nat) : -1 <= swing c p j <= 0.
Proof.
  unfold swing. destruct (Nat.even j) eqn:E; [lra|]. destruct (swing_size j E) as [_ H].
  assert (0 < / (c * (2 * INR p + INR j)) <= 1); [|lra].
  split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.

Lemma swing_follows_leader : follows_leader (P := Std) c (balanced p) (swing c p) turn T.
Proof.
  intros j _. split; [exact I|]. intros u _. pose proof (swing_range j) as Hr.
  rewrite swing_objective by lra. eapply Rle_trans; [|apply swing_objective_ge].
  assert (Hn : 0 < c * (2 * INR p + INR j)).
  { apply Rmult_lt_0_compat; [assumption|]. pose proof (pos_INR j). pose proof (lt_0_INR p Hp). lra. }
  unfold swing, pull. destruct (Nat.even j).
  - pose proof (Rle_0_sqr u). unfold Rsqr in *.
    assert (0 <= c * (2 * INR p + INR j) * (u * u)) by (apply Rmult_le_pos; lra). lra.
  - set (n := c * (2 * INR p + INR j)) in *.
    pose proof (Rle_0_sqr (u + / n)) as Hsq. unfold Rsqr in Hsq.
    assert (0 <= n * ((u + / n) * (u + / n))) by (apply Rmult_le_pos; lra).
    assert (E1 : n * (/ n * / n) = / n) by (field; lra). assert (E2 : n * / n = 1) by (field; lra).
    assert (E3 : n * ((u + / n) * (u + / n)) = n * (u * u) + 2 * (n * / n) * u + n * (/ n * / n)) by ring.
    rewrite E1, E2 in E3.
    set (q := / n) in *.
    assert (F1 : (2 * INR p + INR j) * (1 + c * (u * u / 2)) = 2 * INR p + INR j + n * (u * u) / 2) by (unfold n; lra).
    assert (F2 : (2 * INR p + INR j) * (1 + c * (- q * - q / 2)) = 2 * INR p + INR j + n * (q * q) / 2) by (unfold n; lra).
    rewrite F1, F2, E1. lra.
Qed.

Lemma swing_greedy : greedy (P := Std) 0 (swing c p) turn T.
Proof.
  intros j _. pose proof (swing_range j) as Hr. split.
  { unfold turn. destruct (Nat.even j); [apply std_point_neg | apply std_point_pos]; lra. }
  intros w Hw. apply std_signed in Hw. rewrite !std_loss. unfold turn, swing in *.
  destruct (Nat.even j); cbn [fst snd].
  - rewrite !(Rmult_0_l), !hinge_inside by lra. lra.
  - set (q := / (c * (2 * INR p + INR j))) in *.
    rewrite (hinge_inside (0 * (snd w * fst w))), (hinge_inside (0 * (1 * 1))), (hinge_inside (- q * (1 * 1))) by lra.
    rewrite (hinge_inside (- q * (snd w * fst w))) by nra. nra.
Qed.

Lemma swing_regret_step (j : nat) :
  / (2 * c) * / (2 * INR p + 1 + INR j) <= regret_step (P := Std) c (balanced p) (swing c p) turn j.
Proof.
  unfold regret_step. pose proof (swing_range j). pose proof (swing_range (S j)).
  rewrite !swing_objective by lra. unfold swing, pull. rewrite !even_step, !S_INR.
  pose proof (pos_INR j) as Hj0. pose proof (lt_0_INR p Hp) as Hp0.
  destruct (Nat.even j) eqn:E; cbn [negb].
  - apply Req_le. field. split; lra.
  - apply Rle_trans with ((2 * INR p + (INR j + 1)) * (/ (2 * c) * (/ (2 * INR p + INR j) * / (2 * INR p + INR j)))).
    + set (a := 2 * INR p + INR j). assert (Ha : 0 < a) by (unfold a; lra).
      replace (2 * INR p + 1 + INR j) with (a + 1) by (unfold a; ring).
      replace (2 * INR p + (INR j + 1)) with (a + 1) by (unfold a; ring).
      assert (Hi : 0 < / a) by (apply Rinv_0_lt_compat; lra).
      assert (Hi2 : / (a + 1) <= / a) by (apply Rinv_le_contravar; lra).
      assert (Hi3 : 0 < / (a + 1)) by (apply Rinv_0_lt_compat; lra).
      assert (Hc2 : 0 < / (2 * c)) by (apply Rinv_0_lt_compat; lra).
      replace ((a + 1) * (/ (2 * c) * (/ a * / a))) with (/ (2 * c) * ((a + 1) * (/ a * / a))) by ring.
      apply Rmult_le_compat_l; [lra|].
      apply Rle_trans with (/ a); [assumption|].
      replace ((a + 1) * (/ a * / a)) with (/ a + / a * / a) by (field; lra). nra.
    + apply Req_le. field. split; lra.
Qed.

Theorem data_dependent_regret_extended_tight :
  follows_leader (P := Std) c (balanced p) (swing c p) turn T /\
  greedy (P := Std) 0 (swing c p) turn T /\
  / (2 * c) * ln (1 + INR T / (INR (length (balanced p)) + 1)) <=
  regret_against (P := Std) c (balanced p) (swing c p) turn T (swing c p T).
Proof.
  split; [exact swing_follows_leader|]. split; [exact swing_greedy|].
  rewrite <- theorem_1_repaired_regret_identity, balanced_size.
  assert (Hc2 : 0 < / (2 * c)) by (apply Rinv_0_lt_compat; lra).
  pose proof (lt_0_INR p Hp) as Hp0.
  induction T as [|k IH].
  - cbn [nsum INR]. unfold Rdiv. rewrite Rmult_0_l, Rplus_0_r, ln_1. lra.
  - cbn [nsum]. pose proof (swing_regret_step k) as Hstep. pose proof (pos_INR k) as Hk0. rewrite S_INR.
    set (M := 2 * INR p + 1) in *. assert (HM : 0 < M) by (unfold M; lra).
    assert (E : ln (1 + (INR k + 1) / M) = ln (1 + INR k / M) + ln (1 + / (M + INR k))).
    { rewrite <- ln_mult.
      - f_equal. field. lra.
      - assert (0 <= INR k / M) by (apply Rmult_le_pos; [lra | apply Rlt_le, Rinv_0_lt_compat; lra]). lra.
      - assert (0 < / (M + INR k)) by (apply Rinv_0_lt_compat; lra). lra. }
    pose proof (ln_le_minus_one (1 + / (M + INR k))) as Hln.
    assert (0 < / (M + INR k)) by (apply Rinv_0_lt_compat; lra). specialize (Hln ltac:(lra)).
    rewrite E. assert (/ (2 * c) * ln (1 + / (M + INR k)) <= / (2 * c) * / (M + INR k)) by (apply Rmult_le_compat_l; lra).
    lra.
Qed.

End Tight.

Theorem data_dependent_regret_extended_tight_witness :
  exists (c : R) (p T : nat), 0 < c /\ 1 <= c * (2 * INR p + 1) /\ (0 < p)%nat /\ (0 < T)%nat.
Proof. exists 1, 1%nat, 1%nat. simpl. split; [lra|]. split; [lra|]. split; lia. Qed.
