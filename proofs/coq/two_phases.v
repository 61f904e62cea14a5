(** * two-phases: the fractional minimum of the models on the way

    Not in the paper.  t*(theta), [fractional_minimum], is the greatest lower bound of the total weights that
    make theta a minimiser of the weighted objective (tight-lower-bound).  Weights sit on finitely many
    points; for convex losses "0 lies in the subdifferential" and "theta minimises" are the same.

    - [two_phases_extended]: the model trained on Dc and any n points has t* <= n.
    - [two_phases_extended_first]: for the online attack against a target of finite t*, in any norm,
        sum_{j<T} [F0(tp) - F0(theta_j)] + (t* + N) m/2 sum_{j<T} |tp - theta_j|^2
          <= t* (D0 + sum delta_j - a_T),   a_T = Phi_T(tp) - Phi_T(theta_T).
    - [two_phases_extended_second]: in one dimension t* of a model between the clean one and the target is
      at most t* of the target: scaling the target's weights by some s in [0, 1] makes it a minimiser.
    - [two_phases_extended_below]: a lower bound of theorem-2 for the target is nearly one for the
      model reached: F0(t') - F0(theta) <= t*(t') (S_reg(theta) + D(tp, t') + c (R(tp) - R(t'))).

    In several dimensions the second phase is an observation on data, not a theorem. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity lemma_1 theorem_1 theorem_2 tight_lower_bound.
Import ListNotations.
Open Scope R_scope.

Section FractionalMinimum.

Context {P : problem}.

(** The weights make [t] a minimiser. *)
Definition optimal_weights (c : R) (Dc : list (point P)) (W : list (R * point P)) (t : model P) : Prop :=
  feasible_weights W /\ minimises (fun u => objective c Dc u + weighted_objective c W u) t.

(** t* is finite and equal to [m]. *)
Definition fractional_minimum (c : R) (Dc : list (point P)) (t : model P) (m : R) : Prop :=
  (exists W, optimal_weights c Dc W t) /\
  (forall W, optimal_weights c Dc W t -> m <= total_weight W) /\
  (forall b, (forall W, optimal_weights c Dc W t -> b <= total_weight W) -> b <= m).

(** An inequality that holds for every optimal choice of weights holds for t*. *)
Lemma fractional_minimum_le (c A K m : R) (Dc : list (point P)) (t : model P) :
  fractional_minimum c Dc t m ->
  (forall W, optimal_weights c Dc W t -> A <= total_weight W * K) -> A <= m * K.
Proof.
  intros ((W0 & HW0) & Hlow & Hgreatest) H.
  destruct (Rle_lt_dec K 0) as [HK|HK].
  - specialize (H W0 HW0). specialize (Hlow W0 HW0).
    assert (total_weight W0 * K <= m * K); [|lra].
    rewrite (Rmult_comm _ K), (Rmult_comm m). apply Rmult_le_compat_neg_l; assumption.
  - assert (Hq : A / K <= m).
    { apply Hgreatest. intros W HW. specialize (H W HW). apply Rmult_le_reg_r with K; [assumption|].
      replace (A / K * K) with A by (field; lra). exact H. }
    apply Rmult_le_compat_r with (r := K) in Hq; [|lra].
    replace (A / K * K) with A in Hq by (field; lra). exact Hq.
Qed.

Theorem two_phases_extended (c m : R) (Dc Dp : list (point P)) (t : model P) :
  minimiser c (Dc ++ Dp) t -> (forall z, In z Dp -> in_points z) ->
  fractional_minimum c Dc t m -> m <= INR (length Dp).
Proof.
  intros Hmin HD (_ & Hlow & _).
  destruct (tight_lower_bound_extended_multiset c Dc Dp t Hmin HD) as (H1 & H2 & H3).
  rewrite <- H2. apply Hlow. split; assumption.
Qed.

Theorem two_phases_extended_below (c m S e : R) (Dc : list (point P)) (tp t' t : model P) :
  fractional_minimum c Dc t' m -> in_models t -> Close S t tp -> Close e tp t' ->
  objective c Dc t' - objective c Dc t <=
  m * (regularised_gap c S t tp + e + c * (regulariser tp - regulariser t')).
Proof.
  intros Hm Ht HS He. apply (fractional_minimum_le c _ _ m Dc t' Hm). intros W [HW Hmin].
  assert (HC : Close (S + e) t t').
  { intros z Hz. specialize (HS z Hz). specialize (He z Hz). lra. }
  pose proof (tight_lower_bound_extended c Dc W t' t (S + e) HW Hmin Ht HC) as H.
  replace (regularised_gap c S t tp + e + c * (regulariser tp - regulariser t'))
    with (regularised_gap c (S + e) t t'); [exact H|]. unfold regularised_gap. ring.
Qed.

Section FirstPhase.

Context (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).

Lemma weighted_objective_strongly_convex (c m : R) (W : list (R * point P)) :
  feasible_weights W -> strongly_convex_points mix dist c m ->
  strongly_convex in_models mix dist (total_weight W * m) (weighted_objective c W).
Proof.
  intros HW Hp. induction W as [|[w z] W IH].
  - unfold total_weight, weighted_objective. simpl. rewrite Rmult_0_l. apply strongly_convex_zero.
  - unfold total_weight, weighted_objective in *. cbn [lsum fst snd] in *.
    rewrite Rmult_plus_distr_r. apply (strongly_convex_plus in_models mix dist (w * m)).
    + apply strongly_convex_scal; [exact (proj1 (HW _ (or_introl eq_refl))) | apply Hp].
    + apply IH. intros wz Hin. apply HW. now right.
Qed.

Theorem two_phases_extended_first (c m ts : R) (Dc : list (point P)) (theta : nat -> model P)
    (z : nat -> point P) (tp : model P) (T : nat) :
  closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  fractional_minimum c Dc tp ts -> (forall j, (j < T)%nat -> in_models (theta j)) -> greedy tp theta z T ->
  nsum (fun j => objective c Dc tp - objective c Dc (theta j)) T
    + (INR (length Dc) + ts) * (m / 2) * nsum (fun j => dist tp (theta j) * dist tp (theta j)) T <=
  ts * (clean_excess c Dc tp (theta O) + nsum (regret_step c Dc theta z) T
        - (poisoned_objective c Dc z T tp - poisoned_objective c Dc z T (theta T))).
Proof.
  intros Hmix Hp Hts Hin Hgreedy.
  rewrite <- theorem_1_repaired_potential_identity.
  set (Q := nsum (fun j => dist tp (theta j) * dist tp (theta j)) T).
  set (B := nsum (fun j => point_objective c (z j) (theta j) - point_objective c (z j) tp) T).
  set (A := nsum (fun j => objective c Dc tp - objective c Dc (theta j)) T).
  assert (H : A + INR (length Dc) * (m / 2) * Q <= ts * (B - m / 2 * Q)); [|lra].
  apply (fractional_minimum_le c _ _ ts Dc tp Hts). intros W [HW [Htp Hmin]].
  assert (Hj : forall j, (j < T)%nat ->
    objective c Dc tp - objective c Dc (theta j)
      + (INR (length Dc) + total_weight W) * (m / 2) * (dist tp (theta j) * dist tp (theta j)) <=
    total_weight W * (point_objective c (z j) (theta j) - point_objective c (z j) tp)).
  { intros j Hj.
    pose proof (minimiser_growth in_models mix dist _ _ tp (theta j) Hmix
      (strongly_convex_plus in_models mix dist _ _ _ _
         (objective_strongly_convex mix dist c m Dc Hp) (weighted_objective_strongly_convex c m W HW Hp))
      Htp Hmin (Hin j Hj)) as Hg. cbv beta in Hg.
    pose proof (weighted_objective_difference c W tp (theta j) _ HW (proj2 (Hgreedy j Hj))) as Hd.
    rewrite bracket_is_regularised_gap. lra. }
  apply nsum_le in Hj. rewrite nsum_plus, !nsum_scal in Hj. fold A B Q in Hj. lra.
Qed.

End FirstPhase.

End FractionalMinimum.

(** ** The second phase, in one dimension *)

Definition convex_line (F : R -> R) : Prop :=
  forall s a b, 0 <= s <= 1 -> F ((1 - s) * a + s * b) <= (1 - s) * F a + s * F b.

(** A convex function on the line does not fall on both sides of a point. *)
Lemma convex_line_sides (F : R -> R) (t u v : R) :
  convex_line F -> u < t < v -> F u < F t -> F t <= F v.
Proof.
  intros HF Huv Hlt. apply Rnot_lt_le. intros Hlt'.
  set (s := (t - u) / (v - u)).
  assert (Es : s * (v - u) = t - u) by (unfold s; field; lra).
  assert (Hs : 0 <= s <= 1) by (split; apply Rmult_le_reg_r with (v - u); lra).
  pose proof (HF s u v Hs) as H. replace ((1 - s) * u + s * v) with t in H by lra.
  assert ((1 - s) * F u + s * F v <= Rmax (F u) (F v)).
  { pose proof (Rmax_l (F u) (F v)). pose proof (Rmax_r (F u) (F v)).
    assert ((1 - s) * F u <= (1 - s) * Rmax (F u) (F v)) by (apply Rmult_le_compat_l; lra).
    assert (s * F v <= s * Rmax (F u) (F v)) by (apply Rmult_le_compat_l; lra). lra. }
  assert (Rmax (F u) (F v) < F t) by (apply Rmax_lub_lt; assumption). lra.
Qed.

(** Between the minimisers of F and of F + H lies only minimisers of some F + s H. *)
Lemma minimiser_between (F H : R -> R) (tc tp t : R) :
  convex_line F -> convex_line H ->
  (forall u, F tc <= F u) -> (forall u, F tp + H tp <= F u + H u) -> tc <= t <= tp ->
  exists s, 0 <= s <= 1 /\ forall u, F t + s * H t <= F u + s * H u.
Proof.
  intros HF HH Htc Htp Ht.
  assert (HG : forall s, 0 <= s -> convex_line (fun u => F u + s * H u)).
  { intros s Hs r a b Hr. specialize (HF r a b Hr). specialize (HH r a b Hr).
    apply Rmult_le_compat_l with (r := s) in HH; [|assumption]. lra. }
  (* s = 0 serves to the right of t, s = 1 to the left *)
  set (right := fun s => 0 <= s <= 1 /\ forall u, t < u -> F t + s * H t <= F u + s * H u).
  assert (H0 : right 0).
  { split; [lra|]. intros u Hu. rewrite !Rmult_0_l, !Rplus_0_r.
    destruct (Rle_lt_or_eq_dec tc t (proj1 Ht)) as [Hlt|E]; [|rewrite <- E; apply Htc].
    destruct (Rle_lt_or_eq_dec _ _ (Htc t)) as [Hlt'|E'].
    - apply (convex_line_sides F t tc u HF); lra.
    - rewrite <- E'. apply Htc. }
  assert (Hleft1 : forall u, u < t -> F t + 1 * H t <= F u + 1 * H u).
  { intros u Hu. apply Rnot_lt_le. intros Hlt.
    destruct (Rle_lt_or_eq_dec t tp (proj2 Ht)) as [Hlt'|E].
    - pose proof (convex_line_sides _ t u tp (HG 1 ltac:(lra)) ltac:(lra) Hlt) as Hs. cbv beta in Hs.
      pose proof (Htp u). pose proof (Htp t). lra.
    - subst tp. pose proof (Htp u). lra. }
  destruct (completeness right) as (s & Hub & Hleast).
  { exists 1. intros s [Hs _]. lra. }
  { exists 0. exact H0. }
  assert (Hs01 : 0 <= s <= 1).
  { split; [now apply Hub | apply Hleast; intros r [Hr _]; lra]. }
  exists s. split; [exact Hs01|]. intros u.
  destruct (Rtotal_order u t) as [Hlt|[->|Hgt]]; [|lra|].
  - (* every larger weight fails to the right, so it serves to the left; so does the limit s *)
    apply Rnot_lt_le. intros Hbad.
    set (D := F t - F u) in *. set (E := H u - H t) in *.
    assert (HD : s * E < D) by (unfold D, E; lra).
    assert (H1 : D <= E) by (pose proof (Hleft1 u Hlt); unfold D, E; lra).
    assert (Hs1 : s < 1) by (apply Rnot_le_lt; intros Hge; assert (s = 1) by lra; subst s; lra).
    (* a weight r just above s that still fails at u *)
    assert (Hr : exists r, s < r <= 1 /\ r * E < D).
    { destruct (Rle_lt_dec E 0) as [HE|HE].
      - exists 1. split; [lra|]. assert (1 * E <= s * E); [|lra]. rewrite (Rmult_comm s), Rmult_comm.
        apply Rmult_le_compat_neg_l; lra.
      - exists (s + (D - s * E) / (2 * E)).
        assert (Hp : 0 < (D - s * E) / (2 * E)) by (apply Rdiv_lt_0_compat; lra).
        assert (Eq : (s + (D - s * E) / (2 * E)) * E = s * E + (D - s * E) / 2) by (field; lra).
        split; [split; [lra|]|lra]. apply Rmult_le_reg_r with E; lra. }
    destruct Hr as (r & Hr & HrE).
    assert (Hright : right r).
    { split; [lra|]. intros v Hv.
      apply (convex_line_sides _ t u v (HG r ltac:(lra))); [lra|]. unfold D, E in HrE. lra. }
    specialize (Hub r Hright). lra.
  - (* the right side is closed: s is a limit of weights that serve *)
    apply Rnot_lt_le. intros Hbad.
    set (D := F u - F t) in *. set (E := H t - H u) in *.
    assert (HD : D < s * E) by (unfold D, E; lra).
    assert (HD0 : 0 <= D) by (pose proof (proj2 H0 u Hgt); unfold D; lra).
    assert (HE : 0 < E) by (apply Rnot_le_lt; intros HE; assert (s * E <= 0) by nra; lra).
    assert (Hub' : is_upper_bound right (D / E)).
    { intros r [Hr Hserve]. specialize (Hserve u Hgt). apply Rmult_le_reg_r with E; [assumption|].
      replace (D / E * E) with D by (field; lra). unfold D, E. lra. }
    specialize (Hleast _ Hub'). apply Rmult_le_compat_r with (r := E) in Hleast; [|lra].
    replace (D / E * E) with D in Hleast by (field; lra). lra.
Qed.

(** One weight, losses convex in it. *)
Definition LineProblem (Z : Type) (inZ : Z -> Prop) (l : R -> Z -> R) : problem := {|
  model := R; point := Z; in_models := whole_line; in_points := inZ; loss := l;
  regulariser := fun t => t * t / 2 |}.

Definition between (a b t : R) : Prop := a <= t <= b \/ b <= t <= a.

Section SecondPhase.

Context (Z : Type) (inZ : Z -> Prop) (l : R -> Z -> R) (c : R) (Dc : list Z).
Hypothesis Hc : 0 <= c.
Hypothesis Hl : forall w, convex_line (fun t => l t w).

Let P := LineProblem Z inZ l.

Lemma convex_line_point (w : Z) : convex_line (point_objective (P := P) c w).
Proof.
  intros s a b Hs. unfold point_objective. cbn [loss regulariser P LineProblem].
  specialize (Hl w s a b Hs). cbv beta in Hl.
  assert (E : (1 - s) * (a * a) + s * (b * b) - ((1 - s) * a + s * b) * ((1 - s) * a + s * b)
              = s * (1 - s) * ((a - b) * (a - b))) by ring.
  pose proof (Rle_0_sqr (a - b)). unfold Rsqr in *.
  assert (0 <= s * (1 - s)) by (apply Rmult_le_pos; lra).
  assert (0 <= s * (1 - s) * ((a - b) * (a - b))) by (apply Rmult_le_pos; assumption).
  assert (c * (((1 - s) * a + s * b) * ((1 - s) * a + s * b) / 2) <=
          c * (((1 - s) * (a * a) + s * (b * b)) / 2)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma convex_line_weighted (W : list (R * Z)) :
  feasible_weights (P := P) W -> convex_line (weighted_objective (P := P) c W).
Proof.
  intros HW s a b Hs. unfold weighted_objective. rewrite <- !lsum_scal, <- lsum_plus. apply lsum_le.
  intros [w z] Hin. destruct (HW _ Hin) as [Hw _]. cbn [fst snd] in *.
  pose proof (convex_line_point z s a b Hs) as H. apply Rmult_le_compat_l with (r := w) in H; [|assumption]. lra.
Qed.

Lemma convex_line_objective : convex_line (objective (P := P) c Dc).
Proof.
  intros s a b Hs. rewrite !objective_lsum, <- !lsum_scal, <- lsum_plus. apply lsum_le.
  intros z _. apply (convex_line_point z s a b Hs).
Qed.

Lemma scaled_weights (r : R) (W : list (R * Z)) (t : R) :
  let W' := map (fun wz => (r * fst wz, snd wz)) W in
  total_weight (P := P) W' = r * total_weight (P := P) W /\
  weighted_objective (P := P) c W' t = r * weighted_objective (P := P) c W t.
Proof.
  cbv zeta. unfold total_weight, weighted_objective. rewrite !lsum_map, <- !lsum_scal. cbn [fst snd].
  split; [reflexivity|]. apply lsum_ext. intros [w z] _; cbn [fst snd]; apply Rmult_assoc.
Qed.

(** Mirror image, so that only one order of the clean model and the target needs a proof. *)
Lemma minimiser_between_either (F H : R -> R) (tc tp t : R) :
  convex_line F -> convex_line H ->
  (forall u, F tc <= F u) -> (forall u, F tp + H tp <= F u + H u) -> between tc tp t ->
  exists s, 0 <= s <= 1 /\ forall u, F t + s * H t <= F u + s * H u.
Proof.
  intros HF HH Htc Htp [Ht|Ht]; [now apply (minimiser_between F H tc tp)|].
  assert (Hm : forall G, convex_line G -> convex_line (fun u => G (- u))).
  { intros G HG s a b Hs. replace (- ((1 - s) * a + s * b)) with ((1 - s) * - a + s * - b) by ring. now apply HG. }
  destruct (minimiser_between (fun u => F (- u)) (fun u => H (- u)) (- tc) (- tp) (- t)
              (Hm F HF) (Hm H HH)) as (s & Hs & Hmin).
  - intros u. rewrite Ropp_involutive. apply Htc.
  - intros u. rewrite Ropp_involutive. apply Htp.
  - lra.
  - exists s. split; [exact Hs|]. intros u. specialize (Hmin (- u)). now rewrite !Ropp_involutive in Hmin.
Qed.

Theorem two_phases_extended_second (tc tp t m mp : R) :
  minimiser (P := P) c Dc tc -> between tc tp t ->
  fractional_minimum (P := P) c Dc t m -> fractional_minimum (P := P) c Dc tp mp -> m <= mp.
Proof.
  intros [_ Htc] Hbetween (_ & Hlow & _) (_ & _ & Hgreatest).
  apply Hgreatest. intros W [HW [_ Hmin]].
  destruct (minimiser_between_either (objective (P := P) c Dc) (weighted_objective (P := P) c W) tc tp t
              convex_line_objective (convex_line_weighted W HW)) as (s & Hs & Hopt); auto.
  { intros u. apply Htc. exact I. }
  { intros u. apply Hmin. exact I. }
  set (W' := map (fun wz => (s * fst wz, snd wz)) W).
  assert (HW' : optimal_weights (P := P) c Dc W' t).
  { split.
    - intros wz Hin. apply in_map_iff in Hin. destruct Hin as ([w z] & <- & Hin). cbn [fst snd].
      destruct (HW _ Hin) as [Hw Hz]. split; [apply Rmult_le_pos; cbn [fst] in *; lra | exact Hz].
    - split; [exact I|]. intros u _. unfold W'. rewrite !(proj2 (scaled_weights s W _)). apply Hopt. }
  specialize (Hlow W' HW').
  assert (E : total_weight (P := P) W' = s * total_weight (P := P) W) by exact (proj1 (scaled_weights s W 0)).
  assert (H0 : 0 <= total_weight (P := P) W) by (apply lsum_nonneg; intros wz Hin; apply (HW wz Hin)).
  assert (s * total_weight (P := P) W <= 1 * total_weight (P := P) W) by (apply Rmult_le_compat_r; lra). lra.
Qed.

End SecondPhase.

(** ** Witnesses: hinge on [-1, 1], c = 2, clean point (1, +1) with the model 1/2; t* of 0 is 1
    and t* of 1/4 is 1/3 (weights on (1, -1)) *)

Definition tp_W (w : R) : list (R * (R * R)) := [(w, (1, -1))].

Lemma tp_optimal (a : R) : 0 <= a <= 1 / 2 ->
  optimal_weights (P := Std) 2 w2_Dc (tp_W ((1 - 2 * a) / (1 + 2 * a))) a.
Proof.
  intros Ha. set (w := (1 - 2 * a) / (1 + 2 * a)).
  assert (Ew : w * (1 + 2 * a) = 1 - 2 * a) by (unfold w; field; lra).
  assert (Hw : 0 <= w) by (apply Rmult_le_reg_r with (1 + 2 * a); lra).
  split.
  - intros wz [<-|[]]. split; [exact Hw | apply std_point_neg; lra].
  - split; [exact I|]. intros u _. unfold objective, weighted_objective, tp_W, w2_Dc, point_objective.
    cbn [lsum length INR fst snd]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
    rewrite (hinge_inside (a * (1 * 1))), (hinge_inside (a * (-1 * 1))) by lra.
    pose proof (hinge_ge (u * (1 * 1))) as H1. pose proof (hinge_ge (u * (-1 * 1))) as H2.
    apply Rmult_le_compat_l with (r := w) in H2; [|assumption].
    pose proof (Rle_0_sqr (u - a)) as H3. unfold Rsqr in H3.
    assert (0 <= (1 + w) * ((u - a) * (u - a))) by (apply Rmult_le_pos; lra).
    assert (E2 : (u - a) * (w * (1 + 2 * a)) = (u - a) * (1 - 2 * a)) by (rewrite Ew; reflexivity). lra.
Qed.

(** No optimal weights are smaller: theorem-2 at models above a and close to it. *)
Lemma tp_least (a : R) (W : list (R * (R * R))) : 0 <= a < 1 / 2 ->
  optimal_weights (P := Std) 2 w2_Dc W a -> 1 - 2 * a <= total_weight (P := Std) W * (1 + 2 * a).
Proof.
  intros Ha [HW Hmin]. set (w := total_weight (P := Std) W).
  assert (Hw : 0 <= w) by (apply lsum_nonneg; intros wz Hin; apply (HW wz Hin)).
  apply limit_at_zero. intros s Hs.
  set (d := s * (1 - 2 * a) / (2 * (1 + w))).
  assert (Ed : d * (2 * (1 + w)) = s * (1 - 2 * a)) by (unfold d; field; lra).
  assert (Hp : 0 < 1 - 2 * a) by lra.
  assert (Hd : 0 < d) by (unfold d; apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat|]; lra).
  assert (Hd1 : d <= 1 / 2).
  { apply Rmult_le_reg_r with (2 * (1 + w)); [lra|]. rewrite Ed.
    assert (s * (1 - 2 * a) <= 1 * 1) by (apply Rmult_le_compat; lra). lra. }
  pose proof (tight_lower_bound_extended (P := Std) 2 w2_Dc W a (a + d) (Rabs (a + d - a)) HW Hmin I
                (std_Close (a + d) a ltac:(lra) ltac:(lra))) as H.
  fold w in H. replace (a + d - a) with d in H by ring. rewrite (Rabs_pos_eq d) in H by lra.
  unfold objective, regularised_gap, w2_Dc in H. cbn [lsum length INR] in H. rewrite !std_loss in H.
  cbn [fst snd regulariser Std Hinge1] in H.
  rewrite (hinge_inside (a * (1 * 1))), (hinge_inside ((a + d) * (1 * 1))) in H by lra.
  assert (H' : d * ((1 - 2 * a) - d) <= d * (w * (1 + 2 * a + d))) by lra.
  apply Rmult_le_reg_l in H'; [|assumption].
  assert (0 <= s * (1 - 2 * a)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma tp_minimum (a : R) : 0 <= a < 1 / 2 ->
  fractional_minimum (P := Std) 2 w2_Dc a ((1 - 2 * a) / (1 + 2 * a)).
Proof.
  intros Ha. split; [|split].
  - exists (tp_W ((1 - 2 * a) / (1 + 2 * a))). apply tp_optimal. lra.
  - intros W HW. pose proof (tp_least a W Ha HW). apply Rmult_le_reg_r with (1 + 2 * a); [lra|].
    replace ((1 - 2 * a) / (1 + 2 * a) * (1 + 2 * a)) with (1 - 2 * a) by (field; lra). assumption.
  - intros b Hb. specialize (Hb _ (tp_optimal a ltac:(lra))). unfold total_weight, tp_W in Hb. simpl in Hb. lra.
Qed.

Theorem two_phases_extended_witness :
  exists (P : problem) (c m : R) (Dc Dp : list (point P)) (t : model P),
    minimiser c (Dc ++ Dp) t /\ (forall z, In z Dp -> in_points z) /\ fractional_minimum c Dc t m /\ 0 < m.
Proof.
  exists Std, 2, ((1 - 2 * 0) / (1 + 2 * 0)), w2_Dc, w2_Dp, 0.
  split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points|].
  split; [exact (tp_minimum 0 ltac:(lra)) | lra].
Qed.

Theorem two_phases_extended_below_witness :
  exists (P : problem) (c m S e : R) (Dc : list (point P)) (tp t' t : model P),
    fractional_minimum c Dc t' m /\ in_models t /\ Close S t tp /\ Close e tp t' /\
    0 < objective c Dc t' - objective c Dc t.
Proof.
  exists Std, 2, ((1 - 2 * (1 / 4)) / (1 + 2 * (1 / 4))), (Rabs (1 / 2 - 0)), (Rabs (0 - 1 / 4)), w2_Dc, 0, (1 / 4), (1 / 2).
  split; [exact (tp_minimum (1 / 4) ltac:(lra))|]. split; [exact I|].
  split; [apply std_Close; lra|]. split; [apply std_Close; lra|].
  unfold objective, w2_Dc. cbn [lsum length INR]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite !hinge_inside by lra. lra.
Qed.

(** One round: the clean model 1/2, the poison (1, -1), the target 0. *)
Theorem two_phases_extended_first_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
    (c m ts : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (tp : model P) (T : nat),
    closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    fractional_minimum c Dc tp ts /\ (forall j, (j < T)%nat -> in_models (theta j)) /\ greedy tp theta z T /\
    0 < ts /\ (0 < T)%nat /\ 0 < m.
Proof.
  exists Std, rmix, rdist, 2, (2 * 1), ((1 - 2 * 0) / (1 + 2 * 0)), w2_Dc, (fun j => match j with O => 1 / 2 | _ => 0 end),
    (fun _ => (1, -1)), 0, 1%nat.
  split; [exact whole_line_closed|]. split.
  { apply strongly_convex_points_regulariser;
      [lra | apply hinge1_convex_losses | apply hinge1_strongly_convex_regulariser]. }
  split; [exact (tp_minimum 0 ltac:(lra))|]. split; [intros; exact I|]. split; [|split; [lra | split; [lia | lra]]].
  intros j Hj. replace j with O by lia. split; [apply std_point_neg; simpl; lra|].
  intros w Hw. pose proof (std_Close (1 / 2) 0 ltac:(lra) ltac:(lra) w Hw) as H.
  rewrite !std_loss in *. cbn [fst snd]. rewrite (hinge_inside (1 / 2 * (-1 * 1))), (hinge_inside (0 * (-1 * 1))) by lra.
  rewrite Rabs_pos_eq in H by lra. lra.
Qed.

Theorem two_phases_extended_second_witness :
  exists (Z : Type) (inZ : Z -> Prop) (l : R -> Z -> R) (c : R) (Dc : list Z) (tc tp t m mp : R),
    let P := LineProblem Z inZ l in
    0 <= c /\ (forall w, convex_line (fun t => l t w)) /\ minimiser (P := P) c Dc tc /\ between tc tp t /\
    fractional_minimum (P := P) c Dc t m /\ fractional_minimum (P := P) c Dc tp mp /\ m < mp.
Proof.
  exists (R * R)%type, (in_points (p := Std)), (loss (p := Std)), 2, w2_Dc, (1 / 2), 0, (1 / 4),
    ((1 - 2 * (1 / 4)) / (1 + 2 * (1 / 4))), ((1 - 2 * 0) / (1 + 2 * 0)).
  cbv zeta. split; [lra|]. split.
  { intros [x y] s a b Hs. cbn [loss Std Hinge1 fst snd].
    pose proof (hinge_convex s (y * a * x) (y * b * x) Hs) as H.
    replace (y * ((1 - s) * a + s * b) * x) with ((1 - s) * (y * a * x) + s * (y * b * x)) by ring. exact H. }
  split.
  { split; [exact I|]. intros u _. unfold objective, w2_Dc.
    cbn [lsum length INR loss regulariser LineProblem Std Hinge1 fst snd].
    rewrite (hinge_inside (1 * (1 / 2) * 1)) by lra. pose proof (hinge_ge (1 * u * 1)).
    pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra. }
  split; [right; lra|]. split; [exact (tp_minimum (1 / 4) ltac:(lra))|].
  split; [exact (tp_minimum 0 ltac:(lra)) | lra].
Qed.
