(** * theorem-5: for the hinge loss, parameter closeness bounds the loss-based distance

    The paper: on the l1 ball of radius q, |t - t'|_1 <= eps implies that t is q eps-close to t'.
    No bias feature (with one, take it as one of the coordinates).

    - [theorem_5_printed]: stands, as printed.
    - [theorem_5_extended]: sharper, with the linf norm: q |t - t'|_inf.
    - [theorem_5_extended_linf_ball]: what the printed proof shows: q |t - t'|_1 on the larger
      linf ball of radius q.
    - [theorem_5_extended_domain]: on any domain, the distance is at most the supremum of
      |<t - t', x>|. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors theorem_4.
Import ListNotations.
Open Scope R_scope.

Definition l1_ball (n : nat) (q : R) (x : vec) : Prop := l1norm n x <= q.

Theorem theorem_5_extended_domain n (X : vec -> Prop) (t t' : vec) B :
  (forall x, X x -> Rabs (dot n (vminus t t') x) <= B) ->
  Close (P := HingeOn n X) B t t'.
Proof. apply Close_of_form_bound. Qed.

Theorem theorem_5_extended n (t t' : vec) q :
  Close (P := HingeOn n (l1_ball n q)) (q * linfnorm n (vminus t t')) t t'.
Proof.
  apply Close_of_form_bound. intros x Hx. unfold l1_ball in Hx.
  rewrite dot_sym. eapply Rle_trans; [apply hoelder|].
  apply Rmult_le_compat_r; [apply linfnorm_nonneg | exact Hx].
Qed.

Lemma linfnorm_le_l1norm n a : linfnorm n a <= l1norm n a.
Proof.
  apply linfnorm_le; [apply l1norm_nonneg|]. intros i Hi.
  apply (nsum_term_le (fun i => Rabs (a i))); auto. intros; apply Rabs_pos.
Qed.

Theorem theorem_5_printed n (t t' : vec) q eps :
  l1norm n (vminus t t') <= eps ->
  Close (P := HingeOn n (l1_ball n q)) (q * eps) t t'.
Proof.
  intros He p Hp. pose proof (theorem_5_extended n t t' q p Hp) as H.
  destruct Hp as [Hx _]. unfold l1_ball in Hx.
  pose proof (l1norm_nonneg n (fst p)). pose proof (linfnorm_le_l1norm n (vminus t t')).
  assert (q * linfnorm n (vminus t t') <= q * eps) by (apply Rmult_le_compat_l; lra).
  lra.
Qed.

(** The same for the distance itself, where it exists. *)
Corollary theorem_5_printed_distance n (t t' : vec) q eps S :
  l1norm n (vminus t t') <= eps ->
  distance (P := HingeOn n (l1_ball n q)) t t' S -> S <= q * eps.
Proof.
  intros He HS. apply (distance_least _ _ _ _ HS). now apply theorem_5_printed.
Qed.

Theorem theorem_5_extended_linf_ball n (t t' : vec) q :
  Close (P := HingeOn n (linf_ball n q)) (q * l1norm n (vminus t t')) t t'.
Proof.
  apply Close_of_form_bound. intros x Hx. rewrite Rmult_comm. now apply hoelder_bound.
Qed.

(** ** Witness: in R^2 with q = 1, e1 and e2.  The l1 bound is 2, the linf bound 1, the
    distance 1. *)
Theorem theorem_5_printed_witness :
  exists n t t' q eps, 0 < q /\ l1norm n (vminus t t') <= eps /\ 0 < eps /\
    distance (P := HingeOn n (l1_ball n q)) t t' (q * linfnorm n (vminus t t')) /\
    0 < linfnorm n (vminus t t').
Proof.
  assert (E : linfnorm 2 (vminus (vunit 0) (vunit 1)) = 1).
  { unfold linfnorm, vminus, vunit. simpl.
    rewrite (Rabs_pos_eq (1 - 0)), (Rabs_left (0 - 1)) by lra.
    unfold Rmax. destruct (Rle_dec 0 (1 - 0)); destruct (Rle_dec _ _); lra. }
  exists 2%nat, (vunit 0), (vunit 1), 1, 2. rewrite E.
  repeat split; try lra.
  - unit_norms. rewrite (Rabs_left (0 - 1)) by lra. lra.
  - intros v (p & Hp & ->). pose proof (theorem_5_extended 2 (vunit 0) (vunit 1) 1 p Hp) as H.
    rewrite E in H. exact H.
  - intros b Hb. apply Hb. exists (vunit 0, -1). split.
    + split; [|apply is_label_minus]. simpl. unfold l1_ball. unit_norms. lra.
    + rewrite !HingeOn_loss. unfold dot, vunit. simpl. hinge_split; lra.
Qed.
