(** * exact-gamma: the constant of lemma-2 from one convex set

    Not in the paper, whose proof defines C as the infimum of
    S(t, tp) / (R(tp) - R(t)) over models with R(t) < R(tp), gamma = 1 - c/C.

    K is the set of convex combinations of subgradients of l(.; z) at tp.
    lambda is feasible when -lambda r lies in K, r a subgradient of R at tp; here:
    weights w_i >= 0 with sum 1 and  sum w_i g_i + lambda r = 0  (as linear maps).
    Proved (weak duality), for every feasible lambda:
    - S + lambda (R(t) - R(tp)) >= 0 for every t: lambda acts as if tp were
      attainable at lambda (rational weights are not needed);
    - lambda <= S / (R(tp) - R(t)) wherever R(t) < R(tp): lambda* <= C;
    - gamma = 1 - c/lambda serves in lemma-2 for every model.
    Exact half: for 0 < c and lambda > 0, 1 - c/lambda serves in lemma-2 for all
    models exactly when S + lambda (R(t) - R(tp)) >= 0 for all models; and no
    constant exceeds 1 - c (R(tp) - R(t)) / S.  Attainable targets give feasible
    behaviour at c.
    C <= lambda* (strong duality) is proved for finite data spaces in
    strong_duality.v, for an interval in one dimension, with the rate, in
    one_dimension.v; the example at the end is one instance. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity lemma_1 lemma_2.
Import ListNotations.
Open Scope R_scope.

Section ExactGamma.

Context {P : problem}.

(** tp survives the regularisation weight lambda against every model. *)
Definition survives (lam : R) (tp : model P) : Prop :=
  forall (t : model P) (S : R), in_models t -> Close S t tp -> 0 <= regularised_gap lam S t tp.

(** A weighted point with its subgradient: (weight, point, subgradient at tp). *)
Definition convex_weights (W : list (R * point P)) : Prop :=
  (forall wz, In wz W -> 0 <= fst wz /\ in_points (snd wz)) /\ lsum fst W = 1.

Theorem exact_gamma_extended_survives (lam : R) (tp : model P) (W : list (R * point P))
    (mix : R -> model P -> model P -> model P)
    (g : R * point P -> model P -> R) (r : model P -> R) :
  0 <= lam -> convex_weights W ->
  (forall wz, In wz W -> subgradient in_models mix (fun t => loss t (snd wz)) tp (g wz)) ->
  subgradient in_models mix (regulariser (p := P)) tp r ->
  (forall u, in_models u -> lsum (fun wz => fst wz * g wz u) W + lam * r u = 0) ->
  survives lam tp.
Proof.
  intros Hlam [HW Hsum] Hg [Hr _] Hopt t S Ht HS. unfold regularised_gap.
  specialize (Hopt t Ht). specialize (Hr t Ht).
  assert (Hlr : lam * (regulariser tp + r t) <= lam * regulariser t) by (now apply Rmult_le_compat_l).
  assert (Hle : lsum (fun wz => fst wz * g wz t) W <= lsum (fun wz => S * fst wz) W).
  { apply lsum_le. intros wz Hin. destruct (HW wz Hin) as [Hw Hz]. destruct (Hg wz Hin) as [Hsub _].
    specialize (Hsub t Ht). specialize (HS (snd wz) Hz). cbv beta in Hsub.
    rewrite (Rmult_comm S). apply Rmult_le_compat_l; [assumption | lra]. }
  rewrite lsum_scal, Hsum in Hle. lra.
Qed.

(** Attainable targets survive, by lemma-1. *)
Theorem exact_gamma_extended_attainable (lam : R) (tp : model P) : attainable lam tp -> survives lam tp.
Proof. intros Hat t S Ht HS. now apply lemma_1_repaired_regularised_gap. Qed.

(** lambda <= C. *)
Theorem exact_gamma_extended_upper (lam : R) (tp t : model P) (S : R) :
  survives lam tp -> in_models t -> Close S t tp -> regulariser t < regulariser tp ->
  lam <= S / (regulariser tp - regulariser t).
Proof.
  intros Hs Ht HS HR. specialize (Hs t S Ht HS). unfold regularised_gap in Hs.
  apply Rmult_le_reg_r with (regulariser tp - regulariser t); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; lra.
Qed.

(** The constant and survival are the same thing. *)
Theorem exact_gamma_extended_characterisation (c lam : R) (tp : model P) :
  0 < c -> 0 < lam ->
  (survives lam tp <->
   forall (t : model P) (S : R), in_models t -> Close S t tp ->
     (1 - c / lam) * S <= regularised_gap c S t tp).
Proof.
  intros Hc Hlam. unfold survives, regularised_gap.
  assert (Hcl : 0 < c / lam) by (apply Rmult_lt_0_compat; [assumption | now apply Rinv_0_lt_compat]).
  assert (E : c / lam * lam = c) by (field; lra).
  split; intros H t S Ht HS; specialize (H t S Ht HS).
  - apply Rmult_le_compat_l with (r := c / lam) in H; [|lra].
    rewrite Rmult_0_r, Rmult_plus_distr_l, <- Rmult_assoc, E in H. lra.
  - apply Rmult_le_reg_l with (c / lam); [assumption|].
    rewrite Rmult_0_r, Rmult_plus_distr_l, <- Rmult_assoc, E. lra.
Qed.

Theorem exact_gamma_extended (c lam : R) (tp : model P) :
  0 < c -> c < lam -> survives lam tp -> lemma_2_constant c (1 - c / lam) tp.
Proof.
  intros Hc Hlt Hs. split.
  - apply lemma_2_repaired_gamma_positive; lra.
  - apply exact_gamma_extended_characterisation; assumption || lra.
Qed.

(** No constant of lemma-2 is larger than 1 - c (R(tp) - R(t)) / S. *)
Theorem exact_gamma_extended_constant_upper (c gamma : R) (tp t : model P) (S : R) :
  (forall (t : model P) (S : R), in_models t -> Close S t tp -> gamma * S <= regularised_gap c S t tp) ->
  in_models t -> Close S t tp -> 0 < S ->
  gamma <= 1 - c * (regulariser tp - regulariser t) / S.
Proof.
  intros H Ht HS Hpos. specialize (H t S Ht HS). unfold regularised_gap in H.
  apply Rmult_le_reg_r with S; [assumption|].
  replace ((1 - c * (regulariser tp - regulariser t) / S) * S)
    with (S + c * (regulariser t - regulariser tp)) by (field; lra).
  assumption.
Qed.

End ExactGamma.

(** ** The exact value in one dimension: hinge on [-1, 1], target 1/2, lambda* = 2.

    The weight 1 on (1, +1) has subgradient -1, R has 1/2: lambda = 2 is
    feasible; theta -> 1/2 from below shows that none above 2 survives.  So
    1 - c/2 is the best constant for 0 < c <= 2. *)

Definition eg_W : list (R * (R * R)) := [(1, (1, 1))].

Lemma eg_hypotheses :
  convex_weights (P := Std) eg_W /\
  (forall wz, In wz eg_W -> subgradient (M := model Std) in_models rmix
     (fun t => loss (p := Std) t (snd wz)) (1 / 2) (fun u => - (u - 1 / 2))) /\
  subgradient (M := model Std) in_models rmix (regulariser (p := Std)) (1 / 2) (fun u => 1 / 2 * (u - 1 / 2)) /\
  (forall u : R, lsum (fun wz => fst wz * - (u - 1 / 2)) eg_W + 2 * (1 / 2 * (u - 1 / 2)) = 0).
Proof.
  split; [|split; [|split]].
  - split; [intros wz [<-|[]]; split; [simpl; lra | apply std_point_pos; lra] | simpl; lra].
  - intros wz [<-|[]]. split.
    + intros u _. rewrite !std_loss. cbn [fst snd]. rewrite (hinge_inside (1 / 2 * (1 * 1))) by lra.
      pose proof (hinge_ge (u * (1 * 1))). lra.
    + intros s u _ _. unfold rmix. lra.
  - split.
    + intros u _. cbn [regulariser Std Hinge1]. pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
    + intros s u _ _. unfold rmix. lra.
  - intros u. unfold eg_W. cbn [lsum fst]. lra.
Qed.

Theorem exact_gamma_extended_survives_witness :
  exists (P : problem) (lam : R) (tp : model P) (W : list (R * point P))
    (mix : R -> model P -> model P -> model P) (g : R * point P -> model P -> R) (r : model P -> R),
    0 <= lam /\ convex_weights W /\
    (forall wz, In wz W -> subgradient in_models mix (fun t => loss t (snd wz)) tp (g wz)) /\
    subgradient in_models mix (regulariser (p := P)) tp r /\
    (forall u, in_models u -> lsum (fun wz => fst wz * g wz u) W + lam * r u = 0) /\ 0 < lam.
Proof.
  exists Std, 2, (1 / 2), eg_W, rmix, (fun _ (u : model Std) => - (u - 1 / 2)),
    (fun u : model Std => 1 / 2 * (u - 1 / 2)).
  destruct eg_hypotheses as (H1 & H2 & H3 & H4).
  split; [lra|]. split; [exact H1|]. split; [exact H2|]. split; [exact H3|].
  split; [intros u _; apply H4 | lra].
Qed.

Lemma eg_survives : survives (P := Std) 2 (1 / 2).
Proof.
  destruct eg_hypotheses as (H1 & H2 & H3 & H4).
  apply (exact_gamma_extended_survives (P := Std) 2 (1 / 2) eg_W rmix (fun _ (u : model Std) => - (u - 1 / 2))
           (fun u : model Std => 1 / 2 * (u - 1 / 2))); auto. lra.
Qed.

Theorem exact_gamma_extended_one_dimensional (lam : R) :
  0 <= lam -> (survives (P := Std) lam (1 / 2) <-> lam <= 2).
Proof.
  intros H0. split.
  - intros Hs. apply Rnot_lt_le. intros Hlt.
    set (e := (lam - 2) / (2 * lam)).
    assert (He : e * (2 * lam) = lam - 2) by (unfold e; field; lra).
    assert (He0 : 0 < e) by (unfold e; apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]).
    assert (He1 : e <= 1 / 2) by (apply Rmult_le_reg_r with (2 * lam); lra).
    specialize (Hs (1 / 2 - e) (Rabs (1 / 2 - e - 1 / 2)) I
                  (std_Close (1 / 2 - e) (1 / 2) ltac:(lra) ltac:(lra))).
    replace (1 / 2 - e - 1 / 2) with (- e) in Hs by lra.
    rewrite Rabs_Ropp, (Rabs_pos_eq e) in Hs by lra.
    unfold regularised_gap in Hs. cbn [regulariser Std Hinge1] in Hs.
    assert (H1 : 0 <= e * (2 - lam * (1 - e))) by lra.
    assert (0 <= 2 - lam * (1 - e)) by (apply Rmult_le_reg_l with e; lra). lra.
  - intros Hle t S Ht HS. pose proof (eg_survives t S Ht HS) as H2.
    pose proof (std_distance_nonneg t (1 / 2) S HS) as HS0.
    unfold regularised_gap in *.
    destruct (Rle_lt_dec (regulariser (p := Std) (1 / 2)) (regulariser (p := Std) t)) as [HR|HR].
    + assert (0 <= lam * (regulariser (p := Std) t - regulariser (p := Std) (1 / 2)))
        by (apply Rmult_le_pos; lra). lra.
    + assert (0 <= (2 - lam) * (regulariser (p := Std) (1 / 2) - regulariser (p := Std) t))
        by (apply Rmult_le_pos; lra). lra.
Qed.

Theorem exact_gamma_extended_one_dimensional_witness : exists lam : R, 0 <= lam /\ lam <= 2 /\ 0 < lam.
Proof. exists 1. lra. Qed.

Theorem exact_gamma_extended_attainable_witness :
  exists (P : problem) (lam : R) (tp : model P), attainable lam tp /\ 0 < lam.
Proof. exists Std, 1, 1. split; [apply std_one_attainable|]; lra. Qed.

Theorem exact_gamma_extended_upper_witness :
  exists (P : problem) (lam : R) (tp t : model P) (S : R),
    survives lam tp /\ in_models t /\ Close S t tp /\ regulariser t < regulariser tp /\ 0 < lam.
Proof.
  exists Std, 2, (1 / 2), 0, (Rabs (0 - 1 / 2)). split; [exact eg_survives|]. split; [exact I|].
  split; [apply std_Close; lra|]. simpl. lra.
Qed.

Theorem exact_gamma_extended_characterisation_witness :
  exists (P : problem) (c lam : R) (tp : model P), 0 < c /\ 0 < lam /\ survives lam tp.
Proof. exists Std, 1, 2, (1 / 2). split; [lra|]. split; [lra | exact eg_survives]. Qed.

Theorem exact_gamma_extended_witness :
  exists (P : problem) (c lam : R) (tp : model P), 0 < c /\ c < lam /\ survives lam tp.
Proof. exists Std, 1, 2, (1 / 2). split; [lra|]. split; [lra | exact eg_survives]. Qed.

Theorem exact_gamma_extended_constant_upper_witness :
  exists (P : problem) (c gamma : R) (tp t : model P) (S : R),
    (forall (t : model P) (S : R), in_models t -> Close S t tp -> gamma * S <= regularised_gap c S t tp) /\
    in_models t /\ Close S t tp /\ 0 < S /\ 0 < gamma.
Proof.
  exists Std, 1, (1 - 1 / 2), (1 / 2), 0, (Rabs (0 - 1 / 2)).
  split; [apply exact_gamma_extended; [lra | lra | exact eg_survives]|]. split; [exact I|].
  split; [apply std_Close; lra|]. split; [apply Rabs_pos_lt; lra | lra].
Qed.
