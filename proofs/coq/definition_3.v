(** * definition-3: round 0 of the regret

    Paper: the regret sums rounds 0, ..., T; round 0 is the clean data, and Theorem 1's
    proof draws theta_0 at random.  Then round 0 adds F0(theta_0) - F0(theta_c): never
    negative, so that theorem-1 bears it, and without any bound, so that no bound of the
    regret such as remark-1's does. *)

From Coq Require Import Reals Lra List.
From MTP Require Import Base Instances.
Import ListNotations.
Open Scope R_scope.

Theorem definition_3_extended {P : problem} (c : R) (Dc : list (point P)) (t0 tc : model P) :
  minimiser c Dc tc -> in_models t0 -> 0 <= objective c Dc t0 - objective c Dc tc.
Proof. intros [_ Hmin] Ht0. specialize (Hmin t0 Ht0). lra. Qed.

Theorem definition_3_extended_witness :
  exists (c t0 tc : R) (Dc : list (R * R)), minimiser (P := Std) c Dc tc /\ in_models (p := Std) t0.
Proof.
  exists 1, 10, 1, [(1, 1)]. split; [|exact I].
  destruct (std_one_strict 1 ltac:(lra)) as [H Hs]. split; [exact H|]. intros u Hu.
  destruct (Req_dec u 1) as [-> |Hne]; [lra|]. left. now apply Hs.
Qed.

(** One clean point (1, +1), c = 1: the clean model is 1. *)
Theorem definition_3_printed_refuted :
  ~ exists K, forall t0 : R, objective (P := Std) 1 [(1, 1)] t0 - objective (P := Std) 1 [(1, 1)] 1 <= K.
Proof.
  intros [K H]. specialize (H (K * K + 2)). std_unfold.
  assert (0 <= K * K) by (pose proof (Rle_0_sqr K) as Hs; unfold Rsqr in Hs; exact Hs).
  rewrite (hinge_outside (1 * (K * K + 2) * 1)), (hinge_outside (1 * 1 * 1)) in H by lra. nra.
Qed.
