(** * definition-1: loss-based distance and eps-closeness

    Paper: D(theta_1, theta_2) = max over X x Y of l(theta_1) - l(theta_2), a map
    Theta x Theta -> R; theta_1 is eps-close to theta_2 when D <= eps.

    Assumed: nothing.  Proved (repaired): with the supremum for the maximum,
    closeness is equivalent to "every point's loss difference is at most eps",
    is unique where it exists, satisfies the triangle inequality, and
    D(theta, theta) = 0 on a nonempty data space.  Closeness needs no supremum.
    Extended: on X = R^n (the domain of theorem-4 and of Appendix C) with the
    hinge loss and no bias, t is eps-close to u for SOME eps exactly when t = k u
    with 0 <= k <= 1, and then the distance is 1 - k (u <> 0).
    Refuted: for X = R and the hinge loss no real number is the distance from 1
    to 0; for X = [0, 1) the supremum exists and is not attained; and the
    distance is not symmetric (which the paper says too). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances.
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
  exists (P : problem) (t : model P), (exists z : point P, in_points z) /\ in_models t.
Proof. exists Std, 1. split; [|exact I]. exists (1, 1). apply std_point_pos. lra. Qed.

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

(** ** The hinge loss on all of R^n *)

Definition HingeSpace (n : nat) : problem := Linear n hinge everywhere everywhere.

(** Closeness bounds the slopes along every ray. *)
Lemma hinge_space_ray (n : nat) (t u : vec) (eps : R) :
  Close (P := HingeSpace n) eps t u ->
  forall v, dot n t v < 0 -> dot n u v <= dot n t v.
Proof.
  intros HC v Ha. apply Rnot_lt_le. intros Hlt.
  set (a := dot n t v) in *. set (b := dot n u v) in *.
  assert (Hk : forall tau, 0 < tau -> 1 - tau * a - hinge (tau * b) <= eps).
  { intros tau Htau. specialize (HC (vscal tau v, 1)). cbn [loss in_points HingeSpace Linear fst snd] in HC.
    rewrite !dot_scal_r in HC. fold a b in HC. specialize (HC (conj I (or_introl eq_refl))).
    pose proof (hinge_ge (1 * (tau * a))). replace (tau * b) with (1 * (tau * b)) by lra. lra. }
  set (d := Rmin (b - a) (- a)).
  assert (Hd : 0 < d) by (unfold d; apply Rmin_glb_lt; lra).
  assert (Hd1 : d <= b - a) by apply Rmin_l. assert (Hd2 : d <= - a) by apply Rmin_r.
  set (tau := (Rabs eps + 1) / d).
  assert (Htd : tau * d = Rabs eps + 1) by (unfold tau; field; lra).
  pose proof (Rabs_pos eps). pose proof (Rle_abs eps).
  assert (Htau : 0 < tau) by (unfold tau; apply Rmult_lt_0_compat; [lra | now apply Rinv_0_lt_compat]).
  specialize (Hk tau Htau).
  assert (tau * d <= tau * (b - a)) by (apply Rmult_le_compat_l; lra).
  assert (tau * d <= tau * - a) by (apply Rmult_le_compat_l; lra).
  destruct (hinge_cases (tau * b)) as [[_ E]|[_ E]]; rewrite E in Hk; lra.
Qed.

Lemma dot_opp_r (n : nat) (t v : vec) : dot n t (vscal (-1) v) = - dot n t v.
Proof. rewrite dot_scal_r. lra. Qed.

Theorem definition_1_extended_whole_space (n : nat) (t u : vec) :
  (exists eps, Close (P := HingeSpace n) eps t u) <->
  (exists k, 0 <= k <= 1 /\ forall i, (i < n)%nat -> t i = k * u i).
Proof.
  split.
  - intros (eps & HC).
    assert (Hneg : forall v, dot n t v < 0 -> dot n u v <= dot n t v)
      by (intros v; now apply (hinge_space_ray n t u eps)).
    assert (Hpos : forall v, 0 < dot n t v -> dot n t v <= dot n u v).
    { intros v Hv. pose proof (Hneg (vscal (-1) v)) as H. rewrite !dot_opp_r in H. lra. }
    assert (Hzero : forall v, dot n u v = 0 -> dot n t v = 0).
    { intros v Hv. destruct (Rtotal_order (dot n t v) 0) as [H|[H|H]]; [|assumption|].
      - specialize (Hneg v H). lra.
      - specialize (Hpos v H). lra. }
    destruct (Req_dec (sqnorm n u) 0) as [E|E].
    + exists 0. split; [lra|]. intros i Hi. rewrite Rmult_0_l.
      assert (Ht : sqnorm n t = 0).
      { apply Hzero. unfold dot. rewrite (nsum_ext _ (fun _ => 0)).
        - rewrite nsum_const. lra.
        - intros j Hj. rewrite (sqnorm_zero n u E j Hj). lra. }
      now apply (sqnorm_zero n t).
    + pose proof (sqnorm_nonneg n u) as Hu.
      set (k := dot n t u / sqnorm n u).
      assert (Ek : k * sqnorm n u = dot n t u) by (unfold k; field; lra).
      set (v := vminus t (vscal k u)).
      assert (Huv : dot n u v = 0).
      { unfold v. rewrite dot_minus_r, dot_scal_r, (dot_sym n u t). unfold sqnorm in Ek. lra. }
      pose proof (Hzero v Huv) as Htv.
      assert (Hv : sqnorm n v = 0).
      { unfold sqnorm. unfold v at 1. rewrite dot_minus_l, dot_scal_l, Huv, Htv. lra. }
      exists k. split.
      * assert (Hcase : 0 <= dot n t u <= sqnorm n u).
        { destruct (Rtotal_order (dot n t u) 0) as [H|[H|H]].
          - specialize (Hneg u H). change (dot n u u) with (sqnorm n u) in Hneg. lra.
          - lra.
          - specialize (Hpos u H). change (dot n u u) with (sqnorm n u) in Hpos. lra. }
        split; apply Rmult_le_reg_r with (sqnorm n u); lra.
      * intros i Hi. pose proof (sqnorm_zero n v Hv i Hi) as H. unfold v, vminus, vscal in H. lra.
  - intros (k & Hk & E). exists (1 - k). intros [x y] _. cbn [loss HingeSpace Linear fst snd].
    replace (dot n t x) with (k * dot n u x).
    + set (m := y * dot n u x). replace (y * (k * dot n u x)) with (k * m) by (unfold m; ring).
      destruct (hinge_cases m) as [[? ->]|[? ->]]; destruct (hinge_cases (k * m)) as [[? ->]|[? ->]]; nra.
    + rewrite <- dot_scal_l. apply dot_ext; [|reflexivity]. intros i Hi. unfold vscal. symmetry. auto.
Qed.

Theorem definition_1_extended_whole_space_value (n : nat) (t u : vec) (k : R) :
  0 <= k <= 1 -> (forall i, (i < n)%nat -> t i = k * u i) -> 0 < sqnorm n u ->
  distance (P := HingeSpace n) t u (1 - k).
Proof.
  intros Hk E Hu.
  assert (Ht : forall x, dot n t x = k * dot n u x).
  { intros x. rewrite <- dot_scal_l. apply dot_ext; [|reflexivity]. intros i Hi. unfold vscal. auto. }
  set (x0 := vscal (/ sqnorm n u) u).
  assert (Hx0 : dot n u x0 = 1).
  { unfold x0. rewrite dot_scal_r. change (dot n u u) with (sqnorm n u). field. lra. }
  assert (E0 : loss (p := HingeSpace n) t (x0, 1) - loss (p := HingeSpace n) u (x0, 1) = 1 - k).
  { cbn [loss HingeSpace Linear fst snd]. rewrite Ht, Hx0.
    rewrite (hinge_inside (1 * (k * 1))), (hinge_outside (1 * 1)) by lra. lra. }
  rewrite <- E0. apply distance_attained; [split; [exact I | now left]|].
  rewrite E0. intros [x y] _. cbn [loss HingeSpace Linear fst snd]. rewrite Ht.
  set (m := y * dot n u x). replace (y * (k * dot n u x)) with (k * m) by (unfold m; ring).
  destruct (hinge_cases m) as [[? ->]|[? ->]]; destruct (hinge_cases (k * m)) as [[? ->]|[? ->]]; nra.
Qed.

Theorem definition_1_extended_whole_space_value_witness :
  exists (n : nat) (t u : vec) (k : R),
    0 <= k <= 1 /\ (forall i, (i < n)%nat -> t i = k * u i) /\ 0 < sqnorm n u /\ 0 < k < 1.
Proof.
  exists 2%nat, (fun _ => 1 / 2), (fun _ => 1), (1 / 2). split; [lra|]. split; [intros; lra|].
  split; [unfold sqnorm, dot; simpl; lra | lra].
Qed.
