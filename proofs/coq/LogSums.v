(** * LogSums: partial harmonic sums against the logarithm

    Proved: 1/x <= ln x - ln (x - 1) for x > 1, hence
    sum_{i=1..T} 1/(N+i) <= ln (1 + T/N) for N > 0, its version with steps of
    size k, and sum_{i=1..T} 1/i <= 1 + ln T for T >= 1.
    The logarithm brings two classical axioms of the standard library. *)

From Coq Require Import Reals Lra Lia.
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
