(** * footnote-4: the maximal loss difference is no concave programme

    Paper: X is a closed convex set, hence the maximiser of l(theta; x, y) -
    l(theta_p; x, y) is found by convex optimisation.  Refuted, for the hinge loss
    and one label already: the difference is not concave in x. *)

From Coq Require Import Reals Lra List.
From MTP Require Import Base Instances.
Open Scope R_scope.

Definition std_gap (t tp x : R) : R := loss (p := Std) t (x, 1) - loss (p := Std) tp (x, 1).

(** Target 0, model 2: the difference is 0, -1, -1 at 0, 1/2, 1. *)
Theorem footnote_4_printed_refuted :
  ~ forall t tp x x' : R, -1 <= x <= 1 -> -1 <= x' <= 1 ->
    (std_gap t tp x + std_gap t tp x') / 2 <= std_gap t tp ((x + x') / 2).
Proof.
  intros H. specialize (H 2 0 0 1 ltac:(lra) ltac:(lra)). unfold std_gap in H. rewrite !std_loss in H.
  cbn [fst snd] in H.
  rewrite !(hinge_inside (0 * _)) in H by lra. rewrite (hinge_inside (2 * (1 * 0))) in H by lra.
  rewrite (hinge_outside (2 * (1 * 1))), (hinge_outside (2 * (1 * ((0 + 1) / 2)))) in H by lra. lra.
Qed.
