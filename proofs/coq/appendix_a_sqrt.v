(** * appendix-a-sqrt: what the regret has to satisfy

    Paper: epsilon -> 0 "implies we need to show alpha(T) <= O(sqrt T)".  Refuted:
    epsilon = (alpha(T) + D0)/(T gamma) tends to 0 exactly with alpha(T)/T, and
    alpha(T) = T^(3/4) is of no order sqrt T. *)

From Coq Require Import Reals Lra Lia ZArith.
Open Scope R_scope.

Definition slow (n : nat) : R := sqrt (INR n) * sqrt (sqrt (INR n)).

Lemma fourth_power_lt (a b : R) : 0 <= b -> a * a * (a * a) < b * b * (b * b) -> a < b.
Proof.
  intros Hb H. destruct (Rlt_le_dec a b) as [|Hle]; [assumption|].
  assert (b * b <= a * a) by (apply Rmult_le_compat; lra).
  assert (0 <= b * b) by (apply Rmult_le_pos; lra).
  assert (b * b * (b * b) <= a * a * (a * a)) by (apply Rmult_le_compat; lra). lra.
Qed.

Lemma nat_above (r : R) : exists n : nat, r < INR n /\ (0 < n)%nat.
Proof.
  destruct (archimed r) as [H _]. exists (S (Z.to_nat (up r))). split; [|lia].
  rewrite S_INR. destruct (Z_le_gt_dec 0 (up r)) as [Hz|Hz].
  - rewrite INR_IZR_INZ, Z2Nat.id by assumption. lra.
  - assert (IZR (up r) <= 0) by (apply IZR_le; lia). pose proof (pos_INR (Z.to_nat (up r))). lra.
Qed.

Theorem appendix_a_sqrt_printed_refuted :
  ~ forall alpha : nat -> R, Un_cv (fun n => alpha n / INR n) 0 ->
    exists K, forall n, alpha n <= K * sqrt (INR n).
Proof.
  intros H. destruct (H slow) as [K HK].
  - intros eps Heps. set (q := / eps). assert (Hq : 0 < q) by (apply Rinv_0_lt_compat; lra).
    destruct (nat_above (q * q * (q * q))) as (m & Hm & Hm0). exists m. intros n Hn.
    assert (Hnm : INR m <= INR n) by (apply le_INR; lia).
    assert (Hn0 : 0 < INR n) by (apply Rlt_le_trans with (INR m); [now apply lt_0_INR | assumption]).
    set (s := sqrt (sqrt (INR n))).
    assert (Hr : 0 < sqrt (INR n)) by now apply sqrt_lt_R0.
    assert (Hs : 0 < s) by now apply sqrt_lt_R0.
    assert (E1 : s * s = sqrt (INR n)) by (apply sqrt_sqrt; lra).
    assert (E2 : s * s * (s * s) = INR n) by (rewrite E1; apply sqrt_sqrt; lra).
    assert (Hlt : q < s) by (apply fourth_power_lt; lra).
    unfold R_dist, slow. fold s. rewrite <- E1, <- E2.
    replace (s * s * s / (s * s * (s * s)) - 0) with (/ s) by (field; lra).
    rewrite Rabs_pos_eq by (left; now apply Rinv_0_lt_compat).
    replace eps with (/ q) by (unfold q; apply Rinv_inv). apply Rinv_lt_contravar; [apply Rmult_lt_0_compat; lra | lra].
  - destruct (nat_above K) as (k & Hk & Hk0). specialize (HK (k * k * (k * k))%nat). unfold slow in HK.
    assert (Hkp : 0 < INR k) by now apply lt_0_INR.
    rewrite !mult_INR in HK.
    assert (0 < INR k * INR k) by now apply Rmult_lt_0_compat.
    rewrite (sqrt_square (INR k * INR k)), (sqrt_square (INR k)) in HK by lra.
    assert (INR k * INR k * K < INR k * INR k * INR k) by (apply Rmult_lt_compat_l; lra). lra.
Qed.
