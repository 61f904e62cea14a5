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
    First the form for an abstract problem, in which nearness means three
    numbers: e, E and r bound l(tp) - l(tp') on X x Y, its sum over Dc, and
    R(tp) - R(tp'). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances lemma_1 theorem_2.
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
