(** * shadow-maximum: the inner maximisation sees a point only through two margins

    A result of this project.  For a margin loss phi the loss difference at (x, y) is
    h(u, v) = phi(u) - phi(v) with u = y <t, x> and v = y <tp, x>.

    - [shadow_maximum_extended_monotone]: h is non-increasing in u and non-decreasing in v, for
      every non-increasing phi; so a dominated point can never be better.
    - [shadow_maximum_extended_multiplier]: for the hinge loss and every mu in [0,1],
      (1-u)_+ - (1-v)_+ <= max(0, 1 - mu + mu v - u); some mu in {0, 1} attains
      max(0, h) when u <= v ([shadow_maximum_extended_multiplier_tight]).
    - [shadow_maximum_extended_box]: the maximum of a linear form over a box, attained.
    - [shadow_maximum_extended_hinge_bound]: so the distance on a box has an upper bound that is a
      box maximum: this is what the certificate of the minimum number of points uses.

    The edges of the shadow for the logistic loss are in [shadow_maximum_logistic.v], the Pareto
    chain of a box in [shadow_maximum_chain.v], that the maximum is attained in [shadow_attained.v]. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors.
Import ListNotations.
Open Scope R_scope.

Definition non_increasing (phi : R -> R) : Prop := forall a b, a <= b -> phi b <= phi a.

Theorem shadow_maximum_extended_monotone (phi : R -> R) u v u' v' :
  non_increasing phi -> u' <= u -> v <= v' -> phi u - phi v <= phi u' - phi v'.
Proof. intros H Hu Hv. pose proof (H _ _ Hu). pose proof (H _ _ Hv). lra. Qed.

Lemma hinge_non_increasing : non_increasing hinge.
Proof. intros a b. apply hinge_antitone. Qed.

(** ** The multiplier bound for the hinge loss *)

Theorem shadow_maximum_extended_multiplier mu u v :
  0 <= mu <= 1 -> hinge u - hinge v <= Rmax 0 (1 - mu + mu * v - u).
Proof.
  intros Hmu. unfold Rmax.
  destruct (Rle_dec 0 (1 - mu + mu * v - u)); hinge_split; nra.
Qed.

Theorem shadow_maximum_extended_multiplier_tight u v :
  u <= v -> exists mu, 0 <= mu <= 1 /\ hinge u - hinge v = Rmax 0 (1 - mu + mu * v - u).
Proof.
  intros Huv. destruct (Rle_lt_dec v 1) as [Hv|Hv].
  - exists 1. split; [lra|]. rewrite Rmax_right by lra. rewrite !hinge_inside; lra.
  - exists 0. split; [lra|]. rewrite (hinge_outside v) by lra.
    replace (1 - 0 + 0 * v - u) with (1 - u) by lra. unfold hinge. lra.
Qed.

(** ** The maximum of a linear form over a box *)

Definition in_box (n : nat) (lo hi x : vec) : Prop :=
  forall i, (i < n)%nat -> lo i <= x i <= hi i.

Definition box_max (n : nat) (lo hi w : vec) : R :=
  nsum (fun i => Rmax (w i * lo i) (w i * hi i)) n.

Definition box_corner (lo hi w : vec) : vec :=
  fun i => if Rle_dec 0 (w i) then hi i else lo i.

Lemma box_max_ge n lo hi w x : in_box n lo hi x -> dot n w x <= box_max n lo hi w.
Proof.
  intros Hx. apply nsum_le. intros i Hi. specialize (Hx i Hi).
  pose proof (Rmax_l (w i * lo i) (w i * hi i)). pose proof (Rmax_r (w i * lo i) (w i * hi i)).
  destruct (Rle_dec 0 (w i)); nra.
Qed.

Theorem shadow_maximum_extended_box n lo hi w :
  (forall i, (i < n)%nat -> lo i <= hi i) ->
  in_box n lo hi (box_corner lo hi w) /\
  dot n w (box_corner lo hi w) = box_max n lo hi w /\
  forall x, in_box n lo hi x -> dot n w x <= box_max n lo hi w.
Proof.
  intros Hbox. split; [|split].
  - intros i Hi. specialize (Hbox i Hi). unfold box_corner. destruct (Rle_dec 0 (w i)); lra.
  - apply nsum_ext. intros i Hi. specialize (Hbox i Hi). unfold box_corner.
    destruct (Rle_dec 0 (w i)); [rewrite Rmax_right by nra | rewrite Rmax_left by nra]; lra.
  - intros x. apply box_max_ge.
Qed.

(** One label, hinge: models [t] and [tp], biases [bt] and [bp]. *)
Theorem shadow_maximum_extended_hinge_bound n lo hi (t tp : vec) bt bp y mu x :
  0 <= mu <= 1 -> in_box n lo hi x ->
  hinge (y * (dot n t x + bt)) - hinge (y * (dot n tp x + bp))
  <= Rmax 0 (1 - mu + y * (mu * bp - bt)
             + box_max n lo hi (fun i => y * (mu * tp i - t i))).
Proof.
  intros Hmu Hx.
  eapply Rle_trans; [apply shadow_maximum_extended_multiplier; exact Hmu|].
  pose proof (box_max_ge n lo hi (fun i => y * (mu * tp i - t i)) x Hx) as Hb.
  assert (E : dot n (fun i => y * (mu * tp i - t i)) x = y * (mu * dot n tp x - dot n t x)).
  { change (fun i => y * (mu * tp i - t i)) with (vscal y (vminus (vscal mu tp) t)).
    rewrite dot_scal_l, dot_minus_l, dot_scal_l. reflexivity. }
  rewrite E in Hb. apply Rle_max_compat_l. lra.
Qed.

(** ** Witness: one feature in [0,1], weights t = 1 and tp = 1/2, label -1, mu = 1, x = 1: the
    bound is 1/2 and attained. *)
Theorem shadow_maximum_extended_hinge_bound_witness :
  exists n lo hi (t tp : vec) bt bp y mu x,
    0 <= mu <= 1 /\ in_box n lo hi x /\
    0 < hinge (y * (dot n t x + bt)) - hinge (y * (dot n tp x + bp)) /\
    hinge (y * (dot n t x + bt)) - hinge (y * (dot n tp x + bp))
    = Rmax 0 (1 - mu + y * (mu * bp - bt)
              + box_max n lo hi (fun i => y * (mu * tp i - t i))).
Proof.
  exists 1%nat, (fun _ => 0), (fun _ => 1), (fun _ => 1), (fun _ => 1/2), 0, 0, (-1), 1,
    (fun _ => 1).
  unfold dot, box_max. simpl.
  rewrite (Rmax_right _ (-1 * (1 * (1/2) - 1) * 1)) by lra.
  rewrite Rmax_right by lra. rewrite !hinge_inside by lra.
  repeat split; lra.
Qed.

(** The margins of two models and the hinge: a strict instance of the monotonicity. *)
Theorem shadow_maximum_extended_monotone_witness :
  exists phi u v u' v', non_increasing phi /\ u' <= u /\ v <= v' /\
    phi u - phi v < phi u' - phi v'.
Proof.
  exists hinge, 0, 0, (-1), 1. rewrite !hinge_inside by lra.
  repeat split; try lra. exact hinge_non_increasing.
Qed.
