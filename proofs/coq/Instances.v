(** * Instances: the one-dimensional hinge problem used by witnesses and refutations

    [Std] is the hinge loss on X = [-1, 1] with both labels, Theta = R and
    R(t) = t^2/2.  A point enters only through s = y x.  Proved: its losses and
    distances in closed form for weights in [-1, 1], and that {(1, +1)} trains
    the weight 1 for every 0 < c <= 1.  No claim of the paper is stated here. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base.
Import ListNotations.
Open Scope R_scope.

Lemma square_pos (a b : R) : a <> b -> 0 < (a - b) * (a - b).
Proof. intros H. apply Rsqr_pos_lt. lra. Qed.

Lemma even_step (j : nat) : Nat.even (S j) = negb (Nat.even j).
Proof. rewrite Nat.even_succ. unfold Nat.odd. reflexivity. Qed.

Definition Std : problem := Hinge1 whole_line (interval (-1) 1).

Lemma std_signed z : in_points (p := Std) z -> -1 <= snd z * fst z <= 1.
Proof. destruct z as [x y]. simpl. unfold interval. intros [? [-> | ->]]; lra. Qed.

Lemma std_loss (t : R) (z : R * R) : loss (p := Std) t z = hinge (t * (snd z * fst z)).
Proof. simpl. f_equal. lra. Qed.

Lemma std_point (x y : R) : -1 <= x <= 1 -> is_label y -> in_points (p := Std) (x, y).
Proof. simpl. unfold interval. auto. Qed.

Lemma std_point_pos (x : R) : -1 <= x <= 1 -> in_points (p := Std) (x, 1).
Proof. intros. apply std_point; [assumption | now left]. Qed.

Lemma std_point_neg (x : R) : -1 <= x <= 1 -> in_points (p := Std) (x, -1).
Proof. intros. apply std_point; [assumption | now right]. Qed.

(** Within [-1, 1] the distance is the absolute difference. *)
Lemma std_Close (a b : R) : -1 <= a <= 1 -> -1 <= b <= 1 -> Close (P := Std) (Rabs (a - b)) a b.
Proof.
  intros Ha Hb z Hz. apply std_signed in Hz. rewrite !std_loss.
  set (s := snd z * fst z) in *.
  rewrite !hinge_inside by nra.
  unfold Rabs. destruct (Rcase_abs (a - b)); nra.
Qed.

Lemma std_distance (a b : R) :
  -1 <= a <= 1 -> -1 <= b <= 1 -> distance (P := Std) a b (Rabs (a - b)).
Proof.
  intros Ha Hb.
  assert (H : exists z, in_points (p := Std) z /\ loss (p := Std) a z - loss (p := Std) b z = Rabs (a - b)).
  { unfold Rabs. destruct (Rcase_abs (a - b)).
    - exists (1, 1). split; [apply std_point_pos; lra|].
      rewrite !std_loss. cbn [fst snd]. rewrite !hinge_inside by lra. lra.
    - exists (1, -1). split; [apply std_point_neg; lra|].
      rewrite !std_loss. cbn [fst snd]. rewrite !hinge_inside by lra. lra. }
  destruct H as (z & Hz & E). rewrite <- E. apply distance_attained; [assumption|].
  rewrite E. now apply std_Close.
Qed.

(** Both labels are available, so no distance is negative. *)
Lemma std_distance_nonneg (a b S : R) : Close (P := Std) S a b -> 0 <= S.
Proof.
  intros H. pose proof (H (1, 1) (std_point_pos 1 ltac:(lra))) as H1.
  pose proof (H (1, -1) (std_point_neg 1 ltac:(lra))) as H2.
  rewrite !std_loss in *. cbn [fst snd] in *.
  replace (a * (1 * 1)) with a in * by lra. replace (b * (1 * 1)) with b in * by lra.
  replace (a * (-1 * 1)) with (- a) in * by lra. replace (b * (-1 * 1)) with (- b) in * by lra.
  destruct (Rle_lt_dec a b).
  - pose proof (hinge_antitone a b). lra.
  - pose proof (hinge_antitone (- a) (- b)). lra.
Qed.

(** [std_objective] unfolds an objective on a concrete list of points. *)
Ltac std_unfold :=
  unfold poisoned_objective, clean_excess, point_objective, objective, total_loss in *;
  cbn [lsum nsum length INR loss regulariser Std Hinge1 fst snd] in *.

Lemma std_one_strict (c : R) : 0 < c <= 1 -> strict_minimiser (P := Std) c [(1, 1)] 1.
Proof.
  intros Hc. split; [exact I|]. intros u _ Hu. std_unfold.
  replace (1 * 1 * 1) with 1 by lra. replace (1 * u * 1) with u by lra.
  rewrite (hinge_outside 1) by lra.
  destruct (Rtotal_order u 1) as [Hlt|[Heq|Hgt]]; [|now elim Hu|].
  - rewrite (hinge_inside u) by lra.
    assert (0 < (1 - u) * (2 - c * (1 + u))).
    { apply Rmult_lt_0_compat; [lra|].
      assert (0 < c * (1 - u)) by (apply Rmult_lt_0_compat; lra). lra. }
    lra.
  - rewrite (hinge_outside u) by lra.
    assert (0 < c * ((u - 1) * (u + 1))).
    { apply Rmult_lt_0_compat; [lra|]. apply Rmult_lt_0_compat; lra. }
    lra.
Qed.

Lemma std_one_strictly_attainable (c : R) : 0 < c <= 1 -> strictly_attainable (P := Std) c 1.
Proof.
  intros Hc. exists [(1, 1)]. split; [discriminate|]. split.
  - intros z [<-|[]]. apply std_point_pos. lra.
  - now apply std_one_strict.
Qed.

Lemma std_one_attainable (c : R) : 0 < c <= 1 -> attainable (P := Std) c 1.
Proof. intros. apply strictly_attainable_attainable. now apply std_one_strictly_attainable. Qed.

(** n copies of (1, +1) and one of (1, -1) train (n - 1) / (2 (n + 1)) at c = 2. *)
Lemma std_mixture_strictly_attainable (n : nat) :
  strictly_attainable (P := Std) 2 ((INR n - 1) / (2 * (INR n + 1))).
Proof.
  exists ((1, -1) :: repeat (1, 1) n). split; [discriminate|]. split.
  { intros z [<-|Hz]; [apply std_point_neg; lra|].
    apply repeat_spec in Hz. subst z. apply std_point_pos. lra. }
  pose proof (pos_INR n) as Hn.
  set (t := (INR n - 1) / (2 * (INR n + 1))).
  assert (Ht : t * (2 * (INR n + 1)) = INR n - 1) by (unfold t; field; lra).
  assert (Hlo : -1 <= t) by nra. assert (Hhi : t <= 1) by nra.
  split; [exact I|]. intros u _ Hu.
  rewrite !(objective_cons (P := Std)), !(objective_repeat (P := Std)). std_unfold.
  replace (-1 * t * 1) with (- t) by lra. replace (1 * t * 1) with t by lra.
  replace (-1 * u * 1) with (- u) by lra. replace (1 * u * 1) with u by lra.
  rewrite (hinge_inside t) by lra. rewrite (hinge_inside (- t)) by lra.
  pose proof (hinge_ge u). pose proof (hinge_ge (- u)).
  assert (INR n * (1 - u) <= INR n * hinge u) by nra.
  assert (0 < (INR n + 1) * ((u - t) * (u - t))).
  { apply Rmult_lt_0_compat; [lra|]. apply square_pos. exact Hu. }
  nra.
Qed.

(** {(1, +1)} trains 1/2 at c = 2: the extremal attainable model. *)
Lemma std_half_strictly_attainable : strictly_attainable (P := Std) 2 (1 / 2).
Proof.
  exists [(1, 1)]. split; [discriminate|]. split.
  { intros z [<-|[]]. apply std_point_pos. lra. }
  split; [exact I|]. intros u _ Hu. std_unfold.
  replace (1 * (1 / 2) * 1) with (1 / 2) by lra. replace (1 * u * 1) with u by lra.
  rewrite (hinge_inside (1 / 2)) by lra. pose proof (hinge_ge u).
  pose proof (square_pos u (1 / 2) Hu). lra.
Qed.
