(** * lemma-2: the regularised gap dominates a multiple of the distance

    Paper: for theta_1 attainable there is gamma > 0 such that for every
    attainable theta_2,  S + c (R(theta_2) - R(theta_1)) > gamma S, where S is
    the loss-based distance from theta_2 to theta_1.

    Assumed (repaired): the target is attainable at a regularisation weight
    lambda > 0, and 0 <= c.  Proved: S + c (R(t) - R(tp)) >= (1 - c/lambda) S
    for every model t, attainable or not, and every upper bound S of the loss
    differences.  No convexity, no uniqueness, no sign of S.  The constant
    1 - c/lambda is positive exactly when lambda > c, that is when the target
    survives strictly more regularisation.

    Refuted as printed, in two ways: theta_2 = theta_1 gives 0 > 0; and an
    extremal attainable model (hinge, c = 2, theta_1 = 1/2) has no positive
    gamma at all, even with >= for > and with theta_2 <> theta_1. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances lemma_1.
Import ListNotations.
Open Scope R_scope.

Theorem lemma_2_repaired {P : problem} (c lam : R) (tp t : model P) (S : R) :
  attainable lam tp -> 0 < lam -> 0 <= c -> in_models t -> Close S t tp ->
  (1 - c / lam) * S <= regularised_gap c S t tp.
Proof.
  intros Hat Hlam Hc Ht HS.
  pose proof (lemma_1_repaired_weak lam tp t S Hat Ht HS) as H1.
  unfold regularised_gap.
  assert (0 <= c / lam) by (apply Rmult_le_pos; [assumption | apply Rlt_le, Rinv_0_lt_compat, Hlam]).
  assert (E : c = c / lam * lam) by (field; lra).
  assert (c / lam * (lam * (regulariser tp - regulariser t)) <= c / lam * S)
    by (apply Rmult_le_compat_l; assumption).
  rewrite E at 2. lra.
Qed.

(** The constant is positive as soon as lambda > c. *)
Corollary lemma_2_repaired_gamma_positive (c lam : R) : 0 < lam -> c < lam -> 0 < 1 - c / lam.
Proof.
  intros Hlam Hc. assert (c / lam < 1); [|lra].
  apply Rmult_lt_reg_r with lam; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** What the paper uses the lemma for: a constant for the target. *)
Definition lemma_2_constant {P : problem} (c gamma : R) (tp : model P) : Prop :=
  0 < gamma /\
  forall (t : model P) (S : R),
    in_models t -> Close S t tp -> gamma * S <= regularised_gap c S t tp.

Corollary lemma_2_repaired_constant {P : problem} (c lam : R) (tp : model P) :
  attainable lam tp -> 0 <= c -> c < lam -> lemma_2_constant c (1 - c / lam) tp.
Proof.
  intros Hat Hc Hlt. split.
  - apply lemma_2_repaired_gamma_positive; lra.
  - intros t S Ht HS. apply lemma_2_repaired; auto; lra.
Qed.

(** ** Witness: hinge on [-1, 1], target 1 attainable at lambda = 1, c = 1/2 *)

Theorem lemma_2_repaired_witness :
  exists (P : problem) (c lam : R) (tp t : model P) (S : R),
    attainable lam tp /\ 0 < lam /\ 0 <= c /\ in_models t /\ Close S t tp /\
    0 < (1 - c / lam) * S /\ regulariser t < regulariser tp.
Proof.
  exists Std, (1 / 2), 1, 1, (1 / 2), (1 / 2).
  split; [apply std_one_attainable; lra|]. split; [lra|]. split; [lra|]. split; [exact I|].
  split; [exact (distance_Close _ _ _ std_distance_half_one)|]. simpl. lra.
Qed.

Theorem lemma_2_repaired_constant_witness :
  exists (P : problem) (c lam : R) (tp : model P), attainable lam tp /\ 0 <= c /\ c < lam /\ 0 < c.
Proof.
  exists Std, (1 / 2), 1, 1. split; [apply std_one_attainable|]; lra.
Qed.

Theorem lemma_2_repaired_gamma_positive_witness : exists c lam : R, 0 < lam /\ c < lam /\ 0 < c.
Proof. exists 1, 2. lra. Qed.

(** ** Refutations *)

(** The printed lemma for one problem and one c; "attainable" means unique argmin. *)
Definition lemma_2_printed_claim (P : problem) (c : R) : Prop :=
  forall t1 : model P, strictly_attainable c t1 ->
  exists gamma, 0 < gamma /\
    forall (t2 : model P) (S : R), strictly_attainable c t2 -> distance t2 t1 S ->
      gamma * S < S + c * (regulariser t2 - regulariser t1).

(** The most charitable weakening: >= instead of >, and theta_2 <> theta_1. *)
Definition lemma_2_printed_claim_weakened (P : problem) (c : R) : Prop :=
  forall t1 : model P, strictly_attainable c t1 ->
  exists gamma, 0 < gamma /\
    forall (t2 : model P) (S : R), strictly_attainable c t2 -> t2 <> t1 -> distance t2 t1 S ->
      gamma * S <= S + c * (regulariser t2 - regulariser t1).

Theorem lemma_2_printed_refuted_same_model : ~ lemma_2_printed_claim Std (1 / 2).
Proof.
  intros H. destruct (H 1) as (gamma & _ & Hg).
  - apply std_one_strictly_attainable. lra.
  - specialize (Hg 1 (Rabs (1 - 1))
      (std_one_strictly_attainable (1 / 2) ltac:(lra)) (std_distance 1 1 ltac:(lra) ltac:(lra))).
    replace (1 - 1) with 0 in Hg by lra. rewrite Rabs_R0 in Hg. simpl in Hg. lra.
Qed.

(** theta_2 = (n-1)/(2(n+1)) is trained by n copies of (1,+1) and one (1,-1):
    its distance to 1/2 is d = 1/(n+1) and its regularised gap is d^2. *)
Theorem lemma_2_printed_refuted_gamma_zero : ~ lemma_2_printed_claim_weakened Std 2.
Proof.
  intros H. destruct (H (1 / 2) std_half_strictly_attainable) as (gamma & Hpos & Hg).
  destruct (archimed_cor1 gamma Hpos) as (n & Hn & Hn0).
  assert (Hnpos : 0 < INR n) by (apply lt_0_INR; exact Hn0).
  set (t := (INR n - 1) / (2 * (INR n + 1))).
  assert (Et : 1 / 2 - t = / (INR n + 1)) by (unfold t; field; lra).
  assert (Hd0 : 0 < / (INR n + 1)) by (apply Rinv_0_lt_compat; lra).
  assert (Hd1 : / (INR n + 1) < / INR n) by (apply Rinv_lt_contravar; nra).
  assert (Hd2 : / (INR n + 1) < 1).
  { rewrite <- Rinv_1 at 2. apply Rinv_lt_contravar; lra. }
  specialize (Hg t (Rabs (t - 1 / 2)) (std_mixture_strictly_attainable n)).
  assert (Hneq : t <> 1 / 2) by lra.
  specialize (Hg Hneq (std_distance t (1 / 2) ltac:(lra) ltac:(lra))).
  rewrite Rabs_minus_sym, Rabs_pos_eq in Hg by lra.
  rewrite Et in Hg. simpl in Hg.
  replace t with (1 / 2 - / (INR n + 1)) in Hg by lra.
  set (d := / (INR n + 1)) in *.
  assert (gamma * d <= d * d) by lra.
  assert (gamma <= d) by (apply Rmult_le_reg_r with d; lra).
  lra.
Qed.

Lemma lemma_2_printed_claim_weaken (P : problem) (c : R) :
  lemma_2_printed_claim P c -> lemma_2_printed_claim_weakened P c.
Proof.
  intros H t1 H1. destruct (H t1 H1) as (gamma & Hpos & Hg).
  exists gamma. split; [assumption|]. intros t2 S H2 _ HS.
  specialize (Hg t2 S H2 HS). lra.
Qed.

Theorem lemma_2_printed_refuted :
  ~ (forall (P : problem) (c : R), 0 < c -> lemma_2_printed_claim P c).
Proof.
  intros H. apply lemma_2_printed_refuted_gamma_zero, lemma_2_printed_claim_weaken, H. lra.
Qed.
