(** * lemma-1: attainable models are separated by more than c

    Paper: theta_1, theta_2 attainable, c > 0, R(theta_1) > R(theta_2) imply
    sup (l(theta_2) - l(theta_1)) / (R(theta_1) - R(theta_2)) > c.

    Assumed: theta_1 minimises the mean regularised objective of some nonempty
    finite multiset of points of X x Y.  No convexity, no sign, no norm.
    Proved: the weak form S >= c (R(theta_1) - R(theta_2)) for every upper
    bound S of the loss differences and every model theta_2, attainable or not;
    the strict form when the minimiser is unique and theta_2 <> theta_1; and,
    extended, S >= c (R(theta_1) - R(theta_2)) + (m/2) |theta_1 - theta_2|^2 when
    l(.; z) + c R is m-strongly convex in some norm.
    With "theta = argmin" read as uniqueness the printed lemma stands; with
    argmin read as a set it is refuted (R = |t|, c = 1). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity.
Import ListNotations.
Open Scope R_scope.

Section Lemma1.

Context {P : problem}.

(** Averaging: the sum of loss differences over D is at most |D| S. *)
Lemma total_loss_difference (D : list (point P)) (t u : model P) (S : R) :
  (forall z, In z D -> in_points z) -> Close S t u ->
  lsum (loss t) D - lsum (loss u) D <= INR (length D) * S.
Proof.
  intros HD HS. rewrite <- lsum_minus. apply lsum_le_bound. intros z Hz. apply HS. auto.
Qed.

Theorem lemma_1_repaired_weak (c : R) (t1 t2 : model P) (S : R) :
  attainable c t1 -> in_models t2 -> Close S t2 t1 ->
  c * (regulariser t1 - regulariser t2) <= S.
Proof.
  intros (D & Hne & HD & _ & Hmin) H2 HS.
  specialize (Hmin t2 H2). unfold objective in Hmin.
  pose proof (total_loss_difference D t2 t1 S HD HS).
  pose proof (length_INR_pos D Hne).
  apply Rmult_le_reg_l with (INR (length D)); [lra|]. nra.
Qed.

Theorem lemma_1_repaired_strict (c : R) (t1 t2 : model P) (S : R) :
  strictly_attainable c t1 -> in_models t2 -> t2 <> t1 -> Close S t2 t1 ->
  c * (regulariser t1 - regulariser t2) < S.
Proof.
  intros (D & Hne & HD & _ & Hmin) H2 Hneq HS.
  specialize (Hmin t2 H2 Hneq). unfold objective in Hmin.
  pose proof (total_loss_difference D t2 t1 S HD HS).
  pose proof (length_INR_pos D Hne).
  apply Rmult_lt_reg_l with (INR (length D)); [lra|]. nra.
Qed.

End Lemma1.

(** The regularised gap of an attainable target is never negative. *)
Corollary lemma_1_repaired_regularised_gap {P : problem} (c : R) (t tp : model P) (S : R) :
  attainable c tp -> in_models t -> Close S t tp -> 0 <= regularised_gap c S t tp.
Proof.
  intros Hat Ht HS. pose proof (lemma_1_repaired_weak c tp t S Hat Ht HS).
  unfold regularised_gap. lra.
Qed.

Theorem lemma_1_extended_strongly_convex {P : problem}
    (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
    (c m : R) (t1 t2 : model P) (S : R) :
  closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  attainable c t1 -> in_models t2 -> Close S t2 t1 ->
  c * (regulariser t1 - regulariser t2) + m / 2 * (dist t1 t2 * dist t1 t2) <= S.
Proof.
  intros Hmix Hp (D & Hne & HD & H1 & Hmin) H2 HS.
  pose proof (minimiser_growth in_models mix dist _ _ t1 t2 Hmix
                (objective_strongly_convex mix dist c m D Hp) H1 Hmin H2) as Hg.
  unfold objective in Hg.
  pose proof (total_loss_difference D t2 t1 S HD HS).
  pose proof (length_INR_pos D Hne).
  apply Rmult_le_reg_l with (INR (length D)); [lra|]. lra.
Qed.

(** The printed sentence, with the meaning of "attainable" as a parameter. *)
Definition lemma_1_printed_claim (P : problem) (attains : R -> model P -> Prop) : Prop :=
  forall (c : R) (t1 t2 : model P) (S : R),
    0 < c -> attains c t1 -> attains c t2 -> regulariser t2 < regulariser t1 ->
    distance t2 t1 S -> c < S / (regulariser t1 - regulariser t2).

Theorem lemma_1_printed (P : problem) : lemma_1_printed_claim P strictly_attainable.
Proof.
  intros c t1 t2 S Hc H1 H2 HR HS.
  assert (Hneq : t2 <> t1) by (intros ->; lra).
  assert (Hin : in_models t2) by (destruct H2 as (? & _ & _ & ? & _); assumption).
  pose proof (lemma_1_repaired_strict c t1 t2 S H1 Hin Hneq (distance_Close _ _ _ HS)).
  apply Rmult_lt_reg_r with (regulariser t1 - regulariser t2); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** Refutation of the reading "argmin is a set": hinge on [-1, 1], R = |t|. *)
Definition HingeAbs : problem := {|
  model := R; point := (R * R)%type;
  in_models := whole_line;
  in_points := fun z => interval (-1) 1 (fst z) /\ is_label (snd z);
  loss := fun t z => hinge (snd z * t * fst z);
  regulariser := Rabs |}.

Lemma hinge_abs_minimiser (t : R) : 0 <= t <= 1 -> attainable (P := HingeAbs) 1 t.
Proof.
  intros Ht. exists [(1, 1)]. split; [discriminate|]. split.
  { intros z [<-|[]]. simpl. unfold interval, is_label. split; [lra | now left]. }
  split; [exact I|]. intros u _. unfold objective.
  cbn [lsum length INR loss regulariser HingeAbs fst snd].
  replace (1 * t * 1) with t by lra. replace (1 * u * 1) with u by lra.
  rewrite (hinge_inside t) by lra. pose proof (hinge_ge u).
  pose proof (Rle_abs u). rewrite (Rabs_pos_eq t) by lra. lra.
Qed.

Theorem lemma_1_printed_refuted_nonunique : ~ lemma_1_printed_claim HingeAbs attainable.
Proof.
  intros H.
  assert (Hd : distance (P := HingeAbs) 0 1 1).
  { replace 1 with (Rabs (0 - 1)) at 2 by (unfold Rabs; destruct (Rcase_abs _); lra).
    exact (std_distance 0 1 ltac:(lra) ltac:(lra)). }
  specialize (H 1 1 0 1 Rlt_0_1 (hinge_abs_minimiser 1 ltac:(lra))
                (hinge_abs_minimiser 0 ltac:(lra))).
  simpl in H. rewrite Rabs_R0, Rabs_R1 in H. specialize (H Rlt_0_1 Hd). lra.
Qed.

(** ** Witnesses: the hinge loss on [-1, 1], c = 1/2, theta_1 = 1, theta_2 = 1/2 *)

Lemma std_distance_half_one : distance (P := Std) (1 / 2) 1 (1 / 2).
Proof.
  replace (1 / 2) with (Rabs (1 / 2 - 1)) at 2
    by (unfold Rabs; destruct (Rcase_abs _); lra).
  apply std_distance; lra.
Qed.

Theorem lemma_1_repaired_weak_witness :
  exists (P : problem) (c : R) (t1 t2 : model P) (S : R),
    attainable c t1 /\ in_models t2 /\ Close S t2 t1 /\
    0 < c * (regulariser t1 - regulariser t2).
Proof.
  exists Std, (1 / 2), 1, (1 / 2), (1 / 2). split; [|split; [|split]].
  - apply std_one_attainable. lra.
  - exact I.
  - exact (distance_Close _ _ _ std_distance_half_one).
  - simpl. lra.
Qed.

Theorem lemma_1_repaired_strict_witness :
  exists (P : problem) (c : R) (t1 t2 : model P) (S : R),
    strictly_attainable c t1 /\ in_models t2 /\ t2 <> t1 /\ Close S t2 t1 /\
    0 < c * (regulariser t1 - regulariser t2).
Proof.
  exists Std, (1 / 2), 1, (1 / 2), (1 / 2). split; [|split; [|split; [|split]]].
  - apply std_one_strictly_attainable. lra.
  - exact I.
  - simpl. lra.
  - exact (distance_Close _ _ _ std_distance_half_one).
  - simpl. lra.
Qed.

Theorem lemma_1_extended_strongly_convex_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (t1 t2 : model P) (S : R),
    closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    attainable c t1 /\ in_models t2 /\ Close S t2 t1 /\ 0 < m /\ 0 < dist t1 t2.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), 1, (1 / 2), (1 / 2).
  split; [exact whole_line_closed|]. split.
  { apply strongly_convex_points_regulariser; [lra | apply hinge1_convex_losses
      | apply hinge1_strongly_convex_regulariser]. }
  split; [apply std_one_attainable; lra|]. split; [exact I|].
  split; [exact (distance_Close _ _ _ std_distance_half_one)|]. split; [lra|].
  unfold rdist. apply Rabs_pos_lt. lra.
Qed.

Theorem lemma_1_repaired_regularised_gap_witness :
  exists (P : problem) (c : R) (t tp : model P) (S : R),
    attainable c tp /\ in_models t /\ Close S t tp /\ regulariser t < regulariser tp.
Proof.
  exists Std, (1 / 2), (1 / 2), 1, (1 / 2). split; [|split; [|split]].
  - apply std_one_attainable. lra.
  - exact I.
  - exact (distance_Close _ _ _ std_distance_half_one).
  - simpl. lra.
Qed.

(** The hypotheses of the printed lemma, all at once, at c = 2 where 1/2 is
    trained by {(1, +1)} and 0 by {(1, +1), (1, -1)}. *)
Theorem lemma_1_printed_witness :
  exists (P : problem) (c : R) (t1 t2 : model P) (S : R),
    0 < c /\ strictly_attainable c t1 /\ strictly_attainable c t2 /\
    regulariser t2 < regulariser t1 /\ distance t2 t1 S.
Proof.
  exists Std, 2, (1 / 2), 0, (1 / 2).
  split; [lra|]. split; [exact std_half_strictly_attainable|]. split; [|split].
  - pose proof (std_mixture_strictly_attainable 1) as H. simpl in H.
    replace ((1 - 1) / (2 * (1 + 1))) with 0 in H by lra. exact H.
  - simpl. lra.
  - replace (1 / 2) with (Rabs (0 - 1 / 2)) at 2
      by (unfold Rabs; destruct (Rcase_abs _); lra).
    apply std_distance; lra.
Qed.
