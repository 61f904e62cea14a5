(** * shadow-maximum: the largest loss difference on a box is attained, on the chain

    A result of this project.  phi convex and non-increasing (hinge, squared hinge, logistic, exponential), two
    models with biases, a box with both labels.

    [shadow_maximum_extended_attained]: some point of the box with some label has the largest loss difference of
    all, and it lies on the Pareto chain of [shadow_maximum_chain.v].  The chain is a curve over an interval, the
    margins are Lipschitz along it, and a convex function is continuous; so the maximum over the chain exists, and
    the chain carries the maximum of the box.

    [shadow_maximum_extended_attained_compact]: on any nonempty compact domain in R^n, convex or not, and for any
    convex phi, some point with some label has the largest loss difference (excluded middle). *)

From Coq Require Import Reals Lra Lia List Classical.
From MTP Require Import Base Vectors LogSums shadow_maximum shadow_maximum_chain.
Import ListNotations.
Open Scope R_scope.

(** ** Continuity from a local Lipschitz bound *)

Lemma local_lipschitz_continuous (f : R -> R) (x C d : R) :
  0 <= C -> 0 < d -> (forall y, Rabs (y - x) <= d -> Rabs (f y - f x) <= C * Rabs (y - x)) -> continuity_pt f x.
Proof.
  intros HC Hd H eps Heps. exists (Rmin d (eps / (C + 1))).
  assert (Hp : 0 < eps / (C + 1)) by (apply Rdiv_lt_0_compat; lra).
  split; [now apply Rmin_pos|]. intros y [_ Hy]. simpl in *. unfold R_dist in *.
  pose proof (Rmin_l d (eps / (C + 1))). pose proof (Rmin_r d (eps / (C + 1))).
  specialize (H y ltac:(lra)).
  assert (Rabs (y - x) * (C + 1) < eps).
  { apply Rlt_le_trans with (eps / (C + 1) * (C + 1)); [apply Rmult_lt_compat_r; lra|]. right. field. lra. }
  pose proof (Rabs_pos (y - x)). lra.
Qed.

Lemma convex_one_side (phi : R -> R) (x h : R) :
  convex_on_line phi -> 0 <= h <= 1 ->
  Rabs (phi (x + h) - phi x) <= (Rabs (phi (x + 1) - phi x) + Rabs (phi (x - 1) - phi x)) * h.
Proof.
  intros Hphi Hh.
  pose proof (Hphi h x (x + 1) Hh) as H1. replace ((1 - h) * x + h * (x + 1)) with (x + h) in H1 by ring.
  set (r := h / (1 + h)). assert (Er : r * (1 + h) = h) by (unfold r; field; lra).
  assert (Hr : 0 <= r <= 1) by (split; apply Rmult_le_reg_r with (1 + h); lra).
  pose proof (Hphi r (x + h) (x - 1) Hr) as H2.
  replace ((1 - r) * (x + h) + r * (x - 1)) with (x + (h - r * (1 + h))) in H2 by ring.
  rewrite Er in H2. replace (x + (h - h)) with x in H2 by ring.
  apply Rmult_le_compat_l with (r := 1 + h) in H2; [|lra].
  replace ((1 + h) * ((1 - r) * phi (x + h) + r * phi (x - 1)))
    with ((1 + h) * phi (x + h) - r * (1 + h) * phi (x + h) + r * (1 + h) * phi (x - 1)) in H2 by ring.
  rewrite Er in H2.
  set (A := phi (x + 1) - phi x) in *. set (B := phi (x - 1) - phi x) in *.
  pose proof (Rle_abs A) as HA. pose proof (Rle_abs B) as HB. pose proof (Rabs_pos A). pose proof (Rabs_pos B).
  apply Rmult_le_compat_l with (r := h) in HA; [|lra]. apply Rmult_le_compat_l with (r := h) in HB; [|lra].
  assert (0 <= h * Rabs A) by (apply Rmult_le_pos; lra). assert (0 <= h * Rabs B) by (apply Rmult_le_pos; lra).
  apply Rabs_le. unfold A, B in *. lra.
Qed.

Lemma convex_continuous (phi : R -> R) (x : R) : convex_on_line phi -> continuity_pt phi x.
Proof.
  intros Hphi.
  assert (Hneg : convex_on_line (fun m => phi (- m))).
  { intros s m m' Hs. replace (- ((1 - s) * m + s * m')) with ((1 - s) * - m + s * - m') by ring. now apply Hphi. }
  set (C := Rabs (phi (x + 1) - phi x) + Rabs (phi (x - 1) - phi x)).
  apply (local_lipschitz_continuous phi x C 1); [|lra|].
  { unfold C. pose proof (Rabs_pos (phi (x + 1) - phi x)). pose proof (Rabs_pos (phi (x - 1) - phi x)). lra. }
  intros y Hy. destruct (Rle_lt_dec 0 (y - x)) as [H|H].
  - rewrite (Rabs_pos_eq (y - x)) in * by assumption.
    pose proof (convex_one_side phi x (y - x) Hphi ltac:(lra)) as Hs.
    replace (x + (y - x)) with y in Hs by ring. exact Hs.
  - rewrite (Rabs_left (y - x)) in * by assumption.
    pose proof (convex_one_side (fun m => phi (- m)) (- x) (- (y - x)) Hneg ltac:(lra)) as Hs. cbv beta in Hs.
    replace (- (- x + - (y - x))) with y in Hs by ring. replace (- - x) with x in Hs by ring.
    replace (- (- x + 1)) with (x - 1) in Hs by ring. replace (- (- x - 1)) with (x + 1) in Hs by ring.
    unfold C. lra.
Qed.

Lemma clamp_lipschitz (s s' : R) : Rabs (clamp s - clamp s') <= Rabs (s - s').
Proof.
  unfold clamp, Rmax, Rmin.
  destruct (Rle_dec 1 s), (Rle_dec 1 s');
    repeat match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b) end;
    unfold Rabs; repeat match goal with |- context [Rcase_abs ?a] => destruct (Rcase_abs a) end; lra.
Qed.

Lemma filled_lipschitz (order : list nat) (g : nat -> R) : exists L, 0 <= L /\
  forall s s', Rabs (filled order s g - filled order s' g) <= L * Rabs (s - s').
Proof.
  induction order as [|j rest (L & HL & IH)].
  - exists 0. split; [lra|]. intros s s'. simpl. replace (0 - 0) with 0 by ring. rewrite Rabs_R0. lra.
  - exists (Rabs (g j) + L). pose proof (Rabs_pos (g j)). split; [lra|]. intros s s'. cbn [filled].
    specialize (IH (s - 1) (s' - 1)). replace (s - 1 - (s' - 1)) with (s - s') in IH by ring.
    replace (clamp s * g j + filled rest (s - 1) g - (clamp s' * g j + filled rest (s' - 1) g))
      with ((clamp s - clamp s') * g j + (filled rest (s - 1) g - filled rest (s' - 1) g)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult.
    pose proof (Rmult_le_compat_r _ _ _ (Rabs_pos (g j)) (clamp_lipschitz s s')). lra.
Qed.

(** ** The maximum of one label, then of both *)

Section Box.

Context (n : nat) (lo hi : vec) (phi : R -> R).
Hypothesis Hbox : forall i, (i < n)%nat -> lo i <= hi i.
Hypothesis Hmono : non_increasing phi.
Hypothesis Hphi : convex_on_line phi.

Lemma margin_continuous (a b w : vec) (w0 : R) (order : list nat) (s : R) :
  moving_order n lo hi a b order ->
  continuity_pt (fun s => phi (w0 + dot n w (chain_point lo hi a b order s))) s.
Proof.
  intros (Hnd & Hmov & _).
  assert (Hin : forall i, In i order -> (i < n)%nat) by (intros i Hi; apply Hmov in Hi; apply Hi).
  apply (continuity_pt_comp (fun s => w0 + dot n w (chain_point lo hi a b order s)) phi);
    [|now apply convex_continuous].
  destruct (filled_lipschitz order (fun i => w i * (other_end lo hi a i - first_end lo hi a b i))) as (L & HL & H).
  apply (local_lipschitz_continuous _ s L 1 HL ltac:(lra)). intros y _.
  rewrite !(chain_margin n lo hi a b w order _ Hnd Hin).
  match goal with |- Rabs ?d <= _ =>
    replace d with (filled order y (fun i => w i * (other_end lo hi a i - first_end lo hi a b i)) -
                    filled order s (fun i => w i * (other_end lo hi a i - first_end lo hi a b i))) by ring end.
  apply H.
Qed.

Lemma chain_attained (a b : vec) (u0 v0 : R) :
  exists order s, moving_order n lo hi a b order /\ in_box n lo hi (chain_point lo hi a b order s) /\
    forall x, in_box n lo hi x ->
      phi (u0 + dot n a x) - phi (v0 + dot n b x) <=
      phi (u0 + dot n a (chain_point lo hi a b order s)) - phi (v0 + dot n b (chain_point lo hi a b order s)).
Proof.
  destruct (moving_order_exists n lo hi a b) as (order & Horder).
  destruct (continuity_ab_maj
    (fun s => phi (u0 + dot n a (chain_point lo hi a b order s)) - phi (v0 + dot n b (chain_point lo hi a b order s)))
    0 (INR (length order)) (pos_INR _)) as (s & Hmax & Hs).
  { intros s _. apply (continuity_pt_minus (fun s => phi (u0 + dot n a (chain_point lo hi a b order s)))
      (fun s => phi (v0 + dot n b (chain_point lo hi a b order s)))); now apply margin_continuous. }
  exists order, s. split; [exact Horder|]. split; [now apply chain_in_box|].
  apply (shadow_maximum_extended_chain_maximum n lo hi a b phi u0 v0 _ order Hmono Horder).
  intros r Hr. exact (Hmax r Hr).
Qed.

(** A point with a label, on the chain of that label, attains the distance. *)
Theorem shadow_maximum_extended_attained (t tp : vec) (bt bp : R) :
  exists x y order s, in_box n lo hi x /\ is_label y /\
    moving_order n lo hi (vscal y t) (vscal y tp) order /\ x = chain_point lo hi (vscal y t) (vscal y tp) order s /\
    forall x' y', in_box n lo hi x' -> is_label y' ->
      phi (y' * (dot n t x' + bt)) - phi (y' * (dot n tp x' + bp)) <=
      phi (y * (dot n t x + bt)) - phi (y * (dot n tp x + bp)).
Proof.
  assert (H : forall y, exists x order s, in_box n lo hi x /\
    moving_order n lo hi (vscal y t) (vscal y tp) order /\ x = chain_point lo hi (vscal y t) (vscal y tp) order s /\
    forall x', in_box n lo hi x' ->
      phi (y * (dot n t x' + bt)) - phi (y * (dot n tp x' + bp)) <=
      phi (y * (dot n t x + bt)) - phi (y * (dot n tp x + bp))).
  { intros y. destruct (chain_attained (vscal y t) (vscal y tp) (y * bt) (y * bp)) as (order & s & Ho & Hin & Hmax).
    exists (chain_point lo hi (vscal y t) (vscal y tp) order s), order, s.
    split; [exact Hin|]. split; [exact Ho|]. split; [reflexivity|]. intros x' Hx'.
    specialize (Hmax x' Hx'). rewrite !dot_scal_l in Hmax.
    rewrite !(Rmult_plus_distr_l y), !(Rplus_comm (y * dot n _ _)). exact Hmax. }
  destruct (H 1) as (x1 & o1 & s1 & Hx1 & Ho1 & E1 & H1).
  destruct (H (-1)) as (x2 & o2 & s2 & Hx2 & Ho2 & E2 & H2).
  destruct (Rle_lt_dec (phi (-1 * (dot n t x2 + bt)) - phi (-1 * (dot n tp x2 + bp)))
                       (phi (1 * (dot n t x1 + bt)) - phi (1 * (dot n tp x1 + bp)))) as [Hle|Hlt].
  - exists x1, 1, o1, s1. split; [exact Hx1|]. split; [now left|]. split; [exact Ho1|]. split; [exact E1|].
    intros x' y' Hx' [-> | ->]; [now apply H1|]. specialize (H2 x' Hx'). lra.
  - exists x2, (-1), o2, s2. split; [exact Hx2|]. split; [now right|]. split; [exact Ho2|]. split; [exact E2|].
    intros x' y' Hx' [-> | ->]; [|now apply H2]. specialize (H1 x' Hx'). lra.
Qed.

End Box.

Theorem shadow_maximum_extended_attained_witness :
  exists (n : nat) (lo hi : vec) (phi : R -> R) (t tp x' : vec) (y' : R),
    (forall i, (i < n)%nat -> lo i <= hi i) /\ non_increasing phi /\ convex_on_line phi /\
    in_box n lo hi x' /\ is_label y' /\ (1 < n)%nat /\ dot n t x' <> dot n tp x'.
Proof.
  exists 2%nat, (fun _ => 0), (fun _ => 1), hinge, (fun _ => 1), (fun _ => 1 / 2), (fun _ => 1 / 2), 1.
  split; [intros; lra|]. split; [exact hinge_non_increasing|]. split; [exact hinge_convex_on_line|].
  split; [intros i _; lra|]. split; [now left|]. split; [lia|]. unfold dot. simpl. lra.
Qed.

(** ** Any compact domain *)

(** Open sets of R^n, and compactness as it is used: an increasing sequence of open sets that covers X
    contains X from some index on. *)
Definition open_set_n (n : nat) (U : vec -> Prop) : Prop :=
  forall x, U x -> exists d, 0 < d /\ forall y, (forall i, (i < n)%nat -> Rabs (y i - x i) < d) -> U y.
Definition compact_set (n : nat) (X : vec -> Prop) : Prop :=
  forall U : nat -> vec -> Prop, (forall k, open_set_n n (U k)) -> (forall k x, U k x -> U (S k) x) ->
    (forall x, X x -> exists k, U k x) -> exists k, forall x, X x -> U k x.
Definition continuous_n (n : nat) (f : vec -> R) : Prop :=
  forall x e, 0 < e -> exists d, 0 < d /\ forall y, (forall i, (i < n)%nat -> Rabs (y i - x i) < d) -> Rabs (f y - f x) < e.

Lemma below_open (n : nat) (f : vec -> R) (v : R) : continuous_n n f -> open_set_n n (fun x => f x < v).
Proof.
  intros Hf x Hx. destruct (Hf x (v - f x) ltac:(lra)) as (d & Hd & H). exists d. split; [exact Hd|].
  intros y Hy. specialize (H y Hy). pose proof (Rle_abs (f y - f x)). lra.
Qed.

Lemma extreme_value (n : nat) (X : vec -> Prop) (f : vec -> R) :
  (exists x, X x) -> compact_set n X -> continuous_n n f -> exists x, X x /\ forall y, X y -> f y <= f x.
Proof.
  intros (x0 & Hx0) HX Hf.
  destruct (HX (fun k x => f x < INR k)) as (K & HK).
  { intros k. now apply below_open. }
  { intros k x H. rewrite S_INR. lra. }
  { intros x _. destruct (nat_above (f x + 1)) as (k & Hk). exists k. lra. }
  destruct (completeness (fun v => exists x, X x /\ v = f x)) as (m & Hub & Hleast).
  { exists (INR K). intros v (x & Hx & ->). specialize (HK x Hx). lra. }
  { exists (f x0), x0. auto. }
  destruct (classic (exists x, X x /\ m <= f x)) as [(x & Hx & Hm)|Hno].
  - exists x. split; [exact Hx|]. intros y Hy. apply Rle_trans with m; [|exact Hm]. apply Hub. exists y. auto.
  - (* no value reaches m, so the values stay a fixed amount below it *)
    exfalso. destruct (HX (fun k x => f x < m - / (INR k + 1))) as (k & Hk).
    { intros k. now apply below_open. }
    { intros k x H. rewrite S_INR. pose proof (pos_INR k).
      assert (/ (INR k + 1 + 1) <= / (INR k + 1)) by (apply Rinv_le_contravar; lra). lra. }
    { intros x Hx. assert (Hlt : f x < m) by (apply Rnot_le_lt; intros Hle; apply Hno; exists x; auto).
      destruct (archimed_cor1 (m - f x) ltac:(lra)) as (k & Hk & Hk0). exists k.
      apply lt_0_INR in Hk0. assert (/ (INR k + 1) <= / INR k) by (apply Rinv_le_contravar; lra). lra. }
    assert (Hle : m <= m - / (INR k + 1)).
    { apply Hleast. intros v (x & Hx & ->). specialize (Hk x Hx). cbv beta in Hk. lra. }
    pose proof (pos_INR k). assert (0 < / (INR k + 1)) by (apply Rinv_0_lt_compat; lra). lra.
Qed.

Lemma dot_continuous (n : nat) (a : vec) : continuous_n n (fun x => dot n a x).
Proof.
  intros x e He. pose proof (l1norm_nonneg n a) as Ha.
  exists (e / (l1norm n a + 1)). split; [apply Rdiv_lt_0_compat; lra|]. intros y Hy.
  rewrite <- dot_minus_r.
  pose proof (hoelder_bound n a (vminus y x) (e / (l1norm n a + 1))) as Hh.
  eapply Rle_lt_trans; [apply Hh; intros i Hi; apply Rlt_le; exact (Hy i Hi)|].
  apply Rmult_lt_reg_r with (l1norm n a + 1); [lra|].
  replace (l1norm n a * (e / (l1norm n a + 1)) * (l1norm n a + 1)) with (l1norm n a * e) by (field; lra).
  assert (l1norm n a * e < (l1norm n a + 1) * e) by (apply Rmult_lt_compat_r; lra). lra.
Qed.

Lemma margin_loss_continuous (n : nat) (phi : R -> R) (t : vec) (y b : R) :
  convex_on_line phi -> continuous_n n (fun x => phi (y * (dot n t x + b))).
Proof.
  intros Hphi x e He.
  destruct (convex_continuous phi (y * (dot n t x + b)) Hphi e He) as (d & Hd & H).
  destruct (dot_continuous n (vscal y t) x d Hd) as (r & Hr & Hdot). exists r. split; [exact Hr|].
  intros z Hz. specialize (Hdot z Hz). rewrite !dot_scal_l in Hdot.
  destruct (Req_dec (y * (dot n t z + b)) (y * (dot n t x + b))) as [E|Hne].
  - rewrite E. replace (phi _ - phi _) with 0 by ring. rewrite Rabs_R0. exact He.
  - apply (H (y * (dot n t z + b))). split; [split; [exact I | auto]|]. simpl. unfold R_dist.
    replace (y * (dot n t z + b) - y * (dot n t x + b)) with (y * dot n t z - y * dot n t x) by ring. exact Hdot.
Qed.

Theorem shadow_maximum_extended_attained_compact (n : nat) (X : vec -> Prop) (phi : R -> R) (t tp : vec) (bt bp : R) :
  (exists x, X x) -> compact_set n X -> convex_on_line phi ->
  exists x y, X x /\ is_label y /\ forall x' y', X x' -> is_label y' ->
    phi (y' * (dot n t x' + bt)) - phi (y' * (dot n tp x' + bp)) <=
    phi (y * (dot n t x + bt)) - phi (y * (dot n tp x + bp)).
Proof.
  intros Hne HX Hphi.
  set (f := fun y x => phi (y * (dot n t x + bt)) - phi (y * (dot n tp x + bp))).
  assert (H : forall y, exists x, X x /\ forall x', X x' -> f y x' <= f y x).
  { intros y. apply (extreme_value n X (f y) Hne HX). intros x e He.
    destruct (margin_loss_continuous n phi t y bt Hphi x (e / 2) ltac:(lra)) as (d1 & Hd1 & H1).
    destruct (margin_loss_continuous n phi tp y bp Hphi x (e / 2) ltac:(lra)) as (d2 & Hd2 & H2).
    exists (Rmin d1 d2). split; [now apply Rmin_pos|]. intros z Hz.
    pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2).
    specialize (H1 z (fun i Hi => Rlt_le_trans _ _ _ (Hz i Hi) (Rmin_l d1 d2))).
    specialize (H2 z (fun i Hi => Rlt_le_trans _ _ _ (Hz i Hi) (Rmin_r d1 d2))).
    apply Rabs_def2 in H1. apply Rabs_def2 in H2. apply Rabs_def1; unfold f; lra. }
  destruct (H 1) as (x1 & Hx1 & H1). destruct (H (-1)) as (x2 & Hx2 & H2).
  destruct (Rle_lt_dec (f (-1) x2) (f 1 x1)) as [Hle|Hlt].
  - exists x1, 1. split; [exact Hx1|]. split; [now left|]. intros x' y' Hx' [-> | ->].
    + now apply H1.
    + specialize (H2 x' Hx'). unfold f in *. lra.
  - exists x2, (-1). split; [exact Hx2|]. split; [now right|]. intros x' y' Hx' [-> | ->].
    + specialize (H1 x' Hx'). unfold f in *. lra.
    + now apply H2.
Qed.

(** The unit interval is compact in this sense: the supremum of the points up to which one index suffices is 1. *)
Lemma interval_compact : compact_set 1 (box 1 0 1).
Proof.
  intros U Hopen Hincr Hcover.
  assert (Hmono : forall k j x, U k x -> U (k + j)%nat x).
  { intros k j x Hx. induction j as [|j IH]; [now rewrite Nat.add_0_r|].
    rewrite Nat.add_succ_r. now apply Hincr. }
  assert (Hmax : forall k j x, (k <= j)%nat -> U k x -> U j x).
  { intros k j x Hkj Hx. replace j with (k + (j - k))%nat by lia. now apply Hmono. }
  set (upto := fun v => 0 <= v <= 1 /\ exists k, forall x, box 1 0 v x -> U k x).
  assert (Hat : forall v, 0 <= v <= 1 -> exists k d, 0 < d /\ forall x, Rabs (x O - v) < d -> U k x).
  { intros v Hv. destruct (Hcover (fun _ => v)) as (k & Hk); [intros i _; exact Hv|].
    destruct (Hopen k _ Hk) as (d & Hd & H). exists k, d. split; [exact Hd|]. intros x Hx. apply H.
    intros i Hi. replace i with O by lia. exact Hx. }
  assert (H0 : upto 0).
  { split; [lra|]. destruct (Hat 0 ltac:(lra)) as (k & d & Hd & H). exists k. intros x Hx. apply H.
    specialize (Hx O ltac:(lia)). replace (x O - 0) with 0 by lra. now rewrite Rabs_R0. }
  destruct (completeness upto) as (s & Hub & Hleast).
  { exists 1. intros v [Hv _]. lra. }
  { exists 0. exact H0. }
  assert (Hs : 0 <= s <= 1) by (split; [now apply Hub | apply Hleast; intros v [Hv _]; lra]).
  destruct (Hat s Hs) as (k & d & Hd & Hk).
  (* some point of the set lies within d of its supremum *)
  assert (Hnear : exists v, upto v /\ s - d < v).
  { destruct (classic (exists v, upto v /\ s - d < v)) as [H|H]; [exact H|exfalso].
    assert (s <= s - d); [|lra]. apply Hleast. intros v Hv. apply Rnot_lt_le. intros Hlt. apply H. exists v. auto. }
  destruct Hnear as (v & [Hv (j & Hj)] & Hvs).
  assert (Hreach : forall w, 0 <= w <= 1 -> w < s + d -> upto w).
  { intros w Hw Hws. split; [exact Hw|]. exists (k + j)%nat. intros x Hx. specialize (Hx O ltac:(lia)).
    destruct (Rle_lt_dec (x O) v) as [Hxv|Hxv].
    - apply (Hmax j); [lia|]. apply Hj. intros i Hi. replace i with O by lia. lra.
    - apply (Hmax k); [lia|]. apply Hk. apply Rabs_def1; lra. }
  destruct (Rle_lt_dec 1 s) as [H1|H1].
  - destruct (Hreach 1 ltac:(lra) ltac:(lra)) as (_ & m & Hm). exists m. exact Hm.
  - exfalso. pose proof (Rmin_l 1 (s + d / 2)). pose proof (Rmin_r 1 (s + d / 2)).
    assert (Hgt : s < Rmin 1 (s + d / 2)) by (apply Rmin_glb_lt; lra).
    assert (Hup : upto (Rmin 1 (s + d / 2))) by (apply Hreach; lra).
    specialize (Hub _ Hup). lra.
Qed.

Theorem shadow_maximum_extended_attained_compact_witness :
  exists (n : nat) (X : vec -> Prop) (phi : R -> R) (t tp x' : vec) (y' : R),
    (exists x, X x) /\ compact_set n X /\ convex_on_line phi /\ X x' /\ is_label y' /\ dot n t x' <> dot n tp x'.
Proof.
  exists 1%nat, (box 1 0 1), hinge, (fun _ => 1), (fun _ => 1 / 2), (fun _ => 1 / 2), 1.
  split; [exists (fun _ => 0); intros i _; lra|]. split; [exact interval_compact|].
  split; [exact hinge_convex_on_line|]. split; [intros i _; lra|]. split; [now left|]. unfold dot. simpl. lra.
Qed.
