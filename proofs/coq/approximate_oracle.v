(** * approximate-oracle: the attack with an oracle that only approximates the maximum

    The paper (appendix D.2) says that if the point found in line 4 of the attack
    reaches [lhat >= alpha * lstar] with a constant [0 < alpha < 1], then "we still enjoy
    similar convergence guarantees".

    - [approximate_oracle_printed_refuted]: read as "one of the first T + 1 models is
      [eps T]-close to the target, with [eps T] tending to 0", this is false.  Hinge loss, one
      feature in [[-1,1]], c = 1, target 1/2 (attainable even at the regularisation weight
      2, so that the paper's gamma is at least 1/2), alpha = 1/4: the oracle may return the clean
      point (1/4, +1) for ever, the model stays at 1/4, and its distance to the target stays 1/4.
    - [approximate_oracle_repaired]: the guarantee holds with gamma replaced by
      [alpha - c/lam], where [lam] is a weight at which the target is attainable.  It says
      something when [alpha > c/lam = 1 - gamma].  An additive error [eta] of the oracle costs
      [eta / (alpha - c/lam)].  Nothing is assumed about the loss, the regulariser or the
      models (no convexity, no Lipschitz constant).  As in Theorem 1, the guarantee is for the
      best of the first T models.
    - [approximate_oracle_repaired_additive]: a purely additive error keeps the paper's own
      gamma = 1 - c/lam. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base.
Import ListNotations.
Open Scope R_scope.

Section Repaired.

Context {P : problem}.
Variables (c lam : R) (Dc : list (point P)) (tp : model P).
Variable theta : nat -> model P.   (* the model before point j is added *)
Variable z : nat -> point P.       (* point j *)

(** The regulariser cannot fall by more than the distance rises. *)
Lemma attainable_regulariser t S :
  in_models t -> attainable lam tp -> Close S t tp ->
  lam * (regulariser tp - regulariser t) <= S.
Proof.
  intros Ht (W & Hne & Hin & _ & Hopt) HS.
  specialize (Hopt t Ht). unfold objective in Hopt.
  assert (H : lsum (loss t) W - lsum (loss tp) W <= INR (length W) * S).
  { rewrite <- lsum_minus. apply lsum_le_bound. auto. }
  pose proof (length_INR_pos W Hne).
  apply Rmult_le_reg_l with (INR (length W)); nra.
Qed.

(** [S j] bounds the distance of model j; the oracle's point reaches [alpha * S j - eta]. *)
Definition approximately_greedy (alpha eta : R) (S : nat -> R) (T : nat) : Prop :=
  forall j, (j < T)%nat ->
    Close (S j) (theta j) tp /\ alpha * S j - eta <= loss (theta j) (z j) - loss tp (z j).

(** Sum form.  The regret is the one of Definition 3, against the target; a bound against the
    best model in hindsight bounds it. *)
Theorem approximate_oracle_repaired_sum alpha eta regret_bound S T :
  0 <= c -> 0 < lam -> attainable lam tp ->
  (forall j, (j < T)%nat -> in_models (theta j)) ->
  approximately_greedy alpha eta S T ->
  regret_against c Dc theta z T tp <= regret_bound ->
  (alpha - c / lam) * nsum S T
    <= clean_excess c Dc tp (theta O) + regret_bound + INR T * eta.
Proof.
  intros Hc Hlam Hatt Hin Horacle Hreg.
  unfold regret_against, poisoned_objective in Hreg. unfold clean_excess.
  assert (Hround : nsum (fun j => (alpha - c / lam) * S j - eta) T
    <= nsum (fun j => point_objective c (z j) (theta j) - point_objective c (z j) tp) T).
  { apply nsum_le. intros j Hj. destruct (Horacle j Hj) as [HS Ho].
    pose proof (attainable_regulariser _ _ (Hin j Hj) Hatt HS) as Hr.
    assert (Hcl : 0 <= c / lam).
    { unfold Rdiv. apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]. }
    assert (Hm : c * (regulariser tp - regulariser (theta j)) <= c / lam * S j).
    { replace (c * (regulariser tp - regulariser (theta j)))
        with (c / lam * (lam * (regulariser tp - regulariser (theta j)))) by (field; lra).
      apply Rmult_le_compat_l; assumption. }
    unfold point_objective. lra. }
  rewrite nsum_minus, nsum_scal, nsum_const, nsum_minus in Hround. lra.
Qed.

(** Best-iterate form, with the paper's closeness. *)
Theorem approximate_oracle_repaired alpha eta regret_bound S T :
  0 <= c -> 0 < lam -> c / lam < alpha -> (0 < T)%nat -> attainable lam tp ->
  (forall j, (j < T)%nat -> in_models (theta j)) ->
  approximately_greedy alpha eta S T ->
  regret_against c Dc theta z T tp <= regret_bound ->
  exists j, (j < T)%nat /\
    Close ((clean_excess c Dc tp (theta O) + regret_bound) / (INR T * (alpha - c / lam))
           + eta / (alpha - c / lam)) (theta j) tp.
Proof.
  intros Hc Hlam Hgamma HT Hatt Hin Horacle Hreg.
  pose proof (approximate_oracle_repaired_sum alpha eta regret_bound S T
                Hc Hlam Hatt Hin Horacle Hreg) as Hsum.
  assert (HTR : 0 < INR T) by (apply lt_0_INR; exact HT).
  set (g := alpha - c / lam) in *. assert (Hg : 0 < g) by (unfold g; lra).
  set (E := clean_excess c Dc tp (theta O)) in *.
  destruct (nsum_exists_le_average S T ((E + regret_bound + INR T * eta) / g) HT)
    as (j & Hj & Hm).
  - apply Rmult_le_reg_l with g; [exact Hg|].
    replace (g * ((E + regret_bound + INR T * eta) / g))
      with (E + regret_bound + INR T * eta) by (field; lra). exact Hsum.
  - exists j. split; [exact Hj|]. intros p Hp.
    destruct (Horacle j Hj) as [HS _]. specialize (HS p Hp).
    apply Rle_trans with (S j); [exact HS|].
    apply Rmult_le_reg_l with (INR T); [exact HTR|].
    replace (INR T * ((E + regret_bound) / (INR T * g) + eta / g))
      with ((E + regret_bound + INR T * eta) / g) by (field; lra). exact Hm.
Qed.

End Repaired.

(** A purely additive error keeps gamma = 1 - c/lam. *)
Theorem approximate_oracle_repaired_additive {P : problem} c lam (Dc : list (point P)) tp
    theta z eta regret_bound S T :
  0 <= c < lam -> (0 < T)%nat -> attainable lam tp ->
  (forall j, (j < T)%nat -> in_models (theta j)) ->
  approximately_greedy tp theta z 1 eta S T ->
  regret_against c Dc theta z T tp <= regret_bound ->
  exists j, (j < T)%nat /\
    Close ((clean_excess c Dc tp (theta O) + regret_bound) / (INR T * (1 - c / lam))
           + eta / (1 - c / lam)) (theta j) tp.
Proof.
  intros Hc HT Hatt Hin Horacle Hreg.
  apply (approximate_oracle_repaired c lam Dc tp theta z 1 eta regret_bound S T); auto; try lra.
  apply Rmult_lt_reg_l with lam; [lra|].
  replace (lam * (c / lam)) with c by (field; lra). lra.
Qed.

(** ** The setting of the counterexample: hinge loss, one feature in [[-1,1]], all models *)

Definition H11 : problem := Hinge1 whole_line (interval (-1) 1).

(** For models in [[-1,1]] every point is on the linear part of the hinge. *)
Lemma H11_linear (t : R) (p : point H11) :
  -1 <= t <= 1 -> in_points p -> loss (p := H11) t p = 1 - snd p * t * fst p.
Proof.
  destruct p as [x y]. intros Ht [Hx Hy]. unfold interval in Hx. simpl in *.
  apply hinge_inside. destruct Hy; subst; nra.
Qed.

Definition quarter : point H11 := (1/4, 1).
Definition three_quarters : point H11 := (3/4, 1).
Definition one_point : point H11 := (1, 1).

Lemma quarter_in : in_points (p := H11) quarter.
Proof. simpl. unfold interval, is_label. lra. Qed.
Lemma three_quarters_in : in_points (p := H11) three_quarters.
Proof. simpl. unfold interval, is_label. lra. Qed.
Lemma one_point_in : in_points (p := H11) one_point.
Proof. simpl. unfold interval, is_label. lra. Qed.

(** The target 1/2 is a minimiser for (1/2, +1) at weight 1, and for (1, +1) at weight 2. *)
Lemma half_attainable_1 : attainable (P := H11) 1 (1/2).
Proof.
  exists [(1/2, 1)]. split; [discriminate|]. split.
  - intros p [<-|[]]. simpl. unfold interval, is_label. lra.
  - split; [exact I|]. intros t _. unfold objective. simpl.
    pose proof (hinge_ge (1 * t * (1/2))). rewrite (hinge_inside (1 * (1/2) * (1/2))) by lra.
    pose proof (pow2_ge_0 (t - 1/2)). nra.
Qed.

Lemma half_attainable_2 : attainable (P := H11) 2 (1/2).
Proof.
  exists [one_point]. split; [discriminate|]. split.
  - intros p [<-|[]]. exact one_point_in.
  - split; [exact I|]. intros t _. unfold objective. simpl.
    pose proof (hinge_ge (1 * t * 1)). rewrite (hinge_inside (1 * (1/2) * 1)) by lra.
    pose proof (pow2_ge_0 (t - 1/2)). nra.
Qed.

(** ** The printed claim and its refutation *)

(** A run of the attack with an [alpha]-approximate oracle: every model is trained on the clean
    and the added points; every added point reaches [alpha] times every loss difference. *)
Definition approximate_run {P : problem} c alpha (Dc : list (point P)) tp
    (theta : nat -> model P) (z : nat -> point P) : Prop :=
  forall T, follows_leader c Dc theta z T /\
    in_points (z T) /\
    forall p, in_points p ->
      alpha * (loss (theta T) p - loss tp p) <= loss (theta T) (z T) - loss tp (z T).

(** The printed claim for hinge on [[-1,1]]: for every alpha in (0,1), every clean set and every
    target attainable at c, and at some lam > c so that gamma > 0, there are tolerances
    [eps T -> 0] such that in every run one of the first T + 1 models is [eps T]-close. *)
Definition approximate_oracle_printed_claim : Prop :=
  forall c alpha lam (Dc : list (point H11)) (tp : model H11),
    0 < alpha < 1 -> 0 < c < lam -> Dc <> [] -> (forall p, In p Dc -> in_points p) ->
    attainable c tp -> attainable lam tp ->
    exists eps : nat -> R, Un_cv eps 0 /\
      forall theta z, approximate_run c alpha Dc tp theta z ->
        forall T, exists j, (j <= T)%nat /\ Close (eps T) (theta j) tp.

Lemma stuck_run :
  approximate_run (P := H11) 1 (1/4) [quarter] (1/2) (fun _ => 1/4) (fun _ => quarter).
Proof.
  intros T. split; [|split; [exact quarter_in|]].
  - intros j _. split; [exact I|]. intros t _.
    unfold poisoned_objective. rewrite !nsum_const. unfold objective, point_objective, quarter.
    simpl. pose proof (hinge_ge (1 * t * (1/4))).
    rewrite (hinge_inside (1 * (1/4) * (1/4))) by lra.
    pose proof (pos_INR j) as Hj. set (n := INR j) in *.
    assert (1 - 1 * (1/4) * (1/4) + 1 * (1/4 * (1/4) / 2)
            <= hinge (1 * t * (1/4)) + 1 * (t * t / 2)).
    { pose proof (pow2_ge_0 (t - 1/4)). nra. }
    nra.
  - intros p Hp. pose proof quarter_in as Hq.
    rewrite !H11_linear by (lra || assumption).
    destruct p as [x y], Hp as [Hx Hy]. unfold interval in Hx. simpl in *.
    destruct Hy; subst; lra.
Qed.

Theorem approximate_oracle_printed_refuted : ~ approximate_oracle_printed_claim.
Proof.
  intros Hclaim.
  destruct (Hclaim 1 (1/4) 2 [quarter] (1/2)) as (eps & Hcv & Hrun); try lra.
  - discriminate.
  - intros p [<-|[]]. exact quarter_in.
  - exact half_attainable_1.
  - exact half_attainable_2.
  - destruct (Hcv (1/8)) as (N & HN); [lra|].
    destruct (Hrun _ _ stuck_run N) as (j & _ & Hclose).
    specialize (HN N (Nat.le_refl N)). unfold R_dist in HN. apply Rabs_def2 in HN.
    pose proof one_point_in as H1. specialize (Hclose one_point H1).
    rewrite !H11_linear in Hclose by (lra || assumption). simpl in Hclose. lra.
Qed.

(** ** The repaired statements are not vacuous

    Clean point 1/4, target 1/2, c = 1, lam = 2, one round.  The clean model is 1/4, its
    distance 1/4; the oracle returns the point 3/4, which reaches 3/4 of the maximum. *)

Definition w_theta (_ : nat) : model H11 := 1/4.
Definition w_point (_ : nat) : point H11 := three_quarters.

Lemma w_close : Close (P := H11) (1/4) (1/4) (1/2).
Proof.
  intros p Hp. rewrite !H11_linear by (lra || assumption).
  destruct p as [x y], Hp as [Hx Hy]. unfold interval in Hx. simpl in *. destruct Hy; subst; lra.
Qed.

Lemma w_value : loss (p := H11) (1/4) three_quarters - loss (p := H11) (1/2) three_quarters
                = 3/16.
Proof.
  pose proof three_quarters_in. rewrite !H11_linear by (lra || assumption). simpl. lra.
Qed.

Lemma w_regret : regret_against (P := H11) 1 [quarter] w_theta w_point 1 (1/2) <= 1/16.
Proof.
  unfold regret_against, poisoned_objective, objective, point_objective, w_theta, w_point.
  cbn [lsum nsum length INR]. pose proof three_quarters_in. pose proof quarter_in.
  rewrite !H11_linear by (lra || assumption). simpl. lra.
Qed.

Theorem approximate_oracle_repaired_witness :
  exists (P : problem) c lam (Dc : list (point P)) tp theta z alpha eta regret_bound S T,
    0 <= c /\ 0 < lam /\ c / lam < alpha /\ alpha < 1 /\ (0 < T)%nat /\ attainable lam tp /\
    (forall j, (j < T)%nat -> in_models (theta j)) /\
    approximately_greedy tp theta z alpha eta S T /\
    regret_against c Dc theta z T tp <= regret_bound /\
    ~ Close 0 (theta O) tp.
Proof.
  exists H11, 1, 2, [quarter], (1/2), w_theta, w_point, (3/4), 0, (1/16), (fun _ => 1/4), 1%nat.
  repeat split; try lra; try lia.
  - exact half_attainable_2.
  - exact w_close.
  - pose proof w_value. unfold w_theta, w_point. lra.
  - exact w_regret.
  - intros H. specialize (H three_quarters three_quarters_in). pose proof w_value.
    unfold w_theta in H. lra.
Qed.

Theorem approximate_oracle_repaired_additive_witness :
  exists (P : problem) c lam (Dc : list (point P)) tp theta z eta regret_bound S T,
    0 <= c < lam /\ (0 < T)%nat /\ attainable lam tp /\
    (forall j, (j < T)%nat -> in_models (theta j)) /\
    approximately_greedy tp theta z 1 eta S T /\
    regret_against c Dc theta z T tp <= regret_bound /\
    ~ Close 0 (theta O) tp.
Proof.
  exists H11, 1, 2, [quarter], (1/2), w_theta, w_point, (1/16), (1/16), (fun _ => 1/4), 1%nat.
  repeat split; try lra; try lia.
  - exact half_attainable_2.
  - exact w_close.
  - pose proof w_value. unfold w_theta, w_point. lra.
  - exact w_regret.
  - intros H. specialize (H three_quarters three_quarters_in). pose proof w_value.
    unfold w_theta in H. lra.
Qed.
