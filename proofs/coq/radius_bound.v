(** * radius-bound: the lower bound for every model near the target

    Not in the paper.  Theorem-2 speaks of one exact parameter vector; a float
    target is never exactly a minimiser.  Here the number of poisons is bounded
    below for EVERY model tp' with |tp' - tp|_2 <= rho.

    Assumed: a linear margin loss phi(y <t, x>) in R^n with phi L-Lipschitz
    (hinge: L = 1; a bias is a feature that is constantly 1), R = |.|^2/2,
    c >= 0; tp' minimises the objective on Dc ++ Dp; the poisons lie in
    X x {-1, +1}; |x|_2 <= B on X; U bounds l(theta) - l(tp).
    Proved, with num = F0(tp) - F0(theta):
      num - L rho (sum over Dc of |x_i|) - N c rho |tp|
        <= |Dp| (U + L rho B + c (R(theta) - R(tp)) + c rho |tp|).
    The term N c rho^2/2 that one expects on the left is not needed, because
    R(tp') >= R(tp) - rho |tp| by convexity.
    Sharper for the hinge loss ([radius_bound_extended_moving], what the certificates state): tp' is compared
    with tp' - (tp - theta), so that a row away from the margin loses nothing.  With a, b the margins of tp and
    theta at a row x and f = <tp, d> - rho |d| - |d|^2/2, d = tp - theta:
      sum over rows of min over e = -rho |x|, rho |x| of (1-a-e)_+ - (1-b-e)_+, plus N c f
        <= |Dp| (U - c f),
    where U >= 0 and U >= (1 - mu_y)(1 + rho B) + y <mu_y tp - theta, x> on the domain, 0 <= mu_y <= 1.
    First the form for an abstract problem, in which nearness means three
    numbers: e, E and r bound l(tp) - l(tp') on X x Y, its sum over Dc, and
    R(tp) - R(tp'). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances lemma_1 theorem_2 shadow_maximum.
Import ListNotations.
Open Scope R_scope.

Theorem radius_bound_extended_abstract {P : problem} (c e E r U : R)
    (Dc Dp : list (point P)) (tp tp' t : model P) :
  0 <= c ->
  minimiser c (Dc ++ Dp) tp' -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close U t tp ->
  Close e tp tp' -> total_loss Dc tp - total_loss Dc tp' <= E ->
  regulariser tp - regulariser tp' <= r ->
  objective c Dc tp - objective c Dc t - E - INR (length Dc) * (c * r) <=
  INR (length Dp) * (regularised_gap c U t tp + e + c * r).
Proof.
  intros Hc Hmin HD Ht HU He HE Hr.
  assert (HS : Close (U + e) t tp').
  { intros z Hz. specialize (HU z Hz). specialize (He z Hz). lra. }
  pose proof (theorem_2_repaired c Dc Dp tp' t (U + e) Hmin HD Ht HS) as H.
  unfold objective, regularised_gap, total_loss in *.
  assert (Hcr : c * (regulariser tp - regulariser tp') <= c * r) by (now apply Rmult_le_compat_l).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dc)) Hcr) as H1.
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dp)) Hcr) as H2.
  rewrite !Rmult_plus_distr_l, !Rmult_minus_distr_l in *. lra.
Qed.

Definition lipschitz_on_line (L : R) (phi : R -> R) : Prop :=
  forall m m', phi m - phi m' <= L * Rabs (m - m').

Lemma hinge_lipschitz_on_line : lipschitz_on_line 1 hinge.
Proof. intros m m'. pose proof (hinge_lipschitz m m'). lra. Qed.

Section Radius.

Context (n : nat) (phi : R -> R) (L : R) (X Theta : vec -> Prop).
Hypothesis HL : 0 <= L.
Hypothesis Hphi : lipschitz_on_line L phi.

Let P := Linear n phi Theta X.

Lemma label_abs (y : R) : is_label y -> Rabs y = 1.
Proof. intros [-> | ->]; unfold Rabs; destruct (Rcase_abs _); lra. Qed.

(** The loss moves by at most L |x| rho. *)
Lemma linear_loss_difference (a b : vec) (x : vec) (y rho : R) :
  Rabs y = 1 -> l2norm n (vminus a b) <= rho ->
  phi (y * dot n a x) - phi (y * dot n b x) <= L * rho * l2norm n x.
Proof.
  intros Hy Hrho. eapply Rle_trans; [apply Hphi|].
  replace (y * dot n a x - y * dot n b x) with (y * dot n (vminus a b) x)
    by (rewrite dot_minus_l; lra).
  rewrite Rabs_mult, Hy, Rmult_1_l, Rmult_assoc. apply Rmult_le_compat_l; [assumption|].
  eapply Rle_trans; [apply cauchy_schwarz|].
  apply Rmult_le_compat_r; [apply l2norm_nonneg | assumption].
Qed.

(** R(tp) - R(tp') <= rho |tp|. *)
Lemma regulariser_drop (a b : vec) (rho : R) :
  l2norm n (vminus a b) <= rho -> sqnorm n a / 2 - sqnorm n b / 2 <= rho * l2norm n a.
Proof.
  intros Hrho.
  pose proof (sqnorm_minus n a b). pose proof (sqnorm_nonneg n (vminus a b)).
  pose proof (dot_le_l2 n a (vminus a b)) as Hcs.
  rewrite dot_minus_r in Hcs. change (dot n a a) with (sqnorm n a) in Hcs.
  pose proof (Rmult_le_compat_l _ _ _ (l2norm_nonneg n a) Hrho). lra.
Qed.

Theorem radius_bound_extended (c rho B W M U : R) (Dc Dp : list (vec * R)) (tp tp' t : vec) :
  0 <= c -> 0 <= rho ->
  minimiser (P := P) c (Dc ++ Dp) tp' ->
  l2norm n (vminus tp tp') <= rho ->
  (forall z, In z Dc -> is_label (snd z)) ->
  (forall z, In z Dp -> in_points (p := P) z) ->
  (forall x, X x -> l2norm n x <= B) ->
  lsum (fun z => l2norm n (fst z)) Dc <= W ->
  l2norm n tp <= M ->
  Theta t -> Close (P := P) U t tp ->
  objective (P := P) c Dc tp - objective (P := P) c Dc t
    - L * rho * W - INR (length Dc) * (c * (rho * M)) <=
  INR (length Dp) * (regularised_gap (P := P) c U t tp + L * rho * B + c * (rho * M)).
Proof.
  intros Hc Hrho Hmin Hnear HDc HDp HB HW HM Ht HU.
  assert (HLr : 0 <= L * rho) by (now apply Rmult_le_pos).
  apply (radius_bound_extended_abstract (P := P) c (L * rho * B) (L * rho * W) (rho * M) U Dc Dp tp tp' t);
    try assumption.
  - intros [x y] [Hx Hy]. simpl in *.
    eapply Rle_trans; [apply linear_loss_difference; [now apply label_abs | exact Hnear]|].
    apply Rmult_le_compat_l; auto.
  - unfold total_loss. rewrite <- lsum_minus.
    apply Rle_trans with (lsum (fun z : vec * R => L * rho * l2norm n (fst z)) Dc).
    + apply lsum_le. intros [x y] Hz. simpl.
      apply linear_loss_difference; [|exact Hnear].
      apply label_abs. exact (HDc _ Hz).
    + rewrite lsum_scal. apply Rmult_le_compat_l; assumption.
  - simpl. pose proof (regulariser_drop tp tp' rho Hnear).
    pose proof (Rmult_le_compat_l _ _ _ Hrho HM). lra.
Qed.

(** As a count: if K points cannot pay, more than K points are needed. *)
Theorem radius_bound_extended_count (c rho B W M U : R) (Dc Dp : list (vec * R)) (tp tp' t : vec) (K : nat) :
  0 <= c -> 0 <= rho ->
  minimiser (P := P) c (Dc ++ Dp) tp' ->
  l2norm n (vminus tp tp') <= rho ->
  (forall z, In z Dc -> is_label (snd z)) ->
  (forall z, In z Dp -> in_points (p := P) z) ->
  (forall x, X x -> l2norm n x <= B) ->
  lsum (fun z => l2norm n (fst z)) Dc <= W ->
  l2norm n tp <= M ->
  Theta t -> Close (P := P) U t tp ->
  0 <= regularised_gap (P := P) c U t tp + L * rho * B + c * (rho * M) ->
  INR K * (regularised_gap (P := P) c U t tp + L * rho * B + c * (rho * M)) <
    objective (P := P) c Dc tp - objective (P := P) c Dc t
    - L * rho * W - INR (length Dc) * (c * (rho * M)) ->
  (K < length Dp)%nat.
Proof.
  intros Hc Hrho Hmin Hnear HDc HDp HB HW HM Ht HU H0 HK.
  pose proof (radius_bound_extended c rho B W M U Dc Dp tp tp' t
                Hc Hrho Hmin Hnear HDc HDp HB HW HM Ht HU) as H.
  apply INR_lt. apply Rnot_le_lt. intros Hle.
  pose proof (Rmult_le_compat_r _ _ _ H0 Hle). lra.
Qed.

End Radius.

(** ** Hinge loss: the moving comparison *)

(** What a row contributes when both margins move by e; monotone in e, so its least value over
    |e| <= r is the smaller end value. *)
Definition row_gain (a b e : R) : R := hinge (a + e) - hinge (b + e).
Definition row_low (a b r : R) : R := Rmin (row_gain a b (- r)) (row_gain a b r).

Lemma row_low_le (a b r e : R) : - r <= e <= r -> row_low a b r <= row_gain a b e.
Proof.
  intros He. unfold row_low. destruct (Rle_lt_dec a b) as [H|H].
  - eapply Rle_trans; [apply Rmin_r|]. unfold row_gain. hinge_split; lra.
  - eapply Rle_trans; [apply Rmin_l|]. unfold row_gain. hinge_split; lra.
Qed.

(** What a point of label y may gain, and R(t') - R(t' - d) from below. *)
Definition moving_point (n : nat) (rho B : R) (mu : R -> R) (tp t x : vec) (y : R) : R :=
  (1 - mu y) * (1 + rho * B) + y * (mu y * dot n tp x - dot n t x).
Definition moving_regulariser (n : nat) (rho : R) (tp t : vec) : R :=
  dot n tp (vminus tp t) - rho * l2norm n (vminus tp t) - sqnorm n (vminus tp t) / 2.

Theorem radius_bound_extended_moving (n : nat) (X : vec -> Prop) (c rho B U f : R) (mu : R -> R)
    (Dc Dp : list (vec * R)) (tp tp' t : vec) :
  let P := Linear n hinge everywhere X in
  0 <= c -> minimiser (P := P) c (Dc ++ Dp) tp' -> l2norm n (vminus tp' tp) <= rho ->
  (forall z, In z Dc -> is_label (snd z)) -> (forall z, In z Dp -> in_points (p := P) z) ->
  (forall x, X x -> l2norm n x <= B) -> (forall y, is_label y -> 0 <= mu y <= 1) ->
  (forall x y, X x -> is_label y -> moving_point n rho B mu tp t x y <= U) -> 0 <= U ->
  f <= moving_regulariser n rho tp t ->
  lsum (fun z => row_low (snd z * dot n tp (fst z)) (snd z * dot n t (fst z)) (rho * l2norm n (fst z))) Dc
    + INR (length Dc) * (c * f) <= INR (length Dp) * (U - c * f).
Proof.
  intros P Hc [_ Hmin] Hnear HDc HDp HB Hmu HU HU0 Hf.
  set (u := fun i => tp' i - (tp i - t i)). specialize (Hmin u I). unfold objective in Hmin.
  rewrite !lsum_app in Hmin. change (@length (point P)) with (@length (vec * R)) in Hmin.
  rewrite length_INR_app in Hmin. cbn [regulariser P Linear] in Hmin.
  assert (Eu : forall x, dot n u x = dot n t x + dot n (vminus tp' tp) x).
  { intros x. unfold dot. rewrite <- nsum_plus. apply nsum_ext. intros i _. unfold u, vminus. ring. }
  assert (Et : forall x, dot n tp' x = dot n tp x + dot n (vminus tp' tp) x)
    by (intros x; rewrite dot_minus_l; ring).
  assert (He : forall x r, l2norm n x <= r -> 0 <= rho * r /\ - (rho * r) <= dot n (vminus tp' tp) x <= rho * r).
  { intros x r Hr. pose proof (cauchy_schwarz n (vminus tp' tp) x) as Hcs. pose proof (l2norm_nonneg n x).
    pose proof (l2norm_nonneg n (vminus tp' tp)).
    assert (l2norm n (vminus tp' tp) * l2norm n x <= rho * r) by (apply Rmult_le_compat; lra).
    split; [apply Rmult_le_pos; lra|]. pose proof (Rle_abs (dot n (vminus tp' tp) x)) as Ha.
    pose proof (Rle_abs (- dot n (vminus tp' tp) x)) as Hb. rewrite Rabs_Ropp in Hb. lra. }
  assert (Hlabel : forall y e r, is_label y -> - r <= e <= r -> - r <= y * e <= r)
    by (intros y e r [-> | ->] H; lra).
  (* the clean rows *)
  assert (Hrows : lsum (fun z => row_low (snd z * dot n tp (fst z)) (snd z * dot n t (fst z)) (rho * l2norm n (fst z))) Dc
                  <= lsum (loss (p := P) tp') Dc - lsum (loss (p := P) u) Dc).
  { rewrite <- lsum_minus. apply lsum_le. intros [x y] Hz. pose proof (HDc _ Hz) as Hy. cbn [fst snd] in *.
    destruct (He x _ (Rle_refl _)) as [_ Hx].
    eapply Rle_trans; [exact (row_low_le _ _ _ _ (Hlabel y _ _ Hy Hx))|].
    unfold row_gain. cbn [loss P Linear fst snd]. rewrite Eu, Et, !Rmult_plus_distr_l. lra. }
  (* the added points *)
  assert (Hpoints : lsum (loss (p := P) u) Dp - lsum (loss (p := P) tp') Dp <= INR (length Dp) * U).
  { rewrite <- lsum_minus. apply lsum_le_bound. intros [x y] Hz. destruct (HDp _ Hz) as [Hx Hy].
    cbn [loss P Linear fst snd] in *.
    eapply Rle_trans; [apply (shadow_maximum_extended_multiplier (mu y)); now apply Hmu|].
    apply Rmax_lub; [exact HU0|]. eapply Rle_trans; [|exact (HU x y Hx Hy)].
    destruct (He x B (HB x Hx)) as [_ Hxe]. pose proof (Hlabel y _ _ Hy Hxe) as Hye. pose proof (Hmu y Hy) as Hm.
    unfold moving_point. rewrite Eu, Et.
    assert ((1 - mu y) * - (y * dot n (vminus tp' tp) x) <= (1 - mu y) * (rho * B)) by (apply Rmult_le_compat_l; lra).
    lra. }
  (* the regulariser *)
  assert (Hreg : f <= sqnorm n tp' / 2 - sqnorm n u / 2).
  { eapply Rle_trans; [exact Hf|]. set (d := vminus tp t). unfold moving_regulariser. fold d.
    assert (E : sqnorm n u = sqnorm n (vminus tp' d)) by (apply dot_ext; intros; unfold u, d, vminus; ring).
    rewrite E, sqnorm_minus. rewrite (Et d).
    pose proof (dot_le_l2 n (vscal (-1) (vminus tp' tp)) d) as Hcs. rewrite dot_scal_l in Hcs.
    assert (El : l2norm n (vscal (-1) (vminus tp' tp)) = l2norm n (vminus tp' tp))
      by (unfold l2norm; rewrite sqnorm_scal; f_equal; ring).
    rewrite El in Hcs. pose proof (Rmult_le_compat_r _ _ _ (l2norm_nonneg n d) Hnear). lra. }
  apply Rmult_le_compat_l with (r := c) in Hreg; [|assumption].
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dc)) Hreg).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dp)) Hreg). lra.
Qed.

(** ** Witness in R^2: clean point ((1, 0), +1), poison ((1, 0), -1), c = 2,
    trained model 0; the target (1/10, 0) is within radius 1/10; theta = (1/2, 0). *)

Definition rb_x : vec := fun i => match i with O => 1 | _ => 0 end.
Definition rb_P : problem := Linear 2 hinge everywhere (box 2 (-1) 1).

Lemma rb_l2 (k : R) : 0 <= k -> l2norm 2 (vscal k rb_x) = k.
Proof.
  intros Hk. unfold l2norm.
  replace (sqnorm 2 (vscal k rb_x)) with (k * k) by (unfold sqnorm, dot, vscal, rb_x; simpl; lra).
  now apply sqrt_square.
Qed.

Lemma rb_x_l2 : l2norm 2 rb_x = 1.
Proof.
  unfold l2norm. replace (sqnorm 2 rb_x) with 1 by (unfold sqnorm, dot, rb_x; simpl; lra).
  apply sqrt_1.
Qed.

Lemma rb_minimiser : minimiser (P := rb_P) 2 ([(rb_x, 1)] ++ [(rb_x, -1)]) vzero.
Proof.
  split; [exact I|]. intros u _. simpl app. unfold objective.
  cbn [lsum length INR loss regulariser rb_P Linear fst snd].
  unfold sqnorm. rewrite !dot_zero_l. rewrite !(hinge_inside (_ * 0)) by lra.
  pose proof (hinge_ge (1 * dot 2 u rb_x)). pose proof (hinge_ge (-1 * dot 2 u rb_x)).
  pose proof (sqnorm_nonneg 2 u). unfold sqnorm in *. lra.
Qed.

Lemma rb_point (y : R) : is_label y -> in_points (p := rb_P) (rb_x, y).
Proof. intros Hy. split; [|exact Hy]. intros i Hi. simpl. unfold rb_x. destruct i; lra. Qed.

Lemma rb_dot (k : R) (x : vec) : dot 2 (vscal k rb_x) x = k * x O.
Proof. unfold dot, vscal, rb_x. simpl. lra. Qed.

Lemma rb_close (k k' : R) : k' <= k -> Close (P := rb_P) (k - k') (vscal k rb_x) (vscal k' rb_x).
Proof.
  intros Hk [x y] [Hx Hy]. cbn [loss rb_P Linear fst snd] in *. rewrite !rb_dot.
  specialize (Hx O ltac:(lia)). eapply Rle_trans; [apply hinge_lipschitz|].
  replace (y * (k * x O) - y * (k' * x O)) with (y * ((k - k') * x O)) by ring.
  apply Rabs_le. destruct Hy as [-> | ->]; nra.
Qed.

Lemma rb_close_zero : Close (P := rb_P) (1 / 100) (vscal (1 / 100) rb_x) vzero.
Proof.
  intros z Hz. pose proof (rb_close (1 / 100) 0 ltac:(lra) z Hz) as H.
  destruct z as [x y]. cbn [loss rb_P Linear fst snd] in *. rewrite !rb_dot in H. rewrite rb_dot, dot_zero_l.
  replace (0 * x O) with 0 in H by ring. lra.
Qed.

Theorem radius_bound_extended_count_witness :
  exists (n : nat) (phi : R -> R) (L : R) (X Theta : vec -> Prop)
         (c rho B W M U : R) (Dc Dp : list (vec * R)) (tp tp' t : vec) (K : nat),
    let P := Linear n phi Theta X in
    0 <= L /\ lipschitz_on_line L phi /\ 0 <= c /\ 0 <= rho /\
    minimiser (P := P) c (Dc ++ Dp) tp' /\ l2norm n (vminus tp tp') <= rho /\
    (forall z, In z Dc -> is_label (snd z)) /\
    (forall z, In z Dp -> in_points (p := P) z) /\
    (forall x, X x -> l2norm n x <= B) /\
    lsum (fun z => l2norm n (fst z)) Dc <= W /\ l2norm n tp <= M /\
    Theta t /\ Close (P := P) U t tp /\
    0 <= regularised_gap (P := P) c U t tp + L * rho * B + c * (rho * M) /\
    INR K * (regularised_gap (P := P) c U t tp + L * rho * B + c * (rho * M)) <
      objective (P := P) c Dc tp - objective (P := P) c Dc t
      - L * rho * W - INR (length Dc) * (c * (rho * M)) /\
    0 < rho.
Proof.
  exists 2%nat, hinge, 1, (box 2 (-1) 1), everywhere, 2, (1 / 100), 2, 1, (1 / 100), 1,
    [(rb_x, 1)], [(rb_x, -1)], (vscal (1 / 100) rb_x), vzero, (vscal (1 / 2) rb_x), O.
  assert (Hin : forall y, is_label y -> in_points (p := rb_P) (rb_x, y)).
  { intros y Hy. split; [|exact Hy]. intros i Hi. simpl. unfold rb_x. destruct i; lra. }
  assert (Hd : forall k x, dot 2 (vscal k rb_x) x = k * x O).
  { intros. unfold dot, vscal, rb_x. simpl. lra. }
  cbv zeta. split; [lra|]. split; [exact hinge_lipschitz_on_line|]. split; [lra|]. split; [lra|].
  split; [exact rb_minimiser|]. split.
  { replace (l2norm 2 (vminus (vscal (1 / 100) rb_x) vzero)) with (l2norm 2 (vscal (1 / 100) rb_x)).
    - rewrite rb_l2; lra.
    - unfold l2norm. f_equal. unfold sqnorm. apply dot_ext; intros; unfold vminus, vzero; lra. }
  split; [intros z [<-|[]]; now left|].
  split; [intros z [<-|[]]; apply Hin; now right|].
  split.
  { intros x Hx. unfold l2norm. replace 2 with (sqrt (2 * 2)) by (apply sqrt_square; lra).
    apply sqrt_le_1_alt. unfold sqnorm, dot. simpl.
    pose proof (Hx O ltac:(lia)). pose proof (Hx 1%nat ltac:(lia)). nra. }
  split; [simpl; rewrite rb_x_l2; lra|]. split; [rewrite rb_l2; lra|]. split; [exact I|].
  split.
  { intros [x y] [Hx Hy]. cbn [loss Linear fst snd] in *. rewrite !Hd.
    specialize (Hx O ltac:(lia)).
    pose proof (hinge_lipschitz (y * (1 / 2 * x O)) (y * (1 / 100 * x O))) as H.
    eapply Rle_trans; [exact H|].
    unfold Rabs. destruct (Rcase_abs _); destruct Hy as [-> | ->]; lra. }
  unfold regularised_gap, objective. cbn [lsum length INR loss regulariser Linear fst snd].
  unfold sqnorm. rewrite !Hd. unfold vscal, rb_x.
  rewrite !hinge_inside by lra. split; [lra|]. split; lra.
Qed.

Theorem radius_bound_extended_witness :
  exists (n : nat) (phi : R -> R) (L : R) (X Theta : vec -> Prop)
         (c rho B W M U : R) (Dc Dp : list (vec * R)) (tp tp' t : vec),
    let P := Linear n phi Theta X in
    0 <= L /\ lipschitz_on_line L phi /\ 0 <= c /\ 0 <= rho /\
    minimiser (P := P) c (Dc ++ Dp) tp' /\ l2norm n (vminus tp tp') <= rho /\
    (forall z, In z Dc -> is_label (snd z)) /\
    (forall z, In z Dp -> in_points (p := P) z) /\
    (forall x, X x -> l2norm n x <= B) /\
    lsum (fun z => l2norm n (fst z)) Dc <= W /\ l2norm n tp <= M /\
    Theta t /\ Close (P := P) U t tp /\ 0 < rho.
Proof.
  destruct radius_bound_extended_count_witness as
    (n & phi & L & X & Theta & c & rho & B & W & M & U & Dc & Dp & tp & tp' & t & K & H).
  exists n, phi, L, X, Theta, c, rho, B, W, M, U, Dc, Dp, tp, tp', t.
  cbv zeta in *. intuition.
Qed.

Theorem radius_bound_extended_abstract_witness :
  exists (P : problem) (c e E r U : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c /\ minimiser c (Dc ++ Dp) tp' /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close U t tp /\ Close e tp tp' /\
    total_loss Dc tp - total_loss Dc tp' <= E /\ regulariser tp - regulariser tp' <= r /\
    tp <> tp' /\ 0 < objective c Dc tp - objective c Dc t - E - INR (length Dc) * (c * r).
Proof.
  exists Std, 2, (Rabs (1 / 100 - 0)), 0, (1 / 100), (Rabs (1 / 2 - 1 / 100)), w2_Dc, w2_Dp,
    (1 / 100), 0, (1 / 2).
  split; [lra|]. split; [apply strictly_minimises_minimises, w2_strict|]. split; [exact w2_points|].
  split; [exact I|]. split; [apply std_Close; lra|]. split; [apply std_Close; lra|].
  unfold total_loss, objective, w2_Dc. cbn [lsum length INR]. rewrite !std_loss.
  cbn [fst snd regulariser Std Hinge1]. rewrite !hinge_inside by lra.
  repeat split; lra.
Qed.

(** The same set-up: the trained model 0, the target (1/100, 0), theta = (1/2, 0), mu = 1, U = 49/50:
    the left side is positive. *)
Theorem radius_bound_extended_moving_witness :
  exists (n : nat) (X : vec -> Prop) (c rho B U f : R) (mu : R -> R) (Dc Dp : list (vec * R)) (tp tp' t : vec),
    let P := Linear n hinge everywhere X in
    0 <= c /\ minimiser (P := P) c (Dc ++ Dp) tp' /\ l2norm n (vminus tp' tp) <= rho /\
    (forall z, In z Dc -> is_label (snd z)) /\ (forall z, In z Dp -> in_points (p := P) z) /\
    (forall x, X x -> l2norm n x <= B) /\ (forall y, is_label y -> 0 <= mu y <= 1) /\
    (forall x y, X x -> is_label y -> moving_point n rho B mu tp t x y <= U) /\ 0 <= U /\
    f <= moving_regulariser n rho tp t /\ 0 < rho /\
    0 < lsum (fun z => row_low (snd z * dot n tp (fst z)) (snd z * dot n t (fst z)) (rho * l2norm n (fst z))) Dc
        + INR (length Dc) * (c * f).
Proof.
  exists 2%nat, (box 2 (-1) 1), 2, (1 / 100), 2, (49 / 100),
    (moving_regulariser 2 (1 / 100) (vscal (1 / 100) rb_x) (vscal (1 / 2) rb_x)), (fun _ => 1),
    [(rb_x, 1)], [(rb_x, -1)], (vscal (1 / 100) rb_x), vzero, (vscal (1 / 2) rb_x).
  assert (Ed : l2norm 2 (vminus (vscal (1 / 100) rb_x) (vscal (1 / 2) rb_x)) = 49 / 100).
  { rewrite <- (rb_l2 (49 / 100)) by lra. unfold l2norm. f_equal. unfold sqnorm, dot, vminus, vscal, rb_x. simpl. lra. }
  cbv zeta. split; [lra|]. split; [exact rb_minimiser|]. split.
  { replace (l2norm 2 (vminus vzero (vscal (1 / 100) rb_x))) with (l2norm 2 (vscal (1 / 100) rb_x)).
    - rewrite rb_l2; lra.
    - unfold l2norm. f_equal. unfold sqnorm, dot, vminus, vzero, vscal, rb_x. simpl. lra. }
  split; [intros z [<-|[]]; now left|]. split; [intros z [<-|[]]; apply rb_point; now right|].
  split.
  { intros x Hx. unfold l2norm. replace 2 with (sqrt (2 * 2)) by (apply sqrt_square; lra).
    apply sqrt_le_1_alt. unfold sqnorm, dot. simpl. pose proof (Hx O ltac:(lia)). pose proof (Hx 1%nat ltac:(lia)). nra. }
  split; [intros; lra|]. split.
  { intros x y Hx Hy. unfold moving_point. rewrite !rb_dot. specialize (Hx O ltac:(lia)). destruct Hy as [-> | ->]; lra. }
  split; [lra|]. split; [right; reflexivity|]. split; [lra|].
  unfold moving_regulariser. rewrite Ed. cbn [lsum length INR fst snd]. rewrite rb_x_l2, !rb_dot.
  unfold row_low, row_gain. unfold sqnorm, dot, vminus, vscal, rb_x. simpl.
  rewrite !hinge_inside by lra. unfold Rmin. destruct (Rle_dec _ _); lra.
Qed.
