(** * copies-per-round: adding k copies of the chosen point in each round

    Paper (Section 4.1): several copies may be added per round; "the proof of
    convergence will be similar".

    After j rounds the training set has N + k j points.  Assumed: as in
    theorem-1 and data-dependent-regret, with models theta j trained on Dc and k
    copies of each of z 0 .. z (j-1).
    Proved: the potential identity with copies; the best of the first T models
    is eps-close for eps = (D0 + sum delta_j) / (k T gamma), k T being the number
    of points; each regret step is at most k^2 G_j^2 / (2 m (N + k (j+1))), so
    the total is at most k G^2/(2 m) log(1 + k T/N): a factor k over one copy per
    round for the same number of points.  With k = 1 these are the results for
    one copy.  In R^d with R = |.|_2^2/2 and convex L-Lipschitz losses G = 2 L
    serves, as for one copy (extended). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity LogSums lemma_1 lemma_2 theorem_1
  data_dependent_regret remark_1.
Import ListNotations.
Open Scope R_scope.

Section Copies.

Context {P : problem}.
Implicit Types (theta : nat -> model P) (z : nat -> point P).

(** The objective on Dc and k copies of z 0 .. z (T-1). *)
Definition copies_objective (c : R) (Dc : list (point P)) z (k T : nat) (t : model P) : R :=
  objective c Dc t + nsum (fun j => INR k * point_objective c (z j) t) T.

Definition copies (z : nat -> point P) (k T : nat) : list (point P) :=
  flat_map (fun j => repeat (z j) k) (seq 0 T).

Lemma copies_S z k T : copies z k (S T) = copies z k T ++ repeat (z T) k.
Proof. unfold copies. rewrite seq_S, flat_map_app. simpl. now rewrite app_nil_r. Qed.

Lemma copies_objective_S (c : R) Dc z k T (t : model P) :
  copies_objective c Dc z k (S T) t = copies_objective c Dc z k T t + INR k * point_objective c (z T) t.
Proof. unfold copies_objective. cbn [nsum]. lra. Qed.

(** It is the objective on the multiset union. *)
Theorem copies_per_round_repaired_union (c : R) Dc z k T (t : model P) :
  copies_objective c Dc z k T t = objective c (Dc ++ copies z k T) t.
Proof.
  induction T as [|T IH].
  - unfold copies_objective, copies. simpl. rewrite app_nil_r. lra.
  - rewrite copies_objective_S, IH, copies_S, !objective_app, objective_repeat. lra.
Qed.

Definition copies_step (c : R) (Dc : list (point P)) theta z (k j : nat) : R :=
  copies_objective c Dc z k (S j) (theta j) - copies_objective c Dc z k (S j) (theta (S j)).

Definition copies_leader (c : R) (Dc : list (point P)) theta z (k T : nat) : Prop :=
  forall j, (j <= T)%nat -> minimises (copies_objective c Dc z k j) (theta j).

Theorem copies_per_round_repaired_potential_identity (c : R) (Dc : list (point P)) theta z (tp : model P) (k T : nat) :
  nsum (fun j => INR k * (point_objective c (z j) (theta j) - point_objective c (z j) tp)) T =
  clean_excess c Dc tp (theta O) + nsum (copies_step c Dc theta z k) T
  - (copies_objective c Dc z k T tp - copies_objective c Dc z k T (theta T)).
Proof.
  induction T as [|T IH].
  - cbn [nsum]. unfold copies_objective. cbn [nsum]. unfold clean_excess. lra.
  - cbn [nsum]. rewrite IH. change (copies_step c Dc theta z k T) with
      (copies_objective c Dc z k (S T) (theta T) - copies_objective c Dc z k (S T) (theta (S T))).
    rewrite !copies_objective_S. lra.
Qed.

Theorem copies_per_round_repaired (c lam : R) (Dc : list (point P)) theta z (tp : model P) (k T : nat) :
  attainable lam tp -> 0 <= c -> c < lam -> (0 < k)%nat -> (0 < T)%nat ->
  copies_leader c Dc theta z k T -> greedy tp theta z T ->
  exists j, (j < T)%nat /\
    Close ((clean_excess c Dc tp (theta O) + nsum (copies_step c Dc theta z k) T)
           / (INR k * INR T * (1 - c / lam))) (theta j) tp.
Proof.
  intros Hat Hc Hlt Hk HT Hlead Hgreedy.
  assert (Htp : in_models tp) by (destruct Hat as (? & _ & _ & ? & _); assumption).
  destruct (lemma_2_repaired_constant c lam tp Hat Hc Hlt) as [Hgam Hgamma].
  pose proof (lt_0_INR k Hk) as Hk'. pose proof (lt_0_INR T HT) as HT'.
  pose proof (copies_per_round_repaired_potential_identity c Dc theta z tp k T) as Hid.
  destruct (Hlead T (le_n T)) as [_ Hmin]. specialize (Hmin tp Htp).
  set (s := fun j => loss (theta j) (z j) - loss tp (z j)).
  assert (Hsum : nsum (fun j => INR k * ((1 - c / lam) * s j)) T <=
                 clean_excess c Dc tp (theta O) + nsum (copies_step c Dc theta z k) T).
  { apply Rle_trans with
      (nsum (fun j => INR k * (point_objective c (z j) (theta j) - point_objective c (z j) tp)) T); [|lra].
    apply nsum_le. intros j Hj. apply Rmult_le_compat_l; [lra|]. rewrite bracket_is_regularised_gap.
    apply Hgamma; [apply Hlead; lia | apply (Hgreedy j Hj)]. }
  destruct (nsum_exists_le_average _ T _ HT Hsum) as (j & Hj & Hle).
  exists j. split; [assumption|]. intros w Hw.
  apply Rle_trans with (s j); [now apply (Hgreedy j Hj)|].
  assert (Hd : 0 < INR k * INR T * (1 - c / lam)) by (repeat apply Rmult_lt_0_compat; assumption).
  apply Rmult_le_reg_r with (INR k * INR T * (1 - c / lam)); [assumption|].
  unfold Rdiv at 2. rewrite (Rmult_assoc _ (/ _)), Rinv_l, Rmult_1_r by lra. lra.
Qed.

(** The regret of a leader that adds k copies. *)
Section Regret.

Context (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).

Lemma copies_objective_strongly_convex (c m : R) (Dc : list (point P)) z (k T : nat) :
  strongly_convex_points mix dist c m ->
  strongly_convex in_models mix dist ((INR (length Dc) + INR k * INR T) * m) (copies_objective c Dc z k T).
Proof.
  intros Hp.
  replace ((INR (length Dc) + INR k * INR T) * m)
    with (INR (length Dc) * m + INR T * (INR k * m)) by ring.
  apply (strongly_convex_plus in_models mix dist).
  - now apply objective_strongly_convex.
  - apply (strongly_convex_nsum in_models mix dist (INR k * m) (fun j t => INR k * point_objective c (z j) t)).
    intros j _. apply strongly_convex_scal; [apply pos_INR | apply Hp].
Qed.

Theorem copies_per_round_repaired_step (c m : R) (Dc : list (point P)) theta z (k T j : nat)
    (g : model P -> R) (G : R) :
  0 < m -> (0 < k)%nat -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  copies_leader c Dc theta z k T -> (j < T)%nat ->
  subgradient in_models mix (point_objective c (z j)) (theta j) g ->
  dual_bound in_models dist (theta j) g G ->
  copies_step c Dc theta z k j <=
  (INR k * G) * (INR k * G) / (2 * (m * (INR (length Dc) + INR k * INR (S j)))).
Proof.
  intros Hm Hk Hmix Hp Hlead Hj [Hsub Hlin] HG. unfold copies_step. rewrite !copies_objective_S.
  destruct (Hlead j ltac:(lia)) as [Hin Hmin].
  pose proof (proj1 (Hlead (S j) ltac:(lia))) as Hin'.
  pose proof (lt_0_INR k Hk) as Hk'.
  assert (Hpos : 0 < m * (INR (length Dc) + INR k * INR (S j))).
  { apply Rmult_lt_0_compat; [assumption|]. pose proof (pos_INR (length Dc)).
    assert (0 < INR (S j)) by (apply lt_0_INR; lia).
    assert (0 < INR k * INR (S j)) by (now apply Rmult_lt_0_compat). lra. }
  apply (leader_step in_models mix dist _ (INR k * G) (copies_objective c Dc z k j)
           (fun t => INR k * point_objective c (z j) t) (theta j) (theta (S j))
           (fun u => INR k * g u)); try assumption.
  - apply (strongly_convex_ext _ _ _ _ (copies_objective c Dc z k (S j))).
    + intros t. apply copies_objective_S.
    + rewrite Rmult_comm. now apply copies_objective_strongly_convex.
  - split.
    + intros u Hu. specialize (Hsub u Hu). apply Rmult_le_compat_l with (r := INR k) in Hsub; lra.
    + intros s u Hs Hu. rewrite Hlin by assumption. ring.
  - intros u Hu. specialize (HG u Hu). apply Rmult_le_compat_l with (r := INR k) in HG; lra.
Qed.

(** The sum of the steps, with a bound of each round's own subgradient. *)
Theorem copies_per_round_repaired_sum (c m : R) (Dc : list (point P)) theta z (k T : nat)
    (g : nat -> model P -> R) (G : nat -> R) :
  0 < m -> (0 < k)%nat -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  copies_leader c Dc theta z k T ->
  (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                            dual_bound in_models dist (theta j) (g j) (G j)) ->
  nsum (copies_step c Dc theta z k) T <=
  INR k * INR k / (2 * m) * nsum (fun j => G j * G j / (INR (length Dc) + INR k * INR (S j))) T.
Proof.
  intros Hm Hk Hmix Hp Hlead Hg. rewrite <- nsum_scal. apply nsum_le. intros j Hj. destruct (Hg j Hj) as [H1 H2].
  eapply Rle_trans; [exact (copies_per_round_repaired_step c m Dc theta z k T j (g j) (G j) Hm Hk Hmix Hp Hlead Hj H1 H2)|].
  apply Req_le. pose proof (lt_0_INR k Hk). pose proof (pos_INR (length Dc)). pose proof (pos_INR j). rewrite S_INR.
  assert (0 < INR k * (INR j + 1)) by (apply Rmult_lt_0_compat; lra).
  field. split; lra.
Qed.

Theorem copies_per_round_repaired_regret (c m G : R) (Dc : list (point P)) theta z (k T : nat)
    (g : nat -> model P -> R) :
  0 < m -> (0 < k)%nat -> Dc <> [] -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  copies_leader c Dc theta z k T ->
  (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                            dual_bound in_models dist (theta j) (g j) G) ->
  nsum (copies_step c Dc theta z k) T <=
  INR k * (G * G) / (2 * m) * ln (1 + INR k * INR T / INR (length Dc)).
Proof.
  intros Hm Hk Hne Hmix Hp Hlead Hg.
  pose proof (length_INR_pos Dc Hne) as HN. pose proof (lt_0_INR k Hk) as Hk'.
  apply Rle_trans with (INR k * (G * G) / (2 * m) *
    nsum (fun i => INR k / (INR (length Dc) + INR k * INR (S i))) T).
  - rewrite <- nsum_scal. apply nsum_le. intros j Hj. destruct (Hg j Hj) as [H1 H2].
    eapply Rle_trans; [now apply (copies_per_round_repaired_step c m Dc theta z k T j (g j) G)|].
    apply Req_le. pose proof (pos_INR j). rewrite S_INR.
    assert (0 < INR k * (INR j + 1)) by (apply Rmult_lt_0_compat; lra).
    field. split; lra.
  - apply Rmult_le_compat_l.
    + apply Rmult_le_pos; [|apply Rlt_le, Rinv_0_lt_compat; lra].
      apply Rmult_le_pos; [lra | apply Rle_0_sqr].
    + apply sum_inverse_step; lra.
Qed.

End Regret.

End Copies.

(** ** R^d with R = |.|_2^2/2 and Lipschitz losses: G = 2 L *)

Theorem copies_per_round_extended (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (k T : nat) :
  let P := VecProblem n Z inZ l in
  0 < c -> 0 <= L -> lipschitz_loss n inZ l L -> (0 < k)%nat ->
  Dc <> [] -> (forall w, In w Dc -> inZ w) -> (forall j, (j < T)%nat -> inZ (z j)) ->
  convex_losses (P := P) vmix (l2dist n) -> copies_leader (P := P) c Dc theta z k T ->
  nsum (copies_step (P := P) c Dc theta z k) T <=
  INR k * ((2 * L) * (2 * L)) / (2 * c) * ln (1 + INR k * INR T / INR (length Dc)).
Proof.
  intros P Hc HL HLip Hk Hne HDc Hz Hconv Hlead.
  pose proof (length_INR_pos Dc Hne) as HN. pose proof (lt_0_INR k Hk) as Hk'.
  assert (Hc0 : 0 <= c) by lra.
  apply Rle_trans with (INR k * ((2 * L) * (2 * L)) / (2 * c) *
    nsum (fun i => INR k / (INR (length Dc) + INR k * INR (S i))) T).
  - rewrite <- nsum_scal. apply nsum_le. intros j Hj. unfold copies_step. rewrite !copies_objective_S.
    destruct (Hlead j ltac:(lia)) as [Hin Hmin].
    pose proof (pos_INR j) as Hj0. rewrite S_INR.
    assert (Hkj : 0 <= INR k * INR j) by (apply Rmult_le_pos; lra).
    pose proof (minimiser_growth (in_models (p := P)) vmix (l2dist n) _ _ (theta j) (theta (S j)) everywhere_closed
      (copies_objective_strongly_convex (P := P) vmix (l2dist n) c (c * 1) Dc z k j
         (strongly_convex_points_regulariser (P := P) vmix (l2dist n) c 1 Hc0 Hconv
            (linear_strongly_convex_regulariser n hinge everywhere everywhere)))
      Hin Hmin I) as Hg.
    assert (Hb : L + c * l2norm n (theta j) <= 2 * L).
    { assert (c * l2norm n (theta j) <= L); [|lra].
      apply (minimiser_norm_bound n Z inZ l c L Hc HL HLip (Dc ++ copies (P := P) z k j)).
      - intros E. apply app_eq_nil in E. now apply Hne.
      - intros w Hw. apply in_app_or in Hw. destruct Hw as [Hw|Hw]; [now apply HDc|].
        unfold copies in Hw. apply in_flat_map in Hw. destruct Hw as (i & Hi & Hw).
        apply repeat_spec in Hw. subst w. apply in_seq in Hi. apply Hz. lia.
      - apply (minimises_ext (P := P) (copies_objective (P := P) c Dc z k j)); [|exact (Hlead j ltac:(lia))].
        intros u. exact (copies_per_round_repaired_union (P := P) c Dc z k j u). }
    assert (Hm : 0 <= (INR (length Dc) + INR k * INR j) * (c * 1)) by (apply Rmult_le_pos; lra).
    assert (Hkc : 0 < INR k * c) by (apply Rmult_lt_0_compat; lra).
    eapply Rle_trans; [exact (euclidean_leader_step n Z inZ l c L Hc HLip (copies_objective (P := P) c Dc z k j)
      (z j) (theta j) (theta (S j)) (INR k) ((INR (length Dc) + INR k * INR j) * (c * 1)) (2 * L)
      ltac:(lra) ltac:(lra) (Hz j Hj) Hg Hb)|].
    apply Req_le. field. split; lra.
  - apply Rmult_le_compat_l; [|apply sum_inverse_step; lra].
    apply Rmult_le_pos; [|apply Rlt_le, Rinv_0_lt_compat; lra].
    apply Rmult_le_pos; [lra | apply Rle_0_sqr].
Qed.

(** ** Witness: hinge on [-1, 1], c = 1/2, clean point (1/4, +1), two copies of
    (1, +1) per round; the models are 1/2, 1 *)

Definition two_data : list (R * R) := [(1 / 4, 1)].
Definition two_theta (j : nat) : R := match j with O => 1 / 2 | _ => 1 end.
Definition two_z (j : nat) : R * R := (1, 1).
Definition two_g (j : nat) (u : R) : R := - (3 / 4) * (u - 1 / 2).

Lemma two_leader : copies_leader (P := Std) (1 / 2) two_data two_theta two_z 2 1.
Proof.
  intros j Hj. split; [exact I|]. intros u _.
  unfold copies_objective, objective, point_objective, two_data, two_z.
  cbn [lsum length]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  pose proof (hinge_ge (u * (1 * (1 / 4)))) as H1.
  destruct j as [|[|j]]; [| |lia]; unfold two_theta; cbn [nsum]; simpl INR.
  - rewrite (hinge_inside (1 / 2 * (1 * (1 / 4)))) by lra.
    pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
  - rewrite (hinge_inside (1 * (1 * (1 / 4)))), (hinge_inside (1 * (1 * 1))) by lra.
    pose proof (Rle_0_sqr (u - 1)). unfold Rsqr in *.
    destruct (hinge_cases (u * (1 * 1))) as [[? ->]|[? ->]]; nra.
Qed.

Lemma two_greedy : greedy (P := Std) 1 two_theta two_z 1.
Proof.
  intros j Hj. replace j with O by lia. split; [apply std_point_pos; simpl; lra|].
  intros w Hw. pose proof (distance_Close _ _ _ std_distance_half_one w Hw).
  unfold two_theta, two_z. rewrite !std_loss in *. cbn [fst snd] in *.
  rewrite (hinge_inside (1 / 2 * (1 * 1))), (hinge_inside (1 * (1 * 1))) by lra. lra.
Qed.

Theorem copies_per_round_repaired_witness :
  exists (P : problem) (c lam : R) (Dc : list (point P)) (theta : nat -> model P)
         (z : nat -> point P) (tp : model P) (k T : nat),
    attainable lam tp /\ 0 <= c /\ c < lam /\ (0 < k)%nat /\ (0 < T)%nat /\
    copies_leader c Dc theta z k T /\ greedy tp theta z T /\ (1 < k)%nat /\ theta O <> tp.
Proof.
  exists Std, (1 / 2), 1, two_data, two_theta, two_z, 1, 2%nat, 1%nat.
  split; [apply std_one_attainable; lra|]. split; [lra|]. split; [lra|]. split; [lia|]. split; [lia|].
  split; [exact two_leader|]. split; [exact two_greedy|]. split; [lia|]. simpl. lra.
Qed.

Lemma two_subgradient (j : nat) : (j < 1)%nat ->
  subgradient (M := model Std) in_models rmix (point_objective (P := Std) (1 / 2) (two_z j))
    (two_theta j) (two_g j) /\
  dual_bound (M := model Std) in_models rdist (two_theta j) (two_g j) (3 / 4).
Proof.
  intros Hj. replace j with O by lia. exact (conj run8_subgradient run8_dual_bound).
Qed.

Theorem copies_per_round_repaired_regret_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (k T : nat) (g : nat -> model P -> R),
    0 < m /\ (0 < k)%nat /\ Dc <> [] /\ closed_under_mix in_models mix /\
    strongly_convex_points mix dist c m /\ copies_leader c Dc theta z k T /\
    (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                              dual_bound in_models dist (theta j) (g j) G) /\
    (1 < k)%nat /\ (0 < T)%nat.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), (3 / 4), two_data, two_theta, two_z, 2%nat, 1%nat, two_g.
  split; [lra|]. split; [lia|]. split; [discriminate|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [exact two_leader|].
  split; [exact two_subgradient|]. split; lia.
Qed.

Theorem copies_per_round_repaired_sum_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (k T : nat) (g : nat -> model P -> R) (G : nat -> R),
    0 < m /\ (0 < k)%nat /\ closed_under_mix in_models mix /\
    strongly_convex_points mix dist c m /\ copies_leader c Dc theta z k T /\
    (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                              dual_bound in_models dist (theta j) (g j) (G j)) /\
    (1 < k)%nat /\ (0 < T)%nat.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), two_data, two_theta, two_z, 2%nat, 1%nat, two_g, (fun _ => 3 / 4).
  split; [lra|]. split; [lia|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [exact two_leader|].
  split; [exact two_subgradient|]. split; lia.
Qed.

Theorem copies_per_round_repaired_step_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (k T j : nat) (g : model P -> R) (G : R),
    0 < m /\ (0 < k)%nat /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    copies_leader c Dc theta z k T /\ (j < T)%nat /\
    subgradient in_models mix (point_objective c (z j)) (theta j) g /\
    dual_bound in_models dist (theta j) g G /\ (1 < k)%nat /\ 0 < G.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), two_data, two_theta, two_z, 2%nat, 1%nat, O, (two_g O), (3 / 4).
  split; [lra|]. split; [lia|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [exact two_leader|]. split; [lia|].
  split; [exact (proj1 (two_subgradient O ltac:(lia)))|].
  split; [exact (proj2 (two_subgradient O ltac:(lia)))|]. split; [lia | lra].
Qed.

(** ** Witness in R^2: the unit ball, c = 1/2, clean point ((1/4, 0), +1), two copies of
    ((1, 0), +1); the models are (1/2, 0), (1, 0) *)

Lemma two_ball_leader : copies_leader (P := Ball2) (1 / 2) ball_data (fun j => vscal (two_theta j) vx) ball_z 2 1.
Proof.
  intros j Hj. split; [exact I|]. intros u _.
  assert (Hge : copies_objective (P := Std) (1 / 2) two_data two_z 2 j (u O) <=
                copies_objective (P := Ball2) (1 / 2) ball_data ball_z 2 j u).
  { unfold copies_objective, objective, point_objective, ball_data, ball_z, two_data, two_z.
    rewrite !nsum_const. cbn [lsum length INR loss regulariser Ball2 VecProblem]. unfold hinge_loss.
    rewrite !std_loss. cbn [fst snd regulariser Std Hinge1]. rewrite vx_dot.
    replace (dot 2 u vx) with (u O) by (unfold dot, vx; simpl; lra).
    replace (1 * (1 / 4 * u O)) with (u O * (1 * (1 / 4))) by lra. replace (1 * u O) with (u O * (1 * 1)) by lra.
    assert (u O * u O <= sqnorm 2 u) by (unfold sqnorm, dot; simpl; nra).
    pose proof (pos_INR j). nra. }
  assert (Heq : copies_objective (P := Ball2) (1 / 2) ball_data ball_z 2 j (vscal (two_theta j) vx) =
                copies_objective (P := Std) (1 / 2) two_data two_z 2 j (two_theta j)).
  { unfold copies_objective, objective, point_objective, ball_data, ball_z, two_data, two_z.
    rewrite !nsum_const. cbn [lsum length INR loss regulariser Ball2 VecProblem]. unfold hinge_loss.
    rewrite !std_loss. cbn [fst snd regulariser Std Hinge1]. rewrite vx_dot.
    replace (dot 2 (vscal (two_theta j) vx) vx) with (two_theta j) by (unfold dot, vscal, vx; simpl; lra).
    replace (sqnorm 2 (vscal (two_theta j) vx)) with (two_theta j * two_theta j)
      by (unfold sqnorm, dot, vscal, vx; simpl; lra).
    replace (1 * (1 / 4 * vscal (two_theta j) vx O)) with (two_theta j * (1 * (1 / 4))) by (unfold vscal, vx; lra).
    replace (1 * two_theta j) with (two_theta j * (1 * 1)) by lra. lra. }
  rewrite Heq. eapply Rle_trans; [|exact Hge]. apply (two_leader j Hj). exact I.
Qed.

Theorem copies_per_round_extended_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (k T : nat),
    let P := VecProblem n Z inZ l in
    0 < c /\ 0 <= L /\ lipschitz_loss n inZ l L /\ (0 < k)%nat /\
    Dc <> [] /\ (forall w, In w Dc -> inZ w) /\ (forall j, (j < T)%nat -> inZ (z j)) /\
    convex_losses (P := P) vmix (l2dist n) /\ copies_leader (P := P) c Dc theta z k T /\
    (1 < k)%nat /\ (0 < T)%nat.
Proof.
  exists 2%nat, (vec * R)%type, ball_points, (hinge_loss 2), (1 / 2), 1, ball_data,
    (fun j => vscal (two_theta j) vx), ball_z, 2%nat, 1%nat.
  cbv zeta. split; [lra|]. split; [lra|]. split; [exact ball_lipschitz|]. split; [lia|].
  split; [discriminate|]. split; [exact ball_clean|]. split; [intros; apply ball_poison|].
  split; [exact ball_convex|]. split; [exact two_ball_leader|]. split; lia.
Qed.
