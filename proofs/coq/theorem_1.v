(** * theorem-1: Algorithm 1 comes close to an attainable target

    Rounds are numbered from 0: theta 0 is the clean model, theta j is trained
    on the clean data and z 0 .. z (j-1), and z j is chosen at theta j.
    D0 = clean_excess = L(tp;Dc) - L(tc;Dc) + N c (R(tp) - R(tc)).

    Proved.
    - Potential identity, for ARBITRARY sequences (no training, no maximiser,
      no convexity): the sum over rounds of f_{z j}(theta j) - f_{z j}(tp) is
      D0 + (sum of the regret steps) - (Phi_T(tp) - Phi_T(theta T)).
    - Repaired theorem: if tp is attainable at lambda > c >= 0, every theta j
      minimises the objective on the multiset so far, every z j has the largest
      loss difference, and alpha bounds the regret, then SOME theta j with j < T
      is eps-close, eps = (alpha + D0) / (T (1 - c/lambda)).
    - The formula of the appendix stands for the best iterate, for any gamma
      with the property of lemma-2.
    - Extended: inexact training and any data-dependent regret, with the
      measured optimality gap of the last model added to the numerator.

    Refuted, each for the hinge loss on [-1, 1] with exact rational numbers.
    - Main text (without N c (R(tp) - R(tc))): its eps is negative on eight
      copies of one clean point, so no model at all is eps-close.
    - Final model: with the appendix formula, the classifier trained on Dc and
      all of Dp (theta T) need not be eps-close. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances lemma_1 lemma_2.
Import ListNotations.
Open Scope R_scope.

Section Theorem1.

Context {P : problem}.
Implicit Types (theta : nat -> model P) (z : nat -> point P).

Theorem theorem_1_repaired_potential_identity (c : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  nsum (fun j => point_objective c (z j) (theta j) - point_objective c (z j) tp) T =
  clean_excess c Dc tp (theta O) + nsum (regret_step c Dc theta z) T
  - (poisoned_objective c Dc z T tp - poisoned_objective c Dc z T (theta T)).
Proof.
  induction T as [|T IH].
  - cbn [nsum]. rewrite !poisoned_objective_0. unfold clean_excess. lra.
  - cbn [nsum]. rewrite IH. change (regret_step c Dc theta z T) with
      (poisoned_objective c Dc z (S T) (theta T) - poisoned_objective c Dc z (S T) (theta (S T))).
    rewrite !poisoned_objective_S. lra.
Qed.

(** The regret steps add up to the regret against the last model. *)
Theorem theorem_1_repaired_regret_identity (c : R) (Dc : list (point P)) theta z (T : nat) :
  nsum (regret_step c Dc theta z) T = regret_against c Dc theta z T (theta T).
Proof.
  unfold regret_against. induction T as [|T IH].
  - cbn [nsum]. rewrite poisoned_objective_0. lra.
  - cbn [nsum]. rewrite IH. unfold regret_step. rewrite !poisoned_objective_S. lra.
Qed.

(** One bracket of the identity is the regularised gap at the chosen point. *)
Lemma bracket_is_regularised_gap (c : R) (w : point P) (t tp : model P) :
  point_objective c w t - point_objective c w tp =
  regularised_gap c (loss t w - loss tp w) t tp.
Proof. unfold point_objective, regularised_gap. lra. Qed.

(** The sum of the distances, for any constant gamma that lemma-2 allows and
    any last model whose objective exceeds the target's by at most [gap]. *)
Theorem theorem_1_extended_inexact (c gamma gap : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  (forall (t : model P) (S : R), in_models t -> Close S t tp -> gamma * S <= regularised_gap c S t tp) ->
  (forall j, (j < T)%nat -> in_models (theta j)) ->
  greedy tp theta z T ->
  poisoned_objective c Dc z T (theta T) <= poisoned_objective c Dc z T tp + gap ->
  (0 < T)%nat ->
  exists j, (j < T)%nat /\ exists S, Close S (theta j) tp /\
    INR T * (gamma * S) <= clean_excess c Dc tp (theta O) + nsum (regret_step c Dc theta z) T + gap.
Proof.
  intros Hgamma Hin Hgreedy Hlast HT.
  pose proof (theorem_1_repaired_potential_identity c Dc theta z tp T) as Hid.
  set (s := fun j => loss (theta j) (z j) - loss tp (z j)).
  assert (Hsum : nsum (fun j => gamma * s j) T <=
                 clean_excess c Dc tp (theta O) + nsum (regret_step c Dc theta z) T + gap).
  { apply Rle_trans with
      (nsum (fun j => point_objective c (z j) (theta j) - point_objective c (z j) tp) T); [|lra].
    apply nsum_le. intros j Hj. rewrite bracket_is_regularised_gap.
    apply Hgamma; [now apply Hin|]. apply (Hgreedy j Hj). }
  destruct (nsum_exists_le_average _ T _ HT Hsum) as (j & Hj & Hle).
  exists j. split; [assumption|]. exists (s j). split; [|assumption].
  apply (Hgreedy j Hj).
Qed.

(** The formula of the appendix, for any gamma allowed by lemma-2. *)
Theorem theorem_1_printed_best_iterate (c gamma alpha : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  in_models tp -> lemma_2_constant c gamma tp ->
  follows_leader c Dc theta z T -> greedy tp theta z T -> (0 < T)%nat ->
  regret_against c Dc theta z T (theta T) <= alpha ->
  exists j, (j < T)%nat /\
    Close ((alpha + total_loss Dc tp - total_loss Dc (theta O)
            + INR (length Dc) * c * (regulariser tp - regulariser (theta O))) / (INR T * gamma))
          (theta j) tp.
Proof.
  intros Htp [Hpos Hgamma] Hlead Hgreedy HT Hreg.
  destruct (theorem_1_extended_inexact c gamma 0 Dc theta z tp T Hgamma) as (j & Hj & S & HS & Hle);
    try assumption.
  - intros j Hj. apply Hlead. lia.
  - destruct (Hlead T (le_n T)) as [_ Hmin]. specialize (Hmin tp Htp). lra.
  - exists j. split; [assumption|]. intros w Hw.
    apply Rle_trans with S; [now apply HS|].
    rewrite theorem_1_repaired_regret_identity in Hle.
    unfold clean_excess, objective in Hle. unfold total_loss.
    pose proof (lt_0_INR T HT).
    apply Rmult_le_reg_r with (INR T * gamma); [now apply Rmult_lt_0_compat|].
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; [lra|].
    apply Rgt_not_eq. now apply Rmult_lt_0_compat.
Qed.

Theorem theorem_1_repaired (c lam alpha : R) (Dc : list (point P)) theta z (tp : model P) (T : nat) :
  attainable lam tp -> 0 <= c -> c < lam ->
  follows_leader c Dc theta z T -> greedy tp theta z T -> (0 < T)%nat ->
  regret_against c Dc theta z T (theta T) <= alpha ->
  exists j, (j < T)%nat /\
    Close ((alpha + clean_excess c Dc tp (theta O)) / (INR T * (1 - c / lam))) (theta j) tp.
Proof.
  intros Hat Hc Hlt Hlead Hgreedy HT Hreg.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  destruct (theorem_1_printed_best_iterate c (1 - c / lam) alpha Dc theta z tp T Htp
              (lemma_2_repaired_constant c lam tp Hat Hc Hlt) Hlead Hgreedy HT Hreg) as (j & Hj & HC).
  exists j. split; [assumption|]. unfold clean_excess, objective.
  unfold total_loss in HC.
  replace (alpha + (lsum (loss tp) Dc + INR (length Dc) * (c * regulariser tp)
                    - (lsum (loss (theta O)) Dc + INR (length Dc) * (c * regulariser (theta O)))))
    with (alpha + lsum (loss tp) Dc - lsum (loss (theta O)) Dc
          + INR (length Dc) * c * (regulariser tp - regulariser (theta O))) by lra.
  exact HC.
Qed.

End Theorem1.

(** ** A concrete run of one round, used as witness and as refutation

    Hinge on [-1, 1], c = 1/2, eight clean points (1/4, +1), target 1.
    Clean model 1/2; poison (1, +1); next model 2/3; regret 1/16. *)

Definition run8_data : list (R * R) := repeat (1 / 4, 1) 8.
Definition run8_theta (j : nat) : R := match j with O => 1 / 2 | _ => 2 / 3 end.
Definition run8_z (j : nat) : R * R := (1, 1).

Lemma run8_objective_0 (t : R) : t <= 4 ->
  objective (P := Std) (1 / 2) run8_data t = 8 - 2 * t + 2 * (t * t).
Proof.
  intros Ht. unfold run8_data. rewrite (objective_repeat (P := Std)).
  unfold point_objective. rewrite std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite hinge_inside by lra. simpl INR. lra.
Qed.

Lemma run8_objective_0_ge (t : R) :
  8 - 2 * t + 2 * (t * t) <= objective (P := Std) (1 / 2) run8_data t.
Proof.
  unfold run8_data. rewrite (objective_repeat (P := Std)).
  unfold point_objective. rewrite std_loss. cbn [fst snd regulariser Std Hinge1].
  pose proof (hinge_ge (t * (1 * (1 / 4)))). simpl INR. lra.
Qed.

Lemma run8_objective_1_ge (t : R) :
  8 <= poisoned_objective (P := Std) (1 / 2) run8_data run8_z 1 t.
Proof.
  unfold poisoned_objective. cbn [nsum]. pose proof (run8_objective_0_ge t).
  unfold point_objective, run8_z. rewrite std_loss. cbn [fst snd regulariser Std Hinge1].
  pose proof (hinge_ge (t * (1 * 1))). pose proof (Rle_0_sqr (t - 2 / 3)). unfold Rsqr in *. lra.
Qed.

Lemma run8_objective_1 : poisoned_objective (P := Std) (1 / 2) run8_data run8_z 1 (2 / 3) = 8.
Proof.
  unfold poisoned_objective. cbn [nsum]. rewrite run8_objective_0 by lra.
  unfold point_objective, run8_z. rewrite std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite hinge_inside by lra. lra.
Qed.

Lemma run8_follows_leader : follows_leader (P := Std) (1 / 2) run8_data run8_theta run8_z 1.
Proof.
  intros j Hj. split; [exact I|]. intros u _.
  destruct j as [|[|j]]; [| |lia].
  - rewrite !poisoned_objective_0. unfold run8_theta. rewrite run8_objective_0 by lra.
    pose proof (run8_objective_0_ge u). pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
  - unfold run8_theta. rewrite run8_objective_1. apply run8_objective_1_ge.
Qed.

Lemma run8_greedy : greedy (P := Std) 1 run8_theta run8_z 1.
Proof.
  intros j Hj. replace j with O by lia. split; [apply std_point_pos; simpl; lra|].
  intros w Hw. eapply Rle_trans.
  - exact (distance_Close _ _ _ std_distance_half_one w Hw).
  - rewrite !std_loss. unfold run8_theta, run8_z. cbn [fst snd].
    rewrite (hinge_inside (1 / 2 * (1 * 1))), (hinge_inside (1 * (1 * 1))) by lra. lra.
Qed.

Lemma run8_regret (u : R) :
  regret_against (P := Std) (1 / 2) run8_data run8_theta run8_z 1 u <= 1 / 16.
Proof.
  unfold regret_against. pose proof (run8_objective_1_ge u). cbn [nsum].
  unfold run8_theta at 1. rewrite run8_objective_0 by lra.
  unfold point_objective, run8_theta, run8_z. rewrite std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite hinge_inside by lra. unfold run8_z in *. lra.
Qed.

Theorem theorem_1_repaired_witness :
  exists (P : problem) (c lam alpha : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    attainable lam tp /\ 0 <= c /\ c < lam /\ follows_leader c Dc theta z T /\
    greedy tp theta z T /\ (0 < T)%nat /\ regret_against c Dc theta z T (theta T) <= alpha /\
    0 < c /\ Dc <> [] /\ theta O <> tp.
Proof.
  exists Std, (1 / 2), 1, (1 / 16), run8_data, run8_theta, run8_z, 1, 1%nat.
  split; [apply std_one_attainable; lra|]. split; [lra|]. split; [lra|].
  split; [exact run8_follows_leader|]. split; [exact run8_greedy|]. split; [lia|].
  split; [apply run8_regret|]. split; [lra|]. split; [discriminate|]. simpl. lra.
Qed.

Theorem theorem_1_printed_best_iterate_witness :
  exists (P : problem) (c gamma alpha : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    in_models tp /\ lemma_2_constant c gamma tp /\ follows_leader c Dc theta z T /\
    greedy tp theta z T /\ (0 < T)%nat /\ regret_against c Dc theta z T (theta T) <= alpha /\
    0 < c /\ Dc <> [] /\ theta O <> tp.
Proof.
  exists Std, (1 / 2), (1 - 1 / 2 / 1), (1 / 16), run8_data, run8_theta, run8_z, 1, 1%nat.
  split; [exact I|].
  split; [apply lemma_2_repaired_constant; [apply std_one_attainable|..]; lra|].
  split; [exact run8_follows_leader|]. split; [exact run8_greedy|]. split; [lia|].
  split; [apply run8_regret|]. split; [lra|]. split; [discriminate|]. simpl. lra.
Qed.

Theorem theorem_1_extended_inexact_witness :
  exists (P : problem) (c gamma gap : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    (forall (t : model P) (S : R), in_models t -> Close S t tp -> gamma * S <= regularised_gap c S t tp) /\
    (forall j, (j < T)%nat -> in_models (theta j)) /\ greedy tp theta z T /\
    poisoned_objective c Dc z T (theta T) <= poisoned_objective c Dc z T tp + gap /\ (0 < T)%nat /\
    0 < gamma /\ theta O <> tp.
Proof.
  exists Std, (1 / 2), (1 - 1 / 2 / 1), 0, run8_data, run8_theta, run8_z, 1, 1%nat.
  split; [apply lemma_2_repaired_constant; [apply std_one_attainable|..]; lra|].
  split; [intros; exact I|]. split; [exact run8_greedy|].
  split; [|split; [lia|simpl; lra]].
  pose proof (proj2 (run8_follows_leader 1%nat (le_n _)) 1 I). lra.
Qed.

(** ** Refutations *)

(** A run of Algorithm 1 with everything the paper asks for. *)
Definition theorem_1_run {P : problem} (c gamma alpha : R) (Dc : list (point P))
    (theta : nat -> model P) (z : nat -> point P) (tp : model P) (T : nat) : Prop :=
  0 < c /\ Dc <> [] /\ strictly_attainable c tp /\ lemma_2_constant c gamma tp /\
  follows_leader c Dc theta z T /\ greedy tp theta z T /\ (0 < T)%nat /\
  forall u, in_models u -> regret_against c Dc theta z T u <= alpha.

(** Main text, in its weakest reading: some model trained on the way, the
    final one included, is eps-close. *)
Definition theorem_1_printed_claim (P : problem) : Prop :=
  forall (c gamma alpha : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    theorem_1_run c gamma alpha Dc theta z tp T ->
    exists j, (j <= T)%nat /\
      Close ((alpha + total_loss Dc tp - total_loss Dc (theta O)) / (INR T * gamma)) (theta j) tp.

Theorem theorem_1_printed_refuted : ~ theorem_1_printed_claim Std.
Proof.
  intros H.
  destruct (H (1 / 2) (1 - 1 / 2 / 1) (1 / 16) run8_data run8_theta run8_z 1 1%nat)
    as (j & _ & HC).
  - split; [lra|]. split; [discriminate|]. split; [apply std_one_strictly_attainable; lra|].
    split; [apply lemma_2_repaired_constant; [apply std_one_attainable|..]; lra|].
    split; [exact run8_follows_leader|]. split; [exact run8_greedy|]. split; [lia|].
    intros u _. apply run8_regret.
  - apply std_distance_nonneg in HC. revert HC.
    unfold total_loss, run8_data. rewrite !(lsum_repeat (A := point Std)). rewrite !std_loss.
    unfold run8_theta. cbn [fst snd].
    rewrite !hinge_inside by lra. simpl INR. lra.
Qed.

(** Appendix formula, read for the final model. *)
Definition theorem_1_printed_appendix_final_model_claim (P : problem) : Prop :=
  forall (c gamma alpha : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    theorem_1_run c gamma alpha Dc theta z tp T ->
    Close ((alpha + total_loss Dc tp - total_loss Dc (theta O)
            + INR (length Dc) * c * (regulariser tp - regulariser (theta O))) / (INR T * gamma))
          (theta T) tp.

(** Hinge on [-1, 1], c = 1/8, one clean point (3/4, -1), target -1.  Clean
    model -4/3; poison (1, +1); final model 1, at distance 2 from the target;
    regret 49/72, gamma = 7/8, eps = 127/126. *)
Definition final_data : list (R * R) := [(3 / 4, -1)].
Definition final_theta (j : nat) : R := match j with O => - (4 / 3) | _ => 1 end.
Definition final_z (j : nat) : R * R := (1, 1).

Lemma final_target_strictly_attainable (c : R) : 0 < c <= 1 -> strictly_attainable (P := Std) c (-1).
Proof.
  intros Hc. exists [(1, -1)]. split; [discriminate|]. split.
  { intros w [<-|[]]. apply std_point_neg. lra. }
  split; [exact I|]. intros u _ Hu. std_unfold.
  replace (-1 * -1 * 1) with 1 by lra. replace (-1 * u * 1) with (- u) by lra.
  rewrite (hinge_outside 1) by lra.
  destruct (Rtotal_order u (-1)) as [Hlt|[Heq|Hgt]]; [|now elim Hu|].
  - rewrite (hinge_outside (- u)) by lra.
    assert (0 < c * ((- 1 - u) * (1 - u))) by (repeat apply Rmult_lt_0_compat; lra). lra.
  - rewrite (hinge_inside (- u)) by lra.
    assert (0 < (1 + u) * (2 - c * (1 - u))).
    { apply Rmult_lt_0_compat; [lra|].
      assert (0 < c * (1 + u)) by (apply Rmult_lt_0_compat; lra). lra. }
    lra.
Qed.

Lemma final_objective_0_ge (t : R) : 1 / 9 <= objective (P := Std) (1 / 8) final_data t.
Proof.
  unfold objective, final_data. cbn [lsum length INR]. rewrite std_loss.
  cbn [fst snd regulariser Std Hinge1].
  destruct (hinge_cases (t * (-1 * (3 / 4)))) as [[? ->]|[? ->]]; nra.
Qed.

Lemma final_objective_1_ge (t : R) :
  15 / 8 <= poisoned_objective (P := Std) (1 / 8) final_data final_z 1 t.
Proof.
  unfold poisoned_objective, objective, point_objective, final_data, final_z.
  cbn [lsum nsum length INR]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  destruct (hinge_cases (t * (-1 * (3 / 4)))) as [[? ->]|[? ->]];
  destruct (hinge_cases (t * (1 * 1))) as [[? ->]|[? ->]]; try nra.
Qed.

Lemma final_run :
  theorem_1_run (P := Std) (1 / 8) (1 - 1 / 8 / 1) (49 / 72) final_data final_theta final_z (-1) 1.
Proof.
  split; [lra|]. split; [discriminate|].
  split; [apply final_target_strictly_attainable; lra|].
  split.
  { apply lemma_2_repaired_constant; [|lra|lra].
    apply strictly_attainable_attainable, final_target_strictly_attainable. lra. }
  split; [|split; [|split; [lia|]]].
  - intros j Hj. split; [exact I|]. intros u _. destruct j as [|[|j]]; [| |lia].
    + rewrite !poisoned_objective_0. pose proof (final_objective_0_ge u). eapply Rle_trans; [|eassumption].
      unfold objective, final_data, final_theta. cbn [lsum length INR]. rewrite std_loss.
      cbn [fst snd regulariser Std Hinge1]. rewrite hinge_outside by lra. lra.
    + pose proof (final_objective_1_ge u). eapply Rle_trans; [|eassumption].
      unfold poisoned_objective, objective, point_objective, final_data, final_z, final_theta.
      cbn [lsum nsum length INR]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
      rewrite (hinge_inside (1 * (-1 * (3 / 4)))), (hinge_outside (1 * (1 * 1))) by lra. lra.
  - intros j Hj. replace j with O by lia. split; [apply std_point_pos; simpl; lra|].
    intros w Hw. apply std_signed in Hw. rewrite !std_loss. unfold final_theta, final_z. cbn [fst snd].
    rewrite (hinge_inside (- (4 / 3) * (1 * 1))), (hinge_inside (-1 * (1 * 1))) by lra.
    set (s := snd w * fst w) in *.
    destruct (hinge_cases (- (4 / 3) * s)) as [[? ->]|[? ->]];
    destruct (hinge_cases (-1 * s)) as [[? ->]|[? ->]]; lra.
  - intros u _. unfold regret_against. pose proof (final_objective_1_ge u). cbn [nsum].
    unfold objective, point_objective, final_data, final_theta. cbn [lsum length INR].
    rewrite !std_loss. unfold final_z. cbn [fst snd regulariser Std Hinge1].
    rewrite (hinge_outside (- (4 / 3) * (-1 * (3 / 4)))), (hinge_inside (- (4 / 3) * (1 * 1))) by lra.
    unfold final_z, final_data in *. lra.
Qed.

Theorem theorem_1_printed_appendix_refuted_final_model :
  ~ theorem_1_printed_appendix_final_model_claim Std.
Proof.
  intros H. specialize (H _ _ _ _ _ _ _ _ final_run).
  specialize (H (1, -1) (std_point_neg 1 ltac:(lra))). revert H.
  rewrite !std_loss. unfold total_loss, final_data, final_theta.
  cbn [lsum length INR]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite (hinge_inside (1 * (-1 * 1))), (hinge_outside (-1 * (-1 * 1))),
    (hinge_inside (-1 * (-1 * (3 / 4)))), (hinge_outside (- (4 / 3) * (-1 * (3 / 4)))) by lra.
  lra.
Qed.
