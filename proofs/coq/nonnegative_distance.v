(** * nonnegative-distance: "no model has a negative distance to an attainable one"

    Paper (Section 4.2, in words): if theta is attainable using ERM, no model
    could have a negative distance to it.

    Refuted in the generality stated (nonnegative convex loss): once for the
    loss (1 - t)^2, once for the hinge loss when only the label +1 is available.
    Three true versions are proved.
    (a) theta attainable at c: D(t', theta) >= c (R(theta) - R(t')) for every t';
        so the sentence holds among models with R(t') <= R(theta), and without a
        regulariser (c = 0).
    (b) Margin losses phi(y m(t, x)) with phi non-increasing and both labels
        available at some x: D(t', t) >= 0 for ALL pairs of models.
    (c) Multi-class losses that are non-increasing functions of the differences
        between the score of the label and the other scores (softmax,
        Crammer-Singer): again for all pairs.
    So for the experiments of the paper the sentence is true, and attainability
    plays no part in it. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances lemma_1.
Import ListNotations.
Open Scope R_scope.

(** ** (a) attainable models *)

Theorem nonnegative_distance_repaired_attainable {P : problem} (c : R) (theta t : model P) (S : R) :
  attainable c theta -> in_models t -> distance t theta S ->
  c * (regulariser theta - regulariser t) <= S.
Proof.
  intros Hat Ht HS. apply lemma_1_repaired_weak; auto using distance_Close.
Qed.

Theorem nonnegative_distance_repaired_smaller_regulariser {P : problem} (c : R) (theta t : model P) (S : R) :
  0 <= c -> attainable c theta -> in_models t -> regulariser t <= regulariser theta ->
  distance t theta S -> 0 <= S.
Proof.
  intros Hc Hat Ht HR HS.
  pose proof (nonnegative_distance_repaired_attainable c theta t S Hat Ht HS). nra.
Qed.

(** ** (b) margin losses *)

Definition antitone (phi : R -> R) : Prop := forall m m', m <= m' -> phi m' <= phi m.

Lemma hinge_antitone_phi : antitone hinge.
Proof. intros m m'. apply hinge_antitone. Qed.

Theorem nonnegative_distance_repaired_margin (M X : Type) (margin : M -> X -> R) (phi : R -> R)
    (Theta : M -> Prop) (inX : X -> Prop) (Rg : M -> R) :
  let P := {| model := M; point := (X * R)%type; in_models := Theta;
              in_points := fun z => inX (fst z) /\ is_label (snd z);
              loss := fun t z => phi (snd z * margin t (fst z)); regulariser := Rg |} in
  antitone phi -> (exists x, inX x) ->
  forall (t u : model P) (S : R), Close (P := P) S t u -> 0 <= S.
Proof.
  intros P Hphi (x & Hx) t u S HS.
  destruct (Rle_lt_dec (margin t x) (margin u x)) as [Hle|Hlt].
  - specialize (HS (x, 1)). simpl in HS. specialize (HS (conj Hx (or_introl eq_refl))).
    assert (phi (1 * margin u x) <= phi (1 * margin t x)) by (apply Hphi; lra). lra.
  - specialize (HS (x, -1)). simpl in HS. specialize (HS (conj Hx (or_intror eq_refl))).
    assert (phi (-1 * margin u x) <= phi (-1 * margin t x)) by (apply Hphi; lra). lra.
Qed.

(** ** (c) multi-class losses *)

Lemma nat_argmin (f : nat -> R) (K : nat) :
  (0 < K)%nat -> exists i, (i < K)%nat /\ forall j, (j < K)%nat -> f i <= f j.
Proof.
  induction K as [|K IH]; [lia|]. intros _. destruct K as [|K].
  - exists O. split; [lia|]. intros j Hj. replace j with O by lia. lra.
  - destruct (IH ltac:(lia)) as (i & Hi & Hmin).
    destruct (Rle_lt_dec (f i) (f (S K))) as [Hle|Hlt].
    + exists i. split; [lia|]. intros j Hj.
      destruct (Nat.eq_dec j (S K)) as [->|Hne]; [assumption | apply Hmin; lia].
    + exists (S K). split; [lia|]. intros j Hj.
      destruct (Nat.eq_dec j (S K)) as [->|Hne]; [lra|].
      specialize (Hmin j ltac:(lia)). lra.
Qed.

(** [psi] reads the advantages (score of the label) - (score of j), j < K. *)
Definition antitone_in_advantages (K : nat) (psi : (nat -> R) -> R) : Prop :=
  forall a b, (forall j, (j < K)%nat -> a j <= b j) -> psi b <= psi a.

Theorem nonnegative_distance_repaired_multiclass (M X : Type) (K : nat) (score : M -> X -> nat -> R)
    (psi : (nat -> R) -> R) (Theta : M -> Prop) (inX : X -> Prop) (Rg : M -> R) :
  let P := {| model := M; point := (X * nat)%type; in_models := Theta;
              in_points := fun z => inX (fst z) /\ (snd z < K)%nat;
              loss := fun t z => psi (fun j => score t (fst z) (snd z) - score t (fst z) j);
              regulariser := Rg |} in
  antitone_in_advantages K psi -> (0 < K)%nat -> (exists x, inX x) ->
  forall (t u : model P) (S : R), Close (P := P) S t u -> 0 <= S.
Proof.
  intros P Hpsi HK (x & Hx) t u S HS.
  destruct (nat_argmin (fun j => score t x j - score u x j) K HK) as (y & Hy & Hmin).
  specialize (HS (x, y) (conj Hx Hy)). cbn [loss P fst snd] in HS.
  assert (psi (fun j => score u x y - score u x j) <= psi (fun j => score t x y - score t x j)).
  { apply Hpsi. intros j Hj. specialize (Hmin j Hj). simpl in Hmin. lra. }
  lra.
Qed.

(** Crammer-Singer: the largest of 1 + (score of j) - (score of y) and 0. *)
Fixpoint crammer_singer (K : nat) (a : nat -> R) : R :=
  match K with O => 0 | S K' => Rmax (crammer_singer K' a) (hinge (a K')) end.

Lemma Rmax_mono a b a' b' : a <= a' -> b <= b' -> Rmax a b <= Rmax a' b'.
Proof.
  intros. apply Rmax_lub.
  - apply Rle_trans with a'; [assumption | apply Rmax_l].
  - apply Rle_trans with b'; [assumption | apply Rmax_r].
Qed.

Lemma crammer_singer_antitone (K : nat) : antitone_in_advantages K (crammer_singer K).
Proof.
  intros a b. induction K as [|K IH]; simpl; intros Hab; [lra|].
  apply Rmax_mono; [apply IH; auto | apply hinge_antitone; auto].
Qed.

(** ** Witnesses *)

Theorem nonnegative_distance_repaired_attainable_witness :
  exists (P : problem) (c : R) (theta t : model P) (S : R),
    attainable c theta /\ in_models t /\ distance t theta S /\
    0 < c * (regulariser theta - regulariser t).
Proof.
  exists Std, (1 / 2), 1, (1 / 2), (1 / 2). split; [apply std_one_attainable; lra|].
  split; [exact I|]. split; [exact std_distance_half_one|]. simpl. lra.
Qed.

Theorem nonnegative_distance_repaired_smaller_regulariser_witness :
  exists (P : problem) (c : R) (theta t : model P) (S : R),
    0 <= c /\ attainable c theta /\ in_models t /\ regulariser t <= regulariser theta /\
    distance t theta S /\ t <> theta.
Proof.
  exists Std, (1 / 2), 1, (1 / 2), (1 / 2). split; [lra|]. split; [apply std_one_attainable; lra|].
  split; [exact I|]. split; [simpl; lra|]. split; [exact std_distance_half_one|]. simpl. lra.
Qed.

Theorem nonnegative_distance_repaired_margin_witness :
  exists (phi : R -> R) (inX : R -> Prop),
    antitone phi /\ (exists x, inX x) /\ phi 0 <> phi 1.
Proof.
  exists hinge, (interval (-1) 1). split; [exact hinge_antitone_phi|].
  split; [exists 1; unfold interval; lra|]. rewrite !hinge_inside by lra. lra.
Qed.

Theorem nonnegative_distance_repaired_multiclass_witness :
  exists (K : nat) (psi : (nat -> R) -> R) (inX : R -> Prop),
    antitone_in_advantages K psi /\ (0 < K)%nat /\ (exists x, inX x) /\
    psi (fun _ => 0) <> psi (fun _ => 1).
Proof.
  exists 3%nat, (crammer_singer 3), (interval (-1) 1).
  split; [apply crammer_singer_antitone|]. split; [lia|].
  split; [exists 1; unfold interval; lra|].
  simpl. rewrite !hinge_inside by lra.
  unfold Rmax. repeat destruct (Rle_dec _ _); lra.
Qed.

(** ** Refutations *)

Definition nonnegative_distance_printed_claim (P : problem) : Prop :=
  forall (c : R) (theta t : model P) (S : R),
    0 < c -> strictly_attainable c theta -> in_models t -> distance t theta S -> 0 <= S.

(** The nonnegative convex loss (1 - t)^2, the same for every point. *)
Definition SquareProblem : problem := {|
  model := R; point := unit; in_models := whole_line; in_points := fun _ => True;
  loss := fun t _ => (1 - t) * (1 - t); regulariser := fun t => t * t / 2 |}.

Theorem nonnegative_distance_printed_refuted_square :
  ~ nonnegative_distance_printed_claim SquareProblem.
Proof.
  intros H.
  assert (Hd : distance (P := SquareProblem) 1 (2 / 3)
                 (loss (p := SquareProblem) 1 tt - loss (p := SquareProblem) (2 / 3) tt)).
  { apply distance_attained; [exact I|]. intros [] _. lra. }
  assert (Hat : strictly_attainable (P := SquareProblem) 1 (2 / 3)).
  { exists [tt]. split; [discriminate|]. split; [intros; exact I|].
    split; [exact I|]. intros u _ Hu. unfold objective. simpl.
    pose proof (square_pos u (2 / 3) Hu). lra. }
  specialize (H 1 (2 / 3) 1 _ Rlt_0_1 Hat I Hd). simpl in H. lra.
Qed.

(** The hinge loss on X = [1/2, 1] when every point carries the label +1. *)
Definition HingeOneLabel : problem := {|
  model := R; point := (R * R)%type; in_models := whole_line;
  in_points := fun z => interval (1 / 2) 1 (fst z) /\ snd z = 1;
  loss := fun t z => hinge (snd z * t * fst z); regulariser := fun t => t * t / 2 |}.

Theorem nonnegative_distance_printed_refuted_one_label :
  ~ nonnegative_distance_printed_claim HingeOneLabel.
Proof.
  intros H.
  assert (Hd : distance (P := HingeOneLabel) 1 (1 / 2)
                 (loss (p := HingeOneLabel) 1 (1 / 2, 1) - loss (p := HingeOneLabel) (1 / 2) (1 / 2, 1))).
  { apply distance_attained.
    - split; [unfold interval; simpl; lra | reflexivity].
    - intros [x y] [[Hx1 Hx2] Hy]. cbn [loss HingeOneLabel fst snd] in *. subst y.
      rewrite !hinge_inside by lra. lra. }
  assert (Hat : strictly_attainable (P := HingeOneLabel) 2 (1 / 2)).
  { exists [(1, 1)]. split; [discriminate|]. split.
    { intros z [<-|[]]. split; [unfold interval; simpl; lra | reflexivity]. }
    split; [exact I|]. intros u _ Hu. unfold objective.
    cbn [lsum length INR loss regulariser HingeOneLabel fst snd].
    rewrite (hinge_inside (1 * (1 / 2) * 1)) by lra. pose proof (hinge_ge (1 * u * 1)).
    pose proof (square_pos u (1 / 2) Hu). lra. }
  assert (H2 : 0 < 2) by lra.
  specialize (H 2 (1 / 2) 1 _ H2 Hat I Hd).
  cbn [loss HingeOneLabel fst snd] in H. rewrite !hinge_inside in H by lra. lra.
Qed.
