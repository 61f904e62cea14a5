(** * online-waste: one point does what Algorithm 1 needs more than m points for

    Not in the paper.  Hinge loss on [-1, 1], c = 1, one clean point x = 0 (N = 1),
    target 1/(2 m), m >= 1.  The single point (1/m, +1) trains the target, so the
    fewest points are one.  Algorithm 1 adds ends of the interval only, +1 and -1 in
    turn, and its models are 0 and 1/(1 + j): as long as 1 + j <= m they all stay at a
    distance of at least 1/(2 m) from the target.  Proved for every run of the
    algorithm, whatever its ties and its starting points. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances.
Import ListNotations.
Open Scope R_scope.

Definition idle_data : list (R * R) := [(0, 1)].
Definition waste_target (m : nat) : R := / (2 * INR m).

(** The sum of the signed features after j rounds: +1, -1, +1, ... *)
Definition waste_pull (j : nat) : R := if Nat.even j then 0 else 1.
Definition waste_turn (j : nat) : R := if Nat.even j then 1 else -1.
Definition waste_model (j : nat) : R := waste_pull j / (1 + INR j).

Lemma waste_pull_S (j : nat) : waste_pull (S j) = waste_pull j + waste_turn j.
Proof. unfold waste_pull, waste_turn. rewrite even_step. destruct (Nat.even j); simpl; lra. Qed.

Lemma waste_pull_range (j : nat) : 0 <= waste_pull j <= 1.
Proof. unfold waste_pull. destruct (Nat.even j); lra. Qed.

Section Run.

Context (z : nat -> R * R).

Definition signed (j : nat) : R := snd (z j) * fst (z j).

Lemma waste_objective_ge (j : nat) (t : R) :
  (forall i, (i < j)%nat -> signed i = waste_turn i) ->
  1 + INR j + (1 + INR j) * (t * t / 2) - waste_pull j * t
  <= poisoned_objective (P := Std) 1 idle_data z j t.
Proof.
  induction j as [|j IH]; intros Hz.
  - rewrite poisoned_objective_0. unfold idle_data. std_unfold. unfold waste_pull. simpl Nat.even. cbv iota.
    pose proof (hinge_ge (1 * t * 0)). simpl INR. lra.
  - rewrite (poisoned_objective_S (P := Std)), S_INR, waste_pull_S. unfold point_objective. rewrite std_loss.
    change (snd (z j) * fst (z j)) with (signed j). rewrite (Hz j) by lia. cbn [regulariser Std Hinge1].
    specialize (IH ltac:(intros; apply Hz; lia)). pose proof (hinge_ge (t * waste_turn j)). lra.
Qed.

Lemma waste_objective (j : nat) (t : R) : -1 <= t <= 1 ->
  (forall i, (i < j)%nat -> signed i = waste_turn i) ->
  poisoned_objective (P := Std) 1 idle_data z j t =
  1 + INR j + (1 + INR j) * (t * t / 2) - waste_pull j * t.
Proof.
  intros Ht. induction j as [|j IH]; intros Hz.
  - rewrite poisoned_objective_0. unfold idle_data. std_unfold. unfold waste_pull. simpl Nat.even. cbv iota.
    rewrite hinge_inside by lra. simpl INR. lra.
  - rewrite (poisoned_objective_S (P := Std)), S_INR, waste_pull_S. unfold point_objective. rewrite std_loss.
    change (snd (z j) * fst (z j)) with (signed j). rewrite (Hz j) by lia. cbn [regulariser Std Hinge1].
    rewrite IH by (intros; apply Hz; lia).
    rewrite hinge_inside; [lra|]. unfold waste_turn. destruct (Nat.even j); lra.
Qed.

Lemma waste_model_range (j : nat) : 0 <= waste_model j <= 1.
Proof.
  unfold waste_model. pose proof (waste_pull_range j) as [H0 H1]. pose proof (pos_INR j) as Hj.
  assert (Hi : 0 < / (1 + INR j) <= 1).
  { split; [apply Rinv_0_lt_compat; lra|].
    apply Rle_trans with (/ 1); [apply Rinv_le_contravar; lra | rewrite Rinv_1; lra]. }
  unfold Rdiv. split; [apply Rmult_le_pos; lra|].
  replace 1 with (1 * 1) at 2 by lra. apply Rmult_le_compat; lra.
Qed.

(** The model trained on these points is that one. *)
Lemma waste_trained (j : nat) (t : R) :
  (forall i, (i < j)%nat -> signed i = waste_turn i) ->
  minimises (P := Std) (poisoned_objective (P := Std) 1 idle_data z j) t -> t = waste_model j.
Proof.
  intros Hz [_ Hmin]. specialize (Hmin (waste_model j) I).
  rewrite (waste_objective j (waste_model j)) in Hmin by (try assumption; pose proof (waste_model_range j); lra).
  pose proof (waste_objective_ge j t Hz) as Hge. pose proof (pos_INR j) as Hj.
  assert (E : (1 + INR j) * waste_model j = waste_pull j) by (unfold waste_model; field; lra).
  assert (Hsq : (1 + INR j) * ((t - waste_model j) * (t - waste_model j)) <= 0).
  { rewrite <- E in Hmin, Hge. set (w := waste_model j) in *. set (n := 1 + INR j) in *. nra. }
  destruct (Req_dec t (waste_model j)) as [|Hne]; [assumption|].
  pose proof (square_pos t (waste_model j) Hne) as Hpos.
  assert (0 < (1 + INR j) * ((t - waste_model j) * (t - waste_model j))) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Context (m : nat) (theta : nat -> R).
Hypothesis Hm : (0 < m)%nat.

Lemma waste_target_range : 0 < waste_target m <= 1 / 2.
Proof.
  unfold waste_target. assert (1 <= INR m) by (change 1 with (INR 1); apply le_INR; lia). split.
  - apply Rinv_0_lt_compat. lra.
  - replace (1 / 2) with (/ 2) by lra. apply Rinv_le_contravar; lra.
Qed.

Lemma waste_size (j : nat) : (j < m)%nat -> / INR m <= / (1 + INR j).
Proof.
  intros Hj. pose proof (pos_INR j). apply Rinv_le_contravar; [lra|].
  replace (1 + INR j) with (INR (S j)) by (rewrite S_INR; lra). apply le_INR. lia.
Qed.

(** A most harmful point is an end of the interval. *)
Lemma waste_choice (j : nat) : (j < m)%nat -> in_points (p := Std) (z j) ->
  Close (P := Std) (loss (p := Std) (waste_model j) (z j) - loss (p := Std) (waste_target m) (z j))
        (waste_model j) (waste_target m) ->
  signed j = waste_turn j.
Proof.
  intros Hj Hin Hclose. pose proof waste_target_range as Ht. pose proof (waste_model_range j) as Hw.
  pose proof (std_signed (z j) Hin) as Hs. fold (signed j) in Hs.
  assert (Hone : forall y, (y = 1 \/ y = -1) ->
    (waste_target m - waste_model j) * y <= (waste_target m - waste_model j) * signed j).
  { intros y Hy. assert (Hp : in_points (p := Std) (1, y)) by (apply std_point; [lra | exact Hy]).
    specialize (Hclose _ Hp). rewrite !std_loss in Hclose. cbn [fst snd] in Hclose. fold (signed j) in Hclose.
    rewrite !hinge_inside in Hclose by (destruct Hy as [-> | ->]; nra). lra. }
  unfold waste_turn. destruct (Nat.even j) eqn:E.
  - specialize (Hone 1 (or_introl eq_refl)).
    assert (waste_model j = 0) as Hz by (unfold waste_model, waste_pull; rewrite E; lra). rewrite Hz in Hone. nra.
  - specialize (Hone (-1) (or_intror eq_refl)).
    assert (Hgap : waste_target m < waste_model j).
    { unfold waste_model, waste_pull. rewrite E. pose proof (waste_size j Hj) as Hle.
      unfold waste_target in *. assert (1 <= INR m) by (change 1 with (INR 1); apply le_INR; lia).
      assert (Hhalf : / (2 * INR m) = / INR m / 2) by (field; lra).
      assert (0 < / INR m) by (apply Rinv_0_lt_compat; lra). unfold Rdiv. lra. }
    nra.
Qed.

Lemma waste_run (T : nat) : (T < m)%nat ->
  (forall j, (j < T)%nat -> in_points (p := Std) (z j)) ->
  follows_leader (P := Std) 1 idle_data theta z T ->
  greedy (P := Std) (waste_target m) theta z T ->
  (forall i, (i < T)%nat -> signed i = waste_turn i) /\ forall j, (j <= T)%nat -> theta j = waste_model j.
Proof.
  intros HT Hin Hlead Hgreedy.
  assert (Hsigned : forall i, (i < T)%nat -> signed i = waste_turn i).
  { intros i. induction i as [i IH] using (well_founded_induction Wf_nat.lt_wf). intros Hi.
    assert (E : theta i = waste_model i).
    { apply waste_trained; [intros k Hk; apply IH; lia | apply Hlead; lia]. }
    apply waste_choice; [lia | now apply Hin|]. rewrite <- E. apply (Hgreedy i Hi). }
  split; [assumption|]. intros j Hj. apply waste_trained; [intros; apply Hsigned; lia | now apply Hlead].
Qed.

(** Every run of fewer than m points stays at a distance of at least 1/(2 m). *)
Theorem online_waste_extended (T j : nat) (S : R) : (T < m)%nat -> (j <= T)%nat ->
  (forall i, (i < T)%nat -> in_points (p := Std) (z i)) ->
  follows_leader (P := Std) 1 idle_data theta z T ->
  greedy (P := Std) (waste_target m) theta z T ->
  Close (P := Std) S (theta j) (waste_target m) -> / (2 * INR m) <= S.
Proof.
  intros HT Hj Hin Hlead Hgreedy HS.
  destruct (waste_run T HT Hin Hlead Hgreedy) as [_ Hmodel]. rewrite (Hmodel j Hj) in HS.
  pose proof waste_target_range as Ht. pose proof (waste_model_range j) as Hw.
  destruct (std_distance (waste_model j) (waste_target m)) as [_ Hleast]; [lra | lra|].
  assert (Hle : Rabs (waste_model j - waste_target m) <= S).
  { apply Hleast. intros v (w & Hwin & ->). now apply HS. }
  apply Rle_trans with (Rabs (waste_model j - waste_target m)); [|assumption].
  unfold waste_model, waste_pull in *. fold (waste_target m). destruct (Nat.even j) eqn:E.
  - unfold Rdiv. rewrite Rmult_0_l. unfold Rabs. destruct (Rcase_abs (0 - waste_target m)); lra.
  - pose proof (waste_size j ltac:(lia)) as Hle2. unfold waste_target in *.
    assert (1 <= INR m) by (change 1 with (INR 1); apply le_INR; lia).
    assert (Hhalf : / (2 * INR m) = / INR m / 2) by (field; lra).
    unfold Rabs. destruct (Rcase_abs (1 / (1 + INR j) - / (2 * INR m))); unfold Rdiv in *; lra.
Qed.

End Run.

(** One point is enough; m = k + 1. *)
Theorem online_waste_extended_one_point (k : nat) :
  in_points (p := Std) (/ INR (S k), 1) /\
  minimiser (P := Std) 1 (idle_data ++ [(/ INR (S k), 1)]) (waste_target (S k)).
Proof.
  assert (H1 : 1 <= INR (S k)) by (change 1 with (INR 1); apply le_INR; lia).
  assert (Hi : 0 < / INR (S k) <= 1).
  { split; [apply Rinv_0_lt_compat; lra|].
    apply Rle_trans with (/ 1); [apply Rinv_le_contravar; lra | rewrite Rinv_1; lra]. }
  assert (Hhalf : / (2 * INR (S k)) = / INR (S k) / 2) by (field; lra).
  split; [apply std_point_pos; lra|]. split; [exact I|]. intros u _. unfold waste_target. rewrite Hhalf.
  set (q := / INR (S k)) in *. unfold idle_data. cbn [app]. std_unfold.
  rewrite (hinge_inside (1 * (q / 2) * 0)) by lra. rewrite (hinge_inside (1 * (q / 2) * q)) by nra.
  pose proof (hinge_ge (1 * u * 0)). pose proof (hinge_ge (1 * u * q)).
  pose proof (Rle_0_sqr (u - q / 2)). unfold Rsqr in *. nra.
Qed.

(** m = 2 and one round, in which the point (1, +1) is added. *)
Theorem online_waste_extended_witness :
  exists (z : nat -> R * R) (m : nat) (theta : nat -> R) (T j : nat) (S : R), (0 < m)%nat /\ (T < m)%nat /\ (j <= T)%nat /\
    (forall i, (i < T)%nat -> in_points (p := Std) (z i)) /\
    follows_leader (P := Std) 1 idle_data theta z T /\
    greedy (P := Std) (waste_target m) theta z T /\
    Close (P := Std) S (theta j) (waste_target m).
Proof.
  exists (fun _ => (1, 1)), 2%nat, waste_model, 1%nat, 0%nat, (Rabs (waste_model 0 - waste_target 2)).
  split; [lia|]. split; [lia|]. split; [lia|]. split; [intros; apply std_point_pos; lra|].
  assert (Hz : forall j, (j <= 1)%nat -> forall i, (i < j)%nat ->
    signed (fun _ : nat => (1, 1)) i = waste_turn i).
  { intros j Hj i Hi. assert (i = 0)%nat by lia. subst i. unfold signed, waste_turn. simpl. lra. }
  split; [|split].
  - intros j Hj. split; [exact I|]. intros u _.
    rewrite (waste_objective _ j (waste_model j)) by (try (apply (Hz j Hj)); pose proof (waste_model_range j); lra).
    eapply Rle_trans; [|apply (waste_objective_ge _ j u (Hz j Hj))].
    pose proof (pos_INR j). assert (E : (1 + INR j) * waste_model j = waste_pull j) by (unfold waste_model; field; lra).
    rewrite <- E. pose proof (Rle_0_sqr (u - waste_model j)) as Hs. unfold Rsqr in Hs.
    assert (0 <= (1 + INR j) * ((u - waste_model j) * (u - waste_model j))) by (apply Rmult_le_pos; lra). nra.
  - intros j Hj. assert (j = 0)%nat by lia. subst j. split; [apply std_point_pos; lra|].
    intros w Hw. apply std_signed in Hw. rewrite !std_loss. cbn [fst snd].
    unfold waste_model, waste_pull, waste_target. simpl. unfold Rdiv. rewrite Rmult_0_l.
    replace (/ (2 * (1 + 1))) with (/ 4) by lra. rewrite !hinge_inside by lra. lra.
  - apply std_Close.
    + pose proof (waste_model_range 0). lra.
    + pose proof (waste_target_range 2 ltac:(lia)). lra.
Qed.
