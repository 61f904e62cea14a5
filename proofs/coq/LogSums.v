(** * LogSums: partial harmonic sums against the logarithm

    Proved: 1/x <= ln x - ln (x - 1) for x > 1, hence
    sum_{i=1..T} 1/(N+i) <= ln (1 + T/N) for N > 0, its version with steps of
    size k, sum_{i=1..T} 1/i <= 1 + ln T for T >= 1, and A + B ln (1 + T/N) = o(T).
    The logarithm brings two classical axioms of the standard library. *)

From Coq Require Import Reals Lra Lia ZArith.
From MTP Require Import Base.
Open Scope R_scope.

Lemma ln_le_minus_one (y : R) : 0 < y -> ln y <= y - 1.
Proof.
  intros Hy. pose proof (exp_ineq1_le (ln y)) as H. rewrite exp_ln in H by assumption. lra.
Qed.

(** A step of size k: k/x <= ln x - ln (x - k). *)
Lemma log_step (k x : R) : 0 < x -> k < x -> k / x <= ln x - ln (x - k).
Proof.
  intros Hx Hk.
  assert (Hy : 0 < (x - k) / x) by (apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]).
  pose proof (ln_le_minus_one _ Hy) as H.
  unfold Rdiv in H at 1. rewrite ln_mult, ln_Rinv in H by (lra || (apply Rinv_0_lt_compat; lra)).
  replace ((x - k) / x - 1) with (- (k / x)) in H by (field; lra). lra.
Qed.

Lemma sum_inverse_step (k N : R) (T : nat) :
  0 < N -> 0 < k ->
  nsum (fun i => k / (N + k * INR (S i))) T <= ln (1 + k * INR T / N).
Proof.
  intros HN Hk.
  assert (E : ln (1 + k * INR T / N) = ln (N + k * INR T) - ln N).
  { pose proof (pos_INR T).
    assert (0 <= k * INR T) by (apply Rmult_le_pos; lra).
    replace (1 + k * INR T / N) with ((N + k * INR T) * / N) by (field; lra).
    rewrite ln_mult, ln_Rinv by (lra || (apply Rinv_0_lt_compat; lra)). lra. }
  rewrite E. clear E.
  induction T as [|T IH].
  - simpl. rewrite Rmult_0_r, Rplus_0_r. lra.
  - cbn [nsum]. pose proof (pos_INR T).
    assert (0 <= k * INR T) by (apply Rmult_le_pos; lra).
    pose proof (log_step k (N + k * INR (S T))) as Hs.
    rewrite S_INR in *.
    replace (N + k * (INR T + 1) - k) with (N + k * INR T) in Hs by lra.
    specialize (Hs ltac:(lra) ltac:(lra)). lra.
Qed.

Lemma sum_inverse_log (N : R) (T : nat) :
  0 < N -> nsum (fun i => / (N + INR (S i))) T <= ln (1 + INR T / N).
Proof.
  intros HN. pose proof (sum_inverse_step 1 N T HN Rlt_0_1) as H.
  rewrite Rmult_1_l in H. eapply Rle_trans; [|exact H]. apply Req_le.
  apply nsum_ext. intros i _. unfold Rdiv. rewrite !Rmult_1_l. reflexivity.
Qed.

Lemma harmonic_log (T : nat) :
  (1 <= T)%nat -> nsum (fun i => / INR (S i)) T <= 1 + ln (INR T).
Proof.
  intros HT. destruct T as [|T]; [lia|]. clear HT.
  induction T as [|T IH].
  - simpl. rewrite ln_1. lra.
  - change (nsum (fun i => / INR (S i)) (S (S T)))
      with (nsum (fun i => / INR (S i)) (S T) + / INR (S (S T))).
    assert (0 < INR (S T)) by (apply lt_0_INR; lia).
    pose proof (log_step 1 (INR (S (S T)))) as Hs.
    rewrite (S_INR (S T)) in *. unfold Rdiv in Hs. rewrite Rmult_1_l in Hs.
    replace (INR (S T) + 1 - 1) with (INR (S T)) in Hs by lra.
    specialize (Hs ltac:(lra) ltac:(lra)). lra.
Qed.

(** Some natural number lies above any real. *)
Lemma nat_above (r : R) : exists n, r <= INR n.
Proof.
  destruct (archimed r) as [H _].
  exists (Z.to_nat (up r)). rewrite INR_IZR_INZ.
  apply Rle_trans with (IZR (up r)); [lra|]. apply IZR_le. lia.
Qed.

Lemma ln_le_sqrt (y : R) : 0 < y -> ln y <= 2 * sqrt y.
Proof.
  intros Hy. pose proof (sqrt_lt_R0 y Hy) as Hs.
  pose proof (ln_le_minus_one (sqrt y) Hs) as H.
  assert (E : ln y = ln (sqrt y) + ln (sqrt y)).
  { rewrite <- ln_mult by assumption. rewrite sqrt_sqrt by lra. reflexivity. }
  lra.
Qed.

Lemma ln_one_plus_quotient (N : R) (T : nat) : 1 <= N -> ln (1 + INR T / N) <= ln (1 + INR T).
Proof.
  intros HN. pose proof (pos_INR T).
  assert (0 < / N <= 1).
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  assert (INR T / N <= INR T) by (unfold Rdiv; nra).
  assert (0 <= INR T / N) by (unfold Rdiv; nra).
  destruct (Rle_lt_or_eq_dec _ _ H1) as [Hlt|E].
  - apply Rlt_le, ln_increasing; lra.
  - rewrite E. lra.
Qed.

(** A + B log (1 + T/N) = o(T). *)
Lemma log_growth (A B N kappa : R) :
  0 <= B -> 1 <= N -> 0 < kappa ->
  exists T0, forall T, (T0 <= T)%nat -> A + B * ln (1 + INR T / N) <= kappa * INR T.
Proof.
  intros HB HN Hk.
  set (Q := (Rabs A + 2 * B + kappa) / kappa).
  assert (HQ : kappa * Q = Rabs A + 2 * B + kappa) by (unfold Q; field; lra).
  pose proof (Rabs_pos A) as HA0. pose proof (Rle_abs A) as HA1.
  assert (HQ1 : 1 <= Q) by (apply Rmult_le_reg_l with kappa; lra).
  destruct (nat_above (Q * Q)) as (T0 & HT0).
  exists T0. intros T HT. apply le_INR in HT.
  pose proof (pos_INR T) as HT1.
  set (s := sqrt (1 + INR T)).
  assert (Hss : s * s = 1 + INR T) by (apply sqrt_sqrt; lra).
  assert (Hs : Q <= s).
  { apply Rsqr_incr_0_var; [unfold Rsqr; lra | apply sqrt_pos]. }
  pose proof (ln_one_plus_quotient N T HN) as H1.
  pose proof (ln_le_sqrt (1 + INR T) ltac:(lra)) as H2. fold s in H2.
  assert (H3 : B * ln (1 + INR T / N) <= B * (2 * s)) by (apply Rmult_le_compat_l; lra).
  assert (H4 : kappa * Q * s <= kappa * (s * s)).
  { rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra. }
  rewrite HQ in H4. rewrite Hss in H4.
  assert (Rabs A * 1 <= Rabs A * s) by (apply Rmult_le_compat_l; lra).
  assert (kappa * 1 <= kappa * s) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma ln_one_plus_le_twice (T : nat) : (2 <= T)%nat -> ln (1 + INR T) <= 2 * ln (INR T).
Proof.
  intros HT. apply le_INR in HT. simpl in HT.
  replace (2 * ln (INR T)) with (ln (INR T * INR T)) by (rewrite ln_mult; lra).
  destruct (Req_dec (1 + INR T) (INR T * INR T)) as [E|E]; [rewrite E; lra|].
  apply Rlt_le, ln_increasing; nra.
Qed.
