(** * theorem-3: the regret bound of McMahan (2017), Theorem 1

    Paper (our copy shows no sum sign in front of the norms):
    Regret_T(u, f) <= r_{0:T-1}(u) + 1/2 sum_{i=1..T} |g_i|_{(i-1),*}^2.

    Assumed: theta_1 minimises r_0, theta_{i+1} minimises f_{1:i} + r_{0:i} on
    Theta; r_i >= 0; f_{1:i+1} + r_{0:i} is 1-strongly convex with
    respect to the i-th norm; g_i is a subgradient of f_i at theta_i (on Theta)
    and G_i bounds its dual norm of index i - 1.
    Proved: the bound WITH the sum over i.  Norms are abstract gaps [dist i];
    nothing is assumed of them, nor of the convexity of the r_i alone.
    Refuted: the formula without the sum (only the last term), which is how our
    copy of the paper reads; two quadratics on the line suffice. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity.
Open Scope R_scope.

Section FollowTheRegularisedLeader.

Context {M : Type} (Theta : M -> Prop) (mix : R -> M -> M -> M).

(** f_{1:n} + r_{0:k-1}: indices of f start at 1, those of r at 0. *)
Definition cumulative (f r : nat -> M -> R) (n k : nat) (u : M) : R :=
  nsum (fun i => f (S i) u) n + nsum (fun i => r i u) k.

(** theta (S i) minimises f_{1:i} + r_{0:i}, for i < T. *)
Definition regularised_leader (f r : nat -> M -> R) (theta : nat -> M) (T : nat) : Prop :=
  forall i, (i < T)%nat -> Theta (theta (S i)) /\
    forall u, Theta u -> cumulative f r i (S i) (theta (S i)) <= cumulative f r i (S i) u.

Definition online_regret (f : nat -> M -> R) (theta : nat -> M) (T : nat) (u : M) : R :=
  nsum (fun i => f (S i) (theta (S i)) - f (S i) u) T.

Theorem theorem_3_repaired (dist : nat -> M -> M -> R) (f r : nat -> M -> R) (theta : nat -> M)
    (g : nat -> M -> R) (G : nat -> R) (T : nat) (u : M) :
  closed_under_mix Theta mix ->
  regularised_leader f r theta T ->
  (forall i v, Theta v -> 0 <= r i v) ->
  (forall i, (i < T)%nat -> strongly_convex Theta mix (dist i) 1 (cumulative f r (S i) (S i))) ->
  (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                            dual_bound Theta (dist i) (theta (S i)) (g (S i)) (G (S i))) ->
  Theta u ->
  online_regret f theta T u <=
  nsum (fun i => r i u) T + 1 / 2 * nsum (fun i => G (S i) * G (S i)) T.
Proof.
  intros Hmix Hlead Hr Hsc Hg Hu.
  assert (Hall : forall n, (n <= T)%nat -> forall v, Theta v ->
    nsum (fun i => f (S i) (theta (S i))) n <=
    cumulative f r n n v + 1 / 2 * nsum (fun i => G (S i) * G (S i)) n).
  { induction n as [|n IH]; intros Hn v Hv.
    - unfold cumulative. simpl. lra.
    - destruct (Hlead n ltac:(lia)) as [Hin Hmin].
      destruct (Hg n ltac:(lia)) as [Hsub Hdual].
      pose proof (leader_step Theta mix (dist n) 1 (G (S n)) (cumulative f r n (S n)) (f (S n))
                    (theta (S n)) v (g (S n)) Rlt_0_1 Hmix) as Hstep.
      specialize (IH ltac:(lia) (theta (S n)) Hin).
      assert (Hrn : 0 <= r n (theta (S n))) by (now apply Hr).
      assert (Hsc' : strongly_convex Theta mix (dist n) 1
                       (fun t => cumulative f r n (S n) t + f (S n) t)).
      { apply (strongly_convex_ext _ _ _ _ (cumulative f r (S n) (S n))).
        - intros t. unfold cumulative. simpl. lra.
        - apply Hsc. lia. }
      specialize (Hstep Hsc' Hin Hmin Hsub Hdual Hv).
      unfold cumulative in *. cbn [nsum] in *. lra. }
  specialize (Hall T (le_n T) u Hu). unfold online_regret, cumulative in *.
  rewrite nsum_minus. lra.
Qed.

End FollowTheRegularisedLeader.

(** ** The instance: f_1 = (t - 1)^2/2, f_2 = (t + 1)^2/2 on the line, no
    regularisers, theta_1 = 0 (any point minimises r_0 = 0), theta_2 = 1 *)

Definition q_f (i : nat) (t : R) : R :=
  match i with 1%nat => (t - 1) * (t - 1) / 2 | _ => (t + 1) * (t + 1) / 2 end.
Definition q_r (i : nat) (t : R) : R := 0.
Definition q_theta (i : nat) : R := match i with 2%nat => 1 | _ => 0 end.
Definition q_g (i : nat) (t : R) : R := match i with 1%nat => - t | _ => 2 * (t - 1) end.
Definition q_dist (i : nat) (a b : R) : R := sqrt (INR (S i)) * rdist a b.
Definition q_G (i : nat) : R := match i with 1%nat => 1 | _ => 2 / sqrt 2 end.

Lemma sqrt2_pos : 0 < sqrt 2.
Proof. apply sqrt_lt_R0. lra. Qed.

Lemma sqrt2_sq : sqrt 2 * sqrt 2 = 2.
Proof. apply sqrt_sqrt. lra. Qed.

Lemma q_leader : regularised_leader whole_line q_f q_r q_theta 2.
Proof.
  intros i Hi. split; [exact I|]. intros u _. unfold cumulative, q_r.
  destruct i as [|[|i]]; [simpl; lra| |lia].
  simpl. pose proof (Rle_0_sqr (u - 1)). unfold Rsqr in *. lra.
Qed.

Lemma q_strongly_convex i : (i < 2)%nat ->
  strongly_convex whole_line rmix (q_dist i) 1 (cumulative q_f q_r (S i) (S i)).
Proof.
  intros Hi s a b Hs _ _. unfold q_dist, cumulative, q_r.
  replace (sqrt (INR (S i)) * rdist a b * (sqrt (INR (S i)) * rdist a b))
    with (INR (S i) * (rdist a b * rdist a b)).
  2:{ transitivity (sqrt (INR (S i)) * sqrt (INR (S i)) * (rdist a b * rdist a b)); [|ring].
      rewrite sqrt_sqrt; [reflexivity | apply pos_INR]. }
  rewrite rdist_sq. destruct i as [|[|i]]; [| |lia]; simpl; unfold rmix; apply Req_le; field.
Qed.

Lemma q_subgradient i : (i < 2)%nat ->
  subgradient whole_line rmix (q_f (S i)) (q_theta (S i)) (q_g (S i)) /\
  dual_bound whole_line (q_dist i) (q_theta (S i)) (q_g (S i)) (q_G (S i)).
Proof.
  intros Hi. destruct i as [|[|i]]; [| |lia]; split.
  - split.
    + intros u _. simpl. pose proof (Rle_0_sqr u). unfold Rsqr in *. lra.
    + intros s u _ _. simpl. unfold rmix. lra.
  - intros u _. unfold q_dist. simpl INR. rewrite sqrt_1. simpl. unfold rdist.
    pose proof (Rle_abs (- (0 - u))). rewrite Rabs_Ropp in *. lra.
  - split.
    + intros u _. simpl. pose proof (Rle_0_sqr (u - 1)). unfold Rsqr in *. lra.
    + intros s u _ _. simpl. unfold rmix. lra.
  - intros u _. unfold q_dist. simpl INR. simpl q_theta. simpl q_g. simpl q_G.
    replace (1 + 1) with 2 by lra. pose proof sqrt2_pos.
    replace (2 / sqrt 2 * (sqrt 2 * rdist 1 u)) with (2 * rdist 1 u) by (field; lra).
    unfold rdist. pose proof (Rle_abs (1 - u)). lra.
Qed.

Lemma q_regret : online_regret q_f q_theta 2 0 = 3 / 2.
Proof. unfold online_regret. simpl. lra. Qed.

Theorem theorem_3_repaired_witness :
  exists (M : Type) (Theta : M -> Prop) (mix : R -> M -> M -> M) (dist : nat -> M -> M -> R)
         (f r : nat -> M -> R) (theta : nat -> M) (g : nat -> M -> R) (G : nat -> R) (T : nat) (u : M),
    closed_under_mix Theta mix /\ regularised_leader Theta f r theta T /\
    (forall i v, Theta v -> 0 <= r i v) /\
    (forall i, (i < T)%nat -> strongly_convex Theta mix (dist i) 1 (cumulative f r (S i) (S i))) /\
    (forall i, (i < T)%nat -> subgradient Theta mix (f (S i)) (theta (S i)) (g (S i)) /\
                              dual_bound Theta (dist i) (theta (S i)) (g (S i)) (G (S i))) /\
    Theta u /\ 0 < online_regret f theta T u.
Proof.
  exists R, whole_line, rmix, q_dist, q_f, q_r, q_theta, q_g, q_G, 2%nat, 0.
  split; [exact whole_line_closed|]. split; [exact q_leader|].
  split; [intros; unfold q_r; lra|].
  split; [exact q_strongly_convex|]. split; [exact q_subgradient|]. split; [exact I|].
  rewrite q_regret. lra.
Qed.

(** ** Without the sum: only the term of the last round *)

Definition theorem_3_printed_no_sum_claim : Prop :=
  forall (dist : nat -> R -> R -> R) (f r : nat -> R -> R) (theta : nat -> R)
         (g : nat -> R -> R) (G : nat -> R) (T : nat) (u : R),
    (1 <= T)%nat ->
    regularised_leader whole_line f r theta T ->
    (forall i v, 0 <= r i v) ->
    (forall i, (i < T)%nat -> strongly_convex whole_line rmix (dist i) 1 (cumulative f r (S i) (S i))) ->
    (forall i, (i < T)%nat -> subgradient whole_line rmix (f (S i)) (theta (S i)) (g (S i)) /\
                              dual_bound whole_line (dist i) (theta (S i)) (g (S i)) (G (S i))) ->
    online_regret f theta T u <= nsum (fun i => r i u) T + 1 / 2 * (G T * G T).

Theorem theorem_3_printed_refuted_no_sum : ~ theorem_3_printed_no_sum_claim.
Proof.
  intros H.
  specialize (H q_dist q_f q_r q_theta q_g q_G 2%nat 0 ltac:(lia) q_leader
                (fun i v => Rle_refl 0) q_strongly_convex q_subgradient).
  rewrite q_regret in H. unfold q_r in H. rewrite nsum_const in H.
  unfold q_G in H. pose proof sqrt2_pos.
  replace (2 / sqrt 2 * (2 / sqrt 2)) with (4 / (sqrt 2 * sqrt 2)) in H by (field; lra).
  rewrite sqrt2_sq in H. lra.
Qed.
