(** * shadow-maximum, edges for the logistic loss

    On an edge of the shadow the two margins move together: u = u0 + a s and v = v0 + b s with
    a, b > 0 (the coordinates along the Pareto chain are those where both weights have the same
    sign).  The logistic loss difference along it is h(s) = ln(1 + e^-u) - ln(1 + e^-v).

    - [logistic_edge_derivative]: h' has the sign of (b - a) + b e^u - a e^v.
    - [shadow_maximum_extended_logistic_unique]: if a <> b there is at most one critical point.
    - [shadow_maximum_extended_logistic_maximum]: if a < b a critical point is a global maximum.
    - [shadow_maximum_extended_logistic_ends]: if b <= a, on every segment the maximum is at an
      end point (a critical point would be a minimum).

    Nothing is assumed beyond a, b > 0.  The paper gives up the global maximum for logistic
    regression (appendix D.2).  Uses ln, exp and derivatives. *)

From Coq Require Import Reals Lra Lia.
From MTP Require Import Base Vectors.
Open Scope R_scope.

Definition logistic (m : R) : R := ln (1 + exp (- m)).

Section Edge.

Variables u0 v0 a b : R.
Hypothesis a_pos : 0 < a.
Hypothesis b_pos : 0 < b.

Definition edge_u (s : R) : R := u0 + a * s.
Definition edge_v (s : R) : R := v0 + b * s.
Definition edge_difference (s : R) : R := logistic (edge_u s) - logistic (edge_v s).

(** The derivative, and the expression that has its sign. *)
Definition edge_slope (s : R) : R := b / (1 + exp (edge_v s)) - a / (1 + exp (edge_u s)).
Definition edge_sign (s : R) : R := (b - a) + b * exp (edge_u s) - a * exp (edge_v s).

Lemma logistic_derivative (w0 k s : R) :
  derivable_pt_lim (fun s => logistic (w0 + k * s)) s (- k / (1 + exp (w0 + k * s))).
Proof.
  set (w := w0 + k * s).
  assert (H1 : derivable_pt_lim (fun s => - (w0 + k * s)) s (- k)).
  { replace (- k) with (- (0 + k * 1)) by lra.
    apply derivable_pt_lim_opp, derivable_pt_lim_plus; [apply derivable_pt_lim_const|].
    apply derivable_pt_lim_scal, derivable_pt_lim_id. }
  assert (H2 : derivable_pt_lim (fun s => 1 + exp (- (w0 + k * s))) s (exp (- w) * - k)).
  { replace (exp (- w) * - k) with (0 + exp (- w) * - k) by lra.
    apply derivable_pt_lim_plus; [apply derivable_pt_lim_const|].
    apply (derivable_pt_lim_comp _ exp); [exact H1 | apply derivable_pt_lim_exp]. }
  pose proof (exp_pos (- w)) as Hp. pose proof (exp_pos w) as Hq.
  assert (H3 : derivable_pt_lim (fun s => logistic (w0 + k * s)) s
                 (/ (1 + exp (- w)) * (exp (- w) * - k))).
  { apply (derivable_pt_lim_comp (fun s => 1 + exp (- (w0 + k * s))) ln); [exact H2|].
    apply derivable_pt_lim_ln. fold w. lra. }
  replace (- k / (1 + exp w)) with (/ (1 + exp (- w)) * (exp (- w) * - k)); [exact H3|].
  rewrite exp_Ropp. field. lra.
Qed.

Theorem logistic_edge_derivative (s : R) :
  derivable_pt_lim edge_difference s (edge_slope s) /\
  edge_slope s * ((1 + exp (edge_u s)) * (1 + exp (edge_v s))) = edge_sign s.
Proof.
  split.
  - replace (edge_slope s) with (- a / (1 + exp (edge_u s)) - - b / (1 + exp (edge_v s)))
      by (unfold edge_slope, Rdiv; lra).
    apply derivable_pt_lim_minus; apply logistic_derivative.
  - unfold edge_slope, edge_sign.
    pose proof (exp_pos (edge_u s)). pose proof (exp_pos (edge_v s)). field. lra.
Qed.

Lemma edge_scale_pos s : 0 < (1 + exp (edge_u s)) * (1 + exp (edge_v s)).
Proof.
  pose proof (exp_pos (edge_u s)). pose proof (exp_pos (edge_v s)).
  apply Rmult_lt_0_compat; lra.
Qed.

Lemma slope_pos s : 0 < edge_slope s <-> 0 < edge_sign s.
Proof.
  destruct (logistic_edge_derivative s) as [_ E]. pose proof (edge_scale_pos s).
  rewrite <- E. split; intros; nra.
Qed.

Lemma slope_neg s : edge_slope s < 0 <-> edge_sign s < 0.
Proof.
  destruct (logistic_edge_derivative s) as [_ E]. pose proof (edge_scale_pos s).
  rewrite <- E. split; intros; nra.
Qed.

Lemma slope_zero s : edge_slope s = 0 -> edge_sign s = 0.
Proof. destruct (logistic_edge_derivative s) as [_ E]. intros H. rewrite <- E, H. lra. Qed.

(** If a < b, the sign expression divided by e^u is strictly decreasing. *)
Lemma sign_decreasing s s' :
  a < b -> s < s' ->
  edge_sign s' * exp (- edge_u s') < edge_sign s * exp (- edge_u s).
Proof.
  intros Hab Hs.
  assert (E : forall r, edge_sign r * exp (- edge_u r)
              = (b - a) * exp (- edge_u r) + b - a * exp (edge_v r - edge_u r)).
  { intros r. unfold edge_sign, Rminus. rewrite (exp_plus (edge_v r)), exp_Ropp.
    pose proof (exp_pos (edge_u r)). field. lra. }
  rewrite !E.
  assert (H1 : exp (- edge_u s') < exp (- edge_u s)).
  { apply exp_increasing. unfold edge_u. nra. }
  assert (H2 : exp (edge_v s - edge_u s) < exp (edge_v s' - edge_u s')).
  { apply exp_increasing. unfold edge_u, edge_v. nra. }
  nra.
Qed.

(** If b <= a, the sign expression divided by e^v is non-decreasing, strictly if b < a. *)
Lemma sign_increasing s s' :
  b <= a -> s < s' ->
  edge_sign s * exp (- edge_v s) <= edge_sign s' * exp (- edge_v s') /\
  (b < a -> edge_sign s * exp (- edge_v s) < edge_sign s' * exp (- edge_v s')).
Proof.
  intros Hab Hs.
  assert (E : forall r, edge_sign r * exp (- edge_v r)
              = (b - a) * exp (- edge_v r) + b * exp (edge_u r - edge_v r) - a).
  { intros r. unfold edge_sign, Rminus. rewrite (exp_plus (edge_u r)), exp_Ropp.
    pose proof (exp_pos (edge_v r)). field. lra. }
  rewrite !E.
  assert (H1 : exp (- edge_v s') < exp (- edge_v s)).
  { apply exp_increasing. unfold edge_v. nra. }
  assert (H2 : exp (edge_u s - edge_v s) <= exp (edge_u s' - edge_v s')).
  { destruct (Rle_lt_or_eq_dec b a Hab) as [Hlt|Heq].
    - left. apply exp_increasing. unfold edge_u, edge_v. nra.
    - right. f_equal. unfold edge_u, edge_v. rewrite Heq. ring. }
  split; [nra|]. intros Hlt. nra.
Qed.

Lemma scaled_neg x k : 0 < k -> x * k < 0 -> x < 0.
Proof. intros Hk H. nra. Qed.
Lemma scaled_pos x k : 0 < k -> 0 < x * k -> 0 < x.
Proof. intros Hk H. nra. Qed.

Theorem shadow_maximum_extended_logistic_unique s s' :
  a <> b -> edge_slope s = 0 -> edge_slope s' = 0 -> s = s'.
Proof.
  intros Hab H H'. apply slope_zero in H, H'.
  assert (Hno : forall r r', edge_sign r = 0 -> edge_sign r' = 0 -> ~ r < r').
  { intros r r' Hr Hr' Hlt. destruct (Rlt_le_dec a b) as [Hlt'|Hle].
    - pose proof (sign_decreasing r r' Hlt' Hlt) as F. rewrite Hr, Hr' in F. lra.
    - destruct (sign_increasing r r' Hle Hlt) as [_ F]. specialize (F ltac:(lra)).
      rewrite Hr, Hr' in F. lra. }
  destruct (Rtotal_order s s') as [Hlt|[Heq|Hgt]]; [|exact Heq|]; exfalso.
  - exact (Hno s s' H H' Hlt).
  - exact (Hno s' s H' H Hgt).
Qed.

Lemma edge_mean_value s s' :
  s < s' -> exists r, edge_difference s' - edge_difference s = edge_slope r * (s' - s)
                      /\ s < r < s'.
Proof.
  intros Hs. apply MVT_cor2; [exact Hs|]. intros r _. apply logistic_edge_derivative.
Qed.

Theorem shadow_maximum_extended_logistic_maximum s s' :
  a < b -> edge_slope s = 0 -> edge_difference s' <= edge_difference s.
Proof.
  intros Hab Hz. apply slope_zero in Hz.
  destruct (Rtotal_order s s') as [Hlt|[->|Hgt]]; [|lra|].
  - destruct (edge_mean_value s s' Hlt) as (r & E & Hr & _).
    pose proof (sign_decreasing s r Hab Hr) as F. rewrite Hz, Rmult_0_l in F.
    apply scaled_neg in F; [|apply exp_pos]. apply slope_neg in F. nra.
  - destruct (edge_mean_value s' s Hgt) as (r & E & _ & Hr).
    pose proof (sign_decreasing r s Hab Hr) as F. rewrite Hz, Rmult_0_l in F.
    apply scaled_pos in F; [|apply exp_pos]. apply slope_pos in F. nra.
Qed.

Theorem shadow_maximum_extended_logistic_ends s1 s s2 :
  b <= a -> s1 <= s <= s2 ->
  edge_difference s <= Rmax (edge_difference s1) (edge_difference s2).
Proof.
  intros Hab [H1 H2].
  destruct (Rle_lt_or_eq_dec _ _ H1) as [L1|E1]; [|subst; apply Rmax_l].
  destruct (Rle_lt_or_eq_dec _ _ H2) as [L2|E2]; [|subst; apply Rmax_r].
  apply Rnot_lt_le. intros Hgt.
  pose proof (Rmax_l (edge_difference s1) (edge_difference s2)).
  pose proof (Rmax_r (edge_difference s1) (edge_difference s2)).
  destruct (edge_mean_value s1 s L1) as (r1 & F1 & _ & Hr1).
  destruct (edge_mean_value s s2 L2) as (r2 & F2 & Hr2 & _).
  assert (P1 : 0 < edge_slope r1) by nra. assert (P2 : edge_slope r2 < 0) by nra.
  apply slope_pos in P1. apply slope_neg in P2.
  destruct (sign_increasing r1 r2 Hab ltac:(lra)) as [F _].
  pose proof (exp_pos (- edge_v r1)). pose proof (exp_pos (- edge_v r2)). nra.
Qed.

End Edge.

(** Witness: a = 1, b = 2 and an edge through u = v = 0 shifted so that s = 0 is critical:
    1 + 2 e^u = e^v, here with u = 0 and v = ln 3. *)
Theorem shadow_maximum_extended_logistic_maximum_witness :
  exists u0 v0 a b s, 0 < a /\ 0 < b /\ a < b /\ a <> b /\ edge_slope u0 v0 a b s = 0.
Proof.
  exists 0, (ln 3), 1, 2, 0. repeat split; try lra.
  unfold edge_slope, edge_u, edge_v.
  replace (ln 3 + 2 * 0) with (ln 3) by lra. replace (0 + 1 * 0) with 0 by lra.
  rewrite exp_0, exp_ln by lra. lra.
Qed.

(** Witness for b <= a: a = 2, b = 1 on the segment [[-1, 1]], with a strict interior point. *)
Theorem shadow_maximum_extended_logistic_ends_witness :
  exists a b s1 s s2 : R, 0 < a /\ 0 < b /\ b <= a /\ s1 < s < s2.
Proof. exists 2, 1, (-1), 0, 1. lra. Qed.
