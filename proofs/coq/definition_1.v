(** * definition-1: loss-based distance and eps-closeness

    Paper: D(theta_1, theta_2) = max over X x Y of l(theta_1) - l(theta_2), a map
    Theta x Theta -> R; theta_1 is eps-close to theta_2 when D <= eps.

    Assumed: nothing.  Proved (repaired): with the supremum for the maximum,
    closeness is equivalent to "every point's loss difference is at most eps",
    is unique where it exists, satisfies the triangle inequality, and
    D(theta, theta) = 0 on a nonempty data space.  Closeness needs no supremum.
    Refuted: for X = R and the hinge loss no real number is the distance from 1
    to 0; for X = [0, 1) the supremum exists and is not attained; and the
    distance is not symmetric (which the paper says too). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances.
Import ListNotations.
Open Scope R_scope.

Section Definition1.

Context {P : problem}.

(** eps-close in the sense of the definition is the pointwise bound. *)
Theorem definition_1_repaired (t u : model P) (S eps : R) :
  distance t u S -> (S <= eps <-> Close eps t u).
Proof.
  intros HS. split.
  - intros Hle z Hz. apply Rle_trans with S; [|assumption]. now apply (distance_Close t u S HS).
  - intros HC. now apply (distance_least t u S eps HS).
Qed.

Theorem definition_1_repaired_triangle (t u v : model P) (e1 e2 : R) :
  Close e1 t u -> Close e2 u v -> Close (e1 + e2) t v.
Proof.
  intros H1 H2 z Hz. specialize (H1 z Hz). specialize (H2 z Hz). lra.
Qed.

Theorem definition_1_repaired_triangle_distance (t u v : model P) (S1 S2 S : R) :
  distance t u S1 -> distance u v S2 -> distance t v S -> S <= S1 + S2.
Proof.
  intros H1 H2 H. apply (distance_least t v S); [assumption|].
  apply (definition_1_repaired_triangle t u v); now apply distance_Close.
Qed.

Theorem definition_1_repaired_self (t : model P) :
  (exists z : point P, in_points z) -> distance t t 0.
Proof.
  intros (z & Hz). replace 0 with (loss t z - loss t z) by lra.
  apply distance_attained; [assumption|]. intros w _. lra.
Qed.

Theorem definition_1_repaired_monotone (t u : model P) (e e' : R) :
  e <= e' -> Close e t u -> Close e' t u.
Proof. intros Hle H z Hz. specialize (H z Hz). lra. Qed.

(** The supremum exists as soon as the differences are bounded. *)
Theorem definition_1_repaired_exists (t u : model P) (b : R) :
  (exists z : point P, in_points z) -> Close b t u -> exists S, distance t u S.
Proof.
  intros (z & Hz) Hb.
  destruct (completeness (loss_gap t u)) as [S HS].
  - exists b. intros v (w & Hw & ->). now apply Hb.
  - exists (loss t z - loss u z). exists z. auto.
  - exists S. exact HS.
Qed.

End Definition1.

(** ** Witnesses *)

Theorem definition_1_repaired_witness :
  exists (P : problem) (t u : model P) (S : R), distance t u S /\ 0 < S.
Proof. exists Std, 0, 1, (Rabs (0 - 1)). split; [apply std_distance; lra|]. apply Rabs_pos_lt. lra. Qed.

Theorem definition_1_repaired_triangle_witness :
  exists (P : problem) (t u v : model P) (e1 e2 : R),
    Close e1 t u /\ Close e2 u v /\ t <> u /\ u <> v.
Proof.
  exists Std, 0, 1, (-1), (Rabs (0 - 1)), (Rabs (1 - -1)).
  split; [apply std_Close; lra|]. split; [apply std_Close; lra|]. simpl. lra.
Qed.

Theorem definition_1_repaired_triangle_distance_witness :
  exists (P : problem) (t u v : model P) (S1 S2 S : R),
    distance t u S1 /\ distance u v S2 /\ distance t v S /\ 0 < S.
Proof.
  exists Std, 0, 1, (-1), (Rabs (0 - 1)), (Rabs (1 - -1)), (Rabs (0 - -1)).
  repeat (split; [apply std_distance; lra|]). apply Rabs_pos_lt. lra.
Qed.

Theorem definition_1_repaired_self_witness :
  exists (P : problem), exists z : point P, in_points z.
Proof. exists Std, (1, 1). apply std_point_pos. lra. Qed.

Theorem definition_1_repaired_monotone_witness :
  exists (P : problem) (t u : model P) (e e' : R), e <= e' /\ Close e t u /\ t <> u.
Proof. exists Std, 0, 1, (Rabs (0 - 1)), 2. split; [unfold Rabs; destruct (Rcase_abs _); lra|].
  split; [apply std_Close; lra|]. simpl. lra. Qed.

Theorem definition_1_repaired_exists_witness :
  exists (P : problem) (t u : model P) (b : R),
    (exists z : point P, in_points z) /\ Close b t u /\ t <> u.
Proof.
  exists Std, 0, 1, (Rabs (0 - 1)). split; [exists (1, 1); apply std_point_pos; lra|].
  split; [apply std_Close; lra|]. simpl. lra.
Qed.

(** ** Refutations of "D : Theta x Theta -> R is a maximum" *)

(** A real-valued distance for every pair of models. *)
Definition definition_1_printed_claim (P : problem) : Prop :=
  forall t u : model P, in_models t -> in_models u -> exists S, distance t u S.

Definition HingeLine : problem := Hinge1 whole_line whole_line.

Theorem definition_1_printed_refuted_unbounded : ~ definition_1_printed_claim HingeLine.
Proof.
  intros H. destruct (H 1 0 I I) as (S & HS). apply distance_Close in HS.
  specialize (HS (Rabs S + 1, -1)). cbn [loss in_points HingeLine Hinge1 fst snd] in HS.
  pose proof (Rle_abs S). pose proof (Rabs_pos S).
  rewrite (hinge_inside (-1 * 1 * (Rabs S + 1))), (hinge_inside (-1 * 0 * (Rabs S + 1))) in HS by lra.
  specialize (HS (conj I (or_intror eq_refl))). lra.
Qed.

(** The maximum: some point attains the distance. *)
Definition definition_1_printed_claim_attained (P : problem) : Prop :=
  forall (t u : model P) (S : R), in_models t -> in_models u -> distance t u S ->
  exists z, in_points z /\ loss t z - loss u z = S.

Definition HingeHalfOpen : problem := Hinge1 whole_line (fun x => 0 <= x < 1).

Lemma half_open_distance : distance (P := HingeHalfOpen) 0 1 1.
Proof.
  split.
  - intros v ([x y] & [Hx Hy] & ->). cbn [loss HingeHalfOpen Hinge1 fst snd] in *.
    destruct Hy as [-> | ->]; rewrite !hinge_inside by lra; lra.
  - intros b Hb. apply Rnot_lt_le. intros Hlt.
    destruct (Rlt_le_dec b 0) as [Hneg|Hpos].
    + assert (0 <= b); [|lra]. apply Hb. exists (0, 1). split.
      * split; [simpl; lra | now left].
      * cbn [loss HingeHalfOpen Hinge1 fst snd]. rewrite !hinge_inside by lra. lra.
    + assert ((1 + b) / 2 <= b); [|lra]. apply Hb. exists ((1 + b) / 2, 1). split.
      * split; [simpl; lra | now left].
      * cbn [loss HingeHalfOpen Hinge1 fst snd]. rewrite !hinge_inside by lra. lra.
Qed.

Theorem definition_1_printed_refuted_not_attained :
  ~ definition_1_printed_claim_attained HingeHalfOpen.
Proof.
  intros H. destruct (H 0 1 1 I I half_open_distance) as ([x y] & [Hx Hy] & E).
  cbn [loss HingeHalfOpen Hinge1 fst snd] in *.
  destruct Hy as [-> | ->]; rewrite !hinge_inside in E by lra; lra.
Qed.

(** Not symmetric: hinge, from 1 to 3 the distance is 2/3 on [-1, 1], from 3 to 1 it is 2. *)
Theorem definition_1_printed_not_symmetric :
  Close (P := Std) (2 / 3) 1 3 /\ ~ Close (P := Std) (2 / 3) 3 1.
Proof.
  split.
  - intros z Hz. apply std_signed in Hz. rewrite !std_loss.
    set (s := snd z * fst z) in *.
    destruct (hinge_cases (1 * s)) as [[? ->]|[? ->]];
    destruct (hinge_cases (3 * s)) as [[? ->]|[? ->]]; lra.
  - intros H. specialize (H (1, -1) (std_point_neg 1 ltac:(lra))).
    rewrite !std_loss in H. cbn [fst snd] in H.
    rewrite !hinge_inside in H by lra. lra.
Qed.
