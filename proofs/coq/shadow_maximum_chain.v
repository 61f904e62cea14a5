(** * shadow-maximum: on a box the Pareto chain carries the maximum

    A box, two weight vectors a and b (a = y t, b = y tp), two margins u = u0 + <a, x> and
    v = v0 + <b, x>.  The chain starts at the corner where u is smallest (ties: v largest) and
    moves the coordinates with a_i b_i > 0, one after the other, from their first end to their
    other end, in the order of decreasing |b_i| / |a_i|.

    - [shadow_maximum_extended_chain]: every point of the box is dominated by a point of the chain: u not
      larger, v not smaller.
    - [shadow_maximum_extended_chain_maximum]: hence, for every non-increasing phi, a bound of
      phi(u) - phi(v) on the chain is a bound on the whole box.
    - [moving_order_exists]: the order exists (it is a sort; ties in any order), so that nothing
      is assumed about the box and the weights.

    No convexity, and no assumption about phi other than that it does not increase. *)

From Coq Require Import Reals Lra Lia List Sorted.
From MTP Require Import Base Vectors shadow_maximum.
Import ListNotations.
Open Scope R_scope.

(** ** Filling in order is optimal (a continuous knapsack) *)

Definition clamp (s : R) : R := Rmax 0 (Rmin 1 s).

Lemma clamp_inside s : 0 <= s <= 1 -> clamp s = s.
Proof. intros H. unfold clamp. rewrite Rmin_right, Rmax_right; lra. Qed.
Lemma clamp_low s : s <= 0 -> clamp s = 0.
Proof. intros H. unfold clamp. rewrite Rmin_right, Rmax_left; lra. Qed.
Lemma clamp_high s : 1 <= s -> clamp s = 1.
Proof. intros H. unfold clamp. rewrite Rmin_left, Rmax_right; lra. Qed.
Lemma clamp_range s : 0 <= clamp s <= 1.
Proof.
  unfold clamp. split; [apply Rmax_l | apply Rmax_lub; [lra | apply Rmin_l]].
Qed.

(** The amount of coordinate [i] after time [s]: the first one moves in [[0,1]], the next in
    [[1,2]], and so on. *)
Fixpoint amount (order : list nat) (s : R) (i : nat) : R :=
  match order with
  | [] => 0
  | j :: rest => if Nat.eqb i j then clamp s else amount rest (s - 1) i
  end.

Fixpoint filled (order : list nat) (s : R) (g : nat -> R) : R :=
  match order with
  | [] => 0
  | j :: rest => clamp s * g j + filled rest (s - 1) g
  end.

Lemma filled_low order s g : s <= 0 -> filled order s g = 0.
Proof.
  revert s. induction order as [|j rest IH]; intros s Hs; simpl; [reflexivity|].
  rewrite clamp_low, IH by lra. lra.
Qed.

Lemma knapsack (p q : nat -> R) (order : list nat) :
  (forall i, In i order -> 0 < p i /\ 0 < q i) ->
  StronglySorted (fun i j => q j * p i <= q i * p j) order ->
  forall budget, 0 <= budget <= lsum p order ->
  exists s, 0 <= s <= INR (length order) /\ filled order s p = budget /\
    forall (sigma : nat -> R) e rho,
      (forall i, In i order -> 0 <= sigma i <= 1) -> 0 <= e ->
      (forall i, In i order -> q i <= rho * p i) ->
      lsum (fun i => sigma i * p i) order <= budget + e ->
      lsum (fun i => sigma i * q i) order <= filled order s q + Rmax 0 rho * e.
Proof.
  induction order as [|j rest IH]; intros Hpos Hsort budget Hb.
  - exists 0. simpl in *. repeat split; try lra.
    intros sigma e rho _ He _ _. pose proof (Rmax_l 0 rho). nra.
  - apply StronglySorted_inv in Hsort as [Hsort Hfirst].
    rewrite Forall_forall in Hfirst.
    destruct (Hpos j (or_introl eq_refl)) as [Hp Hq].
    assert (Hpos' : forall i, In i rest -> 0 < p i /\ 0 < q i) by (intros; apply Hpos; now right).
    set (r := q j / p j).
    assert (Hr : r * p j = q j) by (unfold r; field; lra).
    assert (Hr0 : 0 < r) by (unfold r; apply Rdiv_lt_0_compat; lra).
    assert (Hratio : forall i, In i (j :: rest) -> q i <= r * p i).
    { intros i [<-|Hi]; [lra|]. specialize (Hfirst i Hi).
      apply Rmult_le_reg_l with (p j); [lra|]. nra. }
    assert (Hrho : forall rho, (forall i, In i (j :: rest) -> q i <= rho * p i) -> r <= Rmax 0 rho).
    { intros rho H. specialize (H j (or_introl eq_refl)).
      apply Rle_trans with rho; [|apply Rmax_r].
      apply Rmult_le_reg_r with (p j); lra. }
    rewrite length_INR_cons. pose proof (pos_INR (length rest)) as Hn.
    destruct (Rle_lt_dec budget (p j)) as [Hsmall|Hlarge].
    + exists (budget / p j).
      assert (Hs : 0 <= budget / p j <= 1).
      { assert (0 < / p j) by now apply Rinv_0_lt_compat.
        split; [unfold Rdiv; nra|]. apply Rmult_le_reg_r with (p j); [lra|].
        replace (budget / p j * p j) with budget by (field; lra). lra. }
      split; [lra|]. split.
      { simpl. rewrite clamp_inside, filled_low by lra. field. lra. }
      intros sigma e rho Hsig He Hbound Hle.
      specialize (Hrho rho Hbound).
      cbn [filled]. rewrite clamp_inside, filled_low by lra.
      assert (H1 : lsum (fun i => sigma i * q i) (j :: rest)
                   <= r * lsum (fun i => sigma i * p i) (j :: rest)).
      { rewrite <- lsum_scal. apply lsum_le. intros i Hi.
        specialize (Hsig i Hi). specialize (Hratio i Hi). nra. }
      assert (E : budget / p j * q j = r * budget) by (unfold r; field; lra).
      rewrite E. nra.
    + destruct (IH Hpos' Hsort (budget - p j)) as (s & Hs & Hfill & Hbest).
      { cbn [lsum] in Hb. lra. }
      exists (1 + s). split; [lra|].
      assert (E : 1 + s - 1 = s) by lra. cbn [filled]. rewrite E, clamp_high by lra.
      split; [lra|]. intros sigma e rho Hsig He Hbound Hle.
      specialize (Hrho rho Hbound).
      destruct (Hsig j (or_introl eq_refl)) as [Hsj Hsj']. cbn [lsum] in Hle |- *.
      specialize (Hbest sigma (e + (1 - sigma j) * p j) r).
      rewrite (Rmax_right 0 r) in Hbest by lra.
      assert (H1 : lsum (fun i => sigma i * q i) rest
                   <= filled rest s q + r * (e + (1 - sigma j) * p j)).
      { apply Hbest.
        - intros i Hi. apply Hsig. now right.
        - assert (0 <= (1 - sigma j) * p j) by (apply Rmult_le_pos; lra). lra.
        - intros i Hi. apply Hratio. now right.
        - lra. }
      assert (H2 : r * ((1 - sigma j) * p j) = (1 - sigma j) * q j) by (rewrite <- Hr; ring).
      assert (H3 : r * e <= Rmax 0 rho * e) by (apply Rmult_le_compat_r; assumption).
      lra.
Qed.

(** ** The chain of a box *)

Section Chain.

Variables (n : nat) (lo hi a b : vec).

Definition moving (i : nat) : Prop := (i < n)%nat /\ 0 < a i * b i /\ lo i < hi i.

(** Where the chain starts: u smallest, ties v largest; and the other end of the interval. *)
Definition first_end (i : nat) : R :=
  if Rlt_dec 0 (a i) then lo i
  else if Rlt_dec (a i) 0 then hi i
  else if Rlt_dec 0 (b i) then hi i else lo i.
Definition other_end (i : nat) : R := if Rlt_dec 0 (a i) then hi i else lo i.

Definition chain_point (order : list nat) (s : R) : vec :=
  fun i => first_end i + amount order s i * (other_end i - first_end i).

(** [order] lists the moving coordinates by decreasing |b_i| / |a_i|. *)
Definition moving_order (order : list nat) : Prop :=
  NoDup order /\ (forall i, In i order <-> moving i) /\
  StronglySorted (fun i j => Rabs (b j) * Rabs (a i) <= Rabs (b i) * Rabs (a j)) order.

(** The steps of the two margins. *)
Let p (i : nat) : R := a i * (other_end i - first_end i).
Let q (i : nat) : R := b i * (other_end i - first_end i).

Lemma moving_step i :
  moving i -> p i = Rabs (a i) * (hi i - lo i) /\ q i = Rabs (b i) * (hi i - lo i) /\
              0 < p i /\ 0 < q i /\ other_end i - first_end i <> 0.
Proof.
  intros (_ & Hab & Hw). unfold p, q, other_end, first_end.
  destruct (Rlt_dec 0 (a i)) as [Ha|Ha].
  - assert (0 < b i) by nra. rewrite !Rabs_pos_eq by lra.
    repeat split; try lra; apply Rmult_lt_0_compat; lra.
  - destruct (Rlt_dec (a i) 0) as [Ha'|Ha'];
      [|exfalso; assert (E : a i = 0) by lra; rewrite E in Hab; lra].
    assert (b i < 0) by nra. rewrite !Rabs_left by lra.
    repeat split; try lra; nra.
Qed.

Lemma fixed_step i x :
  (i < n)%nat -> ~ moving i -> lo i <= x <= hi i ->
  0 <= a i * (x - first_end i) /\ b i * (x - first_end i) <= 0.
Proof.
  intros Hi Hm Hx.
  assert (Hcases : a i * b i <= 0 \/ lo i = hi i).
  { destruct (Rle_lt_dec (a i * b i) 0) as [|H1]; [now left|right].
    destruct (Rle_lt_dec (hi i) (lo i)) as [|H2]; [lra|]. exfalso. apply Hm.
    repeat split; assumption. }
  assert (Hzero : lo i = hi i -> x - lo i = 0 /\ x - hi i = 0) by lra.
  unfold first_end.
  destruct (Rlt_dec 0 (a i)) as [Ha|Ha].
  { destruct Hcases as [Hab|Hw].
    - assert (b i <= 0) by (apply Rmult_le_reg_l with (a i); lra). split; nra.
    - destruct (Hzero Hw) as [E _]. rewrite E. lra. }
  destruct (Rlt_dec (a i) 0) as [Ha'|Ha'].
  { destruct Hcases as [Hab|Hw].
    - assert (0 <= b i) by (apply Rmult_le_reg_l with (- a i); lra). split; nra.
    - destruct (Hzero Hw) as [_ E]. rewrite E. lra. }
  assert (E : a i = 0) by lra. rewrite E.
  destruct (Rlt_dec 0 (b i)); split; nra.
Qed.

(** Sums over the moving coordinates as sums over all coordinates. *)

Lemma amount_out order s i : ~ In i order -> amount order s i = 0.
Proof.
  revert s. induction order as [|j rest IH]; intros s H; simpl; [reflexivity|].
  destruct (Nat.eqb_spec i j) as [->|Hne]; [exfalso; apply H; now left|].
  apply IH. intros Hin. apply H. now right.
Qed.

Lemma amount_sum order s g :
  NoDup order -> (forall i, In i order -> (i < n)%nat) ->
  nsum (fun i => amount order s i * g i) n = filled order s g.
Proof.
  revert s. induction order as [|j rest IH]; intros s Hnd Hin.
  - simpl. rewrite (nsum_ext _ (fun _ => 0)) by (intros; lra). rewrite nsum_const. lra.
  - inversion Hnd as [|? ? Hj Hnd']; subst.
    rewrite (nsum_ext _ (fun i => vunit j i * (clamp s * g i) + amount rest (s - 1) i * g i)).
    + rewrite nsum_plus, IH; [|exact Hnd' | intros i Hi; apply Hin; now right].
      rewrite (nsum_vunit n j (fun i => clamp s * g i)) by (apply Hin; now left). reflexivity.
    + intros i _. simpl. unfold vunit. destruct (Nat.eqb_spec i j) as [->|Hne]; [|lra].
      rewrite (amount_out rest (s - 1) j Hj). lra.
Qed.

Lemma part_of_sum order h :
  NoDup order -> (forall i, In i order -> (i < n)%nat) ->
  (forall i, (i < n)%nat -> ~ In i order -> 0 <= h i) ->
  lsum h order <= nsum h n.
Proof.
  intros Hnd Hin Hh.
  (* the terms of [order], taken out of the sum one by one *)
  assert (H : forall order' g, NoDup order' -> (forall i, In i order' -> (i < n)%nat) ->
            nsum (fun i => if in_dec Nat.eq_dec i order' then g i else 0) n = lsum g order').
  { clear. induction order' as [|j rest IH]; intros g Hnd Hin.
    - rewrite (nsum_ext _ (fun _ => 0)); [rewrite nsum_const; simpl; lra|].
      intros i _. destruct (in_dec Nat.eq_dec i []) as [[]|]; reflexivity.
    - inversion Hnd as [|? ? Hj Hnd']; subst. cbn [lsum].
      rewrite <- (IH g Hnd') by (intros; apply Hin; now right).
      rewrite <- (nsum_vunit n j g) by (apply Hin; now left). rewrite <- nsum_plus.
      apply nsum_ext. intros i _. unfold vunit.
      destruct (Nat.eqb_spec i j) as [->|Hne];
        destruct (in_dec Nat.eq_dec _ (j :: rest)) as [H1|H1];
        destruct (in_dec Nat.eq_dec _ rest) as [H2|H2]; simpl in H1; try lra; try tauto.
      destruct H1 as [H1|H1]; [congruence|tauto]. }
  rewrite <- (H order h Hnd Hin). apply nsum_le. intros i Hi.
  destruct (in_dec Nat.eq_dec i order); [lra | now apply Hh].
Qed.

Lemma chain_margin (w : vec) order s :
  NoDup order -> (forall i, In i order -> (i < n)%nat) ->
  dot n w (chain_point order s)
  = dot n w first_end + filled order s (fun i => w i * (other_end i - first_end i)).
Proof.
  intros Hnd Hin. rewrite <- amount_sum by assumption. unfold dot. rewrite <- nsum_plus.
  apply nsum_ext. intros i _. unfold chain_point. lra.
Qed.

Lemma amount_range order s i : 0 <= amount order s i <= 1.
Proof.
  revert s. induction order as [|j rest IH]; intros s; simpl; [lra|].
  destruct (Nat.eqb i j); [apply clamp_range | apply IH].
Qed.

Lemma chain_in_box order s :
  (forall i, (i < n)%nat -> lo i <= hi i) -> in_box n lo hi (chain_point order s).
Proof.
  intros Hbox i Hi. specialize (Hbox i Hi). unfold chain_point.
  pose proof (amount_range order s i) as Ha.
  unfold other_end, first_end.
  destruct (Rlt_dec 0 (a i)); [nra|].
  destruct (Rlt_dec (a i) 0); [nra|]. destruct (Rlt_dec 0 (b i)); nra.
Qed.

Lemma sorted_steps order :
  (forall i, In i order -> moving i) ->
  StronglySorted (fun i j => Rabs (b j) * Rabs (a i) <= Rabs (b i) * Rabs (a j)) order ->
  StronglySorted (fun i j => q j * p i <= q i * p j) order.
Proof.
  intros Hm Hsort. induction Hsort as [|j rest Hrest IH Hall]; constructor.
  - apply IH. intros i Hi. apply Hm. now right.
  - rewrite Forall_forall in *. intros i Hi. specialize (Hall i Hi).
    pose proof (Hm j (or_introl eq_refl)) as Hj. pose proof (Hm i (or_intror Hi)) as Hi'.
    destruct (moving_step j Hj) as (-> & -> & _). destruct (moving_step i Hi') as (-> & -> & _).
    destruct Hj as (_ & _ & Hwj). destruct Hi' as (_ & _ & Hwi).
    assert (Hw : 0 <= (hi i - lo i) * (hi j - lo j)) by (apply Rmult_le_pos; lra).
    apply Rmult_le_compat_r with (r := (hi i - lo i) * (hi j - lo j)) in Hall; [|exact Hw].
    lra.
Qed.

Lemma ratio_bound order :
  (forall i, In i order -> 0 < p i /\ 0 < q i) ->
  exists rho, forall i, In i order -> q i <= rho * p i.
Proof.
  induction order as [|j rest IH]; intros H.
  - exists 0. intros i [].
  - destruct IH as (rho & Hrho); [intros; apply H; now right|].
    exists (Rmax rho (q j / p j)). intros i [<-|Hi].
    + destruct (H j (or_introl eq_refl)) as [Hp _].
      pose proof (Rmax_r rho (q j / p j)) as Hr.
      apply Rmult_le_compat_r with (r := p j) in Hr; [|lra].
      replace (q j / p j * p j) with (q j) in Hr by (field; lra). exact Hr.
    + destruct (H i (or_intror Hi)) as [Hp _]. specialize (Hrho i Hi).
      pose proof (Rmax_l rho (q j / p j)). nra.
Qed.

Theorem shadow_maximum_extended_chain (order : list nat) (x : vec) :
  moving_order order -> in_box n lo hi x ->
  exists s, 0 <= s <= INR (length order) /\ in_box n lo hi (chain_point order s) /\
    dot n a (chain_point order s) <= dot n a x /\
    dot n b x <= dot n b (chain_point order s).
Proof.
  intros (Hnd & Hmoving & Hsort) Hx.
  assert (Hbox : forall i, (i < n)%nat -> lo i <= hi i) by (intros i Hi; specialize (Hx i Hi); lra).
  assert (Hin : forall i, In i order -> (i < n)%nat) by (intros i Hi; apply Hmoving in Hi; apply Hi).
  set (sigma := fun i => (x i - first_end i) / (other_end i - first_end i)).
  assert (Hsigma : forall i, In i order -> 0 <= sigma i <= 1).
  { intros i Hi. pose proof (proj1 (Hmoving i) Hi) as Hm.
    destruct (moving_step i Hm) as (_ & _ & _ & _ & Hd). specialize (Hx i (Hin i Hi)).
    unfold sigma. unfold other_end, first_end in *. destruct Hm as (_ & Hab & Hw).
    destruct (Rlt_dec 0 (a i)).
    - assert (0 < / (hi i - lo i)) by (apply Rinv_0_lt_compat; lra).
      split; [unfold Rdiv; nra|]. apply Rmult_le_reg_r with (hi i - lo i); [lra|].
      replace ((x i - lo i) / (hi i - lo i) * (hi i - lo i)) with (x i - lo i) by (field; lra). lra.
    - destruct (Rlt_dec (a i) 0) as [Ha|Ha];
        [|exfalso; assert (E : a i = 0) by lra; rewrite E in Hab; lra].
      replace ((x i - hi i) / (lo i - hi i)) with ((hi i - x i) / (hi i - lo i)) by (field; lra).
      assert (0 < / (hi i - lo i)) by (apply Rinv_0_lt_compat; lra).
      split; [unfold Rdiv; nra|]. apply Rmult_le_reg_r with (hi i - lo i); [lra|].
      replace ((hi i - x i) / (hi i - lo i) * (hi i - lo i)) with (hi i - x i) by (field; lra). lra. }
  assert (Hpart : forall w, lsum (fun i => sigma i * (w i * (other_end i - first_end i))) order
                            = lsum (fun i => w i * (x i - first_end i)) order).
  { intros w. apply lsum_ext. intros i Hi. apply Hmoving, moving_step in Hi.
    unfold sigma. field. apply Hi. }
  assert (Hsplit : forall w, dot n w x = dot n w first_end + nsum (fun i => w i * (x i - first_end i)) n).
  { intros w. unfold dot. rewrite <- nsum_plus. apply nsum_ext. intros; lra. }
  (* the margins of x against those of its moving coordinates *)
  assert (Hu : lsum (fun i => sigma i * p i) order <= dot n a x - dot n a first_end).
  { unfold p. rewrite Hpart, Hsplit.
    assert (lsum (fun i => a i * (x i - first_end i)) order
            <= nsum (fun i => a i * (x i - first_end i)) n); [|lra].
    apply part_of_sum; auto. intros i Hi Hout. apply (fixed_step i (x i)); auto.
    rewrite <- Hmoving. exact Hout. }
  assert (Hv : dot n b x - dot n b first_end <= lsum (fun i => sigma i * q i) order).
  { unfold q. rewrite Hpart, Hsplit.
    assert (lsum (fun i => - (b i * (x i - first_end i))) order
            <= nsum (fun i => - (b i * (x i - first_end i))) n); [|rewrite lsum_opp, nsum_opp in *; lra].
    apply part_of_sum; auto. intros i Hi Hout.
    destruct (fixed_step i (x i)) as [_ H]; auto; [|lra].
    rewrite <- Hmoving. exact Hout. }
  assert (Hpq : forall i, In i order -> 0 < p i /\ 0 < q i).
  { intros i Hi. apply Hmoving, moving_step in Hi. tauto. }
  (* the best filling with the same budget *)
  set (budget := lsum (fun i => sigma i * p i) order) in *.
  assert (Hbudget : 0 <= budget <= lsum p order).
  { split; [apply lsum_nonneg | apply lsum_le]; intros i Hi;
      specialize (Hsigma i Hi); specialize (Hpq i Hi); nra. }
  destruct (knapsack p q order Hpq) with (budget := budget) as (s & Hs & Hfill & Hbest);
    [|exact Hbudget|].
  { apply sorted_steps; [|exact Hsort]. intros i Hi. now apply Hmoving. }
  exists s. split; [exact Hs|]. split; [now apply chain_in_box|].
  rewrite !chain_margin by assumption.
  change (fun i => a i * (other_end i - first_end i)) with p.
  change (fun i => b i * (other_end i - first_end i)) with q. split; [lra|].
  destruct (ratio_bound order Hpq) as (rho & Hrho).
  specialize (Hbest sigma 0 rho Hsigma (Rle_refl 0) Hrho).
  rewrite Rplus_0_r, Rmult_0_r in Hbest. specialize (Hbest (Rle_refl budget)). lra.
Qed.

(** A bound on the chain is a bound on the box, for every non-increasing loss. *)
Theorem shadow_maximum_extended_chain_maximum (phi : R -> R) (u0 v0 bound : R) (order : list nat) :
  non_increasing phi -> moving_order order ->
  (forall s, 0 <= s <= INR (length order) ->
     phi (u0 + dot n a (chain_point order s)) - phi (v0 + dot n b (chain_point order s)) <= bound) ->
  forall x, in_box n lo hi x -> phi (u0 + dot n a x) - phi (v0 + dot n b x) <= bound.
Proof.
  intros Hphi Horder Hbound x Hx.
  destruct (shadow_maximum_extended_chain order x Horder Hx) as (s & Hs & _ & Hu & Hv).
  eapply Rle_trans; [|exact (Hbound s Hs)].
  apply shadow_maximum_extended_monotone; [exact Hphi | lra | lra].
Qed.

(** ** The order exists *)

Definition before (i j : nat) : Prop := Rabs (b j) * Rabs (a i) <= Rabs (b i) * Rabs (a j).

Lemma insert_sorted j order :
  moving j -> (forall i, In i order -> moving i) -> StronglySorted before order ->
  exists order', (forall i, In i order' <-> i = j \/ In i order) /\
    (NoDup (j :: order) -> NoDup order') /\ StronglySorted before order'.
Proof.
  intros Hj. induction order as [|k rest IH]; intros Hm Hsort.
  - exists [j]. split; [|split]; [intros i; simpl; intuition | auto |].
    constructor; [constructor | constructor].
  - apply StronglySorted_inv in Hsort as [Hsort Hall]. rewrite Forall_forall in Hall.
    assert (Hmk : moving k) by (apply Hm; now left).
    assert (Hpos : forall i, moving i -> 0 < Rabs (a i) /\ 0 < Rabs (b i)).
    { intros i (_ & Hab & _). split; apply Rabs_pos_lt; intros E; rewrite E in Hab; lra. }
    destruct (Hpos j Hj) as [Haj Hbj]. destruct (Hpos k Hmk) as [Hak Hbk].
    destruct (Rle_lt_dec (Rabs (b k) * Rabs (a j)) (Rabs (b j) * Rabs (a k))) as [Hjk|Hkj].
    + (* j comes before k, hence before all of them *)
      exists (j :: k :: rest). split; [|split].
      * intros i. simpl. intuition.
      * auto.
      * constructor; [constructor; [exact Hsort | now apply Forall_forall]|].
        apply Forall_forall. intros i [<-|Hi]; [exact Hjk|]. specialize (Hall i Hi).
        unfold before in *. destruct (Hpos i (Hm i (or_intror Hi))) as [Hai Hbi].
        apply Rmult_le_reg_l with (Rabs (a k)); [exact Hak|]. nra.
    + destruct IH as (rest' & Hin & Hnd & Hs); [intros; apply Hm; now right | exact Hsort |].
      exists (k :: rest'). split; [|split].
      * intros i. simpl. rewrite Hin. intuition.
      * intros Hnd'. inversion Hnd' as [|? ? Hjout Hnd'']; subst.
        inversion Hnd'' as [|? ? Hkout Hndr]; subst. constructor.
        -- rewrite Hin. intros [->|Hk]; [apply Hjout; now left | contradiction].
        -- apply Hnd. constructor; [intros H; apply Hjout; now right | exact Hndr].
      * constructor; [exact Hs|]. apply Forall_forall. intros i Hi. apply Hin in Hi.
        destruct Hi as [->|Hi]; [unfold before; lra | now apply Hall].
Qed.

Theorem moving_order_exists : exists order, moving_order order.
Proof.
  assert (H : forall m, (m <= n)%nat -> exists order, NoDup order /\
            (forall i, In i order <-> (i < m)%nat /\ moving i) /\ StronglySorted before order).
  { induction m as [|m IH]; intros Hm.
    - exists []. split; [constructor|]. split; [|constructor]. intros i. simpl. lia.
    - destruct IH as (order & Hnd & Hin & Hs); [lia|].
      assert (Hdec : moving m \/ ~ moving m).
      { destruct (Rlt_dec 0 (a m * b m)) as [H1|H1];
          [destruct (Rlt_dec (lo m) (hi m)) as [H2|H2]|].
        - left. repeat split; auto; lia.
        - right. intros (_ & _ & H). contradiction.
        - right. intros (_ & H & _). contradiction. }
      destruct Hdec as [Hmov|Hfix].
      + destruct (insert_sorted m order Hmov) as (order' & Hin' & Hnd' & Hs'); auto.
        { intros i Hi. now apply Hin in Hi. }
        exists order'. split; [|split; [|exact Hs']].
        * apply Hnd'. constructor; [|exact Hnd]. intros H. apply Hin in H. lia.
        * intros i. rewrite Hin', Hin. split.
          -- intros [->|[H1 H2]]; split; auto; lia.
          -- intros [H1 H2]. destruct (Nat.eq_dec i m) as [->|Hne]; [now left|right].
             split; [lia | exact H2].
      + exists order. split; [exact Hnd|]. split; [|exact Hs]. intros i. rewrite Hin. split.
        * intros [H1 H2]. split; [lia | exact H2].
        * intros [H1 H2]. split; [|exact H2].
          destruct (Nat.eq_dec i m) as [->|Hne]; [contradiction | lia]. }
  destruct (H n (Nat.le_refl n)) as (order & Hnd & Hin & Hs).
  exists order. split; [exact Hnd|]. split; [|exact Hs].
  intros i. rewrite Hin. split; [tauto|]. intros Hi. split; [apply Hi | exact Hi].
Qed.

End Chain.

(** ** Witness: the unit square, a = (1, 1), b = (1, 2): first coordinate 1 moves, then 0.  The
    centre (1/2, 1/2) has u = 1 and v = 3/2; the chain has u = 1 and v = 2 there. *)
Theorem shadow_maximum_extended_chain_witness :
  exists n lo hi a b order x, moving_order n lo hi a b order /\ in_box n lo hi x /\
    length order = 2%nat /\
    exists s, dot n a (chain_point lo hi a b order s) <= dot n a x /\
              dot n b x < dot n b (chain_point lo hi a b order s).
Proof.
  exists 2%nat, (fun _ => 0), (fun _ => 1), (fun _ => 1), (fun i => INR (i + 1)), [1%nat; 0%nat],
    (fun _ => 1/2).
  split; [|split; [|split]].
  - split; [|split].
    + constructor; [intros [H|[]]; discriminate|]. constructor; [intros [] | constructor].
    + intros i. unfold moving. split.
      * intros [<-|[<-|[]]]; simpl; repeat split; try lia; lra.
      * intros (Hi & _). simpl. lia.
    + constructor; [constructor; [constructor | constructor]|].
      constructor; [|constructor]. simpl. rewrite !Rabs_pos_eq by lra. lra.
  - intros i _. lra.
  - reflexivity.
  - exists 1. unfold dot, chain_point, first_end, other_end. simpl.
    destruct (Rlt_dec 0 1); [|lra].
    rewrite (clamp_high 1), (clamp_low (1 - 1)) by lra. lra.
Qed.

(** The bound: one feature in [0,1], a = 1, b = 2, hinge loss, no offsets, bound 1. *)
Theorem shadow_maximum_extended_chain_maximum_witness :
  exists n lo hi a b phi u0 v0 bound order x,
    non_increasing phi /\ moving_order n lo hi a b order /\
    (forall s, 0 <= s <= INR (length order) ->
       phi (u0 + dot n a (chain_point lo hi a b order s))
       - phi (v0 + dot n b (chain_point lo hi a b order s)) <= bound) /\
    in_box n lo hi x.
Proof.
  exists 1%nat, (fun _ => 0), (fun _ => 1), (fun _ => 1), (fun _ => 2), hinge, 0, 0, 1, [0%nat],
    (fun _ => 1/2).
  split; [exact hinge_non_increasing|]. split; [split; [|split]|split].
  - constructor; [intros [] | constructor].
  - intros i. unfold moving. split.
    + intros [<-|[]]. repeat split; try lia; lra.
    + intros (Hi & _). simpl. lia.
  - constructor; constructor.
  - intros s Hs. unfold dot, chain_point, first_end, other_end. simpl in *.
    destruct (Rlt_dec 0 1); [|lra]. rewrite clamp_inside by lra.
    pose proof (hinge_nonneg (0 + (0 + 2 * (0 + s * (1 - 0))))).
    rewrite (hinge_inside (0 + (0 + 1 * (0 + s * (1 - 0))))) by lra. lra.
  - intros i _. lra.
Qed.
