(** * Convexity: strong convexity with respect to an arbitrary norm

    A type of models with a convex-combination operation [mix s a b] (to be
    read (1-s) a + s b) and a gap [dist a b] (to be read |a - b| in some norm).
    Neither is assumed to satisfy any law: strong convexity is a property of a
    function relative to the pair, so every norm on R^d is covered.
    A subgradient of f at a is given as the map u -> <g, u - a>; [G] bounds its
    dual norm when -<g, u - a> <= G |u - a| for every u.

    Proved: sums of strongly convex functions, quadratic growth at a minimiser,
    the strong subgradient inequality, and the leader step: adding f to h moves
    the minimum of an m-strongly convex h + f by at most G^2 / (2 m) below its
    value at the minimiser of h; and, for |.|^2/2 in R^n, first-order optimality
    without derivatives: a minimiser t of F + m |.|^2/2, F convex, satisfies
    F(t) + m <t, t - u> <= F(u) for every u. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors.
Import ListNotations.
Open Scope R_scope.

(** If A (1 - s) <= B for all 0 < s <= 1 then A <= B. *)
Lemma limit_at_zero (A B : R) : (forall s, 0 < s <= 1 -> A * (1 - s) <= B) -> A <= B.
Proof.
  intros H. apply Rnot_lt_le. intros Hlt.
  pose proof (H 1 ltac:(lra)) as H1.
  assert (HA : 0 < A) by lra.
  set (s := (A - B) / (2 * A)).
  assert (Hs : s * (2 * A) = A - B) by (unfold s; field; lra).
  assert (0 < s) by (unfold s; apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]).
  assert (s <= 1).
  { apply Rmult_le_reg_r with (2 * A); [lra|]. lra. }
  specialize (H s (conj H0 H2)). lra.
Qed.

Section Convexity.

Context {M : Type} (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R).

Definition closed_under_mix : Prop :=
  forall s a b, 0 <= s <= 1 -> Theta a -> Theta b -> Theta (mix s a b).

Definition strongly_convex (m : R) (F : M -> R) : Prop :=
  forall s a b, 0 <= s <= 1 -> Theta a -> Theta b ->
    F (mix s a b) <= (1 - s) * F a + s * F b - m / 2 * (s * (1 - s)) * (dist a b * dist a b).

Definition convex (F : M -> R) : Prop := strongly_convex 0 F.

Definition subgradient (f : M -> R) (a : M) (g : M -> R) : Prop :=
  (forall u, Theta u -> f a + g u <= f u) /\
  (forall s u, 0 <= s <= 1 -> Theta u -> g (mix s a u) = s * g u).

Definition dual_bound (a : M) (g : M -> R) (G : R) : Prop :=
  forall u, Theta u -> - g u <= G * dist a u.

Lemma strongly_convex_plus (m1 m2 : R) (F1 F2 : M -> R) :
  strongly_convex m1 F1 -> strongly_convex m2 F2 ->
  strongly_convex (m1 + m2) (fun t => F1 t + F2 t).
Proof.
  intros H1 H2 s a b Hs Ha Hb. specialize (H1 s a b Hs Ha Hb). specialize (H2 s a b Hs Ha Hb).
  simpl. lra.
Qed.

Lemma strongly_convex_scal (k m : R) (F : M -> R) :
  0 <= k -> strongly_convex m F -> strongly_convex (k * m) (fun t => k * F t).
Proof.
  intros Hk H s a b Hs Ha Hb. specialize (H s a b Hs Ha Hb).
  apply Rmult_le_compat_l with (r := k) in H; [|assumption]. simpl. lra.
Qed.

Lemma strongly_convex_ext (m : R) (F G : M -> R) :
  (forall t, F t = G t) -> strongly_convex m F -> strongly_convex m G.
Proof. intros E H s a b Hs Ha Hb. rewrite <- !E. now apply H. Qed.

Lemma strongly_convex_weaken (m m' : R) (F : M -> R) :
  m' <= m -> strongly_convex m F -> strongly_convex m' F.
Proof.
  intros Hm H s a b Hs Ha Hb. specialize (H s a b Hs Ha Hb).
  assert (0 <= s * (1 - s)) by nra.
  assert (0 <= dist a b * dist a b) by (apply Rle_0_sqr).
  assert (0 <= s * (1 - s) * (dist a b * dist a b)) by (apply Rmult_le_pos; assumption).
  nra.
Qed.

Lemma strongly_convex_zero : strongly_convex 0 (fun _ => 0).
Proof. intros s a b Hs Ha Hb. lra. Qed.

Lemma strongly_convex_nsum (m : R) (f : nat -> M -> R) (n : nat) :
  (forall i, (i < n)%nat -> strongly_convex m (f i)) ->
  strongly_convex (INR n * m) (fun t => nsum (fun i => f i t) n).
Proof.
  induction n as [|n IH]; intros H.
  - simpl. rewrite Rmult_0_l. apply strongly_convex_zero.
  - rewrite S_INR. rewrite Rmult_plus_distr_r, Rmult_1_l. cbn [nsum].
    apply strongly_convex_plus; [apply IH; auto | apply H; lia].
Qed.

Lemma strongly_convex_lsum {A : Type} (m : R) (f : A -> M -> R) (s : list A) :
  (forall z, In z s -> strongly_convex m (f z)) ->
  strongly_convex (INR (length s) * m) (fun t => lsum (fun z => f z t) s).
Proof.
  induction s as [|z s IH]; intros H.
  - simpl. rewrite Rmult_0_l. apply strongly_convex_zero.
  - rewrite length_INR_cons, Rmult_plus_distr_r, Rmult_1_l. cbn [lsum].
    apply (strongly_convex_plus m); [apply H; now left | apply IH; intros; apply H; now right].
Qed.

(** Quadratic growth at a minimiser. *)
Lemma minimiser_growth (m : R) (F : M -> R) (t u : M) :
  closed_under_mix -> strongly_convex m F ->
  Theta t -> (forall v, Theta v -> F t <= F v) -> Theta u ->
  F t + m / 2 * (dist t u * dist t u) <= F u.
Proof.
  intros Hmix Hsc Ht Hmin Hu.
  assert (m / 2 * (dist t u * dist t u) <= F u - F t); [|lra].
  apply limit_at_zero. intros s Hs.
  pose proof (Hmin (mix s t u) (Hmix s t u ltac:(lra) Ht Hu)) as H1.
  pose proof (Hsc s t u ltac:(lra) Ht Hu) as H2.
  apply Rmult_le_reg_l with s; [lra|]. lra.
Qed.

(** A subgradient of an m-strongly convex function is a strong one. *)
Lemma strong_subgradient (m : R) (f : M -> R) (a u : M) (g : M -> R) :
  closed_under_mix -> strongly_convex m f -> Theta a -> subgradient f a g -> Theta u ->
  f a + g u + m / 2 * (dist a u * dist a u) <= f u.
Proof.
  intros Hmix Hsc Ha [Hsub Hlin] Hu.
  assert (m / 2 * (dist a u * dist a u) <= f u - f a - g u); [|lra].
  apply limit_at_zero. intros s Hs.
  pose proof (Hsub (mix s a u) (Hmix s a u ltac:(lra) Ha Hu)) as H1.
  rewrite Hlin in H1 by (assumption || lra).
  pose proof (Hsc s a u ltac:(lra) Ha Hu) as H2.
  apply Rmult_le_reg_l with s; [lra|]. lra.
Qed.

(** The leader step. *)
Lemma leader_step (m G : R) (h f : M -> R) (a u : M) (g : M -> R) :
  0 < m -> closed_under_mix -> strongly_convex m (fun t => h t + f t) ->
  Theta a -> (forall v, Theta v -> h a <= h v) ->
  subgradient f a g -> dual_bound a g G -> Theta u ->
  (h a + f a) - (h u + f u) <= G * G / (2 * m).
Proof.
  intros Hm Hmix Hsc Ha Hmin [Hsub Hlin] HG Hu.
  assert (Hs : subgradient (fun t => h t + f t) a g).
  { split; [|exact Hlin]. intros v Hv. specialize (Hmin v Hv). specialize (Hsub v Hv). lra. }
  pose proof (strong_subgradient m _ a u g Hmix Hsc Ha Hs Hu) as H. cbv beta in H.
  specialize (HG u Hu).
  pose proof (quadratic_completion_R G m (dist a u) Hm). lra.
Qed.

End Convexity.

(** ** Learning problems with convex losses *)

Section Problems.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).

Definition convex_losses : Prop :=
  forall z : point P, convex in_models mix dist (fun t => loss t z).

Definition strongly_convex_regulariser (sigma : R) : Prop :=
  strongly_convex in_models mix dist sigma (regulariser (p := P)).

Lemma point_objective_strongly_convex (c sigma : R) (z : point P) :
  0 <= c -> convex_losses -> strongly_convex_regulariser sigma ->
  strongly_convex in_models mix dist (c * sigma) (point_objective c z).
Proof.
  intros Hc Hl HR. rewrite <- (Rplus_0_l (c * sigma)).
  apply (strongly_convex_plus in_models mix dist 0); [apply Hl|].
  now apply strongly_convex_scal.
Qed.

(** Every point's share m-strongly convex: the objective on n points is
    (n m)-strongly convex.  This covers a strongly convex regulariser
    (m = c sigma) and strongly convex losses alike. *)
Definition strongly_convex_points (c m : R) : Prop :=
  forall z : point P, strongly_convex in_models mix dist m (point_objective c z).

Lemma strongly_convex_points_regulariser (c sigma : R) :
  0 <= c -> convex_losses -> strongly_convex_regulariser sigma ->
  strongly_convex_points c (c * sigma).
Proof. intros Hc Hl HR z. now apply point_objective_strongly_convex. Qed.

Lemma objective_strongly_convex (c m : R) (D : list (point P)) :
  strongly_convex_points c m ->
  strongly_convex in_models mix dist (INR (length D) * m) (objective c D).
Proof.
  intros Hp.
  apply (strongly_convex_ext _ _ _ _ (fun t => lsum (fun z => point_objective c z t) D)).
  - intros t. symmetry. apply objective_lsum.
  - apply strongly_convex_lsum. intros. apply Hp.
Qed.

Lemma poisoned_objective_strongly_convex (c m : R) (Dc : list (point P)) (z : nat -> point P) (T : nat) :
  strongly_convex_points c m ->
  strongly_convex in_models mix dist ((INR (length Dc) + INR T) * m)
    (poisoned_objective c Dc z T).
Proof.
  intros Hp. rewrite Rmult_plus_distr_r.
  apply (strongly_convex_plus in_models mix dist).
  - now apply objective_strongly_convex.
  - apply (strongly_convex_nsum in_models mix dist m (fun j => point_objective c (z j))).
    intros. apply Hp.
Qed.

End Problems.

(** ** The real line and R^n *)

Definition rmix (s a b : R) : R := (1 - s) * a + s * b.
Definition rdist (a b : R) : R := Rabs (a - b).

Lemma rdist_sq (a b : R) : rdist a b * rdist a b = (a - b) * (a - b).
Proof. unfold rdist. rewrite <- Rabs_mult. apply Rabs_pos_eq, Rle_0_sqr. Qed.

Lemma hinge1_convex_losses (Theta X : R -> Prop) : convex_losses (P := Hinge1 Theta X) rmix rdist.
Proof.
  intros [x y] s a b Hs _ _. cbn [loss Hinge1 fst snd].
  replace (y * rmix s a b * x) with ((1 - s) * (y * a * x) + s * (y * b * x))
    by (unfold rmix; ring).
  pose proof (hinge_convex s (y * a * x) (y * b * x) Hs). lra.
Qed.

Lemma hinge1_strongly_convex_regulariser (Theta X : R -> Prop) :
  strongly_convex_regulariser (P := Hinge1 Theta X) rmix rdist 1.
Proof.
  intros s a b Hs _ _. rewrite rdist_sq. cbn [regulariser Hinge1]. unfold rmix.
  assert (E : (1 - s) * (a * a / 2) + s * (b * b / 2) - 1 / 2 * (s * (1 - s)) * ((a - b) * (a - b))
          = ((1 - s) * a + s * b) * ((1 - s) * a + s * b) / 2) by field.
  lra.
Qed.

Lemma whole_line_closed : closed_under_mix whole_line rmix.
Proof. intros s a b _ _ _. exact I. Qed.

Definition l2dist (n : nat) (a b : vec) : R := l2norm n (vminus a b).

Lemma l2dist_sq (n : nat) (a b : vec) : l2dist n a b * l2dist n a b = sqnorm n (vminus a b).
Proof. apply l2norm_sq. Qed.

Lemma linear_convex_losses (n : nat) (phi : R -> R) (Theta X : vec -> Prop) :
  convex_on_line phi -> convex_losses (P := Linear n phi Theta X) vmix (l2dist n).
Proof.
  intros Hphi [x y] s a b Hs _ _. cbn [loss Linear fst snd].
  pose proof (linear_loss_convex n phi x y s a b Hphi Hs). lra.
Qed.

Lemma linear_strongly_convex_regulariser (n : nat) (phi : R -> R) (Theta X : vec -> Prop) :
  strongly_convex_regulariser (P := Linear n phi Theta X) vmix (l2dist n) 1.
Proof.
  intros s a b Hs _ _. cbn [regulariser Linear]. rewrite sqnorm_mix, l2dist_sq. lra.
Qed.

Lemma everywhere_closed : closed_under_mix everywhere vmix.
Proof. intros s a b _ _ _. exact I. Qed.

(** First-order optimality: the regulariser replaced by its linear part. *)
Lemma linearised_optimality (n : nat) (Theta : vec -> Prop) (F : vec -> R) (m : R) (t u : vec) :
  closed_under_mix Theta vmix -> convex Theta vmix (l2dist n) F -> 0 <= m ->
  Theta t -> (forall v, Theta v -> F t + m * (sqnorm n t / 2) <= F v + m * (sqnorm n v / 2)) -> Theta u ->
  F t + m * dot n t (vminus t u) <= F u.
Proof.
  intros Hmix HF Hm Ht Hmin Hu.
  assert (Hsc : strongly_convex Theta vmix (l2dist n) (0 + m * 1) (fun v => F v + m * (sqnorm n v / 2))).
  { apply (strongly_convex_plus Theta vmix (l2dist n) 0 (m * 1)); [exact HF|].
    apply strongly_convex_scal; [assumption|]. intros s a b Hs _ _. rewrite sqnorm_mix, l2dist_sq. lra. }
  pose proof (minimiser_growth Theta vmix (l2dist n) _ _ t u Hmix Hsc Ht Hmin Hu) as H. cbv beta in H.
  rewrite l2dist_sq, sqnorm_minus in H. rewrite dot_minus_r. change (dot n t t) with (sqnorm n t). lra.
Qed.

(** The same for a learning problem with linear models: Dc and Dp together. *)
Lemma linearised_training (n : nat) (phi : R -> R) (Theta X : vec -> Prop) (c : R)
    (Dc Dp : list (vec * R)) (t u : vec) :
  convex_on_line phi -> closed_under_mix Theta vmix -> 0 <= c ->
  minimiser (P := Linear n phi Theta X) c (Dc ++ Dp) t -> Theta u ->
  total_loss (P := Linear n phi Theta X) Dc t + total_loss (P := Linear n phi Theta X) Dp t
    + (INR (length Dc) + INR (length Dp)) * c * dot n t (vminus t u) <=
  total_loss (P := Linear n phi Theta X) Dc u + total_loss (P := Linear n phi Theta X) Dp u.
Proof.
  intros Hphi Hmix Hc [Ht Hmin] Hu. set (P := Linear n phi Theta X) in *.
  assert (HF : convex Theta vmix (l2dist n) (fun v => total_loss (P := P) (Dc ++ Dp) v)).
  { unfold convex. replace 0 with (INR (length (Dc ++ Dp)) * 0) by ring.
    apply (strongly_convex_lsum Theta vmix (l2dist n) 0 (fun z v => loss (p := P) v z)).
    intros z _. exact (linear_convex_losses n phi Theta X Hphi z). }
  assert (Hm : 0 <= INR (length (Dc ++ Dp)) * c) by (apply Rmult_le_pos; [apply pos_INR | assumption]).
  pose proof (linearised_optimality n Theta _ _ t u Hmix HF Hm Ht) as H.
  unfold total_loss in *. rewrite !lsum_app, length_INR_app in H. apply H; [|assumption].
  intros v Hv. specialize (Hmin v Hv). unfold objective in Hmin.
  cbn [regulariser P Linear] in Hmin. rewrite !lsum_app in *.
  change (@length (point P)) with (@length (vec * R)) in Hmin. rewrite length_INR_app in Hmin. lra.
Qed.
