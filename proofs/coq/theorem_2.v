(** * theorem-2: the lower bound on the number of poisoning points

    Paper: if theta_p is reproduced by adding D_p to D_c, then |D_p| is at least
    sup over theta of z(theta) = [L(tp;Dc) - L(theta;Dc) + N c (R(tp) - R(theta))]
    / [sup (l(theta) - l(tp)) + c (R(theta) - R(tp))].

    Assumed: theta_p minimises the objective on Dc ++ Dp (a minimiser, not
    necessarily the only one); the points of Dp lie in X x Y (those of Dc need
    not); S is any upper bound of the loss differences l(theta) - l(tp).
    Proved: the division-free form  num(theta) <= |Dp| * S_reg(theta)  for every
    theta; strict when theta_p is the only minimiser and theta <> theta_p; the
    quotient form for every theta with S_reg > 0; and unattainability when
    S_reg <= 0 < num.  No convexity, no attained supremum.

    Difference from print: theta with S_reg(theta) = 0 (theta = theta_p among
    them) make z(theta) a quotient 0/0, and where S_reg(theta) <= 0 < num(theta)
    the printed quotient is negative (or undefined) although no set reproduces
    theta_p; the division-free form covers all cases.  Restricted to S_reg > 0
    the printed statement stands. *)

From Coq Require Import Reals Lra Lia List ZArith.
From MTP Require Import Base Instances lemma_1.
Import ListNotations.
Open Scope R_scope.

Section Theorem2.

Context {P : problem}.
Implicit Types (Dc Dp : list (point P)) (tp t : model P).

(** Replacing tp by t on the poisons costs at most |Dp| S_reg. *)
Lemma poison_objective_difference (c : R) Dp tp t (S : R) :
  (forall z, In z Dp -> in_points z) -> Close S t tp ->
  objective c Dp t - objective c Dp tp <= INR (length Dp) * regularised_gap c S t tp.
Proof.
  intros HD HS. pose proof (total_loss_difference Dp t tp S HD HS).
  unfold objective, regularised_gap. lra.
Qed.

Theorem theorem_2_repaired (c : R) Dc Dp tp t (S : R) :
  minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close S t tp ->
  objective c Dc tp - objective c Dc t <= INR (length Dp) * regularised_gap c S t tp.
Proof.
  intros [_ Hmin] HD Ht HS. specialize (Hmin t Ht). rewrite !objective_app in Hmin.
  pose proof (poison_objective_difference c Dp tp t S HD HS). lra.
Qed.

Theorem theorem_2_repaired_strict (c : R) Dc Dp tp t (S : R) :
  strict_minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  in_models t -> t <> tp -> Close S t tp ->
  objective c Dc tp - objective c Dc t < INR (length Dp) * regularised_gap c S t tp.
Proof.
  intros [_ Hmin] HD Ht Hneq HS. specialize (Hmin t Ht Hneq). rewrite !objective_app in Hmin.
  pose proof (poison_objective_difference c Dp tp t S HD HS). lra.
Qed.

(** The same for a minimiser up to [gap] (float training): the number grows by gap. *)
Theorem theorem_2_extended_gap (c gap : R) Dc Dp tp t (S : R) :
  (forall u, in_models u -> objective c (Dc ++ Dp) tp <= objective c (Dc ++ Dp) u + gap) ->
  (forall z, In z Dp -> in_points z) -> in_models t -> Close S t tp ->
  objective c Dc tp - objective c Dc t <= INR (length Dp) * regularised_gap c S t tp + gap.
Proof.
  intros Hmin HD Ht HS. specialize (Hmin t Ht). rewrite !objective_app in Hmin.
  pose proof (poison_objective_difference c Dp tp t S HD HS). lra.
Qed.

(** The paper's quotient, for every model with a positive denominator. *)
Theorem theorem_2_printed_positive_denominator (c : R) Dc Dp tp t (S : R) :
  minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  in_models t -> distance t tp S ->
  0 < S + c * (regulariser t - regulariser tp) ->
  (total_loss Dc tp - total_loss Dc t + INR (length Dc) * c * (regulariser tp - regulariser t))
  / (S + c * (regulariser t - regulariser tp)) <= INR (length Dp).
Proof.
  intros Hmin HD Ht HS Hpos.
  pose proof (theorem_2_repaired c Dc Dp tp t S Hmin HD Ht (distance_Close _ _ _ HS)) as H.
  unfold objective, regularised_gap in H. unfold total_loss.
  apply Rmult_le_reg_r with (S + c * (regulariser t - regulariser tp)); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; lra.
Qed.

(** Where S_reg <= 0 < num, no finite set reproduces the target. *)
Theorem theorem_2_extended_unattainable (c : R) Dc tp t (S : R) :
  in_models t -> Close S t tp -> regularised_gap c S t tp <= 0 ->
  objective c Dc t < objective c Dc tp ->
  forall Dp, (forall z, In z Dp -> in_points z) -> ~ minimiser c (Dc ++ Dp) tp.
Proof.
  intros Ht HS Hreg Hnum Dp HD Hmin.
  pose proof (theorem_2_repaired c Dc Dp tp t S Hmin HD Ht HS).
  pose proof (pos_INR (length Dp)). nra.
Qed.

(** What a certificate says: with K-1 points times S_reg below num, at least K
    points are needed; with K times S_reg at most num and uniqueness, more than K. *)
Theorem theorem_2_repaired_count (c : R) Dc Dp tp t (S : R) (K : nat) :
  minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close S t tp -> 0 <= regularised_gap c S t tp ->
  INR K * regularised_gap c S t tp < objective c Dc tp - objective c Dc t ->
  (K < length Dp)%nat.
Proof.
  intros Hmin HD Ht HS H0 HK.
  pose proof (theorem_2_repaired c Dc Dp tp t S Hmin HD Ht HS).
  apply INR_lt. apply Rnot_le_lt. intros Hle.
  assert (INR (length Dp) * regularised_gap c S t tp <= INR K * regularised_gap c S t tp)
    by (now apply Rmult_le_compat_r). lra.
Qed.

Theorem theorem_2_repaired_strict_count (c : R) Dc Dp tp t (S : R) (K : nat) :
  strict_minimiser c (Dc ++ Dp) tp -> (forall z, In z Dp -> in_points z) ->
  in_models t -> t <> tp -> Close S t tp -> 0 <= regularised_gap c S t tp ->
  INR K * regularised_gap c S t tp <= objective c Dc tp - objective c Dc t ->
  (K < length Dp)%nat.
Proof.
  intros Hmin HD Ht Hneq HS H0 HK.
  pose proof (theorem_2_repaired_strict c Dc Dp tp t S Hmin HD Ht Hneq HS).
  apply INR_lt. apply Rnot_le_lt. intros Hle.
  assert (INR (length Dp) * regularised_gap c S t tp <= INR K * regularised_gap c S t tp)
    by (now apply Rmult_le_compat_r). lra.
Qed.

(** With clean data inside X x Y, denominators are never negative, so printed
    and repaired statement differ only at models with S_reg = 0. *)
Theorem theorem_2_repaired_denominator_nonneg (c : R) Dc Dp tp t (S : R) :
  minimiser c (Dc ++ Dp) tp -> (forall z, In z Dc -> in_points z) ->
  (forall z, In z Dp -> in_points z) -> Dc <> [] ->
  in_models t -> Close S t tp -> 0 <= regularised_gap c S t tp.
Proof.
  intros Hmin Hc Hp Hne Ht HS. apply lemma_1_repaired_regularised_gap; try assumption.
  exists (Dc ++ Dp). split; [|split; [|assumption]].
  - intros E. apply app_eq_nil in E. now apply Hne.
  - intros z Hz. apply in_app_or in Hz. destruct Hz; auto.
Qed.

End Theorem2.

(** ** Witness: hinge on [-1, 1], c = 2; {(1, +1)} trains 1/2, and one point
    (1, -1) moves it to 0.  At theta = 1/2: num = 1/4, S = 1/2, S_reg = 3/4. *)

Definition w2_Dc : list (R * R) := [(1, 1)].
Definition w2_Dp : list (R * R) := [(1, -1)].

Lemma w2_strict : strict_minimiser (P := Std) 2 (w2_Dc ++ w2_Dp) 0.
Proof.
  split; [exact I|]. intros u _ Hu. unfold w2_Dc, w2_Dp. simpl app. std_unfold.
  replace (1 * 0 * 1) with 0 by lra. replace (-1 * 0 * 1) with 0 by lra.
  rewrite (hinge_inside 0) by lra.
  pose proof (hinge_ge (1 * u * 1)). pose proof (hinge_ge (-1 * u * 1)).
  pose proof (square_pos u 0 Hu). lra.
Qed.

Lemma w2_points (z : R * R) : In z w2_Dp -> in_points (p := Std) z.
Proof. intros [<-|[]]. apply std_point_neg. lra. Qed.

Lemma w2_distance : distance (P := Std) (1 / 2) 0 (1 / 2).
Proof.
  replace (1 / 2) with (Rabs (1 / 2 - 0)) at 2 by (unfold Rabs; destruct (Rcase_abs _); lra).
  apply std_distance; lra.
Qed.

Lemma w2_num : objective (P := Std) 2 w2_Dc 0 - objective (P := Std) 2 w2_Dc (1 / 2) = 1 / 4.
Proof. unfold w2_Dc. std_unfold. rewrite !hinge_inside by lra. lra. Qed.

Lemma w2_gap : regularised_gap (P := Std) 2 (1 / 2) (1 / 2) 0 = 3 / 4.
Proof. unfold regularised_gap. simpl. lra. Qed.

Theorem theorem_2_repaired_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R),
    minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close S t tp /\ 0 < objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2).
  split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [exact (distance_Close _ _ _ w2_distance)|].
  rewrite w2_num. lra.
Qed.

Theorem theorem_2_repaired_strict_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R),
    strict_minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ t <> tp /\ Close S t tp /\ 0 < objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2).
  split; [exact w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [simpl; lra|]. split; [exact (distance_Close _ _ _ w2_distance)|].
  rewrite w2_num. lra.
Qed.

Theorem theorem_2_repaired_denominator_nonneg_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R),
    minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dc -> in_points z) /\
    (forall z, In z Dp -> in_points z) /\ Dc <> [] /\ in_models t /\ Close S t tp /\
    0 < regularised_gap c S t tp.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2).
  split; [apply strictly_minimises_minimises, w2_strict|].
  split; [intros z [<-|[]]; apply std_point_pos; lra|]. split; [exact w2_points|].
  split; [discriminate|]. split; [exact I|].
  split; [exact (distance_Close _ _ _ w2_distance)|]. rewrite w2_gap. lra.
Qed.

Theorem theorem_2_extended_gap_witness :
  exists (P : problem) (c gap : R) (Dc Dp : list (point P)) (tp t : model P) (S : R),
    (forall u, in_models u -> objective c (Dc ++ Dp) tp <= objective c (Dc ++ Dp) u + gap) /\
    (forall z, In z Dp -> in_points z) /\ in_models t /\ Close S t tp /\
    gap < objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, 0, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2).
  split.
  { intros u Hu. rewrite Rplus_0_r.
    exact (proj2 (strictly_minimises_minimises _ _ w2_strict) u Hu). }
  split; [exact w2_points|]. split; [exact I|].
  split; [exact (distance_Close _ _ _ w2_distance)|]. rewrite w2_num. lra.
Qed.

Theorem theorem_2_printed_positive_denominator_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R),
    minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ distance t tp S /\ 0 < S + c * (regulariser t - regulariser tp) /\
    0 < objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2).
  split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [exact w2_distance|]. split; [simpl; lra|].
  rewrite w2_num. lra.
Qed.

Theorem theorem_2_repaired_count_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R) (K : nat),
    minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close S t tp /\ 0 <= regularised_gap c S t tp /\
    INR K * regularised_gap c S t tp < objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2), O.
  split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [exact (distance_Close _ _ _ w2_distance)|].
  rewrite w2_num, w2_gap. simpl. lra.
Qed.

Theorem theorem_2_repaired_strict_count_witness :
  exists (P : problem) (c : R) (Dc Dp : list (point P)) (tp t : model P) (S : R) (K : nat),
    strict_minimiser c (Dc ++ Dp) tp /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ t <> tp /\ Close S t tp /\ 0 <= regularised_gap c S t tp /\
    INR K * regularised_gap c S t tp <= objective c Dc tp - objective c Dc t.
Proof.
  exists Std, 2, w2_Dc, w2_Dp, 0, (1 / 2), (1 / 2), O.
  split; [exact w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [simpl; lra|]. split; [exact (distance_Close _ _ _ w2_distance)|].
  rewrite w2_num, w2_gap. simpl. lra.
Qed.

(** ** Where the printed quotient fails: an unattainable target

    Hinge on [-1, 1], c = 1, clean point (1, +1), target 3.  At theta = 1:
    num = 4, S = 2/3, S_reg = -10/3.  The printed quotient is -6/5, yet no set
    reproduces the target. *)

Lemma u3_Close : Close (P := Std) (2 / 3) 1 3.
Proof.
  intros z Hz. apply std_signed in Hz. rewrite !std_loss.
  set (s := snd z * fst z) in *.
  destruct (hinge_cases (1 * s)) as [[? ->]|[? ->]];
  destruct (hinge_cases (3 * s)) as [[? ->]|[? ->]]; lra.
Qed.

Lemma u3_num : objective (P := Std) 1 [(1, 1)] 3 - objective (P := Std) 1 [(1, 1)] 1 = 4.
Proof. std_unfold. rewrite !hinge_outside by lra. lra. Qed.

Lemma u3_gap : regularised_gap (P := Std) 1 (2 / 3) 1 3 = - (10 / 3).
Proof. unfold regularised_gap. simpl. lra. Qed.

Theorem theorem_2_extended_unattainable_witness :
  exists (P : problem) (c : R) (Dc : list (point P)) (tp t : model P) (S : R),
    in_models t /\ Close S t tp /\ regularised_gap c S t tp <= 0 /\
    objective c Dc t < objective c Dc tp /\
    (objective c Dc tp - objective c Dc t) / regularised_gap c S t tp < 0.
Proof.
  exists Std, 1, [(1, 1)], 3, 1, (2 / 3).
  split; [exact I|]. split; [exact u3_Close|].
  pose proof u3_num as E. rewrite u3_gap, E. split; [lra|]. split; [lra|].
  replace (4 / - (10 / 3)) with (- (6 / 5)) by field. lra.
Qed.
