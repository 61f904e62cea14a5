(** * exact-gamma, tight-lower-bound, minimum-poisoning in one dimension

    Results of this project.  One weight, no bias, hinge loss, R(t) = t^2/2.  A labelled point enters only
    through its signed feature z = y x, so points are signed features ([Signed a b] is the domain [a, b]):
    both labels on an interval X that contains 0 give [-M, M], M the largest |x|; one label gives X or -X.
    Clean data may lie anywhere.

    - [exact_gamma_extended_limit]: for p <> 0 attainable on [a, b], let lambda* be the largest weight that p
      survives: z0 / p, where z0 is the point whose margin is the largest one below or at 1.  With
      gamma = 1 - c / lambda*, t = (1 - e) p, 0 < e <= 1 and S the distance from t to p,
      S + c (R(t) - R(p)) = (gamma + (1 - gamma) e / 2) S: no larger gamma serves for all models.
    - [tight_lower_bound_extended_limit]: on [-M, M], where F0 falls on one side of p and t* is finite, beside p
      num = t* S_reg - (N + t* ) c |theta - p|^2 / 2: the quotient of theorem-2 tends to t*.
    - [minimum_poisoning_extended_line]: on [-M, M], for an attainable target with finite t*, the smallest
      number n >= t* of copies of one point trains p exactly, and no set of fewer points does. *)

From Coq Require Import Reals Lra Lia List ZArith.
From MTP Require Import Base Vectors Instances Convexity LogSums lemma_1 theorem_2 tight_lower_bound exact_gamma two_phases.
Import ListNotations.
Open Scope R_scope.

Definition signed_loss (t z : R) : R := hinge (t * z).
Definition Signed (a b : R) : problem := LineProblem R (interval a b) signed_loss.

Lemma signed_convex (z : R) : convex_line (fun t => signed_loss t z).
Proof.
  intros s t u Hs. unfold signed_loss.
  replace (((1 - s) * t + s * u) * z) with ((1 - s) * (t * z) + s * (u * z)) by ring. now apply hinge_convex.
Qed.

(** ** The best constant gamma *)

Definition steepest (a b p z0 : R) : Prop :=
  interval a b z0 /\ 0 < p * z0 <= 1 /\ forall z, interval a b z -> p * z <= 1 -> p * z <= p * z0.

Lemma steepest_point (a b p : R) :
  (exists z, interval a b z /\ 0 < p * z <= 1) -> exists z0, steepest a b p z0.
Proof.
  intros (z & Hz & Hpz). unfold steepest, interval in *.
  assert (Hp : p <> 0) by (intros ->; lra).
  (* the far end, seen from z in the direction of p, or the point of margin 1 *)
  set (e := if Rlt_dec 0 p then b else a).
  assert (He : a <= e <= b /\ forall y, a <= y <= b -> p * y <= p * e).
  { unfold e. destruct (Rlt_dec 0 p) as [H|H]; [|apply Rnot_lt_le in H]; (split; [lra|]); intros y Hy;
      [apply Rmult_le_compat_l | apply Rmult_le_compat_neg_l]; lra. }
  destruct He as [He Hmax].
  destruct (Rle_lt_dec (p * e) 1) as [H1|H1].
  - exists e. split; [exact He|]. pose proof (Hmax z Hz). split; [lra|]. intros y Hy _. now apply Hmax.
  - exists (/ p). rewrite Rinv_r by assumption.
    split; [|split; [lra | intros; lra]].
    assert (Hi : p * / p = 1) by (now apply Rinv_r).
    unfold e in *. destruct (Rlt_dec 0 p) as [H|H].
    + assert (p * a <= p * z) by (apply Rmult_le_compat_l; lra). split; apply Rmult_le_reg_l with p; lra.
    + assert (Hn : p < 0) by lra. assert (p * b <= p * z) by (apply Rmult_le_compat_neg_l; lra).
      split; apply Rmult_le_reg_l with (- p); lra.
Qed.

Section Gamma.

Context (a b p z0 : R).
Hypothesis Hz0 : steepest a b p z0.
Let P := Signed a b.

Lemma shrunk_distance (e : R) : 0 <= e <= 1 -> distance (P := P) ((1 - e) * p) p (e * (p * z0)).
Proof.
  intros He. destruct Hz0 as (Hin & Hu & Hmax).
  assert (E : e * (p * z0) = loss (p := P) ((1 - e) * p) z0 - loss (p := P) p z0).
  { cbn [loss P Signed LineProblem]. unfold signed_loss.
    replace ((1 - e) * p * z0) with ((1 - e) * (p * z0)) by ring. set (u := p * z0) in *.
    rewrite (hinge_inside u), (hinge_inside ((1 - e) * u)); nra. }
  rewrite E. apply distance_attained; [exact Hin|]. rewrite <- E. intros z Hz. change (interval a b z) in Hz.
  cbn [loss P Signed LineProblem]. unfold signed_loss.
  replace ((1 - e) * p * z) with ((1 - e) * (p * z)) by ring.
  destruct (Rle_lt_dec (p * z) 1) as [H1|H1].
  - specialize (Hmax z Hz H1). rewrite (hinge_inside (p * z)) by assumption.
    set (u0 := p * z0) in *. set (u := p * z) in *.
    assert (0 <= e * (u0 - u)) by (apply Rmult_le_pos; lra).
    assert (0 <= e * u0) by (apply Rmult_le_pos; lra).
    assert (0 <= (1 - e) * (1 - u)) by (apply Rmult_le_pos; lra).
    destruct (hinge_cases ((1 - e) * u)) as [[_ ->]|[Hge ->]]; [lra|].
    assert (u <= 1) by assumption. nra.
  - (* margins beyond 1 exist, so the point of margin 1 lies between and is the steepest *)
    assert (Hp : p <> 0) by (intros ->; lra).
    assert (Hone : interval a b (/ p)).
    { assert (Hi : p * / p = 1) by (now apply Rinv_r). unfold interval in *.
      destruct (Rlt_dec 0 p) as [H|H].
      - assert (p * a <= p * z0) by (apply Rmult_le_compat_l; lra).
        assert (p * z <= p * b) by (apply Rmult_le_compat_l; lra).
        split; apply Rmult_le_reg_l with p; lra.
      - assert (Hn : p < 0) by lra.
        assert (p * b <= p * z0) by (apply Rmult_le_compat_neg_l; lra).
        assert (p * z <= p * a) by (apply Rmult_le_compat_neg_l; lra).
        split; apply Rmult_le_reg_l with (- p); lra. }
    specialize (Hmax _ Hone). rewrite Rinv_r in Hmax by assumption.
    assert (Eu : p * z0 = 1) by lra. rewrite Eu, (hinge_outside (p * z)) by lra.
    set (u := p * z) in *. assert (0 <= (1 - e) * (u - 1)) by (apply Rmult_le_pos; lra).
    destruct (hinge_cases ((1 - e) * u)) as [[_ ->]|[_ ->]]; lra.
Qed.

Lemma limit_at_steepest (c e : R) :
  0 < e <= 1 ->
  survives (P := P) (z0 / p) p /\
  (forall lam, survives (P := P) lam p -> lam <= z0 / p) /\
  exists S, distance (P := P) ((1 - e) * p) p S /\ 0 < S /\
    let gamma := 1 - c / (z0 / p) in
    regularised_gap (P := P) c S ((1 - e) * p) p = (gamma + (1 - gamma) * (e / 2)) * S.
Proof.
  intros He. destruct Hz0 as (Hin & Hu & Hmax).
  assert (Hp : p <> 0) by (intros E; rewrite E in Hu; lra).
  assert (Hzz : z0 <> 0) by (intros E; rewrite E in Hu; lra).
  assert (Hpp : 0 < p * p) by (apply Rsqr_pos_lt; assumption).
  assert (El : z0 / p * (p * p) = p * z0) by (field; assumption).
  split; [|split].
  - intros t S _ HS. specialize (HS z0 Hin). cbn [loss P Signed LineProblem] in HS. unfold signed_loss in HS.
    rewrite (hinge_inside (p * z0)) in HS by lra. pose proof (hinge_ge (t * z0)).
    unfold regularised_gap. cbn [regulariser P Signed LineProblem].
    assert (H0 : 0 <= z0 / p).
    { apply Rmult_le_reg_r with (p * p); [assumption|]. lra. }
    pose proof (Rmult_le_pos _ _ H0 (Rle_0_sqr (p - t))) as Hsq. unfold Rsqr in Hsq.
    assert (E : z0 / p * ((p - t) * (p - t)) = z0 / p * (p * p) - 2 * (t * z0) + z0 / p * (t * t)) by (field; assumption).
    rewrite E, El in Hsq. replace (z0 / p * (t * t / 2 - p * p / 2)) with ((z0 / p * (t * t) - z0 / p * (p * p)) / 2) by lra.
    rewrite El. lra.
  - intros lam Hs. apply Rmult_le_reg_r with (p * p); [assumption|]. rewrite El.
    apply limit_at_zero. intros r Hr.
    pose proof (Hs ((1 - r) * p) (r * (p * z0)) I (distance_Close _ _ _ (shrunk_distance r ltac:(lra)))) as H.
    unfold regularised_gap in H. cbn [regulariser P Signed LineProblem] in H.
    assert (H' : 0 <= r * (p * z0 - lam * (p * p) * (1 - r / 2))) by lra.
    assert (H1 : 0 <= p * z0 - lam * (p * p) * (1 - r / 2)) by (apply Rmult_le_reg_l with r; lra).
    destruct (Rle_lt_dec 0 (lam * (p * p))) as [Hl|Hl].
    + assert (0 <= lam * (p * p) * r) by (apply Rmult_le_pos; lra). lra.
    + assert (0 <= - (lam * (p * p)) * (1 - r)) by (apply Rmult_le_pos; lra). lra.
  - exists (e * (p * z0)). split; [apply shrunk_distance; lra|].
    split; [apply Rmult_lt_0_compat; lra|].
    unfold regularised_gap. cbn [regulariser P Signed LineProblem]. cbv zeta. field. split; assumption.
Qed.

End Gamma.

(** A target that is attainable at a positive weight has a point that pulls it outwards. *)
Lemma attainable_pulled (a b c p : R) :
  0 < c -> p <> 0 -> attainable (P := Signed a b) c p -> exists z, interval a b z /\ 0 < p * z <= 1.
Proof.
  intros Hc Hp (D & Hne & HD & _ & Hmin).
  assert (H : (exists z, In z D /\ 0 < p * z <= 1) \/
              exists h, 0 < h <= 1 /\ forall e, 0 <= e <= h -> lsum (signed_loss ((1 - e) * p)) D <= lsum (signed_loss p) D).
  { clear Hne HD Hmin. induction D as [|z D [(z' & Hin & Hz')|(h & Hh & IH)]].
    - right. exists 1. split; [lra|]. intros; simpl; lra.
    - left. exists z'. split; [now right | exact Hz'].
    - assert (Hstep : forall e, (1 - e) * p * z = (1 - e) * (p * z)) by (intros; ring).
      destruct (Rle_lt_dec (p * z) 0) as [H0|H0].
      + right. exists h. split; [exact Hh|]. intros e He. specialize (IH e He). cbn [lsum]. unfold signed_loss in *.
        assert (0 <= e * - (p * z)) by (apply Rmult_le_pos; lra).
        assert (0 <= (1 - e) * - (p * z)) by (apply Rmult_le_pos; lra).
        rewrite Hstep, !hinge_inside by lra. lra.
      + destruct (Rle_lt_dec (p * z) 1) as [H1|H1]; [left; exists z; split; [now left | lra]|].
        right. set (d := 1 - / (p * z)).
        assert (Hi : / (p * z) * (p * z) = 1) by (apply Rinv_l; lra).
        assert (Hd : 0 < d) by (unfold d; apply Rmult_lt_reg_r with (p * z); lra).
        exists (Rmin h d). pose proof (Rmin_l h d). pose proof (Rmin_r h d).
        split; [split; [apply Rmin_pos|]; lra|]. intros e He. specialize (IH e ltac:(lra)). cbn [lsum].
        unfold signed_loss in *. rewrite Hstep.
        assert (Hm : (1 - d) * (p * z) <= (1 - e) * (p * z)) by (apply Rmult_le_compat_r; lra).
        unfold d in Hm. replace ((1 - (1 - / (p * z))) * (p * z)) with 1 in Hm by (rewrite <- Hi at 1; ring).
        rewrite !hinge_outside by lra. lra. }
  destruct H as [(z & Hin & Hz)|(h & Hh & H)].
  - exists z. split; [exact (HD z Hin) | exact Hz].
  - exfalso. specialize (Hmin ((1 - h) * p) I). specialize (H h ltac:(lra)).
    unfold objective in Hmin. change (loss (p := Signed a b)) with signed_loss in Hmin.
    cbn [regulariser Signed LineProblem] in Hmin.
    pose proof (length_INR_pos D Hne) as HN.
    change (lsum (signed_loss p) D + INR (length D) * (c * (p * p / 2)) <=
            lsum (signed_loss ((1 - h) * p)) D + INR (length D) * (c * ((1 - h) * p * ((1 - h) * p) / 2))) in Hmin.
    assert (Hpp : 0 < p * p) by (apply Rsqr_pos_lt; assumption).
    assert (Hnc : 0 < INR (length D) * c * (p * p)) by (apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; lra | assumption]).
    assert (0 < INR (length D) * c * (p * p) * (h * (2 - h))).
    { apply Rmult_lt_0_compat; [assumption|]. apply Rmult_lt_0_compat; lra. }
    lra.
Qed.

Theorem exact_gamma_extended_limit (a b c p e : R) :
  0 < c -> p <> 0 -> attainable (P := Signed a b) c p -> 0 < e <= 1 ->
  exists lam, 0 < lam /\ survives (P := Signed a b) lam p /\
    (forall lam', survives (P := Signed a b) lam' p -> lam' <= lam) /\
    exists S, distance (P := Signed a b) ((1 - e) * p) p S /\ 0 < S /\
      let gamma := 1 - c / lam in
      regularised_gap (P := Signed a b) c S ((1 - e) * p) p = (gamma + (1 - gamma) * (e / 2)) * S.
Proof.
  intros Hc Hp Hat He.
  destruct (steepest_point a b p (attainable_pulled a b c p Hc Hp Hat)) as (z0 & Hz0).
  exists (z0 / p). split; [|exact (limit_at_steepest a b p z0 Hz0 c e He)].
  destruct Hz0 as (_ & Hu & _). apply Rmult_lt_reg_r with (p * p); [apply Rsqr_pos_lt; assumption|].
  replace (z0 / p * (p * p)) with (p * z0) by (field; assumption). lra.
Qed.

(** ** Beside the target: everything is linear, but for the regulariser *)

(** Clean data: the loss is linear on a short way in the direction s. *)
Lemma signed_linear (s p z : R) : is_label s ->
  exists k h, 0 < h /\ forall x, 0 <= x <= h -> signed_loss (p + s * x) z = signed_loss p z + k * x.
Proof.
  intros Hs. unfold signed_loss. set (m := - s * z). set (u := p * z).
  assert (E : forall x, (p + s * x) * z = u - m * x) by (intros; unfold u, m; ring).
  assert (Habs : 0 < Rabs m + 1) by (pose proof (Rabs_pos m); lra).
  assert (Hm : m <= Rabs m /\ - m <= Rabs m).
  { split; [apply Rle_abs|]. rewrite <- Rabs_Ropp. apply Rle_abs. }
  assert (Hshort : forall d, 0 < d -> exists h, 0 < h /\ forall x, 0 <= x <= h -> - d <= m * x <= d).
  { intros d Hd. exists (d / (Rabs m + 1)). split; [now apply Rdiv_lt_0_compat|].
    intros x Hx.
    assert (Hx' : x * (Rabs m + 1) <= d).
    { replace d with (d / (Rabs m + 1) * (Rabs m + 1)) at 1 by (field; lra). apply Rmult_le_compat_r; lra. }
    assert (m * x <= Rabs m * x) by (apply Rmult_le_compat_r; lra).
    assert (- m * x <= Rabs m * x) by (apply Rmult_le_compat_r; lra). lra. }
  destruct (Rtotal_order u 1) as [Hlt|[Heq|Hgt]].
  - destruct (Hshort (1 - u) ltac:(lra)) as (h & Hh & Hx). exists m, h. split; [assumption|].
    intros x Hxh. specialize (Hx x Hxh). rewrite E, !hinge_inside by lra. lra.
  - destruct (Rle_lt_dec 0 m) as [Hm0|Hm0].
    + exists m, 1. split; [lra|]. intros x Hx. assert (0 <= m * x) by (apply Rmult_le_pos; lra).
      rewrite E, !hinge_inside by lra. lra.
    + exists 0, 1. split; [lra|]. intros x Hx. assert (0 <= - m * x) by (apply Rmult_le_pos; lra).
      rewrite E, !hinge_outside by lra. lra.
  - destruct (Hshort (u - 1) ltac:(lra)) as (h & Hh & Hx). exists 0, h. split; [assumption|].
    intros x Hxh. specialize (Hx x Hxh). rewrite E, !hinge_outside by lra. lra.
Qed.

Lemma signed_linear_data (s p : R) (D : list R) : is_label s ->
  exists k h, 0 < h /\ forall x, 0 <= x <= h -> lsum (signed_loss (p + s * x)) D = lsum (signed_loss p) D + k * x.
Proof.
  intros Hs. induction D as [|z D (k & h & Hh & IH)].
  - exists 0, 1. split; [lra|]. intros; simpl; lra.
  - destruct (signed_linear s p z Hs) as (k' & h' & Hh' & H').
    exists (k' + k), (Rmin h h'). split; [now apply Rmin_pos|]. intros x Hx.
    pose proof (Rmin_l h h'). pose proof (Rmin_r h h').
    cbn [lsum]. rewrite IH, H' by lra. lra.
Qed.

(** A number below every B x, x > 0 small, is not positive. *)
Lemma small_limit (A B h : R) : 0 < h -> 0 <= B -> (forall x, 0 < x <= h -> A <= B * x) -> A <= 0.
Proof.
  intros Hh HB H. apply Rnot_lt_le. intros HA.
  set (d := A / (2 * (B + 1))).
  assert (Ed : d * (2 * (B + 1)) = A) by (unfold d; field; lra).
  assert (Hd : 0 < d) by (unfold d; apply Rdiv_lt_0_compat; lra).
  pose proof (Rmin_l h d) as H1. pose proof (Rmin_r h d) as H2.
  assert (H3 : 0 < Rmin h d) by (now apply Rmin_pos).
  specialize (H _ (conj H3 H1)).
  assert (B * Rmin h d <= B * d) by (now apply Rmult_le_compat_l). lra.
Qed.

(** A convex function that starts quadratically in one direction is minimal there. *)
Lemma quadratic_start (G : R -> R) (p s kappa h : R) :
  convex_line G -> is_label s -> 0 < h -> 0 <= kappa ->
  (forall x, 0 <= x <= h -> G (p + s * x) = G p + kappa * (x * x)) -> forall u, G p <= G u.
Proof.
  intros HG Hs Hh Hk H u.
  assert (Hss : s * s = 1) by (destruct Hs as [-> | ->]; lra).
  set (g := s * (u - p)). assert (Eu : u = p + s * g) by (unfold g; destruct Hs as [-> | ->]; lra).
  destruct (Rtotal_order g 0) as [Hneg|[Hz|Hpos]].
  - (* the other side: p lies between u and p + s x *)
    assert (Hall : forall x, 0 < x <= h -> G p <= G u + - g * kappa * x).
    { intros x Hx. set (r := - g / (x - g)).
      assert (Er : r * (x - g) = - g) by (unfold r; field; lra).
      assert (Hr : 0 <= r <= 1) by (split; apply Rmult_le_reg_r with (x - g); lra).
      pose proof (HG r u (p + s * x) Hr) as Hc. rewrite H in Hc by lra.
      replace ((1 - r) * u + r * (p + s * x)) with p in Hc.
      - assert (Hm : (x - g) * (G p) <= (x - g) * ((1 - r) * G u + r * (G p + kappa * (x * x))))
          by (apply Rmult_le_compat_l; lra).
        replace ((x - g) * ((1 - r) * G u + r * (G p + kappa * (x * x))))
          with ((x - g) * G u - r * (x - g) * G u + r * (x - g) * (G p + kappa * (x * x))) in Hm by ring.
        rewrite Er in Hm. apply Rmult_le_reg_l with x; lra.
      - rewrite Eu. replace ((1 - r) * (p + s * g) + r * (p + s * x)) with (p + s * (g + r * (x - g))) by ring.
        rewrite Er. ring. }
    assert (Hgk : 0 <= - g * kappa) by (apply Rmult_le_pos; lra).
    assert (G p - G u <= 0); [|lra].
    apply (small_limit _ (- g * kappa) h Hh Hgk). intros x Hx. specialize (Hall x Hx). lra.
  - rewrite Eu, Hz, Rmult_0_r, Rplus_0_r. lra.
  - (* the same side: a smaller value at u would show right beside p *)
    apply Rnot_lt_le. intros Hlt.
    pose proof (Rmin_l h g). pose proof (Rmin_r h g).
    assert (Hx : 0 < Rmin h g) by (now apply Rmin_pos). set (x := Rmin h g) in *.
    set (r := x / g). assert (Er : r * g = x) by (unfold r; field; lra).
    assert (Hr : 0 < r <= 1) by (split; [unfold r; now apply Rdiv_lt_0_compat | apply Rmult_le_reg_r with g; lra]).
    pose proof (HG r p u ltac:(lra)) as Hc.
    replace ((1 - r) * p + r * u) with (p + s * x) in Hc by (rewrite Eu, <- Er; ring).
    rewrite H in Hc by lra.
    assert (0 <= kappa * (x * x)) by (apply Rmult_le_pos; [assumption | apply Rle_0_sqr]).
    assert (0 < r * (G p - G u)) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Section Beside.

Context (M c p : R) (Dc : list R).
Hypothesis HM : 0 <= M.
Hypothesis Hc : 0 <= c.
Let P := Signed (- M) M.
Let F0 := objective (P := P) c Dc.
Let N := INR (length Dc).

Lemma F0_form (t : R) : F0 t = lsum (signed_loss t) Dc + N * (c * (t * t / 2)).
Proof. reflexivity. Qed.

(** Moving by x in the direction s, the margin of the point - s m goes from q m to (q - x) m. *)
Section Side.

Context (s : R).
Hypothesis Hs : is_label s.
Let q := - s * p.

Lemma side_square : s * s = 1.
Proof. destruct Hs as [-> | ->]; lra. Qed.

Lemma side_point (m : R) : - M <= m <= M -> - M <= - s * m <= M.
Proof. intros Hm. destruct Hs as [E|E]; rewrite E; lra. Qed.

Lemma side_margin (m x : R) : (p + s * x) * (- s * m) = (q - x) * m.
Proof. unfold q. replace ((p + s * x) * (- s * m)) with (- s * p * m - s * s * (x * m)) by ring. rewrite side_square. ring. Qed.

Lemma side_loss (m x : R) : q * m <= 1 -> (q - x) * m <= 1 ->
  signed_loss (p + s * x) (- s * m) = signed_loss p (- s * m) + m * x.
Proof.
  intros H1 H2. unfold signed_loss. rewrite side_margin.
  replace (p * (- s * m)) with (q * m) by (unfold q; ring). rewrite !hinge_inside by assumption. ring.
Qed.

Lemma side_regulariser (x : R) : (p + s * x) * (p + s * x) / 2 = p * p / 2 - q * x + x * x / 2.
Proof. unfold q. replace ((p + s * x) * (p + s * x)) with (p * p + 2 * (s * p) * x + s * s * (x * x)) by ring. rewrite side_square. field. Qed.

(** The largest slope of a loss in this direction, at the point - s k. *)
Definition side_slope : R := if Rlt_dec 0 q then Rmin M (/ q) else M.

Lemma side_slope_facts : 0 <= side_slope <= M /\ q * side_slope <= 1 /\
  (side_slope < M -> 0 < q /\ side_slope = / q).
Proof.
  unfold side_slope. destruct (Rlt_dec 0 q) as [Hq|Hq].
  - pose proof (Rinv_0_lt_compat q Hq) as Hi. pose proof (Rmin_l M (/ q)) as H1. pose proof (Rmin_r M (/ q)) as H2.
    split; [split; [apply Rmin_glb; lra | assumption]|]. split.
    + apply Rmult_le_compat_l with (r := q) in H2; [|lra]. rewrite Rinv_r in H2 by lra. exact H2.
    + intros Hlt. split; [assumption|]. unfold Rmin in *. destruct (Rle_dec M (/ q)); lra.
  - split; [lra|]. split; [|lra].
    assert (0 <= - q * M) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma side_steepest : exists h, 0 < h /\ forall x, 0 <= x <= h ->
  signed_loss (p + s * x) (- s * side_slope) = signed_loss p (- s * side_slope) + side_slope * x /\
  Close (P := P) (side_slope * x) (p + s * x) p.
Proof.
  destruct side_slope_facts as ((Hk0 & HkM) & Hqk & Hlt). set (k := side_slope) in *.
  exists (if Rlt_dec 0 q then q else 1). split; [destruct (Rlt_dec 0 q); lra|]. intros x Hx.
  assert (Hx0 : 0 <= x) by (destruct (Rlt_dec 0 q); lra). split.
  - apply side_loss; [exact Hqk|]. assert (0 <= x * k) by (apply Rmult_le_pos; lra). lra.
  - intros z Hz. change R in z. change (- M <= z <= M) in Hz. cbn [loss P Signed LineProblem].
    set (m := - s * z). assert (Ez : z = - s * m).
    { unfold m. replace (- s * (- s * z)) with (s * s * z) by ring. rewrite side_square. ring. }
    assert (HmM : m <= M) by (now apply side_point).
    rewrite Ez. unfold signed_loss. rewrite side_margin. replace (p * (- s * m)) with (q * m) by (unfold q; ring).
    assert (0 <= k * x) by (now apply Rmult_le_pos).
    destruct (Rle_lt_dec m k) as [Hm|Hm].
    + destruct (Rle_lt_dec m 0) as [Hm0|Hm0].
      * assert (0 <= - m * x) by (apply Rmult_le_pos; lra).
        pose proof (hinge_antitone (q * m) ((q - x) * m) ltac:(lra)). lra.
      * pose proof (hinge_lipschitz ((q - x) * m) (q * m)) as Hl.
        replace ((q - x) * m - q * m) with (- (m * x)) in Hl by ring. rewrite Rabs_Ropp in Hl.
        rewrite Rabs_pos_eq in Hl by (apply Rmult_le_pos; lra).
        assert (m * x <= k * x) by (now apply Rmult_le_compat_r). lra.
    + destruct (Hlt ltac:(lra)) as [Hq Ek]. destruct (Rlt_dec 0 q) as [_|Hn]; [|contradiction].
      assert (Eq : q * k = 1) by (rewrite Ek; apply Rinv_r; lra).
      assert (1 <= q * m) by (rewrite <- Eq; apply Rmult_le_compat_l; lra).
      rewrite (hinge_outside (q * m)) by assumption.
      assert ((q - x) * k <= (q - x) * m) by (apply Rmult_le_compat_l; lra).
      destruct (hinge_cases ((q - x) * m)) as [[_ ->]|[_ ->]]; lra.
Qed.

(** The clean objective beside p: slope g, then a parabola. *)
Definition starts_with (g h : R) : Prop :=
  0 < h /\ forall x, 0 <= x <= h -> F0 (p + s * x) = F0 p + g * x + N * c * (x * x / 2).

Lemma starts_exists : exists g h, starts_with g h.
Proof.
  destruct (signed_linear_data s p Dc Hs) as (k & h & Hh & H).
  exists (k - N * c * q), h. split; [exact Hh|]. intros x Hx. rewrite !F0_form.
  rewrite (H x Hx), side_regulariser. lra.
Qed.

Lemma F0_convex : convex_line F0.
Proof. exact (convex_line_objective R (interval (- M) M) signed_loss c Dc Hc signed_convex). Qed.

Lemma falls_slope (g h y : R) : starts_with g h -> 0 < y -> F0 (p + s * y) < F0 p -> g < 0.
Proof.
  intros [Hh H] Hy Hfall. apply Rnot_le_lt. intros Hg.
  pose proof (Rmin_l h y) as H1. pose proof (Rmin_r h y) as H2.
  assert (H3 : 0 < Rmin h y) by (now apply Rmin_pos). set (x := Rmin h y) in *.
  set (r := x / y). assert (Er : r * y = x) by (unfold r; field; lra).
  assert (Hr : 0 < r <= 1) by (split; [unfold r; now apply Rdiv_lt_0_compat | apply Rmult_le_reg_r with y; lra]).
  pose proof (F0_convex r p (p + s * y) ltac:(lra)) as Hcv.
  replace ((1 - r) * p + r * (p + s * y)) with (p + s * x) in Hcv by (rewrite <- Er; ring).
  rewrite H in Hcv by lra.
  assert (0 <= g * x) by (apply Rmult_le_pos; lra).
  assert (0 <= N * c * (x * x / 2)).
  { apply Rmult_le_pos; [apply Rmult_le_pos; [apply pos_INR | assumption]|].
    pose proof (Rle_0_sqr x). unfold Rsqr in *. lra. }
  assert (0 < r * (F0 p - F0 (p + s * y))) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

(** Weak duality in the limit: no optimal weights are below - g / (k - c q). *)
Lemma side_weak (g h : R) (W : list (R * R)) :
  starts_with g h -> optimal_weights (P := P) c Dc W p ->
  - g <= total_weight (P := P) W * (side_slope - c * q).
Proof.
  intros [Hh H] [HW Hmin]. destruct side_steepest as (h' & Hh' & H').
  set (w := total_weight (P := P) W).
  assert (Hw : 0 <= w) by (apply lsum_nonneg; intros wz Hin; apply (HW wz Hin)).
  assert (HN : 0 <= N) by apply pos_INR.
  assert (- g - w * (side_slope - c * q) <= 0); [|lra].
  apply (small_limit _ ((N + w) * c / 2) (Rmin h h')).
  - now apply Rmin_pos.
  - assert (0 <= (N + w) * c) by (apply Rmult_le_pos; lra). lra.
  - intros x Hx. pose proof (Rmin_l h h'). pose proof (Rmin_r h h').
    destruct (H' x ltac:(lra)) as [_ HS].
    pose proof (tight_lower_bound_extended (P := P) c Dc W p (p + s * x) _ HW Hmin I HS) as Hb.
    fold F0 in Hb. rewrite H in Hb by lra. unfold regularised_gap in Hb.
    cbn [regulariser P Signed LineProblem] in Hb. rewrite side_regulariser in Hb. fold w in Hb.
    apply Rmult_le_reg_l with x; lra.
Qed.

(** Weights that balance the slope are optimal: F0 plus their objective starts with a parabola. *)
Lemma side_balanced (g h w z k : R) :
  starts_with g h -> 0 <= w -> interval (- M) M z ->
  (exists h', 0 < h' /\ forall x, 0 <= x <= h' -> signed_loss (p + s * x) z = signed_loss p z + k * x) ->
  g + w * (k - c * q) = 0 -> optimal_weights (P := P) c Dc [(w, z)] p.
Proof.
  intros [Hh H] Hw Hz (h' & Hh' & H') Hbal.
  assert (Hfeas : feasible_weights (P := P) [(w, z)]) by (intros wz [<-|[]]; split; assumption).
  split; [exact Hfeas|]. split; [exact I|]. intros u _.
  apply (quadratic_start (fun u => F0 u + weighted_objective (P := P) c [(w, z)] u) p s ((N + w) * c / 2) (Rmin h h')).
  - pose proof (convex_line_weighted R (interval (- M) M) signed_loss c Hc signed_convex _ Hfeas) as HG.
    intros r a b Hr. pose proof (F0_convex r a b Hr). specialize (HG r a b Hr).
    change (LineProblem R (interval (- M) M) signed_loss) with P in HG. lra.
  - exact Hs.
  - now apply Rmin_pos.
  - assert (0 <= (N + w) * c) by (apply Rmult_le_pos; [pose proof (pos_INR (length Dc)); unfold N; lra | assumption]). lra.
  - intros x Hx. pose proof (Rmin_l h h'). pose proof (Rmin_r h h').
    rewrite H by lra. unfold weighted_objective. cbn [lsum fst snd]. unfold point_objective.
    cbn [regulariser P Signed LineProblem]. change (loss (p := P)) with signed_loss.
    rewrite (H' x) by lra. rewrite side_regulariser.
    assert (E : x * (g + w * (k - c * q)) = 0) by (rewrite Hbal; ring). lra.
Qed.

(** t* on the side on which F0 falls. *)
Lemma side_minimum (g h ts : R) :
  starts_with g h -> g < 0 -> fractional_minimum (P := P) c Dc p ts ->
  0 < side_slope - c * q /\ ts * (side_slope - c * q) = - g.
Proof.
  intros Hst Hg ((W0 & HW0) & Hlow & Hgreatest). set (r := side_slope - c * q).
  assert (Hr : 0 < r).
  { pose proof (side_weak g h W0 Hst HW0) as H. fold r in H.
    assert (0 <= total_weight (P := P) W0) by (apply lsum_nonneg; intros wz Hin; apply (proj1 HW0 wz Hin)).
    apply Rnot_le_lt. intros Hle. assert (0 <= total_weight (P := P) W0 * - r) by (apply Rmult_le_pos; lra). lra. }
  split; [exact Hr|].
  assert (Eq : - g / r * r = - g) by (field; lra).
  assert (H1 : - g / r <= ts).
  { apply Hgreatest. intros W HW. pose proof (side_weak g h W Hst HW) as H. fold r in H.
    apply Rmult_le_reg_r with r; lra. }
  assert (H2 : ts <= - g / r).
  { destruct side_slope_facts as ((Hk0 & HkM) & _). destruct side_steepest as (h' & Hh' & H').
    assert (Hopt : optimal_weights (P := P) c Dc [(- g / r, - s * side_slope)] p).
    { apply (side_balanced g h _ _ side_slope Hst).
      - apply Rmult_le_reg_r with r; lra.
      - apply side_point; lra.
      - exists h'. split; [exact Hh'|]. intros x Hx. now apply H'.
      - fold r. lra. }
    specialize (Hlow _ Hopt). unfold total_weight in Hlow. cbn [lsum fst] in Hlow. lra. }
  assert (E : ts = - g / r) by lra. rewrite E. exact Eq.
Qed.

End Side.

Lemma limit_beside (s ts : R) :
  is_label s -> fractional_minimum (P := P) c Dc p ts -> (exists y, 0 < y /\ F0 (p + s * y) < F0 p) ->
  exists h, 0 < h /\ forall x, 0 < x <= h -> exists S, distance (P := P) (p + s * x) p S /\
    F0 p - F0 (p + s * x) = ts * regularised_gap (P := P) c S (p + s * x) p - (N + ts) * c * (x * x / 2).
Proof.
  intros Hs Hts (y & Hy & Hfall).
  destruct (starts_exists s Hs) as (g & h & Hst). pose proof (falls_slope s g h y Hst Hy Hfall) as Hg.
  destruct (side_minimum s Hs g h ts Hst Hg Hts) as [Hr Ets].
  destruct (side_steepest s Hs) as (h' & Hh' & H'). destruct Hst as [Hh H].
  exists (Rmin h h'). split; [now apply Rmin_pos|]. intros x Hx.
  pose proof (Rmin_l h h'). pose proof (Rmin_r h h').
  destruct (H' x ltac:(lra)) as [Hat HC]. set (k := side_slope s) in *.
  exists (k * x). split.
  - assert (E : k * x = loss (p := P) (p + s * x) (- s * k) - loss (p := P) p (- s * k)).
    { change (loss (p := P)) with signed_loss. rewrite Hat. lra. }
    rewrite E. apply distance_attained; [|rewrite <- E; exact HC].
    change (interval (- M) M (- s * k)).
    destruct (side_slope_facts s) as ((Hk0 & HkM) & _). fold k in Hk0, HkM. apply side_point; [exact Hs | lra].
  - rewrite H by lra. unfold regularised_gap. cbn [regulariser P Signed LineProblem].
    rewrite (side_regulariser s Hs). assert (E : x * (ts * (k - c * (- s * p))) = x * - g) by (rewrite Ets; reflexivity). lra.
Qed.

(** ** The smallest training set *)

(** An attainable target is not too far out: c p^2 <= 1 and c |p| <= M. *)
Lemma attainable_near : attainable (P := P) c p -> c * (p * p) <= 1 /\ c * Rabs p <= M.
Proof.
  intros Hat.
  assert (Hshrink : forall B, (forall e, 0 < e <= 1 -> Close (P := P) (e * B) ((1 - e) * p) p) -> c * (p * p) <= B).
  { intros B HB. apply limit_at_zero. intros e He.
    pose proof (lemma_1_repaired_weak (P := P) c p ((1 - e) * p) _ Hat I (HB e He)) as H.
    cbn [regulariser P Signed LineProblem] in H.
    assert (H' : e * (c * (p * p) * (1 - e / 2)) <= e * B) by lra.
    apply Rmult_le_reg_l in H'; [|lra].
    assert (0 <= c * (p * p)) by (apply Rmult_le_pos; [assumption | apply Rle_0_sqr]).
    assert (0 <= c * (p * p) * e) by (apply Rmult_le_pos; lra). lra. }
  split.
  - apply Hshrink. intros e He z Hz. change (loss (p := P)) with signed_loss. unfold signed_loss.
    change R in z. replace ((1 - e) * p * z) with ((1 - e) * (p * z)) by ring. set (u := p * z).
    destruct (hinge_cases u) as [[Hu ->]|[Hu ->]]; destruct (hinge_cases ((1 - e) * u)) as [[_ ->]|[_ ->]]; nra.
  - destruct (Req_dec p 0) as [E|Hp]; [rewrite E, Rabs_R0; lra|].
    pose proof (Rabs_pos_lt p Hp) as Hpos.
    assert (E : p * p = Rabs p * Rabs p) by (rewrite <- Rabs_mult; symmetry; apply Rabs_pos_eq, Rle_0_sqr).
    apply Rmult_le_reg_r with (Rabs p); [assumption|].
    replace (c * Rabs p * Rabs p) with (c * (p * p)) by (rewrite E; ring).
    replace (M * Rabs p) with (Rabs p * M) by ring. apply Hshrink. intros e He z Hz.
    change (loss (p := P)) with signed_loss. unfold signed_loss. change R in z. change (- M <= z <= M) in Hz.
    eapply Rle_trans; [apply hinge_lipschitz|].
    replace ((1 - e) * p * z - p * z) with (- (e * (p * z))) by ring.
    rewrite Rabs_Ropp, !Rabs_mult, (Rabs_pos_eq e) by lra. apply Rmult_le_compat_l; [lra|].
    apply Rmult_le_compat_l; [lra | now apply Rabs_le].
Qed.

(** Where F0 falls on no side, p is the clean model. *)
Lemma falls_nowhere (s g1 h1 g2 h2 : R) :
  s = 1 -> starts_with s g1 h1 -> starts_with (- s) g2 h2 -> 0 <= g1 -> 0 <= g2 -> forall u : R, F0 p <= F0 u.
Proof.
  intros -> Hst1 Hst2 Hg1 Hg2 u. apply Rnot_lt_le. intros Hlt.
  destruct (Rtotal_order u p) as [Hu|[->|Hu]]; [|lra|].
  - assert (g2 < 0); [|lra]. apply (falls_slope (- 1) g2 h2 (p - u) Hst2); [lra|].
    replace (p + -1 * (p - u)) with u by ring. exact Hlt.
  - assert (g1 < 0); [|lra]. apply (falls_slope 1 g1 h1 (u - p) Hst1); [lra|].
    replace (p + 1 * (u - p)) with u by ring. exact Hlt.
Qed.

Lemma points_strict (D : list R) : 0 < c -> D <> [] -> minimiser (P := P) c D p -> strict_minimiser (P := P) c D p.
Proof.
  intros Hc0 Hne [Hin Hmin]. split; [exact Hin|]. intros u Hu Hneq.
  assert (Hp : strongly_convex_points (P := P) rmix rdist c (c * 1)).
  { apply strongly_convex_points_regulariser; [exact Hc | |].
    - intros z r a b Hr _ _. pose proof (signed_convex z r a b Hr) as H. cbv beta in H.
      change (loss (p := P)) with signed_loss. unfold rmix. lra.
    - exact (hinge1_strongly_convex_regulariser whole_line (interval (- M) M)). }
  pose proof (minimiser_growth (in_models (p := P)) rmix rdist _ _ p u whole_line_closed
                (objective_strongly_convex (P := P) rmix rdist c (c * 1) D Hp) Hin Hmin Hu) as H.
  rewrite rdist_sq in H. pose proof (length_INR_pos D Hne) as HN. change (@length (point P) D) with (@length R D) in H.
  assert (0 < (p - u) * (p - u)) by (apply square_pos; auto).
  assert (0 < INR (length D) * c * ((p - u) * (p - u))).
  { apply Rmult_lt_0_compat; [|assumption]. apply Rmult_lt_0_compat; lra. }
  lra.
Qed.

(** n copies of one point on the side on which F0 falls. *)
Lemma copies_reach (s g h ts : R) (n : nat) :
  is_label s -> starts_with s g h -> g < 0 -> attainable (P := P) c p ->
  fractional_minimum (P := P) c Dc p ts -> ts <= INR n ->
  exists z, interval (- M) M z /\ minimiser (P := P) c (Dc ++ repeat z n) p.
Proof.
  intros Hs Hst Hg Hat Hts Hn. destruct (side_minimum s Hs g h ts Hst Hg Hts) as [Hr Ets].
  destruct (side_slope_facts s) as ((Hk0 & HkM) & Hqk & _). destruct (attainable_near Hat) as [Hcpp HcM].
  set (k := side_slope s) in *. set (q := - s * p) in *.
  assert (Hts0 : 0 < ts).
  { apply Rnot_le_lt. intros Hle. assert (0 <= - ts * (k - c * q)) by (apply Rmult_le_pos; lra). lra. }
  assert (Hn0 : 0 < INR n) by lra.
  set (m := - g / INR n + c * q).
  assert (Em : INR n * (m - c * q) = - g) by (unfold m; field; lra).
  assert (Hmlow : c * q < m) by (apply Rmult_lt_reg_l with (INR n); lra).
  assert (Hmk : m <= k).
  { apply Rmult_le_reg_l with (INR n); [assumption|].
    assert (ts * (k - c * q) <= INR n * (k - c * q)) by (apply Rmult_le_compat_r; lra). lra. }
  assert (Hss : s * s = 1) by (destruct Hs as [-> | ->]; lra).
  assert (Eqq : q * q = p * p) by (unfold q; replace (- s * p * (- s * p)) with (s * s * (p * p)) by ring; rewrite Hss; ring).
  assert (Hqabs : - (c * Rabs p) <= c * q).
  { assert (- Rabs p <= q); [|assert (c * - Rabs p <= c * q) by (now apply Rmult_le_compat_l); lra].
    unfold q. pose proof (Rle_abs p). pose proof (Rle_abs (- p)). rewrite Rabs_Ropp in *. destruct Hs as [-> | ->]; lra. }
  assert (Hz : interval (- M) M (- s * m)) by (apply side_point; [exact Hs | lra]).
  (* the loss of that point stays linear on a short way *)
  assert (Hlin : exists h', 0 < h' /\ forall x, 0 <= x <= h' ->
            signed_loss (p + s * x) (- s * m) = signed_loss p (- s * m) + m * x).
  { destruct (Rle_lt_dec 0 q) as [Hq|Hq].
    - assert (Hm0 : 0 <= m) by (assert (0 <= c * q) by (now apply Rmult_le_pos); lra).
      assert (Hqm : q * m <= 1) by (assert (q * m <= q * k) by (now apply Rmult_le_compat_l); lra).
      exists 1. split; [lra|]. intros x Hx. apply (side_loss s Hs m x Hqm).
      assert (0 <= x * m) by (apply Rmult_le_pos; lra). fold q. lra.
    - assert (Hqm : q * m < 1).
      { assert (- q * (c * q) < - q * m) by (apply Rmult_lt_compat_l; lra).
        assert (E : q * (c * q) = c * (p * p)) by (rewrite <- Eqq; ring). lra. }
      pose proof (Rabs_pos m) as Hab.
      exists ((1 - q * m) / (Rabs m + 1)). split; [apply Rdiv_lt_0_compat; lra|]. intros x Hx.
      apply (side_loss s Hs m x); fold q; [lra|].
      assert (Hx' : x * (Rabs m + 1) <= 1 - q * m).
      { replace (1 - q * m) with ((1 - q * m) / (Rabs m + 1) * (Rabs m + 1)) by (field; lra).
        apply Rmult_le_compat_r; lra. }
      pose proof (Rle_abs (- m)) as Ha. rewrite Rabs_Ropp in Ha.
      assert (x * - m <= x * Rabs m) by (apply Rmult_le_compat_l; lra). lra. }
  exists (- s * m). split; [exact Hz|].
  destruct (side_balanced s Hs g h (INR n) (- s * m) m Hst (pos_INR n) Hz Hlin) as [_ Hmin].
  { fold q. lra. }
  apply (minimises_ext (P := P) (fun u => objective (P := P) c Dc u + weighted_objective (P := P) c [(INR n, - s * m)] u));
    [|exact Hmin].
  intros u. symmetry. etransitivity; [exact (objective_app (P := P) c Dc (repeat (- s * m) n) u)|].
  rewrite (objective_repeat (P := P)). unfold weighted_objective. cbn [lsum fst snd]. lra.
Qed.

Lemma smallest_set (ts : R) (n : nat) :
  0 < c -> Dc <> [] -> attainable (P := P) c p -> fractional_minimum (P := P) c Dc p ts ->
  INR n - 1 < ts <= INR n ->
  (exists z, in_points (p := P) z /\ strict_minimiser (P := P) c (Dc ++ repeat z n) p) /\
  (forall Dp : list R, (forall z, In z Dp -> in_points (p := P) z) -> minimiser (P := P) c (Dc ++ Dp) p ->
     (n <= length Dp)%nat).
Proof.
  intros Hc0 Hne Hat Hts Hn. split.
  - assert (H : exists z, interval (- M) M z /\ minimiser (P := P) c (Dc ++ repeat z n) p).
    { destruct (starts_exists 1 (or_introl eq_refl)) as (g1 & h1 & Hst1).
      destruct (starts_exists (- 1) (or_intror eq_refl)) as (g2 & h2 & Hst2).
      destruct (Rlt_le_dec g1 0) as [Hg1|Hg1].
      { apply (copies_reach 1 g1 h1 ts n (or_introl eq_refl)); auto; lra. }
      destruct (Rlt_le_dec g2 0) as [Hg2|Hg2].
      { apply (copies_reach (- 1) g2 h2 ts n (or_intror eq_refl)); auto; lra. }
      (* p is the clean model, and no points are needed *)
      pose proof (falls_nowhere 1 g1 h1 g2 h2 eq_refl Hst1 Hst2 Hg1 Hg2) as Hmin.
      destruct Hts as (_ & Hlow & _).
      assert (Hopt : optimal_weights (P := P) c Dc [] p).
      { split; [intros wz []|]. split; [exact I|]. intros u _. unfold weighted_objective. cbn [lsum].
        rewrite !Rplus_0_r. apply Hmin. }
      specialize (Hlow _ Hopt). unfold total_weight in Hlow. cbn [lsum] in Hlow.
      assert (n = O) as ->.
      { destruct n as [|n']; [reflexivity|exfalso]. rewrite S_INR in Hn. pose proof (pos_INR n'). lra. }
      exists 0. split; [unfold interval; lra|]. simpl repeat. rewrite app_nil_r.
      split; [exact I|]. intros u _. apply Hmin. }
    destruct H as (z & Hz & Hmin). exists z. split; [exact Hz|]. apply points_strict; [exact Hc0| |exact Hmin].
    intros E. apply app_eq_nil in E. now apply Hne.
  - intros Dp HD Hmin. pose proof (two_phases_extended (P := P) c ts Dc Dp p Hmin HD Hts) as H.
    change (@length (point P) Dp) with (@length R Dp) in H.
    assert (Hlt : INR n < INR (S (length Dp))) by (rewrite S_INR; lra).
    apply INR_lt in Hlt. lia.
Qed.

End Beside.

(** F0 falls in the direction s: it is smaller at some p + s y. *)
Theorem tight_lower_bound_extended_limit (M c p : R) (Dc : list R) (s ts y : R) :
  let P := Signed (- M) M in
  0 <= M -> 0 <= c -> is_label s -> fractional_minimum (P := P) c Dc p ts ->
  0 < y -> objective (P := P) c Dc (p + s * y) < objective (P := P) c Dc p ->
  exists h, 0 < h /\ forall x, 0 < x <= h -> exists S, distance (P := P) (p + s * x) p S /\
    objective (P := P) c Dc p - objective (P := P) c Dc (p + s * x) =
    ts * regularised_gap (P := P) c S (p + s * x) p - (INR (length Dc) + ts) * c * (x * x / 2).
Proof.
  intros P HM Hc Hs Hts Hy Hfall. apply (limit_beside M c p Dc HM Hc s ts Hs Hts). now exists y.
Qed.

Theorem minimum_poisoning_extended_line (M c p : R) (Dc : list R) (ts : R) (n : nat) :
  let P := Signed (- M) M in
  0 <= M -> 0 < c -> Dc <> [] -> attainable (P := P) c p -> fractional_minimum (P := P) c Dc p ts ->
  INR n - 1 < ts <= INR n ->
  (exists z, in_points (p := P) z /\ strict_minimiser (P := P) c (Dc ++ repeat z n) p) /\
  (forall Dp : list R, (forall z, In z Dp -> in_points (p := P) z) -> minimiser (P := P) c (Dc ++ Dp) p ->
     (n <= length Dp)%nat).
Proof. intros P HM Hc. exact (smallest_set M c p Dc HM (Rlt_le _ _ Hc) ts n Hc). Qed.

(** ** Witnesses: [-1, 1], c = 2, one clean point 1, whose model is 1/2; the target 0 has t* = 1 *)

Definition od_P : problem := Signed (Ropp 1) 1.

Lemma od_starts : starts_with 1 2 0 [1] 1 (-1) 1.
Proof.
  split; [lra|]. intros x Hx. unfold objective. cbn [lsum length INR loss regulariser Signed LineProblem].
  unfold signed_loss. rewrite !hinge_inside by lra. lra.
Qed.

Lemma od_minimum : fractional_minimum (P := od_P) 2 [1] 0 1.
Proof.
  assert (Ek : side_slope 1 0 1 = 1) by (unfold side_slope; destruct (Rlt_dec 0 (- (1) * 0)); lra).
  assert (Hopt : optimal_weights (P := od_P) 2 [1] [(1, -1)] 0).
  { apply (side_balanced 1 2 0 [1] ltac:(lra) 1 (or_introl eq_refl) (-1) 1 1 (-1) 1 od_starts); [lra | | | lra].
    - unfold interval. lra.
    - exists 1. split; [lra|]. intros x Hx. unfold signed_loss. rewrite !hinge_inside by lra. lra. }
  split; [|split].
  - exists [(1, -1)]. exact Hopt.
  - intros W HW. pose proof (side_weak 1 2 0 [1] ltac:(lra) ltac:(lra) 1 (or_introl eq_refl) (-1) 1 W od_starts HW) as H.
    rewrite Ek in H. unfold od_P in *. lra.
  - intros b Hb. specialize (Hb _ Hopt). unfold total_weight in Hb. cbn [lsum fst] in Hb. lra.
Qed.

Lemma od_attainable : attainable (P := od_P) 2 0.
Proof.
  exists [1; -1]. split; [discriminate|]. split.
  - intros z [<-|[<-|[]]]; cbn; unfold interval; lra.
  - split; [exact I|]. intros u _. unfold objective. cbn [lsum length INR loss regulariser od_P Signed LineProblem].
    unfold signed_loss. rewrite !(hinge_inside (0 * _)) by lra.
    pose proof (hinge_ge (u * 1)). pose proof (hinge_ge (u * -1)). pose proof (Rle_0_sqr u). unfold Rsqr in *. lra.
Qed.

(** The model 1/2 of the point 1 is attainable at c = 2. *)
Theorem exact_gamma_extended_limit_witness :
  exists a b c p e : R, 0 < c /\ p <> 0 /\ attainable (P := Signed a b) c p /\ 0 < e <= 1.
Proof.
  exists (-1), 1, 2, (1 / 2), (1 / 100). split; [lra|]. split; [lra|]. split; [|lra].
  exists [1]. split; [discriminate|]. split.
  - intros z [<-|[]]. cbn. unfold interval. lra.
  - split; [exact I|]. intros u _. unfold objective. cbn [lsum length INR loss regulariser Signed LineProblem].
    unfold signed_loss. rewrite (hinge_inside (1 / 2 * 1)) by lra. pose proof (hinge_ge (u * 1)).
    pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
Qed.

Theorem tight_lower_bound_extended_limit_witness :
  exists (M c p : R) (Dc : list R) (s ts y : R),
    let P := Signed (- M) M in
    0 <= M /\ 0 <= c /\ is_label s /\ fractional_minimum (P := P) c Dc p ts /\
    0 < y /\ objective (P := P) c Dc (p + s * y) < objective (P := P) c Dc p /\ 0 < c * ts.
Proof.
  exists 1, 2, 0, [1], 1, 1, (1 / 2). cbv zeta. split; [lra|]. split; [lra|]. split; [now left|].
  split; [exact od_minimum|]. split; [lra|]. split; [|lra].
  unfold objective. cbn [lsum length INR loss regulariser Signed LineProblem].
  unfold signed_loss. rewrite !hinge_inside by lra. lra.
Qed.

Theorem minimum_poisoning_extended_line_witness :
  exists (M c p : R) (Dc : list R) (ts : R) (n : nat),
    let P := Signed (- M) M in
    0 <= M /\ 0 < c /\ Dc <> [] /\ attainable (P := P) c p /\ fractional_minimum (P := P) c Dc p ts /\
    INR n - 1 < ts <= INR n /\ (0 < n)%nat.
Proof.
  exists 1, 2, 0, [1], 1, 1%nat. cbv zeta. split; [lra|]. split; [lra|]. split; [discriminate|].
  split; [exact od_attainable|]. split; [exact od_minimum|]. split; [simpl; lra | lia].
Qed.
