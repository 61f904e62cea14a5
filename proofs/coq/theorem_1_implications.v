(** * theorem-1-implications: what theorem-1 implies, and what it does not

    Paper: theorem-1 "implies 1) if the target classifier has a lower loss on
    Dc, then it is easier to achieve the target model, and 2) with more
    poisoning points, we get closer to the target classifier".

    Proved, about the BOUND eps = (alpha + D0) / (T gamma): it is monotone in the
    clean loss of the target when everything else is equal (R(tp), gamma, alpha);
    with the harmonic regret bound, and with the logarithmic one of remark-1, it
    never increases from T to T + 1 (D0 >= 0).
    That it tends to 0 is remark-1 (convergence).
    Refuted, about the MODELS (hinge on [-1, 1]):
    1) c = 2, clean point (1/2, +1): the attainable target 1/2 has a lower clean
       loss than the attainable target 0; one point reaches 0, but no finite
       set added to the clean data reaches 1/2;
    2) a run whose first poison moves the model from distance 1/3 to distance 2. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances LogSums lemma_1 lemma_2 theorem_1 theorem_2.
Import ListNotations.
Open Scope R_scope.

(** ** About the bound *)

Theorem theorem_1_implications_printed_lower_loss (alpha D0 D0' gamma : R) (T : nat) :
  (0 < T)%nat -> 0 < gamma -> D0 <= D0' ->
  (alpha + D0) / (INR T * gamma) <= (alpha + D0') / (INR T * gamma).
Proof.
  intros HT Hg HD. pose proof (lt_0_INR T HT). apply Rmult_le_compat_r; [|lra].
  apply Rlt_le, Rinv_0_lt_compat, Rmult_lt_0_compat; assumption.
Qed.

Lemma harmonic_ge (N : R) (T : nat) : 0 < N ->
  INR T / (N + INR T) <= nsum (fun i => / (N + INR (S i))) T.
Proof.
  intros HN. pose proof (pos_INR T). unfold Rdiv.
  apply nsum_ge_bound. intros i Hi. apply le_INR in Hi.
  apply Rinv_le_contravar; [|lra]. pose proof (pos_INR (S i)). lra.
Qed.

Theorem theorem_1_implications_printed_more_points (A B N gamma : R) (T : nat) :
  (0 < T)%nat -> 0 < gamma -> 0 < N -> 0 <= A -> 0 <= B ->
  (A + B * nsum (fun i => / (N + INR (S i))) (S T)) / (INR (S T) * gamma) <=
  (A + B * nsum (fun i => / (N + INR (S i))) T) / (INR T * gamma).
Proof.
  intros HT Hg HN HA HB. pose proof (lt_0_INR T HT) as HT'.
  pose proof (harmonic_ge N T HN) as Hh.
  cbn [nsum]. set (h := nsum (fun i => / (N + INR (S i))) T) in *.
  rewrite S_INR. set (t := INR T) in *.
  assert (Hlast : t * / (N + (t + 1)) <= h).
  { eapply Rle_trans; [|exact Hh]. apply Rmult_le_compat_l; [lra|].
    apply Rinv_le_contravar; lra. }
  assert (Hkey : (A + B * (h + / (N + (t + 1)))) * t <= (A + B * h) * (t + 1)).
  { assert (B * (t * / (N + (t + 1))) <= B * h) by (apply Rmult_le_compat_l; assumption). lra. }
  apply Rmult_le_reg_r with ((t + 1) * t * gamma).
  { repeat apply Rmult_lt_0_compat; lra. }
  replace ((A + B * (h + / (N + (t + 1)))) / ((t + 1) * gamma) * ((t + 1) * t * gamma))
    with ((A + B * (h + / (N + (t + 1)))) * t) by (field; repeat split; lra).
  replace ((A + B * h) / (t * gamma) * ((t + 1) * t * gamma))
    with ((A + B * h) * (t + 1)) by (field; repeat split; lra).
  exact Hkey.
Qed.

(** The logarithm form: A = D0, B = (2 L)^2 / (2 c). *)
Theorem theorem_1_implications_extended (A B N gamma : R) (T : nat) :
  (0 < T)%nat -> 0 < gamma -> 0 < N -> 0 <= A -> 0 <= B ->
  (B * ln (1 + INR (S T) / N) + A) / (INR (S T) * gamma) <=
  (B * ln (1 + INR T / N) + A) / (INR T * gamma).
Proof.
  intros HT Hg HN HA HB. pose proof (lt_0_INR T HT) as HT'. rewrite S_INR. set (t := INR T) in *.
  assert (E : forall x, 0 <= x -> ln (1 + x / N) = ln (N + x) - ln N).
  { intros x Hx. replace (1 + x / N) with ((N + x) * / N) by (field; lra).
    rewrite ln_mult, ln_Rinv by (lra || (apply Rinv_0_lt_compat; lra)). lra. }
  rewrite !E by lra.
  pose proof (ln_le_minus_one ((N + (t + 1)) / (N + t))) as H1.
  pose proof (log_step t (N + t) ltac:(lra) ltac:(lra)) as H2.
  replace (N + t - t) with N in H2 by lra.
  assert (Hpos : 0 < (N + (t + 1)) / (N + t)) by (apply Rdiv_lt_0_compat; lra).
  specialize (H1 Hpos). unfold Rdiv in H1 at 1.
  rewrite ln_mult, ln_Rinv in H1 by (lra || (apply Rinv_0_lt_compat; lra)).
  replace ((N + (t + 1)) / (N + t) - 1) with (/ (N + t)) in H1 by (field; lra).
  apply Rmult_le_compat_l with (r := t) in H1; [|lra].
  set (h := ln (N + t) - ln N) in *. set (h' := ln (N + (t + 1)) - ln N).
  assert (Hh : t * h' <= (t + 1) * h).
  { unfold h', h in *. unfold Rdiv in H2. lra. }
  apply Rmult_le_compat_l with (r := B) in Hh; [|assumption].
  apply Rmult_le_reg_r with ((t + 1) * t * gamma).
  { repeat apply Rmult_lt_0_compat; lra. }
  replace ((B * h' + A) / ((t + 1) * gamma) * ((t + 1) * t * gamma))
    with ((B * h' + A) * t) by (field; repeat split; lra).
  replace ((B * h + A) / (t * gamma) * ((t + 1) * t * gamma))
    with ((B * h + A) * (t + 1)) by (field; repeat split; lra).
  lra.
Qed.

Theorem theorem_1_implications_extended_witness :
  exists (A B N gamma : R) (T : nat), (0 < T)%nat /\ 0 < gamma /\ 0 < N /\ 0 <= A /\ 0 <= B /\ 0 < A * B.
Proof. exists 1, 1, 1, 1, 1%nat. split; [lia|]. lra. Qed.

Theorem theorem_1_implications_printed_lower_loss_witness :
  exists (alpha D0 D0' gamma : R) (T : nat), (0 < T)%nat /\ 0 < gamma /\ D0 <= D0' /\ D0 <> D0'.
Proof. exists 1, 1, 2, 1, 1%nat. split; [lia|]. lra. Qed.

Theorem theorem_1_implications_printed_more_points_witness :
  exists (A B N gamma : R) (T : nat), (0 < T)%nat /\ 0 < gamma /\ 0 < N /\ 0 <= A /\ 0 <= B /\ 0 < A * B.
Proof. exists 1, 1, 1, 1, 1%nat. split; [lia|]. lra. Qed.

(** ** About the models: 1) a lower clean loss *)

Definition easy_data : list (R * R) := [(1 / 2, 1)].

(** No finite set of points added to the clean data trains 1/2 at c = 2. *)
Theorem theorem_1_implications_extended_unreachable (Dp : list (R * R)) :
  (forall z, In z Dp -> in_points (p := Std) z) ->
  ~ minimiser (P := Std) 2 (easy_data ++ Dp) (1 / 2).
Proof.
  intros HD Hmin.
  set (e := / (4 * (INR (length Dp) + 1))).
  pose proof (pos_INR (length Dp)) as Hn.
  assert (He : e * (4 * (INR (length Dp) + 1)) = 1) by (unfold e; field; lra).
  assert (He0 : 0 < e) by (apply Rinv_0_lt_compat; lra).
  assert (He1 : e <= 1 / 4).
  { unfold e. replace (1 / 4) with (/ 4) by lra. apply Rinv_le_contravar; lra. }
  pose proof (theorem_2_repaired (P := Std) 2 easy_data Dp (1 / 2) (1 / 2 - e) (Rabs (1 / 2 - e - 1 / 2))
                Hmin HD I (std_Close (1 / 2 - e) (1 / 2) ltac:(lra) ltac:(lra))) as H.
  replace (1 / 2 - e - 1 / 2) with (- e) in H by lra.
  rewrite Rabs_Ropp, (Rabs_pos_eq e) in H by lra.
  unfold regularised_gap, objective, easy_data in H. cbn [lsum length] in H. rewrite !std_loss in H.
  cbn [fst snd regulariser Std Hinge1] in H.
  rewrite (hinge_inside (1 / 2 * (1 * (1 / 2)))), (hinge_inside ((1 / 2 - e) * (1 * (1 / 2)))) in H by lra.
  change (@length (point Std) Dp) with (@length (R * R) Dp) in H.
  set (n := INR (length Dp)) in *. simpl INR in H.
  assert (H' : e / 2 - e * e <= n * (e * e)) by lra.
  assert (e * (1 / 2) <= e * ((n + 1) * e)) by lra.
  assert (1 / 2 <= (n + 1) * e) by (apply Rmult_le_reg_l with e; lra). lra.
Qed.

(** "A target with a lower clean loss needs no more points." *)
Definition lower_loss_is_easier_claim (P : problem) : Prop :=
  forall (c : R) (Dc : list (point P)) (tp tp' : model P),
    0 < c -> Dc <> [] -> strictly_attainable c tp -> strictly_attainable c tp' ->
    total_loss Dc tp < total_loss Dc tp' ->
    forall Dp', (forall z, In z Dp' -> in_points z) -> strict_minimiser c (Dc ++ Dp') tp' ->
    exists Dp, (length Dp <= length Dp')%nat /\ (forall z, In z Dp -> in_points z) /\
               minimiser c (Dc ++ Dp) tp.

Theorem theorem_1_implications_printed_refuted_lower_loss : ~ lower_loss_is_easier_claim Std.
Proof.
  intros H.
  assert (H0 : strictly_attainable (P := Std) 2 0).
  { pose proof (std_mixture_strictly_attainable 1) as Hm. simpl in Hm.
    replace ((1 - 1) / (2 * (1 + 1))) with 0 in Hm by lra. exact Hm. }
  assert (Hl : total_loss (P := Std) easy_data (1 / 2) < total_loss (P := Std) easy_data 0).
  { unfold total_loss, easy_data. cbn [lsum]. rewrite !std_loss. cbn [fst snd].
    rewrite !hinge_inside by lra. lra. }
  assert (Hin : forall z, In z [(1 / 2, -1)] -> in_points (p := Std) z).
  { intros z [<-|[]]. apply std_point_neg. lra. }
  assert (Hs : strict_minimiser (P := Std) 2 (easy_data ++ [(1 / 2, -1)]) 0).
  { split; [exact I|]. intros u _ Hu. unfold easy_data. simpl app. unfold objective.
    cbn [lsum length]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
    rewrite (hinge_inside (0 * (1 * (1 / 2)))), (hinge_inside (0 * (-1 * (1 / 2)))) by lra.
    pose proof (hinge_ge (u * (1 * (1 / 2)))). pose proof (hinge_ge (u * (-1 * (1 / 2)))).
    pose proof (square_pos u 0 Hu). simpl INR. lra. }
  destruct (H 2 easy_data (1 / 2) 0 ltac:(lra) ltac:(discriminate) std_half_strictly_attainable H0 Hl
              [(1 / 2, -1)] Hin Hs) as (Dp & _ & HDp & Hmin).
  exact (theorem_1_implications_extended_unreachable Dp HDp Hmin).
Qed.

Theorem theorem_1_implications_extended_unreachable_witness :
  exists Dp : list (R * R), (forall z, In z Dp -> in_points (p := Std) z) /\ Dp <> [].
Proof.
  exists [(1, 1)]. split; [|discriminate]. intros z [<-|[]]. apply std_point_pos. lra.
Qed.

(** ** About the models: 2) more points *)

Definition more_points_is_closer_claim (P : problem) : Prop :=
  forall (c gamma alpha : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (T : nat),
    theorem_1_run c gamma alpha Dc theta z tp T ->
    forall j S, (j < T)%nat -> Close S (theta j) tp -> Close S (theta (j + 1)%nat) tp.

Theorem theorem_1_implications_printed_refuted_more_points : ~ more_points_is_closer_claim Std.
Proof.
  intros H. specialize (H _ _ _ _ _ _ _ _ final_run O (1 / 3) ltac:(lia)).
  assert (HC : Close (P := Std) (1 / 3) (final_theta 0) (-1)).
  { intros w Hw. apply std_signed in Hw. rewrite !std_loss. unfold final_theta.
    set (s := snd w * fst w) in *.
    destruct (hinge_cases (- (4 / 3) * s)) as [[? ->]|[? ->]];
    destruct (hinge_cases (-1 * s)) as [[? ->]|[? ->]]; lra. }
  specialize (H HC (1, -1) (std_point_neg 1 ltac:(lra))). revert H.
  rewrite !std_loss. unfold final_theta. simpl Nat.add. cbn [fst snd].
  rewrite (hinge_inside (1 * (-1 * 1))), (hinge_outside (-1 * (-1 * 1))) by lra. lra.
Qed.
