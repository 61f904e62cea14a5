(** * online-gradient-descent: the attack without retraining

    Paper, Section 4.1: "people often use the very efficient online gradient
    descent method to approximately solve the problem and its asymptotic
    performance is the same".
    Proved, for R^n, R = |.|_2^2/2 and any losses: start anywhere, and after the
    point z j step from theta j to
      theta (j+1) = theta j - (s j + c theta j) / (c (N + j + 1)),
    s j a subgradient of the loss at z j.  For every model u
      sum_{j<T} [f_{z j}(theta j) - f_{z j}(u)] + c (N + T)/2 |theta T - u|^2
        <= c N/2 |theta 0 - u|^2 + sum_{j<T} |s j + c theta j|^2 / (2 c (N + j + 1)),
    which are the constants of follow the leader (data-dependent-regret).  Hence,
    if the points have the largest loss difference, the last model converges in
    the norm to a target that is attainable at c, and the best one in loss-based
    distance to a target that is attainable at lambda > c.  No model is trained. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity lemma_1 lemma_2 theorem_1
  data_dependent_regret last_iterate remark_2 remark_1.
Import ListNotations.
Open Scope R_scope.

Section OnlineGradientDescent.

Context (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R) (c N : R).
Hypothesis Hc : 0 < c.
Hypothesis HN : 0 <= N.

Let P := VecProblem n Z inZ l.

Context (theta s : nat -> vec) (z : nat -> Z) (T : nat).

Definition step_gradient (j : nat) : vec := vplus (s j) (vscal c (theta j)).

Hypothesis Hs : forall j, (j < T)%nat -> forall u, l (theta j) (z j) + dot n (s j) (vminus u (theta j)) <= l u (z j).
Hypothesis Hstep : forall j, (j < T)%nat -> forall i, (i < n)%nat ->
  theta (S j) i = theta j i - step_gradient j i / (c * (N + INR (S j))).

Lemma gradient_step (j : nat) (u : vec) : (j < T)%nat ->
  point_objective (P := P) c (z j) (theta j) - point_objective (P := P) c (z j) u
  + c * (N + INR (S j)) / 2 * sqnorm n (vminus (theta (S j)) u) <=
  c * (N + INR j) / 2 * sqnorm n (vminus (theta j) u)
  + sqnorm n (step_gradient j) / (2 * (c * (N + INR (S j)))).
Proof.
  intros Hj. pose proof (Hs j Hj u) as H. pose proof (pos_INR j) as Hj0.
  unfold point_objective. cbn [loss regulariser P VecProblem].
  set (A := c * (N + INR (S j))).
  assert (EA : A = c * (N + INR j) + c) by (unfold A; rewrite S_INR; ring).
  assert (HA : 0 < A).
  { rewrite EA. assert (0 <= c * (N + INR j)) by (apply Rmult_le_pos; lra). lra. }
  assert (E : sqnorm n (vminus (theta (S j)) u) =
              sqnorm n (vminus (theta j) u) - 2 / A * dot n (vminus (theta j) u) (step_gradient j)
              + sqnorm n (step_gradient j) / (A * A)).
  { replace (sqnorm n (vminus (theta (S j)) u))
      with (sqnorm n (vminus (vminus (theta j) u) (vscal (/ A) (step_gradient j)))).
    - rewrite sqnorm_minus, sqnorm_scal, dot_scal_r. field. lra.
    - unfold sqnorm. apply dot_ext; intros i Hi; unfold vminus, vscal; rewrite (Hstep j Hj i Hi);
        fold A; unfold Rdiv; ring. }
  rewrite E.
  assert (Eg : dot n (vminus (theta j) u) (step_gradient j) =
               - dot n (s j) (vminus u (theta j)) + c * (sqnorm n (theta j) / 2 - sqnorm n u / 2 + sqnorm n (vminus (theta j) u) / 2)).
  { unfold step_gradient. rewrite dot_plus_r, dot_scal_r, sqnorm_minus, !dot_minus_l, dot_minus_r.
    rewrite (dot_sym n (theta j) (s j)), (dot_sym n u (s j)), (dot_sym n u (theta j)).
    change (dot n (theta j) (theta j)) with (sqnorm n (theta j)). lra. }
  replace (A / 2 * (sqnorm n (vminus (theta j) u) - 2 / A * dot n (vminus (theta j) u) (step_gradient j)
              + sqnorm n (step_gradient j) / (A * A)))
    with (A / 2 * sqnorm n (vminus (theta j) u) - dot n (vminus (theta j) u) (step_gradient j)
          + sqnorm n (step_gradient j) / (2 * A)) by (field; lra).
  rewrite Eg. assert (A / 2 = c * (N + INR j) / 2 + c / 2) by lra. rewrite H0.
  replace (c * (N + INR (S j))) with A by reflexivity. lra.
Qed.

Definition descent_bound (u : vec) : R :=
  c * N / 2 * sqnorm n (vminus (theta O) u) + nsum (fun j => sqnorm n (step_gradient j) / (2 * (c * (N + INR (S j))))) T.

Theorem online_gradient_descent_repaired (u : vec) :
  nsum (fun j => point_objective (P := P) c (z j) (theta j) - point_objective (P := P) c (z j) u) T
  + c * (N + INR T) / 2 * sqnorm n (vminus (theta T) u) <= descent_bound u.
Proof.
  assert (H : forall k, (k <= T)%nat ->
    nsum (fun j => point_objective (P := P) c (z j) (theta j) - point_objective (P := P) c (z j) u) k
    + c * (N + INR k) / 2 * sqnorm n (vminus (theta k) u) <=
    c * N / 2 * sqnorm n (vminus (theta O) u) + nsum (fun j => sqnorm n (step_gradient j) / (2 * (c * (N + INR (S j))))) k).
  { induction k as [|k IH]; intros Hk; [simpl; rewrite Rplus_0_r; lra|].
    specialize (IH ltac:(lia)). pose proof (gradient_step k u ltac:(lia)). cbn [nsum]. lra. }
  apply (H T (le_n T)).
Qed.

(** The last model. *)
Theorem online_gradient_descent_repaired_last (tp : vec) :
  attainable (P := P) c tp -> greedy (P := P) tp theta z T ->
  c * (N + INR T) / 2 * sqnorm n (vminus (theta T) tp) <= descent_bound tp.
Proof.
  intros Hat Hgreedy. pose proof (online_gradient_descent_repaired tp) as H.
  assert (0 <= nsum (fun j => point_objective (P := P) c (z j) (theta j) - point_objective (P := P) c (z j) tp) T); [|lra].
  apply nsum_nonneg. intros j Hj. rewrite (bracket_is_regularised_gap (P := P)).
  apply (lemma_1_repaired_regularised_gap (P := P)); [assumption | exact I | apply (Hgreedy j Hj)].
Qed.

(** The best one. *)
Theorem online_gradient_descent_repaired_best (lam : R) (tp : vec) :
  attainable (P := P) lam tp -> c < lam -> greedy (P := P) tp theta z T -> (0 < T)%nat ->
  exists j, (j < T)%nat /\
    Close (P := P) (descent_bound tp / (INR T * (1 - c / lam))) (theta j) tp.
Proof.
  intros Hat Hlt Hgreedy HT. pose proof (online_gradient_descent_repaired tp) as H.
  pose proof (lemma_2_repaired_gamma_positive c lam ltac:(lra) Hlt) as Hg.
  assert (0 <= c * (N + INR T) / 2 * sqnorm n (vminus (theta T) tp)).
  { apply Rmult_le_pos; [|apply sqnorm_nonneg]. pose proof (pos_INR T).
    assert (0 <= c * (N + INR T)) by (apply Rmult_le_pos; lra). lra. }
  set (D := fun j => l (theta j) (z j) - l tp (z j)).
  assert (Hsum : nsum (fun j => (1 - c / lam) * D j) T <= descent_bound tp).
  { apply Rle_trans with
      (nsum (fun j => point_objective (P := P) c (z j) (theta j) - point_objective (P := P) c (z j) tp) T); [|lra].
    apply nsum_le. intros j Hj. rewrite (bracket_is_regularised_gap (P := P)).
    apply (lemma_2_repaired (P := P)); try assumption; [lra | lra | exact I | apply (Hgreedy j Hj)]. }
  destruct (nsum_exists_le_average _ T _ HT Hsum) as (j & Hj & Hle).
  exists j. split; [assumption|]. intros w Hw.
  eapply Rle_trans; [apply (Hgreedy j Hj); assumption|].
  apply le_quotient; [apply Rmult_lt_0_compat; [apply lt_0_INR; assumption | assumption]|].
  change (loss (p := P) (theta j) (z j) - loss (p := P) tp (z j)) with (D j). lra.
Qed.

End OnlineGradientDescent.

(** ** Witness: n = 1, hinge loss on [[-1, 1]], c = 1, N = 1, from 0 towards 1: the first step leads to 1/2 *)

Definition ogd_loss (t : vec) (w : R * R) : R := hinge (snd w * (t O * fst w)).
Definition ogd_points (w : R * R) : Prop := in_points (p := Std) w.
Definition ogd_theta (j : nat) : vec := match j with O => vzero | _ => vscal (1 / 2) (vunit 0) end.
Definition ogd_subgradient (j : nat) : vec := vscal (-1) (vunit 0).

Lemma ogd_attainable (c : R) : 0 < c <= 1 -> attainable (P := VecProblem 1 (R * R) ogd_points ogd_loss) c (vunit 0).
Proof.
  intros Hc. exists [(1, 1)]. split; [discriminate|]. split.
  { intros w [<-|[]]. apply std_point_pos. lra. }
  split; [exact I|]. intros u _.
  destruct (std_one_strict c Hc) as [_ H]. unfold objective in *. cbn [lsum length INR] in *.
  cbn [loss regulariser VecProblem ogd_loss fst snd] in *. unfold ogd_loss, sqnorm, dot. cbn [nsum fst snd].
  destruct (Req_dec (u O) 1) as [E|E].
  - apply Req_le. unfold vunit. simpl. rewrite E. reflexivity.
  - specialize (H (u O) I E). rewrite !std_loss in H. cbn [regulariser Std Hinge1 fst snd] in H. unfold vunit. simpl.
    replace (1 * (1 * 1)) with (1 * (1 * 1)) in * by ring.
    replace (1 * (u O * 1)) with (u O * (1 * 1)) by ring. lra.
Qed.

Theorem online_gradient_descent_repaired_best_witness :
  exists (n : nat) (Z : Type) (inZ : Z -> Prop) (l : vec -> Z -> R) (c N : R) (theta s : nat -> vec) (z : nat -> Z)
         (T : nat) (lam : R) (tp u : vec),
    0 < c /\ 0 <= N /\
    (forall j, (j < T)%nat -> forall u, l (theta j) (z j) + dot n (s j) (vminus u (theta j)) <= l u (z j)) /\
    (forall j, (j < T)%nat -> forall i, (i < n)%nat ->
       theta (S j) i = theta j i - step_gradient c theta s j i / (c * (N + INR (S j)))) /\
    attainable (P := VecProblem n Z inZ l) lam tp /\ c < lam /\ attainable (P := VecProblem n Z inZ l) c tp /\
    greedy (P := VecProblem n Z inZ l) tp theta z T /\ (0 < T)%nat.
Proof.
  exists 1%nat, (R * R)%type, ogd_points, ogd_loss, (1 / 2), 3, ogd_theta, ogd_subgradient, (fun _ => (1, 1)), 1%nat, 1, (vunit 0), vzero.
  split; [lra|]. split; [lra|]. split.
  { intros j Hj u. replace j with O by lia. unfold ogd_loss, ogd_theta, ogd_subgradient, dot, vminus, vscal, vunit, vzero.
    cbn [nsum fst snd Nat.eqb]. rewrite (hinge_inside (1 * (0 * 1))) by lra. pose proof (hinge_ge (1 * (u O * 1))). lra. }
  split.
  { intros j Hj i Hi. replace j with O by lia. replace i with O by lia.
    unfold step_gradient, ogd_theta, ogd_subgradient, vplus, vscal, vunit, vzero. simpl. lra. }
  split; [apply ogd_attainable; lra|]. split; [lra|]. split; [apply ogd_attainable; lra|]. split; [|lia].
  intros j Hj. replace j with O by lia. split; [apply std_point_pos; lra|].
  intros w Hw. cbn [loss VecProblem]. unfold ogd_loss, ogd_theta, vunit, vzero. cbn [fst snd Nat.eqb].
  pose proof (std_signed w Hw) as Hb.
  rewrite (hinge_inside (1 * (0 * 1))), (hinge_inside (1 * (1 * 1))), (hinge_inside (snd w * (0 * fst w))) by lra.
  pose proof (hinge_ge (snd w * (1 * fst w))). lra.
Qed.
