(** * remark-1: the regret of Algorithm 1 is O(log T)

    Paper: alpha(T) is in the order of O(log T) when the loss is Lipschitz and R
    is strongly convex; its proof puts alpha(T) = G^2/2 (1 + log T) with G the
    Lipschitz constant of the LOSS.

    Proved (repaired).
    - Any norm: if every l(.; z) + c R is m-strongly convex (m = c sigma for a
      strongly convex R; or because the losses are strongly convex) and G
      bounds the dual norm of a subgradient of l + c R, not of l, at every
      iterate, then regret <= G^2/(2 m) log(1 + T/N) <= G^2/(2 m) log(1 + T).
    - R^d, R = |.|_2^2/2, convex L-Lipschitz losses: G <= 2 L, because a
      minimiser has c |theta| <= L; regret <= (2 L)^2/(2 c) log(1 + T/N).
    - If moreover l >= 0 and every point of X x Y has the loss l0 at the zero
      model, c |theta|^2 <= l0 by remark-2, so that the smaller of 2 L and
      L + sqrt (c l0) serves as G (extended).
    - Consequently eps of theorem-1 with this regret; in any norm the best
      iterate converges in loss-based distance (lambda > c), and the last one
      in the norm (attainable at c).
    - As printed, "O(log T)" stands (with a constant that depends on L and c).
    Refuted: the printed constant with G = the Lipschitz constant of the loss
    (hinge, c = 1, N = T = 1: regret 1 > 1/2).
    Data points need to lie in X x Y only where the Lipschitz bound is used. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity LogSums lemma_1 lemma_2 theorem_1
  data_dependent_regret last_iterate remark_2.
Import ListNotations.
Open Scope R_scope.

Section AnyNorm.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Implicit Types (theta : nat -> model P) (z : nat -> point P).

Theorem remark_1_repaired (c m G : R) (Dc : list (point P)) theta z (T : nat) (g : nat -> model P -> R) :
  0 < m -> Dc <> [] -> closed_under_mix in_models mix -> strongly_convex_points mix dist c m ->
  follows_leader c Dc theta z T ->
  (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                            dual_bound in_models dist (theta j) (g j) G) ->
  regret_against c Dc theta z T (theta T) <= G * G / (2 * m) * ln (1 + INR T / INR (length Dc)).
Proof.
  intros Hm Hne Hmix Hp Hlead Hg.
  pose proof (data_dependent_regret_extended mix dist c m Dc theta z T g (fun _ => G)
                Hm Hmix Hp Hlead Hg) as H.
  pose proof (length_INR_pos Dc Hne) as HN.
  pose proof (sum_inverse_log (INR (length Dc)) T ltac:(lra)) as Hlog.
  assert (HGm : 0 <= G * G / (2 * m)).
  { apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra]. }
  eapply Rle_trans; [exact H|]. apply Rle_trans with
    (G * G / (2 * m) * nsum (fun i => / (INR (length Dc) + INR (S i))) T).
  - rewrite <- nsum_scal. apply Req_le, nsum_ext. intros i _.
    pose proof (pos_INR i). rewrite S_INR. field. lra.
  - now apply Rmult_le_compat_l.
Qed.

End AnyNorm.

(** ** R^d with R = |.|_2^2/2 and Lipschitz losses *)

Definition VecProblem (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R) : problem := {|
  model := vec; point := Z; in_models := everywhere; in_points := inZ; loss := l;
  regulariser := fun t => sqnorm n t / 2 |}.

Definition lipschitz_loss (n : nat) {Z : Type} (inZ : Z -> Prop) (l : vec -> Z -> R) (L : R) : Prop :=
  forall w a b, inZ w -> l a w - l b w <= L * l2dist n a b.

Section Euclidean.

Context (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R) (c L : R).
Hypothesis Hc : 0 < c.
Hypothesis HL : 0 <= L.
Hypothesis HLip : lipschitz_loss n inZ l L.

Let P := VecProblem n Z inZ l.

Lemma l2dist_shrink (s : R) (t : vec) : 0 <= s -> l2dist n (vscal (1 - s) t) t = s * l2norm n t.
Proof.
  intros Hs. unfold l2dist, l2norm.
  replace (sqnorm n (vminus (vscal (1 - s) t) t)) with (s * s * sqnorm n t).
  - rewrite sqrt_mult_alt by nra. rewrite sqrt_square by assumption. reflexivity.
  - rewrite <- sqnorm_scal. unfold sqnorm. unfold dot. apply nsum_ext. intros i _.
    unfold vminus, vscal. ring.
Qed.

(** A trained model is bounded: c |theta| <= L. *)
Lemma minimiser_norm_bound (D : list Z) (t : vec) :
  D <> [] -> (forall w, In w D -> inZ w) -> minimiser (P := P) c D t -> c * l2norm n t <= L.
Proof.
  intros Hne HD [_ Hmin].
  pose proof (length_INR_pos D Hne) as HN. pose proof (l2norm_nonneg n t) as H0.
  assert (H : c * (l2norm n t * l2norm n t) <= L * l2norm n t).
  { apply limit_at_zero. intros s Hs.
    specialize (Hmin (vscal (1 - s) t) I). unfold objective in Hmin.
    cbn [model point loss regulariser P VecProblem] in Hmin. rewrite sqnorm_scal in Hmin.
    rewrite <- (l2norm_sq n t) in Hmin.
    assert (Hd : lsum (l (vscal (1 - s) t)) D - lsum (l t) D <= INR (length D) * (L * (s * l2norm n t))).
    { rewrite <- lsum_minus. apply lsum_le_bound. intros w Hw.
      rewrite <- l2dist_shrink by lra. apply HLip. auto. }
    set (q := l2norm n t * l2norm n t) in *.
    assert (Hq : 0 <= c * q * s) by (unfold q; apply Rmult_le_pos; [apply Rmult_le_pos; nra | lra]).
    assert (Hn : INR (length D) * (s * (c * q * (1 - s / 2))) <= INR (length D) * (s * (L * l2norm n t))).
    { nra. }
    apply Rmult_le_reg_l in Hn; [|lra]. apply Rmult_le_reg_l in Hn; [|lra]. nra. }
  destruct (Rle_lt_or_eq_dec 0 (l2norm n t) H0) as [Hpos|E].
  - apply Rmult_le_reg_r with (l2norm n t); [assumption|]. lra.
  - rewrite <- E. lra.
Qed.

(** With l >= 0 and the loss l0 at the zero model also c |theta|^2 <= l0. *)
Lemma minimiser_norm_bound_zero (l0 : R) (D : list Z) (t : vec) :
  convex_losses (P := P) vmix (l2dist n) ->
  (forall w, inZ w -> l vzero w = l0) -> (forall w a, inZ w -> 0 <= l a w) ->
  D <> [] -> (forall w, In w D -> inZ w) -> minimiser (P := P) c D t ->
  c * l2norm n t <= sqrt (c * l0).
Proof.
  intros Hconv Hl0 Hpos Hne HD Hmin.
  pose proof (length_INR_pos D Hne) as HN.
  assert (H : INR (length D) * (2 * (c * (sqnorm n t / 2))) <= total_loss (P := P) D vzero - total_loss (P := P) D t).
  { apply (remark_2_extended (P := P) c D vzero t (fun s => vmix s vzero t) Hmin).
    - intros; exact I.
    - intros s w Hs _. pose proof (Hconv w s vzero t Hs I I). lra.
    - intros s _. cbn [regulariser P VecProblem].
      replace (sqnorm n (vmix s vzero t)) with (sqnorm n (vscal s t)); [rewrite sqnorm_scal; lra|].
      unfold sqnorm, dot. apply nsum_ext. intros; unfold vscal, vmix, vzero; ring. }
  assert (E : total_loss (P := P) D vzero = INR (length D) * l0).
  { unfold total_loss. rewrite <- lsum_const. apply lsum_ext. intros w Hw. apply Hl0. auto. }
  assert (H0 : 0 <= total_loss (P := P) D t) by (apply lsum_nonneg; intros w Hw; apply Hpos; auto).
  assert (Hq : c * sqnorm n t <= l0) by (apply Rmult_le_reg_l with (INR (length D)); lra).
  apply Rsqr_incr_0_var; [|apply sqrt_pos]. unfold Rsqr.
  pose proof (l2norm_sq n t) as E2. pose proof (sqnorm_nonneg n t).
  assert (0 <= c * sqnorm n t) by (apply Rmult_le_pos; lra).
  rewrite sqrt_sqrt by (apply Rmult_le_pos; lra).
  replace (c * l2norm n t * (c * l2norm n t)) with (c * (c * (l2norm n t * l2norm n t))) by ring.
  rewrite E2. apply Rmult_le_compat_l; lra.
Qed.

(** The step of a leader that adds k times the point w to an objective with
    quadratic growth m at its minimiser a; A bounds L + c |a|. *)
Lemma euclidean_leader_step (h : vec -> R) (w : Z) (a u : vec) (k m A : R) :
  0 <= k -> 0 < m + k * c -> inZ w -> h a + m / 2 * (l2dist n a u * l2dist n a u) <= h u ->
  L + c * l2norm n a <= A ->
  (h a + k * point_objective (P := P) c w a) - (h u + k * point_objective (P := P) c w u) <=
  (k * A) * (k * A) / (2 * (m + k * c)).
Proof.
  intros Hk Hm Hw Hg HA. unfold point_objective. cbn [model point loss regulariser P VecProblem].
  pose proof (HLip w a u Hw) as Hl. set (d := l2dist n a u) in *.
  assert (Hd0 : 0 <= d) by apply l2norm_nonneg.
  assert (Hreg : sqnorm n a / 2 - sqnorm n u / 2 <= l2norm n a * d - d * d / 2).
  { pose proof (dot_le_l2 n a (vminus a u)) as Hcs. pose proof (sqnorm_minus n a u) as Hsq.
    pose proof (l2dist_sq n a u) as Hdd. fold d in Hdd.
    rewrite dot_minus_r in Hcs. change (dot n a a) with (sqnorm n a) in Hcs.
    fold (l2dist n a u) in Hcs. fold d in Hcs. lra. }
  apply Rmult_le_compat_l with (r := c) in Hreg; [|lra].
  assert (HAd : (L + c * l2norm n a) * d <= A * d) by (now apply Rmult_le_compat_r).
  assert (Hsum : l a w - l u w + c * (sqnorm n a / 2) - c * (sqnorm n u / 2) <= A * d - c * (d * d / 2)) by lra.
  apply Rmult_le_compat_l with (r := k) in Hsum; [|assumption].
  pose proof (quadratic_completion_R (k * A) _ d Hm). lra.
Qed.

Context (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (T : nat).
Hypothesis Hne : Dc <> [].
Hypothesis HDc : forall w, In w Dc -> inZ w.
Hypothesis Hz : forall j, (j < T)%nat -> inZ (z j).
Hypothesis Hconv : convex_losses (P := P) vmix (l2dist n).
Hypothesis Hlead : follows_leader (P := P) c Dc theta z T.

(** Every model of the run is trained on a nonempty set of points of X x Y. *)
Lemma iterate_trained (j : nat) : (j <= T)%nat ->
  exists D, D <> [] /\ (forall w, In w D -> inZ w) /\ minimiser (P := P) c D (theta j).
Proof.
  intros Hj. exists (Dc ++ poisons (P := P) z j). split; [|split].
  - intros E. apply app_eq_nil in E. now apply Hne.
  - intros w Hw. apply in_app_or in Hw. destruct Hw as [Hw|Hw]; [now apply HDc|].
    unfold poisons in Hw. apply in_map_iff in Hw. destruct Hw as (i & <- & Hi).
    apply in_seq in Hi. apply Hz. lia.
  - apply (minimises_ext (P := P) (poisoned_objective (P := P) c Dc z j)).
    + intros u. exact (poisoned_objective_union (P := P) c Dc z j u).
    + now apply Hlead.
Qed.

Lemma iterate_norm_bound (j : nat) : (j <= T)%nat -> c * l2norm n (theta j) <= L.
Proof.
  intros Hj. destruct (iterate_trained j Hj) as (D & H1 & H2 & H3).
  now apply (minimiser_norm_bound D).
Qed.

(** The regret, for any A that bounds L + c |theta| at the iterates. *)
Lemma lipschitz_regret (A : R) :
  (forall j, (j < T)%nat -> L + c * l2norm n (theta j) <= A) ->
  regret_against (P := P) c Dc theta z T (theta T) <= A * A / (2 * c) * ln (1 + INR T / INR (length Dc)).
Proof.
  intros HA. rewrite <- theorem_1_repaired_regret_identity.
  pose proof (length_INR_pos Dc Hne) as HN.
  apply Rle_trans with (A * A / (2 * c) * nsum (fun i => / (INR (length Dc) + INR (S i))) T).
  - rewrite <- nsum_scal. apply nsum_le. intros j Hj. unfold regret_step. rewrite !poisoned_objective_S.
    pose proof (pos_INR j) as Hj0. rewrite S_INR.
    assert (Hc0 : 0 <= c) by lra.
    destruct (Hlead j ltac:(lia)) as [Hin Hmin].
    pose proof (minimiser_growth (in_models (p := P)) vmix (l2dist n) _ _ (theta j) (theta (S j)) everywhere_closed
      (poisoned_objective_strongly_convex (P := P) vmix (l2dist n) c (c * 1) Dc z j
         (strongly_convex_points_regulariser (P := P) vmix (l2dist n) c 1 Hc0 Hconv
            (linear_strongly_convex_regulariser n hinge everywhere everywhere)))
      Hin Hmin I) as Hg.
    assert (Hm : 0 <= (INR (length Dc) + INR j) * (c * 1)) by (apply Rmult_le_pos; lra).
    pose proof (euclidean_leader_step (poisoned_objective (P := P) c Dc z j) (z j) (theta j) (theta (S j))
                  1 ((INR (length Dc) + INR j) * (c * 1)) A ltac:(lra) ltac:(lra) (Hz j Hj) Hg (HA j Hj)) as H.
    rewrite !Rmult_1_l in H. eapply Rle_trans; [exact H|]. apply Req_le. field. lra.
  - apply Rmult_le_compat_l; [|apply sum_inverse_log; lra].
    apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.

Theorem remark_1_repaired_lipschitz :
  regret_against (P := P) c Dc theta z T (theta T) <=
  (2 * L) * (2 * L) / (2 * c) * ln (1 + INR T / INR (length Dc)).
Proof.
  apply lipschitz_regret. intros j Hj. pose proof (iterate_norm_bound j ltac:(lia)). lra.
Qed.

Theorem remark_1_extended (l0 : R) :
  (forall w, inZ w -> l vzero w = l0) -> (forall w a, inZ w -> 0 <= l a w) ->
  regret_against (P := P) c Dc theta z T (theta T) <=
  Rmin (2 * L) (L + sqrt (c * l0)) * Rmin (2 * L) (L + sqrt (c * l0)) / (2 * c)
  * ln (1 + INR T / INR (length Dc)).
Proof.
  intros Hl0 Hpos. apply lipschitz_regret. intros j Hj. apply Rmin_glb.
  - pose proof (iterate_norm_bound j ltac:(lia)). lra.
  - destruct (iterate_trained j ltac:(lia)) as (D & H1 & H2 & H3).
    pose proof (minimiser_norm_bound_zero l0 D (theta j) Hconv Hl0 Hpos H1 H2 H3). lra.
Qed.

End Euclidean.

(** eps of theorem-1 with this regret. *)
Theorem remark_1_repaired_epsilon (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c lam L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (tp : vec) (T : nat) :
  let P := VecProblem n Z inZ l in
  0 < c -> c < lam -> 0 <= L -> lipschitz_loss n inZ l L ->
  Dc <> [] -> (forall w, In w Dc -> inZ w) ->
  convex_losses (P := P) vmix (l2dist n) ->
  attainable (P := P) lam tp -> follows_leader (P := P) c Dc theta z T ->
  greedy (P := P) tp theta z T -> (0 < T)%nat ->
  exists j, (j < T)%nat /\
    Close (P := P) (((2 * L) * (2 * L) / (2 * c) * ln (1 + INR T / INR (length Dc))
                     + clean_excess (P := P) c Dc tp (theta O)) / (INR T * (1 - c / lam)))
          (theta j) tp.
Proof.
  intros P Hc Hlt HL HLip Hne HDc Hconv Hat Hlead Hgreedy HT.
  apply (theorem_1_repaired (P := P) c lam _ Dc theta z tp T); try assumption; [lra|].
  apply (remark_1_repaired_lipschitz n Z inZ l c L Hc HL HLip Dc theta z T Hne HDc); try assumption.
  intros j Hj. apply (Hgreedy j Hj).
Qed.

(** As printed: alpha(T) = O(log T). *)
Theorem remark_1_printed (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) :
  let P := VecProblem n Z inZ l in
  0 < c -> 0 <= L -> lipschitz_loss n inZ l L ->
  Dc <> [] -> (forall w, In w Dc -> inZ w) ->
  convex_losses (P := P) vmix (l2dist n) ->
  exists K, forall (theta : nat -> vec) (z : nat -> Z) (T : nat),
    (2 <= T)%nat -> (forall j, (j < T)%nat -> inZ (z j)) ->
    follows_leader (P := P) c Dc theta z T ->
    regret_against (P := P) c Dc theta z T (theta T) <= K * ln (INR T).
Proof.
  intros P Hc HL HLip Hne HDc Hconv.
  set (B := (2 * L) * (2 * L) / (2 * c)).
  assert (HB : 0 <= B).
  { unfold B. apply Rmult_le_pos; [nra | apply Rlt_le, Rinv_0_lt_compat; lra]. }
  exists (B * 2). intros theta z T HT Hz Hlead.
  pose proof (remark_1_repaired_lipschitz n Z inZ l c L Hc HL HLip Dc theta z T Hne HDc Hz Hconv Hlead) as H.
  fold B in H.
  pose proof (ln_one_plus_quotient (INR (length Dc)) T (length_INR_pos Dc Hne)).
  pose proof (ln_one_plus_le_twice T HT).
  eapply Rle_trans; [exact H|]. rewrite Rmult_assoc. apply Rmult_le_compat_l; [assumption|]. lra.
Qed.

(** Convergence, in any norm: the best iterate in loss-based distance when
    lambda > c, and the last iterate in the norm when tp is attainable at c. *)
Section Convergence.

Context {P : problem} (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R).
Context (c m G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
        (tp : model P) (g : nat -> model P -> R).
Hypothesis Hm : 0 < m.
Hypothesis Hne : Dc <> [].
Hypothesis Hmix : closed_under_mix in_models mix.
Hypothesis Hp : strongly_convex_points mix dist c m.
Hypothesis Hlead : forall T, follows_leader c Dc theta z T.
Hypothesis Hgreedy : forall T, greedy tp theta z T.
Hypothesis Hg : forall j, subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                          dual_bound in_models dist (theta j) (g j) G.

Lemma convergence_growth (kappa : R) : 0 < kappa ->
  exists T0, forall T, (T0 <= T)%nat ->
    clean_excess c Dc tp (theta O) + regret_against c Dc theta z T (theta T) <= kappa * INR T.
Proof.
  intros Hk.
  assert (HB : 0 <= G * G / (2 * m)).
  { apply Rmult_le_pos; [apply Rle_0_sqr | apply Rlt_le, Rinv_0_lt_compat; lra]. }
  destruct (log_growth (clean_excess c Dc tp (theta O)) (G * G / (2 * m)) (INR (length Dc)) kappa
              HB (length_INR_pos Dc Hne) Hk) as (T0 & HT0).
  exists T0. intros T HT. specialize (HT0 T HT).
  pose proof (remark_1_repaired mix dist c m G Dc theta z T g Hm Hne Hmix Hp (Hlead T)
                (fun j _ => Hg j)). lra.
Qed.

Theorem remark_1_repaired_convergence (lam eta : R) :
  attainable lam tp -> 0 <= c -> c < lam -> 0 < eta ->
  exists T0, forall T, (T0 <= T)%nat -> exists j, (j < T)%nat /\ Close eta (theta j) tp.
Proof.
  intros Hat Hc Hlt Heta.
  pose proof (lemma_2_repaired_gamma_positive c lam ltac:(lra) Hlt) as Hgam.
  destruct (convergence_growth (eta * (1 - c / lam))) as (T0 & HT0).
  { now apply Rmult_lt_0_compat. }
  exists (S T0). intros T HT. specialize (HT0 T ltac:(lia)).
  destruct (theorem_1_repaired c lam _ Dc theta z tp T Hat Hc Hlt (Hlead T) (Hgreedy T)
              ltac:(lia) (Rle_refl _)) as (j & Hj & HC).
  exists j. split; [assumption|]. intros w Hw. eapply Rle_trans; [now apply HC|].
  assert (HTp : 0 < INR T) by (apply lt_0_INR; lia).
  apply Rmult_le_reg_r with (INR T * (1 - c / lam)); [now apply Rmult_lt_0_compat|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; [lra|].
  apply Rgt_not_eq. now apply Rmult_lt_0_compat.
Qed.

Theorem last_iterate_extended_convergence (eta : R) :
  attainable c tp -> 0 < eta ->
  exists T0, forall T, (T0 <= T)%nat -> dist (theta T) tp * dist (theta T) tp <= eta.
Proof.
  intros Hat Heta.
  destruct (convergence_growth (m * eta / 2)) as (T0 & HT0).
  { assert (0 < m * eta) by (now apply Rmult_lt_0_compat). lra. }
  exists T0. intros T HT. specialize (HT0 T HT).
  pose proof (length_INR_pos Dc Hne) as HN. pose proof (pos_INR T) as HT1.
  pose proof (last_iterate_extended mix dist c m Dc theta z tp T Hm Hmix Hp Hat (Hlead T) (Hgreedy T)
                ltac:(lra)) as H.
  assert (Hpos : 0 < m * (INR (length Dc) + INR T)) by (apply Rmult_lt_0_compat; lra).
  eapply Rle_trans; [exact H|].
  apply Rmult_le_reg_r with (m * (INR (length Dc) + INR T)); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  assert (0 <= m * eta * INR (length Dc)) by (repeat apply Rmult_le_pos; lra). lra.
Qed.

End Convergence.

(** ** A run of every length, the witness

    Hinge on [-1, 1], c = 1/2, clean point (1/4, +1), target 1.  The clean model
    is 1/2; the poison is (1, +1) in every round; all later models are 1. *)

Definition long_data : list (R * R) := [(1 / 4, 1)].
Definition long_theta (j : nat) : R := match j with O => 1 / 2 | _ => 1 end.
Definition long_z (j : nat) : R * R := (1, 1).
Definition long_g (j : nat) (u : R) : R := match j with O => - (3 / 4) * (u - 1 / 2) | _ => 0 end.

Lemma long_objective (j : nat) (u : R) :
  poisoned_objective (P := Std) (1 / 2) long_data long_z j u =
  hinge (u / 4) + u * u / 4 + INR j * (hinge u + u * u / 4).
Proof.
  unfold poisoned_objective, objective, long_data, point_objective, long_z.
  rewrite nsum_const. cbn [lsum length INR]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  replace (u * (1 * (1 / 4))) with (u / 4) by lra. replace (u * (1 * 1)) with u by lra. lra.
Qed.

Lemma long_follows_leader (T : nat) : follows_leader (P := Std) (1 / 2) long_data long_theta long_z T.
Proof.
  intros j _. split; [exact I|]. intros u _. rewrite !long_objective.
  destruct j as [|j]; unfold long_theta.
  - simpl INR. rewrite (hinge_inside (1 / 2 / 4)) by lra. pose proof (hinge_ge (u / 4)).
    pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
  - rewrite (hinge_inside (1 / 4)), (hinge_inside 1) by lra.
    assert (Hj : 1 <= INR (S j)) by (rewrite S_INR; pose proof (pos_INR j); lra).
    pose proof (hinge_ge (u / 4)). pose proof (Rle_0_sqr (u - 1)) as Hsq. unfold Rsqr in Hsq.
    destruct (Rle_lt_dec u 1) as [Hle|Hlt].
    + rewrite (hinge_inside u) by lra.
      assert (0 <= (INR (S j) - 1) * ((1 - u) / 2 + (u - 1) * (u - 1) / 4)) by (apply Rmult_le_pos; lra).
      lra.
    + rewrite (hinge_outside u) by lra.
      assert (0 <= INR (S j) * ((u * u - 1) / 4)) by (apply Rmult_le_pos; nra). nra.
Qed.

Lemma long_greedy (T : nat) : greedy (P := Std) 1 long_theta long_z T.
Proof.
  intros j _. split; [apply std_point_pos; simpl; lra|]. unfold long_z. rewrite !std_loss. cbn [fst snd].
  destruct j as [|j]; unfold long_theta.
  - rewrite (hinge_inside (1 / 2 * (1 * 1))), (hinge_inside (1 * (1 * 1))) by lra.
    intros w Hw. pose proof (distance_Close _ _ _ std_distance_half_one w Hw). lra.
  - intros w Hw. lra.
Qed.

Lemma long_subgradient (j : nat) :
  subgradient (M := model Std) in_models rmix (point_objective (P := Std) (1 / 2) (long_z j))
    (long_theta j) (long_g j) /\
  dual_bound (M := model Std) in_models rdist (long_theta j) (long_g j) (3 / 4).
Proof.
  unfold long_z, point_objective. split.
  - split.
    + intros u _. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
      replace (u * (1 * 1)) with u by lra.
      destruct j as [|j]; unfold long_theta, long_g.
      * rewrite (hinge_inside (1 / 2 * (1 * 1))) by lra. pose proof (hinge_ge u).
        pose proof (Rle_0_sqr (u - 1 / 2)). unfold Rsqr in *. lra.
      * rewrite (hinge_inside (1 * (1 * 1))) by lra.
        destruct (hinge_cases u) as [[? ->]|[? ->]].
        -- pose proof (Rle_0_sqr (u - 1)). unfold Rsqr in *. lra.
        -- nra.
    + intros s u _ _. destruct j as [|j]; unfold long_theta, long_g, rmix; lra.
  - intros u _. destruct j as [|j]; unfold long_theta, long_g, rdist.
    + pose proof (Rle_abs (- (1 / 2 - u))). rewrite Rabs_Ropp in *. lra.
    + pose proof (Rabs_pos (1 - u)). lra.
Qed.

Theorem remark_1_repaired_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (T : nat)
         (g : nat -> model P -> R),
    0 < m /\ Dc <> [] /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    follows_leader c Dc theta z T /\
    (forall j, (j < T)%nat -> subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
                              dual_bound in_models dist (theta j) (g j) G) /\
    (1 < T)%nat /\ theta O <> theta 1%nat.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), (3 / 4), long_data, long_theta, long_z, 100%nat, long_g.
  split; [lra|]. split; [discriminate|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [apply long_follows_leader|].
  split; [intros j _; apply long_subgradient|]. split; [lia|]. simpl. lra.
Qed.

Theorem remark_1_repaired_convergence_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m G lam : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (g : nat -> model P -> R),
    0 < m /\ Dc <> [] /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    (forall T, follows_leader c Dc theta z T) /\ (forall T, greedy tp theta z T) /\
    (forall j, subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
               dual_bound in_models dist (theta j) (g j) G) /\
    attainable lam tp /\ 0 <= c /\ c < lam /\ theta O <> tp.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), (3 / 4), 1, long_data, long_theta, long_z, 1, long_g.
  split; [lra|]. split; [discriminate|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [exact long_follows_leader|].
  split; [exact long_greedy|]. split; [exact long_subgradient|].
  split; [apply std_one_attainable; lra|]. split; [lra|]. split; [lra|]. simpl. lra.
Qed.

Theorem last_iterate_extended_convergence_witness :
  exists (P : problem) (mix : R -> model P -> model P -> model P) (dist : model P -> model P -> R)
         (c m G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (tp : model P) (g : nat -> model P -> R),
    0 < m /\ Dc <> [] /\ closed_under_mix in_models mix /\ strongly_convex_points mix dist c m /\
    (forall T, follows_leader c Dc theta z T) /\ (forall T, greedy tp theta z T) /\
    (forall j, subgradient in_models mix (point_objective c (z j)) (theta j) (g j) /\
               dual_bound in_models dist (theta j) (g j) G) /\
    attainable c tp /\ theta O <> tp.
Proof.
  exists Std, rmix, rdist, (1 / 2), (1 / 2 * 1), (3 / 4), long_data, long_theta, long_z, 1, long_g.
  split; [lra|]. split; [discriminate|]. split; [exact whole_line_closed|].
  split; [apply std_strongly_convex_points; lra|]. split; [exact long_follows_leader|].
  split; [exact long_greedy|]. split; [exact long_subgradient|].
  split; [apply std_one_attainable; lra|]. simpl. lra.
Qed.

(** ** Witness in R^2 for the Lipschitz form

    Hinge on the l2 unit ball (L = 1), c = 1/2, clean point ((1/4, 0), +1),
    poison ((1, 0), +1) in every round, target (1, 0). *)

Definition vx : vec := fun i => match i with O => 1 | _ => 0 end.
Definition ball_points (w : vec * R) : Prop := l2norm 2 (fst w) <= 1 /\ is_label (snd w).
Definition hinge_loss (n : nat) (t : vec) (w : vec * R) : R := hinge (snd w * dot n t (fst w)).
Definition Ball2 : problem := VecProblem 2 (vec * R) ball_points (hinge_loss 2).
Definition ball_data : list (vec * R) := [(vscal (1 / 4) vx, 1)].
Definition ball_theta (j : nat) : vec := vscal (long_theta j) vx.
Definition ball_z (j : nat) : vec * R := (vx, 1).

Lemma ball_lipschitz : lipschitz_loss 2 ball_points (hinge_loss 2) 1.
Proof.
  intros [x y] a b [Hx Hy]. unfold hinge_loss. cbn [fst snd] in *.
  eapply Rle_trans; [apply hinge_lipschitz|].
  replace (y * dot 2 a x - y * dot 2 b x) with (y * dot 2 (vminus a b) x) by (rewrite dot_minus_l; lra).
  rewrite Rabs_mult. assert (Ey : Rabs y = 1) by (destruct Hy as [-> | ->]; unfold Rabs; destruct (Rcase_abs _); lra).
  rewrite Ey. pose proof (cauchy_schwarz 2 (vminus a b) x). unfold l2dist.
  pose proof (l2norm_nonneg 2 (vminus a b)). nra.
Qed.

Lemma ball_convex : convex_losses (P := Ball2) vmix (l2dist 2).
Proof. exact (linear_convex_losses 2 hinge everywhere everywhere hinge_convex_on_line). Qed.

Lemma vx_dot (k : R) (t : vec) : dot 2 t (vscal k vx) = k * t O.
Proof. unfold dot, vscal, vx. simpl. lra. Qed.

Lemma vx_l2 (k : R) : 0 <= k -> l2norm 2 (vscal k vx) = k.
Proof.
  intros Hk. unfold l2norm.
  replace (sqnorm 2 (vscal k vx)) with (k * k) by (unfold sqnorm, dot, vscal, vx; simpl; lra).
  now apply sqrt_square.
Qed.

Lemma vx_in (k y : R) : 0 <= k <= 1 -> is_label y -> ball_points (vscal k vx, y).
Proof. intros Hk Hy. split; [cbn [fst]; rewrite vx_l2; lra | exact Hy]. Qed.

(** The objective dominates the one-dimensional one of the first coordinate. *)
Lemma ball_objective_ge (j : nat) (u : vec) :
  poisoned_objective (P := Std) (1 / 2) long_data long_z j (u O) <=
  poisoned_objective (P := Ball2) (1 / 2) ball_data ball_z j u.
Proof.
  rewrite long_objective.
  unfold poisoned_objective, objective, point_objective, ball_data, ball_z.
  rewrite nsum_const. cbn [lsum length INR loss regulariser Ball2 VecProblem]. unfold hinge_loss.
  cbn [fst snd]. rewrite vx_dot.
  replace (dot 2 u vx) with (u O) by (unfold dot, vx; simpl; lra).
  replace (1 * (1 / 4 * u O)) with (u O / 4) by lra. replace (1 * u O) with (u O) by lra.
  assert (u O * u O <= sqnorm 2 u) by (unfold sqnorm, dot; simpl; nra).
  pose proof (pos_INR j). nra.
Qed.

Lemma ball_objective_eq (j : nat) (k : R) :
  poisoned_objective (P := Ball2) (1 / 2) ball_data ball_z j (vscal k vx) =
  poisoned_objective (P := Std) (1 / 2) long_data long_z j k.
Proof.
  rewrite long_objective.
  unfold poisoned_objective, objective, point_objective, ball_data, ball_z.
  rewrite nsum_const. cbn [lsum length INR loss regulariser Ball2 VecProblem]. unfold hinge_loss.
  cbn [fst snd]. rewrite vx_dot.
  replace (dot 2 (vscal k vx) vx) with k by (unfold dot, vscal, vx; simpl; lra).
  replace (sqnorm 2 (vscal k vx)) with (k * k) by (unfold sqnorm, dot, vscal, vx; simpl; lra).
  replace (1 * (1 / 4 * vscal k vx O)) with (k / 4) by (unfold vscal, vx; lra).
  replace (1 * k) with k by lra. lra.
Qed.

Lemma ball_follows_leader (T : nat) : follows_leader (P := Ball2) (1 / 2) ball_data ball_theta ball_z T.
Proof.
  intros j Hj. split; [exact I|]. intros u _.
  eapply Rle_trans; [|apply ball_objective_ge].
  unfold ball_theta. rewrite ball_objective_eq. now apply (long_follows_leader T).
Qed.

Lemma ball_clean (w : vec * R) : In w ball_data -> ball_points w.
Proof. intros [<-|[]]. apply vx_in; [lra | now left]. Qed.

Lemma ball_poison (j : nat) : ball_points (ball_z j).
Proof.
  split; [|now left]. cbn [ball_z fst].
  replace (l2norm 2 vx) with (l2norm 2 (vscal 1 vx)); [rewrite vx_l2; lra|].
  unfold l2norm. f_equal. unfold sqnorm. apply dot_ext; intros; unfold vscal; lra.
Qed.

Lemma ball_greedy (T : nat) : greedy (P := Ball2) (vscal 1 vx) ball_theta ball_z T.
Proof.
  intros j _. split; [apply ball_poison|].
  intros [x y] [Hx Hy]. cbn [loss Ball2 VecProblem]. unfold hinge_loss, ball_z, ball_theta.
  cbn [fst snd] in *.
  assert (Hd : forall k v, dot 2 (vscal k vx) v = k * v O) by (intros; unfold dot, vscal, vx; simpl; lra).
  rewrite !Hd. replace (vx O) with 1 by reflexivity.
  assert (Hx0 : -1 <= x O <= 1).
  { pose proof (cauchy_schwarz 2 (vscal 1 vx) x) as H. rewrite vx_l2, Hd in H by lra.
    pose proof (Rle_abs (1 * x O)). pose proof (Rle_abs (- (1 * x O))). rewrite Rabs_Ropp in *. lra. }
  destruct j as [|j]; unfold long_theta; [|lra].
  rewrite (hinge_inside (1 * (1 / 2 * 1))), (hinge_inside (1 * (1 * 1))) by lra.
  destruct Hy as [-> | ->]; rewrite !hinge_inside by lra; lra.
Qed.

Lemma ball_attainable : attainable (P := Ball2) 1 (vscal 1 vx).
Proof.
  exists [(vscal 1 vx, 1)]. split; [discriminate|]. split.
  { intros w [<-|[]]. apply vx_in; [lra | now left]. }
  split; [exact I|]. intros u _. unfold objective.
  cbn [lsum length INR loss regulariser Ball2 VecProblem]. unfold hinge_loss. cbn [fst snd].
  rewrite !vx_dot. replace (sqnorm 2 (vscal 1 vx)) with 1 by (unfold sqnorm, dot, vscal, vx; simpl; lra).
  replace (vscal 1 vx O) with 1 by (unfold vscal, vx; lra).
  rewrite (hinge_outside (1 * (1 * 1))) by lra. pose proof (hinge_ge (1 * (1 * u O))).
  assert (u O * u O <= sqnorm 2 u) by (unfold sqnorm, dot; simpl; nra).
  pose proof (Rle_0_sqr (u O - 1)). unfold Rsqr in *.
  lra.
Qed.

Theorem remark_1_repaired_epsilon_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c lam L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (tp : vec) (T : nat),
    let P := VecProblem n Z inZ l in
    0 < c /\ c < lam /\ 0 <= L /\ lipschitz_loss n inZ l L /\
    Dc <> [] /\ (forall w, In w Dc -> inZ w) /\
    convex_losses (P := P) vmix (l2dist n) /\
    attainable (P := P) lam tp /\ follows_leader (P := P) c Dc theta z T /\
    greedy (P := P) tp theta z T /\ (0 < T)%nat.
Proof.
  exists 2%nat, (vec * R)%type, ball_points, (hinge_loss 2), (1 / 2), 1, 1, ball_data, ball_theta, ball_z,
    (vscal 1 vx), 100%nat.
  cbv zeta. split; [lra|]. split; [lra|]. split; [lra|]. split; [exact ball_lipschitz|].
  split; [discriminate|]. split; [exact ball_clean|]. split; [exact ball_convex|].
  split; [exact ball_attainable|]. split; [apply ball_follows_leader|].
  split; [apply ball_greedy | lia].
Qed.

Theorem remark_1_repaired_lipschitz_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (T : nat),
    let P := VecProblem n Z inZ l in
    0 < c /\ 0 <= L /\ lipschitz_loss n inZ l L /\ Dc <> [] /\
    (forall w, In w Dc -> inZ w) /\ (forall j, (j < T)%nat -> inZ (z j)) /\
    convex_losses (P := P) vmix (l2dist n) /\ follows_leader (P := P) c Dc theta z T /\ (2 <= T)%nat.
Proof.
  exists 2%nat, (vec * R)%type, ball_points, (hinge_loss 2), (1 / 2), 1, ball_data, ball_theta, ball_z, 100%nat.
  cbv zeta. split; [lra|]. split; [lra|]. split; [exact ball_lipschitz|].
  split; [discriminate|]. split; [exact ball_clean|]. split; [intros; apply ball_poison|].
  split; [exact ball_convex|]. split; [apply ball_follows_leader | lia].
Qed.

(** The hinge loss is 1 at the zero model: sqrt (c l0) = sqrt (1/2) < 1 = L. *)
Theorem remark_1_extended_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (T : nat) (l0 : R),
    let P := VecProblem n Z inZ l in
    0 < c /\ 0 <= L /\ lipschitz_loss n inZ l L /\ Dc <> [] /\
    (forall w, In w Dc -> inZ w) /\ (forall j, (j < T)%nat -> inZ (z j)) /\
    convex_losses (P := P) vmix (l2dist n) /\ follows_leader (P := P) c Dc theta z T /\
    (forall w, inZ w -> l vzero w = l0) /\ (forall w a, inZ w -> 0 <= l a w) /\
    (2 <= T)%nat /\ L + sqrt (c * l0) < 2 * L.
Proof.
  exists 2%nat, (vec * R)%type, ball_points, (hinge_loss 2), (1 / 2), 1, ball_data, ball_theta, ball_z, 100%nat, 1.
  cbv zeta. split; [lra|]. split; [lra|]. split; [exact ball_lipschitz|].
  split; [discriminate|]. split; [exact ball_clean|]. split; [intros; apply ball_poison|].
  split; [exact ball_convex|]. split; [apply ball_follows_leader|]. split.
  { intros w _. unfold hinge_loss. rewrite dot_zero_l, Rmult_0_r, hinge_inside; lra. }
  split; [intros; apply hinge_nonneg|]. split; [lia|].
  assert (sqrt (1 / 2 * 1) < sqrt 1) by (apply sqrt_lt_1_alt; lra). rewrite sqrt_1 in *. lra.
Qed.

Theorem remark_1_printed_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R)
    (c L : R) (Dc : list Z) (theta : nat -> vec) (z : nat -> Z) (T : nat),
    let P := VecProblem n Z inZ l in
    0 < c /\ 0 <= L /\ lipschitz_loss n inZ l L /\ Dc <> [] /\
    (forall w, In w Dc -> inZ w) /\ (forall j, (j < T)%nat -> inZ (z j)) /\
    convex_losses (P := P) vmix (l2dist n) /\ follows_leader (P := P) c Dc theta z T /\ (2 <= T)%nat.
Proof. exact remark_1_repaired_lipschitz_witness. Qed.

(** ** Refutation of the printed constant *)

(** The loss is G-Lipschitz in the model; f = l + c R is 1-strongly convex at c = 1. *)
Definition remark_1_printed_constant_claim (P : problem) (dist : model P -> model P -> R) : Prop :=
  forall (c G : R) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P) (tp : model P) (T : nat),
    c = 1 -> Dc <> [] -> (forall w, In w Dc -> in_points w) ->
    (forall w a b, in_points w -> loss a w - loss b w <= G * dist a b) ->
    strictly_attainable c tp -> follows_leader c Dc theta z T -> greedy tp theta z T -> (1 <= T)%nat ->
    regret_against c Dc theta z T (theta T) <= G * G / 2 * (1 + ln (INR T)).

Definition const_theta (j : nat) : R := match j with O => 1 | _ => 0 end.
Definition const_z (j : nat) : R * R := (1, -1).

Lemma std_lipschitz (w : R * R) (a b : R) : in_points (p := Std) w ->
  loss (p := Std) a w - loss (p := Std) b w <= 1 * rdist a b.
Proof.
  intros Hw. apply std_signed in Hw. rewrite !std_loss.
  eapply Rle_trans; [apply hinge_lipschitz|].
  set (s := snd w * fst w) in *. unfold rdist.
  replace (a * s - b * s) with ((a - b) * s) by lra. rewrite Rabs_mult.
  assert (Rabs s <= 1) by (unfold Rabs; destruct (Rcase_abs s); lra).
  pose proof (Rabs_pos (a - b)). nra.
Qed.

Theorem remark_1_printed_refuted_constant : ~ remark_1_printed_constant_claim Std rdist.
Proof.
  intros H.
  specialize (H 1 1 [(1, 1)] const_theta const_z (-1) 1%nat eq_refl ltac:(discriminate)).
  assert (HDc : forall w, In w [(1, 1)] -> in_points (p := Std) w).
  { intros w [<-|[]]. apply std_point_pos. lra. }
  specialize (H HDc std_lipschitz (final_target_strictly_attainable 1 ltac:(lra))).
  assert (Hlead : follows_leader (P := Std) 1 [(1, 1)] const_theta const_z 1).
  { intros j Hj. split; [exact I|]. intros u _.
    unfold poisoned_objective, objective, point_objective, const_z.
    rewrite !nsum_const. cbn [lsum length]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
    pose proof (hinge_ge (u * (1 * 1))) as H1. pose proof (hinge_ge (u * (-1 * 1))) as H2.
    destruct j as [|[|j]]; [| |lia]; unfold const_theta; simpl INR.
    - rewrite (hinge_outside (1 * (1 * 1))) by lra. pose proof (hinge_nonneg (u * (1 * 1))).
      pose proof (Rle_0_sqr (u - 1)). unfold Rsqr in *. lra.
    - rewrite (hinge_inside (0 * (1 * 1))), (hinge_inside (0 * (-1 * 1))) by lra.
      pose proof (Rle_0_sqr u). unfold Rsqr in *. lra. }
  specialize (H Hlead).
  assert (Hgreedy : greedy (P := Std) (-1) const_theta const_z 1).
  { intros j Hj. replace j with O by lia. split; [apply std_point_neg; simpl; lra|].
    intros w Hw. pose proof (std_lipschitz w 1 (-1) Hw) as Hl.
    unfold const_theta, const_z. eapply Rle_trans; [exact Hl|]. rewrite !std_loss. cbn [fst snd].
    rewrite (hinge_inside (1 * (-1 * 1))), (hinge_outside (-1 * (-1 * 1))) by lra.
    unfold rdist, Rabs. destruct (Rcase_abs _); lra. }
  specialize (H Hgreedy ltac:(lia)). revert H.
  unfold regret_against, poisoned_objective, objective, point_objective, const_z, const_theta.
  cbn [nsum lsum length]. rewrite !std_loss. cbn [fst snd regulariser Std Hinge1].
  rewrite (hinge_outside (1 * (1 * 1))), (hinge_inside (1 * (-1 * 1))),
    (hinge_inside (0 * (1 * 1))), (hinge_inside (0 * (-1 * 1))) by lra.
  simpl INR. rewrite ln_1. lra.
Qed.
