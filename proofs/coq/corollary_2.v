(** * corollary-2: follow the leader has logarithmic regret

    Paper: if every f_i is 1-strongly convex with respect to |.|, then
    Regret_T(u, f) <= 1/2 sum_{i=1..T} |g_i|_*^2 / i <= G^2/2 (1 + log T),
    with |g_i|_* <= G.

    Assumed: theta_{i+1} minimises f_1 + .. + f_i on Theta (so the minimisers
    exist; theta_1 is arbitrary); g_i is a subgradient of f_i AT the iterate
    theta_i; G bounds the dual norms of these g_i, again at the iterates.
    Proved: both inequalities as printed (T >= 1 for the second).
    The norm is an abstract gap [dist]; nothing is assumed of it. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity LogSums theorem_3.
Open Scope R_scope.

Section FollowTheLeader.

Context {M : Type} (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R).

Definition no_regulariser (i : nat) (u : M) : R := 0.

Definition leader (f : nat -> M -> R) (theta : nat -> M) (T : nat) : Prop :=
  regularised_leader Theta f no_regulariser theta T.

Theorem corollary_2_printed_data_dependent (f : nat -> M -> R) (theta : nat -> M)
    (g : nat -> M -> R) (G : nat -> R) (T : nat) (u : M) :
  closed_under_mix Theta mix ->
  leader f theta T ->
  (forall i, (i < T)%nat -> strongly_convex Theta mix dist 1 (f (S i))) ->
  (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                            dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) ->
  Theta u ->
  online_regret f theta T u <= 1 / 2 * nsum (fun i => G (S i) * G (S i) / INR (S i)) T.
Proof.
  intros Hmix Hlead Hsc Hg Hu.
  set (d := fun i a b => sqrt (INR (S i)) * dist a b).
  set (H := fun i => G i / sqrt (INR i)).
  assert (Hpos : forall i, 0 < sqrt (INR (S i))) by (intros i; apply sqrt_lt_R0, lt_0_INR; lia).
  assert (Hsq : forall i, sqrt (INR (S i)) * sqrt (INR (S i)) = INR (S i))
    by (intros i; apply sqrt_sqrt, pos_INR).
  pose proof (theorem_3_repaired Theta mix d f no_regulariser theta g H T u Hmix Hlead) as Hreg.
  rewrite (nsum_ext (fun i => G (S i) * G (S i) / INR (S i)) (fun i => H (S i) * H (S i))).
  2:{ intros i _. unfold H. rewrite <- (Hsq i) at 1. field. apply Rgt_not_eq, Hpos. }
  assert (E0 : nsum (fun i => no_regulariser i u) T = 0)
    by (unfold no_regulariser; rewrite nsum_const; lra).
  rewrite E0 in Hreg.
  eapply Rle_trans; [apply Hreg|lra]; try assumption.
  - intros. unfold no_regulariser. lra.
  - intros i Hi s a b Hs Ha Hb.
    assert (E : d i a b * d i a b = INR (S i) * (dist a b * dist a b)).
    { unfold d. rewrite <- (Hsq i) at 3. ring. }
    rewrite E.
    assert (Hsum : strongly_convex Theta mix dist (INR (S i) * 1) (fun t => nsum (fun j => f (S j) t) (S i))).
    { apply (strongly_convex_nsum Theta mix dist 1 (fun j => f (S j))). intros j Hj. apply Hsc. lia. }
    specialize (Hsum s a b Hs Ha Hb). unfold cumulative, no_regulariser.
    rewrite !nsum_const. lra.
  - intros i Hi. destruct (Hg i Hi) as [Hsub Hdual]. split; [assumption|].
    intros v Hv. specialize (Hdual v Hv). unfold H, d.
    replace (G (S i) / sqrt (INR (S i)) * (sqrt (INR (S i)) * dist (theta (S i)) v))
      with (G (S i) * dist (theta (S i)) v) by (field; apply Rgt_not_eq, Hpos).
    assumption.
Qed.

Theorem corollary_2_printed (f : nat -> M -> R) (theta : nat -> M)
    (g : nat -> M -> R) (G : nat -> R) (Gmax : R) (T : nat) (u : M) :
  closed_under_mix Theta mix -> (1 <= T)%nat ->
  leader f theta T ->
  (forall i, (i < T)%nat -> strongly_convex Theta mix dist 1 (f (S i))) ->
  (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                            dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) ->
  (forall i, (i < T)%nat -> 0 <= G (S i) <= Gmax) ->
  Theta u ->
  online_regret f theta T u <= Gmax * Gmax / 2 * (1 + ln (INR T)).
Proof.
  intros Hmix HT Hlead Hsc Hg HG Hu.
  pose proof (corollary_2_printed_data_dependent f theta g G T u Hmix Hlead Hsc Hg Hu) as H.
  assert (Hsum : nsum (fun i => G (S i) * G (S i) / INR (S i)) T <=
                 nsum (fun i => Gmax * Gmax * / INR (S i)) T).
  { apply nsum_le. intros i Hi. specialize (HG i Hi). apply Rmult_le_compat_r.
    - apply Rlt_le, Rinv_0_lt_compat, lt_0_INR. lia.
    - apply Rmult_le_compat; lra. }
  rewrite nsum_scal in Hsum.
  pose proof (Rmult_le_compat_l _ _ _ (Rle_0_sqr Gmax) (harmonic_log T HT)) as Hlog.
  unfold Rsqr in Hlog. lra.
Qed.

End FollowTheLeader.

Lemma corollary_2_data_dependent_scaled {M : Type} (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R)
    (r : R) (f : nat -> M -> R) (theta : nat -> M) (g : nat -> M -> R) (G : nat -> R) (T : nat) (u : M) :
  0 < r -> closed_under_mix Theta mix ->
  leader Theta f theta T ->
  (forall i, (i < T)%nat -> strongly_convex Theta mix dist (r * r) (f (S i))) ->
  (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                            dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) ->
  Theta u ->
  online_regret f theta T u <= 1 / (2 * (r * r)) * nsum (fun i => G (S i) * G (S i) / INR (S i)) T.
Proof.
  intros Hr Hmix Hlead Hsc Hg Hu.
  pose proof (corollary_2_printed_data_dependent Theta mix (fun a b => r * dist a b) f theta g (fun i => G i / r) T u
                Hmix Hlead) as H.
  rewrite (nsum_ext (fun i => G (S i) / r * (G (S i) / r) / INR (S i))
             (fun i => / (r * r) * (G (S i) * G (S i) / INR (S i)))) in H.
  2:{ intros i _. assert (0 < INR (S i)) by (apply lt_0_INR; lia). field. split; lra. }
  rewrite nsum_scal in H.
  replace (1 / (2 * (r * r)) * nsum (fun i => G (S i) * G (S i) / INR (S i)) T)
    with (1 / 2 * (/ (r * r) * nsum (fun i => G (S i) * G (S i) / INR (S i)) T)) by (field; lra).
  apply H; try assumption.
  - intros i Hi s a b Hs Ha Hb. specialize (Hsc i Hi s a b Hs Ha Hb). lra.
  - intros i Hi. destruct (Hg i Hi) as [H1 H2]. split; [assumption|]. intros v Hv. specialize (H2 v Hv).
    replace (G (S i) / r * (r * dist (theta (S i)) v)) with (G (S i) * dist (theta (S i)) v) by (field; lra).
    assumption.
Qed.

(** sigma-strongly convex functions: the norm times sqrt sigma. *)
Theorem corollary_2_printed_sigma {M : Type} (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R)
    (sigma : R) (f : nat -> M -> R) (theta : nat -> M)
    (g : nat -> M -> R) (G : nat -> R) (Gmax : R) (T : nat) (u : M) :
  0 < sigma -> closed_under_mix Theta mix -> (1 <= T)%nat ->
  leader Theta f theta T ->
  (forall i, (i < T)%nat -> strongly_convex Theta mix dist sigma (f (S i))) ->
  (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                            dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) ->
  (forall i, (i < T)%nat -> 0 <= G (S i) <= Gmax) ->
  Theta u ->
  online_regret f theta T u <= 1 / (2 * sigma) * nsum (fun i => G (S i) * G (S i) / INR (S i)) T /\
  online_regret f theta T u <= Gmax * Gmax / (2 * sigma) * (1 + ln (INR T)).
Proof.
  intros Hsig Hmix HT Hlead Hsc Hg HG Hu.
  assert (Hsum : online_regret f theta T u <= 1 / (2 * sigma) * nsum (fun i => G (S i) * G (S i) / INR (S i)) T).
  { set (r := sqrt sigma). assert (Hr : 0 < r) by (apply sqrt_lt_R0; assumption).
    assert (Hrr : r * r = sigma) by (apply sqrt_sqrt; lra).
    pose proof (corollary_2_data_dependent_scaled Theta mix dist r f theta g G T u Hr Hmix Hlead) as H.
    rewrite Hrr in H. apply H; assumption. }
  split; [exact Hsum|].
  eapply Rle_trans; [exact Hsum|].
  assert (Hs : nsum (fun i => G (S i) * G (S i) / INR (S i)) T <= Gmax * Gmax * (1 + ln (INR T))).
  { apply Rle_trans with (nsum (fun i => Gmax * Gmax * / INR (S i)) T).
    - apply nsum_le. intros i Hi. specialize (HG i Hi). apply Rmult_le_compat_r.
      + apply Rlt_le, Rinv_0_lt_compat, lt_0_INR. lia.
      + apply Rmult_le_compat; lra.
    - rewrite nsum_scal. apply Rmult_le_compat_l; [apply Rle_0_sqr | now apply harmonic_log]. }
  replace (Gmax * Gmax / (2 * sigma) * (1 + ln (INR T))) with (1 / (2 * sigma) * (Gmax * Gmax * (1 + ln (INR T))))
    by (field; lra).
  apply Rmult_le_compat_l; [|exact Hs].
  apply Rmult_le_pos; [lra | apply Rlt_le, Rinv_0_lt_compat; lra].
Qed.


(** ** Witness: the two quadratics of theorem-3 *)

Definition q_bound (i : nat) : R := match i with 1%nat => 1 | _ => 2 end.

Theorem corollary_2_printed_witness :
  exists (M : Type) (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R)
         (f : nat -> M -> R) (theta : nat -> M) (g : nat -> M -> R) (G : nat -> R) (Gmax : R) (T : nat) (u : M),
    closed_under_mix Theta mix /\ (1 <= T)%nat /\ leader Theta f theta T /\
    (forall i, (i < T)%nat -> strongly_convex Theta mix dist 1 (f (S i))) /\
    (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                              dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) /\
    (forall i, (i < T)%nat -> 0 <= G (S i) <= Gmax) /\ Theta u /\ 0 < online_regret f theta T u.
Proof.
  exists R, whole_line, rmix, rdist, q_f, q_theta, q_g, q_bound, 2, 2%nat, 0.
  split; [exact whole_line_closed|]. split; [lia|]. split; [exact q_leader|]. split.
  { intros i Hi s a b Hs _ _. rewrite rdist_sq.
    destruct i as [|[|i]]; [| |lia]; simpl; unfold rmix; apply Req_le; field. }
  split.
  { intros i Hi. split; [apply q_subgradient; assumption|].
    intros v _. destruct i as [|[|i]]; [| |lia]; simpl; unfold rdist.
    - pose proof (Rle_abs (- (0 - v))). rewrite Rabs_Ropp in *. lra.
    - pose proof (Rle_abs (1 - v)). lra. }
  split; [intros i Hi; destruct i as [|[|i]]; simpl; lra|]. split; [exact I|].
  rewrite q_regret. lra.
Qed.

Theorem corollary_2_printed_data_dependent_witness :
  exists (M : Type) (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R)
         (f : nat -> M -> R) (theta : nat -> M) (g : nat -> M -> R) (G : nat -> R) (T : nat) (u : M),
    closed_under_mix Theta mix /\ leader Theta f theta T /\
    (forall i, (i < T)%nat -> strongly_convex Theta mix dist 1 (f (S i))) /\
    (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                              dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) /\
    Theta u /\ 0 < online_regret f theta T u.
Proof.
  destruct corollary_2_printed_witness as
    (M & Theta & mix & dist & f & theta & g & G & Gmax & T & u & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8).
  exists M, Theta, mix, dist, f, theta, g, G, T, u. repeat (split; [assumption|]). assumption.
Qed.

Theorem corollary_2_printed_sigma_witness :
  exists (M : Type) (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : M -> M -> R)
         (sigma : R) (f : nat -> M -> R) (theta : nat -> M) (g : nat -> M -> R) (G : nat -> R) (Gmax : R) (T : nat) (u : M),
    0 < sigma /\ closed_under_mix Theta mix /\ (1 <= T)%nat /\ leader Theta f theta T /\
    (forall i, (i < T)%nat -> strongly_convex Theta mix dist sigma (f (S i))) /\
    (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                              dual_bound Theta dist (theta (S i)) (g (S i)) (G (S i))) /\
    (forall i, (i < T)%nat -> 0 <= G (S i) <= Gmax) /\ Theta u /\ 0 < online_regret f theta T u.
Proof.
  destruct corollary_2_printed_witness as
    (M & Theta & mix & dist & f & theta & g & G & Gmax & T & u & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8).
  exists M, Theta, mix, dist, 1, f, theta, g, G, Gmax, T, u. split; [lra|]. repeat (split; [assumption|]). assumption.
Qed.
