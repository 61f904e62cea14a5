(** * Strong duality for gamma and for the lower bound, on finite data spaces

    Not in the paper.  Setting: hinge loss in R^n, R = |.|_2^2/2, Theta = R^n, both
    labels, and FINITELY many features X (a pool of candidates, a grid of
    integer features, one-hot codes); a bias is a feature that is constantly 1.
    The clean data Dc are arbitrary.

    Proved, both directions:
    - exact-gamma: tp survives lambda >= 0, that is S + lambda (R(t) - R(tp)) >= 0
      for every model t, exactly when convex weights on subgradients v of the
      losses at tp satisfy  sum w v + lambda tp = 0.  So lambda* = C.
    - tight-lower-bound: the number t >= 0 satisfies theorem-2 for every theta,
      F0(tp) - F0(theta) <= t S_reg(theta), exactly when nonnegative weights of
      total t and a subgradient g0 of F0 at tp satisfy
      g0 + sum w (v + c tp) = 0.  So the supremum of theorem-2 is the fractional
      minimum t*.
    Vector equations are stated as equality of inner products with every h.
    For infinite X the weak halves are proved (exact_gamma.v and
    tight_lower_bound.v) and, in one dimension, both (one_dimension.v). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Alternatives exact_gamma theorem_2.
Import ListNotations.
Open Scope R_scope.

Section FiniteFeatures.

Context (n : nat) (Xs : list vec) (tp : vec).
Hypothesis Hne : Xs <> [].

Definition FiniteHinge : problem := Linear n hinge everywhere (fun x => In x Xs).

Let P := FiniteHinge.

Definition all_points : list (vec * R) := flat_map (fun x => [(x, 1); (x, -1)]) Xs.

Lemma all_points_spec (z : vec * R) : In z all_points <-> in_points (p := FiniteHinge) z.
Proof.
  unfold all_points. rewrite in_flat_map. destruct z as [x y]. simpl. unfold is_label. split.
  - intros (x' & Hx & [E|[E|[]]]); injection E; intros <- <-; auto.
  - intros [Hx [-> | ->]]; exists x; auto.
Qed.

Lemma all_points_nonempty : all_points <> [].
Proof. unfold all_points. destruct Xs as [|x s]; [now elim Hne | discriminate]. Qed.

Definition point_loss (z : vec * R) (u : vec) : R := hinge (snd z * dot n u (fst z)).
Definition point_support (z : vec * R) : list vec := hinge_support n tp (fst z) (snd z).

Lemma point_supported (z : vec * R) : supported n (point_loss z) tp (point_support z).
Proof. apply supported_hinge. Qed.

(** The loss-based distance from u to tp. *)
Definition pool_distance (u : vec) : R := lmax (fun z => point_loss z u - point_loss z tp) all_points.

Lemma pool_distance_Close (u : vec) : Close (P := FiniteHinge) (pool_distance u) u tp.
Proof.
  intros z Hz. apply all_points_spec in Hz.
  exact (lmax_ge (fun z => point_loss z u - point_loss z tp) all_points z Hz).
Qed.

Lemma pool_distance_self : pool_distance tp = 0.
Proof.
  unfold pool_distance.
  destruct (lmax_attained (fun z => point_loss z tp - point_loss z tp) all_points all_points_nonempty)
    as (z & _ & ->). lra.
Qed.

Lemma pool_distance_supported : supported n pool_distance tp (flat_map point_support all_points).
Proof.
  apply (supported_lmax n point_loss tp point_support all_points all_points_nonempty).
  intros z _. apply point_supported.
Qed.

(** v is a subgradient of l(.; z) at tp. *)
Definition loss_subgradient (z : vec * R) (v : vec) : Prop :=
  forall u, point_loss z tp + dot n v (vminus u tp) <= point_loss z u.

(** Weights on pairs (point, subgradient). *)
Definition subgradient_weights (W : list (R * (vec * R * vec))) : Prop :=
  forall p, In p W -> 0 <= fst p /\ in_points (p := FiniteHinge) (fst (snd p)) /\
                      loss_subgradient (fst (snd p)) (snd (snd p)).

Lemma weighted_subgradients_le (W : list (R * (vec * R * vec))) (u : vec) (S : R) :
  subgradient_weights W -> Close (P := FiniteHinge) S u tp ->
  lsum (fun p => fst p * dot n (snd (snd p)) (vminus u tp)) W <= S * lsum fst W.
Proof.
  intros HW HS. rewrite <- lsum_scal. apply lsum_le. intros p Hp.
  destruct (HW p Hp) as (Hw & Hz & Hv). specialize (Hv u). specialize (HS _ Hz).
  change (loss (p := FiniteHinge) u (fst (snd p))) with (point_loss (fst (snd p)) u) in HS.
  change (loss (p := FiniteHinge) tp (fst (snd p))) with (point_loss (fst (snd p)) tp) in HS.
  rewrite (Rmult_comm S). apply Rmult_le_compat_l; [assumption | lra].
Qed.

(** R(u) - R(tp) >= <tp, u - tp>. *)
Lemma regulariser_subgradient (u : vec) :
  dot n tp (vminus u tp) <= sqnorm n u / 2 - sqnorm n tp / 2.
Proof.
  destruct (supported_regulariser n tp) as [H _]. specialize (H tp u (or_introl eq_refl)).
  cbv beta in H. lra.
Qed.

Theorem exact_gamma_extended_strong_duality (lam : R) :
  0 <= lam ->
  (survives (P := FiniteHinge) lam tp <->
   exists W, subgradient_weights W /\ lsum fst W = 1 /\
     forall h, lsum (fun p => fst p * dot n (snd (snd p)) h) W + lam * dot n tp h = 0).
Proof.
  intros Hlam. split.
  - intros Hs.
    set (F := fun u => pool_distance u + lam * (sqnorm n u / 2)).
    assert (HF : supported n F tp (sums (flat_map point_support all_points) (map (vscal lam) [tp]))).
    { apply supported_plus; [exact pool_distance_supported|].
      apply supported_scal; [assumption | apply supported_regulariser]. }
    assert (Hmin : forall u, F tp <= F u).
    { intros u. unfold F. rewrite pool_distance_self.
      specialize (Hs u (pool_distance u) I (pool_distance_Close u)).
      unfold regularised_gap in Hs. cbn [regulariser FiniteHinge Linear] in Hs. lra. }
    destruct (supported_minimiser n F tp _ HF Hmin) as (W & HW & Hsum & H0).
    destruct (attach (fun (p : R * vec) (b : vec * R * vec) =>
       In (fst b) all_points /\ In (snd b) (point_support (fst b)) /\
       snd p = vplus (snd b) (vscal lam tp)) W) as (L & HL & HQ).
    { intros p Hp. destruct (HW p Hp) as [_ Hin]. unfold sums in Hin. apply in_map_iff in Hin.
      destruct Hin as ([v w] & E & Hvw). apply in_prod_iff in Hvw. destruct Hvw as [Hv Hw].
      destruct Hw as [<-|[]]. apply in_flat_map in Hv. destruct Hv as (z & Hz & Hv).
      exists (z, v). simpl in *. auto. }
    exists (map (fun x : R * vec * (vec * R * vec) => (fst (fst x), snd x)) L).
    assert (Hs1 : lsum (fun x : R * vec * (vec * R * vec) => fst (fst x)) L = 1).
    { rewrite <- Hsum, <- HL, lsum_map. reflexivity. }
    split; [|split].
    + intros p Hp. apply in_map_iff in Hp. destruct Hp as (x & <- & Hx). simpl.
      destruct (HQ x Hx) as (Hz & Hv & _). split; [|split].
      * apply HW. rewrite <- HL. now apply in_map.
      * now apply all_points_spec.
      * intros u. exact (proj1 (point_supported (fst (snd x))) (snd (snd x)) u Hv).
    + rewrite lsum_map. exact Hs1.
    + intros h. rewrite lsum_map. cbn [fst snd].
      rewrite <- (H0 h), <- HL, lsum_map.
      replace (lam * dot n tp h) with (lsum (fun x : R * vec * (vec * R * vec) =>
        lam * dot n tp h * fst (fst x)) L) by (rewrite lsum_scal, Hs1; ring).
      rewrite <- lsum_plus. apply lsum_ext. intros x Hx. destruct (HQ x Hx) as (_ & _ & E).
      rewrite E, dot_plus_l, dot_scal_l. ring.
  - intros (W & HW & Hsum & H0) u S _ HS.
    pose proof (weighted_subgradients_le W u S HW HS) as Hle. rewrite Hsum in Hle.
    specialize (H0 (vminus u tp)). pose proof (regulariser_subgradient u) as HR.
    unfold regularised_gap. cbn [regulariser FiniteHinge Linear].
    apply Rmult_le_compat_l with (r := lam) in HR; [|assumption]. lra.
Qed.

(** ** The lower bound *)

Context (c : R) (Dc : list (vec * R)).
Hypothesis Hc : 0 <= c.

Definition clean_objective (u : vec) : R := objective (P := FiniteHinge) c Dc u.

Definition clean_support : list vec :=
  sums (sum_support point_support Dc) (map (vscal (INR (length Dc) * c)) [tp]).

Lemma clean_supported : supported n clean_objective tp clean_support.
Proof.
  apply (supported_ext n (fun u => lsum (fun z => point_loss z u) Dc
                                   + INR (length Dc) * c * (sqnorm n u / 2))).
  - intros u. unfold clean_objective, objective. cbn [regulariser FiniteHinge Linear].
    change (@length (point FiniteHinge) Dc) with (@length (vec * R) Dc).
    rewrite <- Rmult_assoc. reflexivity.
  - apply supported_plus.
    + apply supported_lsum. intros z _. apply point_supported.
    + apply supported_scal; [apply Rmult_le_pos; [apply pos_INR | assumption] | apply supported_regulariser].
Qed.

Definition combination {A : Type} (w : A -> R) (a : A -> vec) (s : list A) : vec :=
  fun i => lsum (fun x => w x * a x i) s.

Lemma dot_combination {A : Type} (w : A -> R) (a : A -> vec) (s : list A) (h : vec) :
  dot n (combination w a s) h = lsum (fun x => w x * dot n (a x) h) s.
Proof.
  unfold combination. induction s as [|x s IH]; simpl.
  - unfold dot. rewrite (nsum_ext _ (fun _ => 0)) by (intros; lra). rewrite nsum_const. lra.
  - rewrite <- IH. unfold dot. rewrite <- nsum_scal, <- nsum_plus. apply nsum_ext. intros; ring.
Qed.

Theorem tight_lower_bound_extended_strong_duality (t : R) :
  0 <= t ->
  ((forall u S, Close (P := FiniteHinge) S u tp ->
      clean_objective tp - clean_objective u <= t * regularised_gap (P := FiniteHinge) c S u tp) <->
   exists g0 W, (forall u, clean_objective tp + dot n g0 (vminus u tp) <= clean_objective u) /\
     subgradient_weights W /\ lsum fst W = t /\
     forall h, dot n g0 h + lsum (fun p => fst p * (dot n (snd (snd p)) h + c * dot n tp h)) W = 0).
Proof.
  intros Ht. split.
  - intros Hall.
    set (F := fun u => clean_objective u + t * (pool_distance u + c * (sqnorm n u / 2))).
    assert (HF : supported n F tp (sums clean_support
       (map (vscal t) (sums (flat_map point_support all_points) (map (vscal c) [tp]))))).
    { apply supported_plus; [exact clean_supported|].
      apply (supported_scal n t (fun u => pool_distance u + c * (sqnorm n u / 2))); [assumption|].
      apply supported_plus; [exact pool_distance_supported|].
      apply supported_scal; [assumption | apply supported_regulariser]. }
    assert (Hmin : forall u, F tp <= F u).
    { intros u. unfold F. rewrite pool_distance_self.
      specialize (Hall u (pool_distance u) (pool_distance_Close u)).
      unfold regularised_gap in Hall. cbn [regulariser FiniteHinge Linear] in Hall. lra. }
    destruct (supported_minimiser n F tp _ HF Hmin) as (W & HW & Hsum & H0).
    destruct (attach (fun (p : R * vec) (b : vec * (vec * R * vec)) =>
       In (fst b) clean_support /\ In (fst (snd b)) all_points /\
       In (snd (snd b)) (point_support (fst (snd b))) /\
       snd p = vplus (fst b) (vscal t (vplus (snd (snd b)) (vscal c tp)))) W) as (L & HL & HQ).
    { intros p Hp. destruct (HW p Hp) as [_ Hin]. unfold sums at 1 in Hin. apply in_map_iff in Hin.
      destruct Hin as ([a w] & E & Haw). apply in_prod_iff in Haw. destruct Haw as [Ha Hw].
      apply in_map_iff in Hw. destruct Hw as (w' & <- & Hw'). unfold sums in Hw'.
      apply in_map_iff in Hw'. destruct Hw' as ([v r] & <- & Hvr). apply in_prod_iff in Hvr.
      destruct Hvr as [Hv Hr]. destruct Hr as [<-|[]]. apply in_flat_map in Hv.
      destruct Hv as (z & Hz & Hv). exists (a, (z, v)). simpl in *. auto. }
    set (w := fun x : R * vec * (vec * (vec * R * vec)) => fst (fst x)).
    set (a := fun x : R * vec * (vec * (vec * R * vec)) => fst (snd x)).
    assert (Hw : forall x, In x L -> 0 <= w x).
    { intros x Hx. apply HW. rewrite <- HL. now apply in_map. }
    assert (Hs1 : lsum w L = 1).
    { rewrite <- Hsum, <- HL, lsum_map. reflexivity. }
    exists (combination w a L), (map (fun x => (t * w x, snd (snd x))) L).
    split; [|split; [|split]].
    + intros u. rewrite dot_combination.
      assert (Hle : lsum (fun x => w x * (clean_objective tp + dot n (a x) (vminus u tp))) L <=
                    lsum (fun x => clean_objective u * w x) L).
      { apply lsum_le. intros x Hx. rewrite (Rmult_comm (clean_objective u)).
        apply Rmult_le_compat_l; [now apply Hw|].
        apply (proj1 clean_supported). now apply HQ. }
      rewrite lsum_scal, Hs1 in Hle.
      rewrite (lsum_ext _ (fun x => clean_objective tp * w x + w x * dot n (a x) (vminus u tp))) in Hle
        by (intros; ring).
      rewrite lsum_plus, lsum_scal, Hs1 in Hle. lra.
    + intros p Hp. apply in_map_iff in Hp. destruct Hp as (x & <- & Hx). cbn [fst snd].
      destruct (HQ x Hx) as (_ & Hz & Hv & _). split; [|split].
      * apply Rmult_le_pos; [assumption | now apply Hw].
      * now apply all_points_spec.
      * intros u. exact (proj1 (point_supported (fst (snd (snd x)))) (snd (snd (snd x))) u Hv).
    + rewrite lsum_map. cbn [fst]. rewrite lsum_scal, Hs1. ring.
    + intros h. rewrite dot_combination, lsum_map. cbn [fst snd].
      rewrite <- lsum_plus, <- (H0 h), <- HL, lsum_map. apply lsum_ext. intros x Hx.
      destruct (HQ x Hx) as (_ & _ & _ & E). rewrite E.
      rewrite dot_plus_l, dot_scal_l, dot_plus_l, dot_scal_l. unfold w, a. ring.
  - intros (g0 & W & Hg0 & HW & Hsum & H0) u S HS.
    specialize (Hg0 u). specialize (H0 (vminus u tp)).
    pose proof (weighted_subgradients_le W u S HW HS) as Hle. rewrite Hsum in Hle.
    rewrite (lsum_ext _ (fun p => fst p * dot n (snd (snd p)) (vminus u tp)
               + c * dot n tp (vminus u tp) * fst p)) in H0 by (intros; ring).
    rewrite lsum_plus, lsum_scal, Hsum in H0.
    pose proof (regulariser_subgradient u) as HR.
    unfold regularised_gap. cbn [regulariser FiniteHinge Linear].
    assert (Htc : 0 <= c * t) by (now apply Rmult_le_pos).
    apply Rmult_le_compat_l with (r := c * t) in HR; [|assumption]. lra.
Qed.

End FiniteFeatures.

(** ** Witnesses in one dimension: the single feature 1 *)

Definition sd_x : vec := fun _ => 1.

Lemma sd_dot (k : R) (h : vec) : dot 1 (fun _ => k) h = k * h O.
Proof. unfold dot. simpl. lra. Qed.

Lemma sd_loss (z : vec * R) (y k : R) :
  z = (sd_x, y) -> y * k <= 1 -> loss_subgradient 1 (fun _ => k) z (fun _ => - y).
Proof.
  intros -> Hle u. unfold point_loss. cbn [fst snd]. unfold sd_x.
  rewrite !(dot_sym 1 _ (fun _ => 1)), !sd_dot. unfold vminus.
  rewrite (hinge_inside (y * (1 * k))) by lra. pose proof (hinge_ge (y * (1 * u O))). lra.
Qed.

(** Target 1/2, lambda = 2. *)
Theorem exact_gamma_extended_strong_duality_witness :
  exists (n : nat) (Xs : list vec) (tp : vec) (lam : R),
    Xs <> [] /\ 0 <= lam /\ survives (P := FiniteHinge n Xs) lam tp /\ 0 < lam.
Proof.
  exists 1%nat, [sd_x], (fun _ => 1 / 2), 2. split; [discriminate|]. split; [lra|]. split; [|lra].
  apply exact_gamma_extended_strong_duality; [discriminate | lra|].
  exists [(1, ((sd_x, 1), fun _ => - 1))]. split; [|split].
  - intros p [<-|[]]. cbn [fst snd]. split; [lra|]. split; [split; [now left | now left]|].
    apply (sd_loss _ 1 (1 / 2)); [reflexivity | lra].
  - simpl. lra.
  - intros h. cbn [lsum fst snd]. rewrite !sd_dot. lra.
Qed.

(** Clean point (1, +1), c = 2, target 1/4, a third of the point (1, -1). *)
Theorem tight_lower_bound_extended_strong_duality_witness :
  exists (n : nat) (Xs : list vec) (tp : vec) (c : R) (Dc : list (vec * R)) (t : R),
    Xs <> [] /\ 0 <= c /\ 0 <= t /\
    (forall u S, Close (P := FiniteHinge n Xs) S u tp ->
      clean_objective n Xs c Dc tp - clean_objective n Xs c Dc u <=
      t * regularised_gap (P := FiniteHinge n Xs) c S u tp) /\
    0 < t < 1.
Proof.
  exists 1%nat, [sd_x], (fun _ => 1 / 4), 2, [(sd_x, 1)], (1 / 3).
  split; [discriminate|]. split; [lra|]. split; [lra|]. split; [|lra].
  apply tight_lower_bound_extended_strong_duality; [discriminate | lra | lra|].
  exists (fun _ => - (1 / 2)), [(1 / 3, ((sd_x, -1), fun _ => - -1))].
  split; [|split; [|split]].
  - intros u. unfold clean_objective, objective. cbn [lsum length loss regulariser FiniteHinge Linear fst snd].
    unfold sqnorm. rewrite !(dot_sym 1 _ sd_x). unfold sd_x. rewrite !sd_dot.
    replace (dot 1 u u) with (u O * u O) by (unfold dot; simpl; lra).
    unfold vminus. rewrite (hinge_inside (1 * (1 * (1 / 4)))) by lra.
    pose proof (hinge_ge (1 * (1 * u O))). pose proof (Rle_0_sqr (u O - 1 / 4)). unfold Rsqr in *.
    simpl INR. lra.
  - intros p [<-|[]]. cbn [fst snd]. split; [lra|]. split; [split; [now left | now right]|].
    apply (sd_loss _ (-1) (1 / 4)); [reflexivity | lra].
  - simpl. lra.
  - intros h. cbn [lsum fst snd]. rewrite !sd_dot. lra.
Qed.
