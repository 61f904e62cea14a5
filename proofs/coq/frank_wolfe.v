(** * frank-wolfe: Algorithm 1 is the conditional gradient method

    Not in the paper.  For a nonempty multiset D with minimiser t the value is
      g(D) = (objective D t - objective D tp) / |D|,
    the least, over all models, of the mean of l(.; z) - l(tp; z) plus c (R - R(tp)):
    a concave function of the distribution of D, at most 0.
    Proved, with theta k trained on the clean data and z 0 .. z (k-1).
    - The value there is - a k / (N + k), a k the excess of the target.
    - h(w) = l(theta k; w) - l(tp; w) is a supergradient of g at that distribution:
      g(E) <= g(D) + mean_E h - mean_D h for every nonempty E with a minimiser.
    - z k is a linear maximisation oracle: mean_E h <= h(z k) for every E in X x Y.
      Hence g(E) - g(D) is at most the gap h(z k) - mean_D h, and the gap is
      the regularised distance plus the excess, exactly:
      S_reg(theta k) + a k / (N + k).
    - The new distribution is a mixture with the step 1 / (N + k + 1):
      mean over z 0 .. z k = (1 - 1/(N+k+1)) mean before + h(z k)/(N+k+1).
    So line 4 of Algorithm 1 is the oracle of Frank and Wolfe, with the open-loop
    step of herding. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Instances Convexity lemma_1 lemma_2 theorem_1 data_dependent_regret last_iterate log_free_rate.
Import ListNotations.
Open Scope R_scope.

Section FrankWolfe.

Context {P : problem}.
Context (c : R) (tp : model P).

(** The mean of a function over a multiset, and the value at a model. *)
Definition mean (h : point P -> R) (D : list (point P)) : R := lsum h D / INR (length D).
Definition value (D : list (point P)) (t : model P) : R := (objective c D t - objective c D tp) / INR (length D).
Definition gap_at (t : model P) (w : point P) : R := loss t w - loss tp w.

Lemma value_mean (D : list (point P)) (t : model P) :
  D <> [] -> value D t = mean (gap_at t) D + c * (regulariser t - regulariser tp).
Proof.
  intros HD. pose proof (length_INR_pos D HD). unfold value, mean, objective, gap_at.
  rewrite lsum_minus. field. lra.
Qed.

(** h is a supergradient of the value. *)
Theorem frank_wolfe_extended_supergradient (D E : list (point P)) (t u : model P) :
  D <> [] -> E <> [] -> in_models t -> minimiser c E u ->
  value E u <= value D t + mean (gap_at t) E - mean (gap_at t) D.
Proof.
  intros HD HE Ht [_ Hmin]. rewrite (value_mean D t HD).
  pose proof (length_INR_pos E HE) as HlE. pose proof (value_mean E t HE) as Hv.
  assert (H : value E u <= value E t); [|lra].
  unfold value, Rdiv. apply Rmult_le_compat_r; [apply Rlt_le, Rinv_0_lt_compat; lra|].
  specialize (Hmin t Ht). lra.
Qed.

(** The value is never positive. *)
Theorem frank_wolfe_extended_nonpositive (D : list (point P)) (t : model P) :
  D <> [] -> minimiser c D t -> in_models tp -> value D t <= 0.
Proof.
  intros HD [_ Hmin] Htp. pose proof (length_INR_pos D HD). specialize (Hmin tp Htp).
  assert (0 < / INR (length D)) by (apply Rinv_0_lt_compat; lra). unfold value, Rdiv. nra.
Qed.

(** The point of line 4 maximises the linear form over all distributions. *)
Theorem frank_wolfe_extended_oracle (E : list (point P)) (t : model P) (w : point P) :
  E <> [] -> (forall v, In v E -> in_points v) -> Close (gap_at t w) t tp -> mean (gap_at t) E <= gap_at t w.
Proof.
  intros HE Hin HC. pose proof (length_INR_pos E HE) as HlE. unfold mean.
  apply Rmult_le_reg_r with (INR (length E)); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. rewrite Rmult_comm.
  apply lsum_le_bound. intros v Hv. apply HC. auto.
Qed.

Context (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P).
Hypothesis Hne : Dc <> [].

Lemma union_size (k : nat) : INR (length (Dc ++ poisons z k)) = INR (length Dc) + INR k.
Proof. rewrite length_INR_app, poisons_length. reflexivity. Qed.

Lemma union_nonempty (k : nat) : Dc ++ poisons z k <> [].
Proof. intros E. apply app_eq_nil in E. now apply Hne. Qed.

(** The value along the attack is the excess of the target. *)
Theorem frank_wolfe_extended_value (k : nat) :
  value (Dc ++ poisons z k) (theta k) = - (target_excess c Dc theta z tp k / (INR (length Dc) + INR k)).
Proof.
  unfold value, target_excess. rewrite union_size, !poisoned_objective_union.
  pose proof (length_INR_pos Dc Hne). pose proof (pos_INR k). field. lra.
Qed.

(** The gap of the conditional gradient method. *)
Theorem frank_wolfe_extended (k : nat) :
  gap_at (theta k) (z k) - mean (gap_at (theta k)) (Dc ++ poisons z k) =
  chosen_gap c tp theta z k + target_excess c Dc theta z tp k / (INR (length Dc) + INR k).
Proof.
  pose proof (frank_wolfe_extended_value k) as H. rewrite value_mean in H by apply union_nonempty.
  unfold chosen_gap, regularised_gap. fold (gap_at (theta k) (z k)). lra.
Qed.

(** No distribution on X x Y has a value that exceeds the present one by more than the gap. *)
Theorem frank_wolfe_extended_gap (T k : nat) (E : list (point P)) (u : model P) :
  follows_leader c Dc theta z T -> greedy tp theta z T -> (k < T)%nat ->
  E <> [] -> (forall v, In v E -> in_points v) -> minimiser c E u ->
  value E u <= value (Dc ++ poisons z k) (theta k)
               + (chosen_gap c tp theta z k + target_excess c Dc theta z tp k / (INR (length Dc) + INR k)).
Proof.
  intros Hlead Hgreedy Hk HE Hin Hu.
  pose proof (frank_wolfe_extended_supergradient (Dc ++ poisons z k) E (theta k) u (union_nonempty k) HE
                (proj1 (Hlead k ltac:(lia))) Hu) as H1.
  pose proof (frank_wolfe_extended_oracle E (theta k) (z k) HE Hin (proj2 (Hgreedy k Hk))) as H2.
  rewrite <- frank_wolfe_extended. lra.
Qed.

(** The step: a mixture of the old distribution and the point, with weight 1/(N + k + 1). *)
Theorem frank_wolfe_extended_mixture (h : point P -> R) (k : nat) :
  mean h (Dc ++ poisons z (S k)) =
  (1 - / (INR (length Dc) + INR (S k))) * mean h (Dc ++ poisons z k) + / (INR (length Dc) + INR (S k)) * h (z k).
Proof.
  unfold mean. rewrite !union_size, poisons_S, !lsum_app. cbn [lsum]. rewrite S_INR.
  pose proof (length_INR_pos Dc Hne). pose proof (pos_INR k). field. lra.
Qed.

End FrankWolfe.

(** ** Witness: the one-round run of theorem-1 *)

Theorem frank_wolfe_extended_gap_witness :
  exists (P : problem) (c : R) (tp : model P) (Dc : list (point P)) (theta : nat -> model P) (z : nat -> point P)
         (T k : nat) (E D : list (point P)) (u t : model P) (w : point P),
    Dc <> [] /\ follows_leader c Dc theta z T /\ greedy tp theta z T /\ (k < T)%nat /\
    E <> [] /\ (forall v, In v E -> in_points v) /\ minimiser c E u /\
    D <> [] /\ in_models t /\ minimiser c D t /\ in_models tp /\ Close (gap_at tp t w) t tp.
Proof.
  assert (Hone : minimiser (P := Std) (1 / 2) [(1, 1)] 1).
  { apply strictly_minimises_minimises, std_one_strict. lra. }
  exists Std, (1 / 2), 1, run8_data, run8_theta, run8_z, 1%nat, O, [(1, 1)], [(1, 1)], 1, 1, (1, 1).
  split; [discriminate|]. split; [exact run8_follows_leader|]. split; [exact run8_greedy|]. split; [lia|].
  split; [discriminate|]. split.
  { intros v [<-|[]]. apply std_point_pos. lra. }
  split; [exact Hone|]. split; [discriminate|]. split; [exact I|]. split; [exact Hone|]. split; [exact I|].
  intros v _. unfold gap_at. lra.
Qed.
