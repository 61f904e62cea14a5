(** * minimum-poisoning: a checker for lower bounds on the number of poisoning points, hinge loss

    A result of this project; it makes Theorem 2 of the paper a program that is proved right.

    What is certified.  Clean data, a box of allowed feature vectors (both labels allowed), a
    regularisation weight c, a target model tp and a radius rho are given.  The claim is: whatever
    points of the box are added, fewer than k of them cannot make a model within Euclidean
    distance rho of the target a minimiser of the regularised hinge objective
    (sum of losses + (number of points) c/2 |t|^2).

    The certificate is one other model t and two multipliers mu_plus, mu_minus in [0,1].  With

      U   = max over labels y of max(0, max over the box of 1 - mu_y + y <mu_y tp - t, x>)
      NUM = F0(tp) - F0(t) - rho sum |x_i| - N c rho |tp|
      DEN = U + rho B + c (|t|^2 - |tp|^2) / 2 + c rho |tp|,    B = sup of |x| over the box,

    every such set of n points has NUM <= n DEN ([radius_inequality]).  F0 is the clean objective,
    N the number of clean points.  (The term N c rho^2 / 2 that one may subtract from NUM is not
    needed: |.|^2/2 is convex.)

    [check] evaluates this in integers: features are integers over [scale], models and multipliers
    integers over [den], c and rho rationals; the norms |x_i|, |tp| and B are replaced by integers
    whose squares are checked to be large enough.  Nothing else is rounded.  A bias is a feature that is 1 in every row, with box bounds 1 and 1; it is
    regularised like the others.  Without such a feature the same checker serves models without
    bias.

    - [minimum_poisoning_extended]: soundness.  If [check data cert = true], then n >= k.
    - [minimum_poisoning_extended_inexact]: the same for every model whose poisoned objective is not
      worse than that of the certificate's model (training need not be exact).

    Assumed: nothing beyond what is in the statements. *)

From Coq Require Import Reals Lra Lia List ZArith Bool.
From MTP Require Import Base Vectors shadow_maximum.
Import ListNotations.

(** ** The checker: integers only *)

Open Scope Z_scope.

Definition row := (bool * list Z)%type.     (* label (true is +1), features times [scale] *)

Record certificate := Certificate {
  scale : Z;                (* features are integers over [scale] *)
  lower : list Z;           (* the box, over [scale] *)
  upper : list Z;
  c_num : Z;                (* c = c_num / c_den *)
  c_den : Z;
  den : Z;                  (* models and multipliers are integers over [den] *)
  target : list Z;          (* tp *)
  other : list Z;           (* t, the model of the certificate *)
  mu_plus : Z;
  mu_minus : Z;
  rho_num : Z;              (* rho = rho_num / rho_den *)
  rho_den : Z;
  bound : Z                 (* k *)
}.

Fixpoint dotZ (a b : list Z) : Z :=
  match a, b with
  | x :: a', y :: b' => x * y + dotZ a' b'
  | _, _ => 0
  end.

Fixpoint same_length (a b : list Z) : bool :=
  match a, b with
  | [], [] => true
  | _ :: a', _ :: b' => same_length a' b'
  | _, _ => false
  end.

(** An integer above the square root. *)
Definition root (z : Z) : Z := Z.sqrt z + 1.

Definition signed (y : bool) (m : Z) : Z := if y then m else - m.

(** Hinge loss times [den * scale]. *)
Definition hingeZ (unit : Z) (y : bool) (m : Z) : Z := Z.max 0 (unit - signed y m).

(** What is summed over the rows: is every row as long as the models; their number; the
    sum of loss(tp) - loss(t), times [den * scale]; the sum of the norms, times [scale]. *)
Record sums := Sums { all_fit : bool; count : Z; gain : Z; norms : Z }.

Definition start : sums := Sums true 0 0 0.

Definition step (k : certificate) (s : sums) (r : row) : sums :=
  let (y, x) := r in
  Sums (all_fit s && same_length x (target k))
       (count s + 1)
       (gain s + (hingeZ (den k * scale k) y (dotZ (target k) x)
                  - hingeZ (den k * scale k) y (dotZ (other k) x)))
       (norms s + root (dotZ x x)).

(** The weights y (mu tp - t), times [den]^2. *)
Fixpoint tilt (y : bool) (mu q : Z) (p t : list Z) : list Z :=
  match p, t with
  | a :: p', b :: t' => signed y (mu * a - q * b) :: tilt y mu q p' t'
  | _, _ => []
  end.

Fixpoint box_maxZ (w lo hi : list Z) : Z :=
  match w, lo, hi with
  | a :: w', l :: lo', h :: hi' => Z.max (a * l) (a * h) + box_maxZ w' lo' hi'
  | _, _, _ => 0
  end.

Fixpoint box_squaresZ (lo hi : list Z) : Z :=
  match lo, hi with
  | l :: lo', h :: hi' => Z.max (l * l) (h * h) + box_squaresZ lo' hi'
  | _, _ => 0
  end.

(** One label's part of U, times [den]^2 * [scale]. *)
Definition label_maximum (k : certificate) (y : bool) (mu : Z) : Z :=
  (den k - mu) * den k * scale k
  + box_maxZ (tilt y mu (den k) (target k) (other k)) (lower k) (upper k).

(** NUM and DEN, times [2 * den^2 * scale * c_den * rho_den]. *)
Definition numerator (k : certificate) (s : sums) : Z :=
  let q := den k in
  let pp := dotZ (target k) (target k) in
  let tt := dotZ (other k) (other k) in
  2 * q * c_den k * rho_den k * gain s
  + count s * c_num k * rho_den k * scale k * (pp - tt)
  - 2 * q * q * c_den k * rho_num k * norms s
  - 2 * count s * q * scale k * c_num k * rho_num k * root pp.

Definition denominator (k : certificate) : Z :=
  let q := den k in
  let pp := dotZ (target k) (target k) in
  let tt := dotZ (other k) (other k) in
  let u := Z.max 0 (Z.max (label_maximum k true (mu_plus k))
                          (label_maximum k false (mu_minus k))) in
  2 * c_den k * rho_den k * u
  + 2 * q * q * c_den k * rho_num k * root (box_squaresZ (lower k) (upper k))
  + c_num k * rho_den k * scale k * (tt - pp)
  + 2 * q * scale k * c_num k * rho_num k * root pp.

Definition well_formed (k : certificate) : bool :=
  (0 <? scale k) && (0 <? den k) && (0 <=? c_num k) && (0 <? c_den k)
  && (0 <=? rho_num k) && (0 <? rho_den k)
  && (0 <=? mu_plus k) && (mu_plus k <=? den k)
  && (0 <=? mu_minus k) && (mu_minus k <=? den k)
  && same_length (other k) (target k)
  && same_length (lower k) (target k) && same_length (upper k) (target k).

Definition finish (k : certificate) (s : sums) : bool :=
  well_formed k && all_fit s &&
  ((bound k <=? 0)
   || ((0 <? numerator k s) && ((bound k - 1) * denominator k <? numerator k s))).

Definition check (data : list row) (k : certificate) : bool :=
  finish k (fold_left (step k) data start).

Close Scope Z_scope.
Open Scope R_scope.

(** ** What the integers mean *)

(** The vector with entries [l_i / q]. *)
Definition real_vec (q : Z) (l : list Z) : vec := fun i => IZR (nth i l 0%Z) / IZR q.

Definition real_label (y : bool) : R := if y then 1 else -1.

Definition dimension (k : certificate) : nat := length (target k).

(** The learning problem: hinge loss, all models, features in the box, both labels. *)
Definition certified_problem (k : certificate) : problem :=
  Linear (dimension k) hinge everywhere
    (in_box (dimension k) (real_vec (scale k) (lower k)) (real_vec (scale k) (upper k))).

Definition real_point (s : Z) (r : row) : vec * R := (real_vec s (snd r), real_label (fst r)).
Definition real_data (k : certificate) (data : list row) : list (vec * R) :=
  map (real_point (scale k)) data.

Definition real_c (k : certificate) : R := IZR (c_num k) / IZR (c_den k).
Definition real_rho (k : certificate) : R := IZR (rho_num k) / IZR (rho_den k).
Definition real_target (k : certificate) : vec := real_vec (den k) (target k).
Definition real_other (k : certificate) : vec := real_vec (den k) (other k).

(** ** The inequality over the reals

    Norms enter only through upper bounds: [q] bounds the norm of [b] when 0 <= q and
    |b|^2 <= q^2.  So no square root is taken. *)

Definition norm_at_most (n : nat) (b : vec) (q : R) : Prop := 0 <= q /\ sqnorm n b <= q * q.

Lemma dot_bound n a b p q :
  norm_at_most n a p -> norm_at_most n b q -> Rabs (dot n a b) <= p * q.
Proof.
  intros [Hp Ha] [Hq Hb].
  assert (H : dot n a b * dot n a b <= (p * q) * (p * q)).
  { eapply Rle_trans; [apply cauchy_schwarz_sq|].
    replace (p * q * (p * q)) with ((p * p) * (q * q)) by lra.
    apply Rmult_le_compat; auto using sqnorm_nonneg. }
  assert (Hpq : 0 <= p * q) by now apply Rmult_le_pos.
  apply Rabs_le. split; apply Rnot_lt_le; intros Hlt; nra.
Qed.

Section Radius.

Variables (n : nat) (X : vec -> Prop).
Notation Pb := (Linear n hinge everywhere X).
Variables (c rho : R) (tp t theta : vec).
Hypothesis c_nonneg : 0 <= c.
Hypothesis near : norm_at_most n (vminus theta tp) rho.

Lemma loss_near (x : vec) y q :
  is_label y -> norm_at_most n x q ->
  hinge (y * dot n tp x) - hinge (y * dot n theta x) <= rho * q.
Proof.
  intros Hy Hx. eapply Rle_trans; [apply hinge_lipschitz|].
  replace (y * dot n tp x - y * dot n theta x) with (- y * dot n (vminus theta tp) x)
    by (rewrite dot_minus_l; lra).
  rewrite Rabs_mult.
  assert (E : Rabs (- y) = 1).
  { rewrite Rabs_Ropp. destruct Hy as [-> | ->]; [apply Rabs_R1 | rewrite Rabs_left; lra]. }
  rewrite E, Rmult_1_l. now apply dot_bound.
Qed.

Lemma regulariser_near m :
  norm_at_most n tp m -> sqnorm n tp / 2 - sqnorm n theta / 2 <= rho * m.
Proof.
  intros Hm.
  pose proof (sqnorm_nonneg n (vminus theta tp)) as H. rewrite sqnorm_minus in H.
  pose proof (dot_bound n _ _ _ _ near Hm) as Hd. rewrite dot_minus_l in Hd.
  fold (sqnorm n tp) in Hd.
  pose proof (Rle_abs (- (dot n theta tp - sqnorm n tp))) as Ha. rewrite Rabs_Ropp in Ha. lra.
Qed.

(** The clean data are [map f rows], with a bound [s r] of each norm; [added] are the added
    points; [m] bounds the norm of the target and [B] those of the added points. *)
Theorem radius_inequality {A : Type} (f : A -> point Pb) (s : A -> R) (rows : list A)
    (added : list (point Pb)) U B m :
  norm_at_most n tp m ->
  (forall r, In r rows -> is_label (snd (f r)) /\ norm_at_most n (fst (f r)) (s r)) ->
  (forall z, In z added -> is_label (snd z) /\ norm_at_most n (fst z) B) ->
  (forall z, In z added -> loss (p := Pb) t z - loss (p := Pb) tp z <= U) ->
  objective (P := Pb) c (map f rows ++ added) theta
    <= objective (P := Pb) c (map f rows ++ added) t ->
  objective (P := Pb) c (map f rows) tp - objective (P := Pb) c (map f rows) t
    - rho * lsum s rows - INR (length rows) * (c * (rho * m))
  <= INR (length added)
     * (U + rho * B + c * (sqnorm n t / 2 - sqnorm n tp / 2) + c * (rho * m)).
Proof.
  intros Hm HD Hadd HU Hopt. rewrite !objective_app in Hopt.
  pose proof (regulariser_near m Hm) as Hreg. destruct near as [Hrho _].
  assert (Hc : c * (sqnorm n tp / 2 - sqnorm n theta / 2) <= c * (rho * m)).
  { apply Rmult_le_compat_l; assumption. }
  assert (H1 : objective (P := Pb) c (map f rows) tp - objective (P := Pb) c (map f rows) theta
               <= rho * lsum s rows + INR (length rows) * (c * (rho * m))).
  { rewrite !(objective_lsum (P := Pb)), !lsum_map, <- lsum_minus, <- lsum_scal, <- lsum_const,
      <- lsum_plus.
    apply lsum_le. intros r Hr. destruct (HD _ Hr) as [Hy Hx]. unfold point_objective. simpl.
    pose proof (loss_near (fst (f r)) (snd (f r)) (s r) Hy Hx). lra. }
  assert (H2 : objective (P := Pb) c added t - objective (P := Pb) c added theta
               <= INR (length added)
                  * (U + rho * B + c * (sqnorm n t / 2 - sqnorm n tp / 2) + c * (rho * m))).
  { rewrite !(objective_lsum (P := Pb)), <- lsum_minus. apply lsum_le_bound.
    intros z Hz. destruct (Hadd _ Hz) as [Hy Hx]. specialize (HU _ Hz).
    unfold point_objective. simpl in *.
    pose proof (loss_near (fst z) (snd z) B Hy Hx). lra. }
  lra.
Qed.

End Radius.

(** ** From integers to reals *)

Lemma nsum_front f n : nsum f (S n) = f O + nsum (fun i => f (S i)) n.
Proof. induction n as [|n IH]; [simpl; lra|]. cbn [nsum] in *. rewrite IH. lra. Qed.

Lemma same_length_eq a b : same_length a b = true -> length a = length b.
Proof.
  revert b. induction a as [|x a IH]; intros [|y b]; simpl; intros H; try discriminate; auto.
Qed.

Lemma real_vec_S q x l i : real_vec q (x :: l) (S i) = real_vec q l i.
Proof. reflexivity. Qed.

Lemma dotZ_real q s a b :
  (0 < q)%Z -> (0 < s)%Z -> length b = length a ->
  dot (length a) (real_vec q a) (real_vec s b) = IZR (dotZ a b) / (IZR q * IZR s).
Proof.
  intros Hq Hs. apply IZR_lt in Hq, Hs. revert b.
  induction a as [|x a IH]; intros [|y b] Hl; try discriminate.
  - unfold dot. simpl. field. lra.
  - simpl length. unfold dot. rewrite nsum_front.
    change (nsum (fun i => real_vec q (x :: a) (S i) * real_vec s (y :: b) (S i)) (length a))
      with (dot (length a) (real_vec q a) (real_vec s b)).
    rewrite IH by (simpl in Hl; lia). unfold real_vec. simpl.
    rewrite plus_IZR, mult_IZR. field. lra.
Qed.

Lemma root_above z : (0 <= z)%Z -> 0 <= IZR (root z) /\ IZR z <= IZR (root z) * IZR (root z).
Proof.
  intros Hz. unfold root. pose proof (Z.sqrt_spec z Hz) as [_ H].
  pose proof (Z.sqrt_nonneg z) as Hn.
  split; [apply (IZR_le 0); lia|]. rewrite <- mult_IZR. apply IZR_le. lia.
Qed.

(** An integer bound of a square, divided by the scale. *)
Lemma root_scaled z q : (0 <= z)%Z -> 0 < q ->
  0 <= IZR (root z) / q /\ IZR z / (q * q) <= IZR (root z) / q * (IZR (root z) / q).
Proof.
  intros Hz Hq. destruct (root_above z Hz) as [H0 H1].
  assert (Hi : 0 < / q) by now apply Rinv_0_lt_compat.
  split; [unfold Rdiv; nra|].
  replace (IZR (root z) / q * (IZR (root z) / q)) with (IZR (root z) * IZR (root z) / (q * q))
    by (field; lra).
  unfold Rdiv. apply Rmult_le_compat_r; [|exact H1].
  left. apply Rinv_0_lt_compat. nra.
Qed.

Lemma dotZ_square_nonneg a : (0 <= dotZ a a)%Z.
Proof. induction a as [|x a IH]; simpl; nia. Qed.

(** An integer bound for a norm. *)
Lemma norm_bound q a :
  (0 < q)%Z -> norm_at_most (length a) (real_vec q a) (IZR (root (dotZ a a)) / IZR q).
Proof.
  intros Hq. unfold norm_at_most, sqnorm. rewrite dotZ_real by auto.
  apply root_scaled; [apply dotZ_square_nonneg | now apply IZR_lt in Hq].
Qed.

Lemma real_label_is_label y : is_label (real_label y).
Proof. destruct y; [left|right]; reflexivity. Qed.

Lemma signed_real y m : IZR (signed y m) = real_label y * IZR m.
Proof. destruct y; simpl; rewrite ?opp_IZR; lra. Qed.

Lemma IZR_max a b : IZR (Z.max a b) = Rmax (IZR a) (IZR b).
Proof.
  destruct (Z.max_spec a b) as [[H ->]|[H ->]].
  - symmetry. apply Rmax_right. apply IZR_le. lia.
  - symmetry. apply Rmax_left. apply IZR_le. lia.
Qed.

Lemma Rmax_div a b d : 0 < d -> Rmax (a / d) (b / d) = Rmax a b / d.
Proof.
  intros Hd. unfold Rdiv. assert (0 < / d) by now apply Rinv_0_lt_compat.
  rewrite !(Rmult_comm _ (/ d)). apply RmaxRmult. lra.
Qed.

Lemma hingeZ_real unit y m :
  (0 < unit)%Z -> IZR (hingeZ unit y m) / IZR unit = hinge (real_label y * (IZR m / IZR unit)).
Proof.
  intros Hu. apply IZR_lt in Hu. unfold hingeZ, hinge.
  rewrite IZR_max, minus_IZR, signed_real, <- Rmax_div by lra.
  f_equal; field; lra.
Qed.

(** ** The sums over the rows *)

Section Sums_over_rows.

Variable k : certificate.
Hypothesis wf_scale : (0 < scale k)%Z.
Hypothesis wf_den : (0 < den k)%Z.
Hypothesis wf_other : length (other k) = length (target k).

Notation n := (dimension k).
Notation Pb := (certified_problem k).
Notation q := (IZR (den k)).
Notation s := (IZR (scale k)).

Lemma row_loss (p x : list Z) y :
  length p = n -> length x = n ->
  hinge (real_label y * dot n (real_vec (den k) p) (real_vec (scale k) x))
  = IZR (hingeZ (den k * scale k) y (dotZ p x)) / (q * s).
Proof.
  intros Hp Hx. rewrite <- mult_IZR, hingeZ_real by nia. rewrite mult_IZR.
  rewrite <- (dotZ_real (den k) (scale k) p x) by (auto; congruence). rewrite Hp. reflexivity.
Qed.

(** The bound of a row's norm. *)
Definition row_norm (r : row) : R := IZR (root (dotZ (snd r) (snd r))) / s.

Lemma sums_correct (data : list row) (a : sums) :
  all_fit (fold_left (step k) data a) = true ->
  all_fit a = true /\
  (forall r, In r data -> length (snd r) = n) /\
  IZR (count (fold_left (step k) data a)) = IZR (count a) + INR (length data) /\
  IZR (gain (fold_left (step k) data a)) / (q * s)
    = IZR (gain a) / (q * s)
      + (lsum (loss (p := Pb) (real_target k)) (real_data k data)
         - lsum (loss (p := Pb) (real_other k)) (real_data k data)) /\
  IZR (norms (fold_left (step k) data a)) / s = IZR (norms a) / s + lsum row_norm data.
Proof.
  revert a. induction data as [|[y x] data IH]; intros a H.
  - simpl in *. repeat split; auto; try lra. contradiction.
  - simpl fold_left in *. destruct (IH _ H) as (Hfit & Hlens & Hcount & Hgain & Hnorms). clear IH.
    simpl in Hfit. apply andb_prop in Hfit as [Hfit Hlen]. apply same_length_eq in Hlen.
    assert (Hs : 0 < s) by (apply (IZR_lt 0); exact wf_scale).
    assert (Hq : 0 < q) by (apply (IZR_lt 0); exact wf_den).
    split; [exact Hfit|]. split; [|split; [|split]].
    + intros r [<-|Hr]; [exact Hlen | now apply Hlens].
    + rewrite Hcount, length_INR_cons. simpl. rewrite plus_IZR. lra.
    + rewrite Hgain. cbn [real_data map lsum]. fold (real_data k data). simpl gain.
      rewrite plus_IZR, minus_IZR.
      change (loss (p := Pb) (real_target k) (real_point (scale k) (y, x)))
        with (hinge (real_label y * dot n (real_vec (den k) (target k)) (real_vec (scale k) x))).
      change (loss (p := Pb) (real_other k) (real_point (scale k) (y, x)))
        with (hinge (real_label y * dot n (real_vec (den k) (other k)) (real_vec (scale k) x))).
      rewrite !row_loss by (auto; unfold dimension; congruence). field. lra.
    + rewrite Hnorms. cbn [lsum]. unfold row_norm at 2. simpl. rewrite plus_IZR. field. lra.
Qed.

End Sums_over_rows.

(** ** The two box bounds *)

Lemma tilt_length y mu q p t : length t = length p -> length (tilt y mu q p t) = length p.
Proof.
  revert t. induction p as [|a p IH]; intros [|b t]; simpl; intros H; try discriminate; auto.
Qed.

Lemma tilt_real y mu q p t i :
  (0 < q)%Z -> length t = length p ->
  real_vec (q * q) (tilt y mu q p t) i
  = real_label y * (IZR mu / IZR q * real_vec q p i - real_vec q t i).
Proof.
  intros Hq. pose proof (IZR_lt _ _ Hq) as Hq'. unfold real_vec. rewrite mult_IZR. revert t i.
  induction p as [|a p IH]; intros [|b t] i Hl; try discriminate.
  - simpl. destruct i; field; lra.
  - destruct i as [|i].
    + simpl. rewrite signed_real, minus_IZR, !mult_IZR. field. lra.
    + simpl in Hl. apply (IH t i). lia.
Qed.

Lemma box_maxZ_real q s w lo hi :
  (0 < q)%Z -> (0 < s)%Z -> length lo = length w -> length hi = length w ->
  box_max (length w) (real_vec s lo) (real_vec s hi) (real_vec q w)
  = IZR (box_maxZ w lo hi) / (IZR q * IZR s).
Proof.
  intros Hq Hs. apply IZR_lt in Hq, Hs. revert lo hi.
  induction w as [|a w IH]; intros [|l lo] [|h hi] H1 H2; try discriminate.
  - unfold box_max. simpl. field. lra.
  - simpl length. unfold box_max. rewrite nsum_front.
    change (nsum _ (length w))
      with (box_max (length w) (real_vec s lo) (real_vec s hi) (real_vec q w)).
    rewrite IH by (simpl in *; lia). unfold real_vec. simpl.
    rewrite plus_IZR, IZR_max, !mult_IZR.
    assert (Hqs : 0 < IZR q * IZR s) by now apply Rmult_lt_0_compat.
    replace (IZR a / IZR q * (IZR l / IZR s)) with (IZR a * IZR l / (IZR q * IZR s))
      by (field; lra).
    replace (IZR a / IZR q * (IZR h / IZR s)) with (IZR a * IZR h / (IZR q * IZR s))
      by (field; lra).
    rewrite Rmax_div by assumption. field. lra.
Qed.

Lemma box_squares_nonneg lo hi : (0 <= box_squaresZ lo hi)%Z.
Proof. revert hi. induction lo as [|l lo IH]; intros [|h hi]; simpl; try lia.
  specialize (IH hi). nia. Qed.

Lemma square_between l h x : l <= x <= h -> x * x <= Rmax (l * l) (h * h).
Proof.
  intros H. pose proof (Rmax_l (l * l) (h * h)). pose proof (Rmax_r (l * l) (h * h)).
  destruct (Rle_dec 0 x); nra.
Qed.

Lemma box_squares_real s lo hi x :
  (0 < s)%Z -> length hi = length lo ->
  in_box (length lo) (real_vec s lo) (real_vec s hi) x ->
  sqnorm (length lo) x <= IZR (box_squaresZ lo hi) / (IZR s * IZR s).
Proof.
  intros Hs. pose proof (IZR_lt _ _ Hs) as Hs'. revert hi x.
  induction lo as [|l lo IH]; intros [|h hi] x Hl Hx; try discriminate.
  - unfold sqnorm, dot. simpl. right. field. lra.
  - simpl length in *. unfold sqnorm, dot. rewrite nsum_front.
    assert (H0 := Hx O ltac:(lia)). unfold real_vec in H0. simpl in H0.
    apply square_between in H0.
    assert (Hrec : sqnorm (length lo) (fun i => x (S i))
                   <= IZR (box_squaresZ lo hi) / (IZR s * IZR s)).
    { apply IH; [lia|]. intros i Hi. apply (Hx (S i)). lia. }
    unfold sqnorm, dot in Hrec. simpl.
    rewrite plus_IZR, IZR_max, !mult_IZR.
    assert (Hss : 0 < IZR s * IZR s) by nra.
    replace (IZR l / IZR s * (IZR l / IZR s)) with (IZR l * IZR l / (IZR s * IZR s)) in H0
      by (field; lra).
    replace (IZR h / IZR s * (IZR h / IZR s)) with (IZR h * IZR h / (IZR s * IZR s)) in H0
      by (field; lra).
    rewrite Rmax_div in H0 by assumption.
    unfold Rdiv in *. lra.
Qed.

(** ** Soundness *)

Section Soundness.

Variables (k : certificate) (data : list row).

Notation n := (dimension k).
Notation Pb := (certified_problem k).

Record facts : Prop := Facts {
  f_scale : (0 < scale k)%Z;
  f_den : (0 < den k)%Z;
  f_c_num : (0 <= c_num k)%Z;
  f_c_den : (0 < c_den k)%Z;
  f_rho_num : (0 <= rho_num k)%Z;
  f_rho_den : (0 < rho_den k)%Z;
  f_mu_plus : (0 <= mu_plus k <= den k)%Z;
  f_mu_minus : (0 <= mu_minus k <= den k)%Z;
  f_other : length (other k) = length (target k);
  f_lower : length (lower k) = length (target k);
  f_upper : length (upper k) = length (target k)
}.

Lemma well_formed_facts : well_formed k = true -> facts.
Proof.
  unfold well_formed. rewrite !andb_true_iff, !Z.ltb_lt, !Z.leb_le.
  intros ((((((((((((H1 & H2) & H3) & H4) & H5) & H6) & H7) & H8) & H9) & H10) & H11) & H12) & H13).
  constructor; auto using same_length_eq.
Qed.

Hypothesis F : facts.

(** The value of U. *)
Definition real_U : R :=
  IZR (Z.max 0 (Z.max (label_maximum k true (mu_plus k))
                      (label_maximum k false (mu_minus k))))
  / (IZR (den k) * IZR (den k) * IZR (scale k)).

Lemma label_bound y mu (x : vec) :
  (0 <= mu <= den k)%Z ->
  in_box n (real_vec (scale k) (lower k)) (real_vec (scale k) (upper k)) x ->
  hinge (real_label y * dot n (real_other k) x) - hinge (real_label y * dot n (real_target k) x)
  <= Rmax 0 (IZR (label_maximum k y mu) / (IZR (den k) * IZR (den k) * IZR (scale k))).
Proof.
  intros Hmu Hx. destruct F.
  pose proof (IZR_lt _ _ f_den0) as Hq. pose proof (IZR_lt _ _ f_scale0) as Hs.
  assert (Hmu' : 0 <= IZR mu / IZR (den k) <= 1).
  { destruct Hmu as [Ha Hb]. apply IZR_le in Ha, Hb.
    assert (0 < / IZR (den k)) by now apply Rinv_0_lt_compat.
    split; [unfold Rdiv; nra|]. apply Rmult_le_reg_r with (IZR (den k)); [lra|].
    replace (IZR mu / IZR (den k) * IZR (den k)) with (IZR mu) by (field; lra). lra. }
  pose proof (shadow_maximum_extended_hinge_bound n _ _ (real_other k) (real_target k) 0 0
                (real_label y) _ x Hmu' Hx) as H.
  rewrite !Rplus_0_r in H. eapply Rle_trans; [exact H|]. apply Rle_max_compat_l.
  set (w := tilt y mu (den k) (target k) (other k)).
  assert (Hw : length w = n) by now apply tilt_length.
  assert (E : box_max n (real_vec (scale k) (lower k)) (real_vec (scale k) (upper k))
                (fun i => real_label y
                   * (IZR mu / IZR (den k) * real_target k i - real_other k i))
              = IZR (box_maxZ w (lower k) (upper k))
                / (IZR (den k) * IZR (den k) * IZR (scale k))).
  { rewrite <- mult_IZR, <- box_maxZ_real by (try nia; rewrite Hw; assumption).
    rewrite Hw. apply nsum_ext. intros i _. unfold w. rewrite tilt_real by assumption.
    reflexivity. }
  rewrite E. unfold label_maximum. fold w. rewrite plus_IZR, !mult_IZR, minus_IZR.
  right. field. lra.
Qed.

Lemma U_bound (z : point Pb) :
  in_points z -> loss (p := Pb) (real_other k) z - loss (p := Pb) (real_target k) z <= real_U.
Proof.
  destruct z as [x y]. intros [Hx Hy]. simpl in *.
  destruct F. pose proof (IZR_lt _ _ f_den0) as Hq. pose proof (IZR_lt _ _ f_scale0) as Hs.
  assert (Hd : 0 < IZR (den k) * IZR (den k) * IZR (scale k)).
  { apply Rmult_lt_0_compat; nra. }
  unfold real_U. rewrite !IZR_max, <- !Rmax_div by assumption.
  replace (0 / (IZR (den k) * IZR (den k) * IZR (scale k))) with 0 by (field; lra).
  destruct Hy as [-> | ->].
  - eapply Rle_trans; [apply (label_bound true (mu_plus k) x); assumption|].
    apply Rle_max_compat_l, Rmax_l.
  - eapply Rle_trans; [apply (label_bound false (mu_minus k) x); assumption|].
    apply Rle_max_compat_l, Rmax_r.
Qed.

Definition real_B : R := IZR (root (box_squaresZ (lower k) (upper k))) / IZR (scale k).

Lemma B_bound (z : point Pb) : in_points z -> norm_at_most n (fst z) real_B.
Proof.
  destruct z as [x y]. intros [Hx _]. simpl in *. destruct F.
  pose proof (IZR_lt _ _ f_scale0) as Hs.
  assert (Hlen : length (upper k) = length (lower k)) by congruence.
  unfold dimension in *. rewrite <- f_lower0 in Hx |- *.
  pose proof (box_squares_real _ _ _ x f_scale0 Hlen Hx) as H.
  destruct (root_scaled _ _ (box_squares_nonneg (lower k) (upper k)) Hs) as [H0 H1].
  split; [exact H0|]. unfold real_B. lra.
Qed.

(** The bound of the target's norm. *)
Definition real_m : R := IZR (root (dotZ (target k) (target k))) / IZR (den k).

Lemma m_bound : norm_at_most n (real_target k) real_m.
Proof. apply norm_bound. apply (f_den F). Qed.

Let total := fold_left (step k) data start.
Let W := 2 * IZR (den k) * IZR (den k) * IZR (scale k) * IZR (c_den k) * IZR (rho_den k).

Lemma W_pos : 0 < W.
Proof.
  destruct F. unfold W. apply IZR_lt in f_den0, f_scale0, f_c_den0, f_rho_den0.
  repeat apply Rmult_lt_0_compat; lra.
Qed.

Lemma squares_real (p : list Z) :
  length p = n -> sqnorm n (real_vec (den k) p) = IZR (dotZ p p) / (IZR (den k) * IZR (den k)).
Proof.
  intros Hp. destruct F. unfold sqnorm. rewrite <- Hp. now apply dotZ_real.
Qed.

Lemma numerator_correct :
  all_fit total = true ->
  IZR (numerator k total) = W *
    (objective (P := Pb) (real_c k) (real_data k data) (real_target k)
     - objective (P := Pb) (real_c k) (real_data k data) (real_other k)
     - real_rho k * lsum (row_norm k) data
     - INR (length data) * (real_c k * (real_rho k * real_m))).
Proof.
  intros Hfit. pose proof F as [Fs Fq Fcn Fcd Frn Frd _ _ Fo _ _].
  destruct (sums_correct k Fs Fq Fo data start Hfit) as (_ & _ & Hcount & Hgain & Hnorms).
  fold total in Hcount, Hgain, Hnorms.
  unfold objective. change (regulariser (p := Pb)) with (fun t => sqnorm n t / 2). cbv beta.
  unfold real_target at 2, real_other at 2. rewrite !squares_real by (auto; reflexivity).
  unfold numerator, W, real_c, real_rho, real_m.
  rewrite !minus_IZR, plus_IZR, !mult_IZR, minus_IZR.
  apply IZR_lt in Fs, Fq, Fcd, Frd.
  assert (Elen : length (real_data k data) = length data) by apply map_length.
  change (@length (point Pb)) with (@length (vec * R)). rewrite !Elen.
  simpl (count start) in Hcount. simpl (gain start) in Hgain. simpl (norms start) in Hnorms.
  rewrite Rplus_0_l in Hcount. rewrite <- Hcount.
  set (L1 := lsum (loss (p := Pb) (real_target k)) (real_data k data)) in *.
  set (L2 := lsum (loss (p := Pb) (real_other k)) (real_data k data)) in *.
  assert (EG : IZR (gain total) = (L1 - L2) * (IZR (den k) * IZR (scale k))).
  { replace (L1 - L2) with (IZR (gain total) / (IZR (den k) * IZR (scale k)))
      by (rewrite Hgain; field; lra). field. lra. }
  assert (EZ : IZR (norms total) = lsum (row_norm k) data * IZR (scale k)).
  { replace (lsum (row_norm k) data) with (IZR (norms total) / IZR (scale k))
      by (rewrite Hnorms; field; lra). field. lra. }
  rewrite EG, EZ. field. lra.
Qed.

Lemma denominator_correct :
  IZR (denominator k) = W *
    (real_U + real_rho k * real_B
     + real_c k * (sqnorm n (real_other k) / 2 - sqnorm n (real_target k) / 2)
     + real_c k * (real_rho k * real_m)).
Proof.
  pose proof F as [Fs Fq Fcn Fcd Frn Frd _ _ Fo _ _].
  unfold real_other, real_target. rewrite !squares_real by (auto; reflexivity).
  unfold denominator, real_U, real_B, real_m, W, real_c, real_rho.
  rewrite !plus_IZR, !mult_IZR, minus_IZR.
  apply IZR_lt in Fs, Fq, Fcd, Frd. field. lra.
Qed.

End Soundness.

(** The main theorems: an accepted certificate bounds the number of added points.  "Within
    rho of the target" is stated with squares. *)

Definition within_radius (k : certificate) (theta : vec) : Prop :=
  sqnorm (dimension k) (vminus theta (real_target k)) <= real_rho k * real_rho k.

Theorem minimum_poisoning_extended_inexact (data : list row) (k : certificate) :
  check data k = true ->
  forall (added : list (point (certified_problem k))) (theta : vec),
    (forall z, In z added -> in_points z) ->
    objective (P := certified_problem k) (real_c k) (real_data k data ++ added) theta
      <= objective (P := certified_problem k) (real_c k) (real_data k data ++ added)
           (real_other k) ->
    within_radius k theta ->
    (bound k <= Z.of_nat (length added))%Z.
Proof.
  intros Hcheck added theta Hadd Hopt Hnear.
  unfold check, finish in Hcheck. rewrite !andb_true_iff, orb_true_iff, andb_true_iff in Hcheck.
  rewrite Z.leb_le, !Z.ltb_lt in Hcheck.
  destruct Hcheck as [[Hwf Hfit] Hbound].
  apply well_formed_facts in Hwf. rename Hwf into F.
  destruct Hbound as [Htriv | [Hnum Hk]]; [lia|].
  set (total := fold_left (step k) data start) in *.
  pose proof (numerator_correct k data F Hfit) as HN. fold total in HN.
  pose proof (denominator_correct k F) as HD.
  pose proof (W_pos k F) as HW.
  set (W := 2 * IZR (den k) * IZR (den k) * IZR (scale k) * IZR (c_den k) * IZR (rho_den k)) in *.
  destruct (sums_correct k (f_scale k F) (f_den k F) (f_other k F) data start Hfit)
    as (_ & Hlens & _).
  assert (Hquot : forall a b, (0 <= a)%Z -> (0 < b)%Z -> 0 <= IZR a / IZR b).
  { intros a b Ha Hb. apply IZR_le in Ha. apply IZR_lt, Rinv_0_lt_compat in Hb.
    unfold Rdiv. nra. }
  assert (Hc : 0 <= real_c k) by (apply Hquot; apply F).
  assert (Hrho : 0 <= real_rho k) by (apply Hquot; apply F).
  assert (Hrows : forall r, In r data ->
            is_label (snd (real_point (scale k) r)) /\
            norm_at_most (dimension k) (fst (real_point (scale k) r)) (row_norm k r)).
  { intros [y x] Hr. split; [apply real_label_is_label|].
    rewrite <- (Hlens _ Hr). apply norm_bound. apply F. }
  pose proof (radius_inequality (dimension k) _ (real_c k) (real_rho k) (real_target k)
    (real_other k) theta Hc (conj Hrho Hnear) (real_point (scale k)) (row_norm k) data added
    (real_U k) (real_B k) (real_m k) (m_bound k F) Hrows
    (fun z Hz => conj (proj2 (Hadd z Hz)) (B_bound k F z (Hadd z Hz)))
    (fun z Hz => U_bound k F z (Hadd z Hz)) Hopt) as Hineq.
  set (a := INR (length added)) in *.
  assert (Hmain : IZR (numerator k total) <= a * IZR (denominator k)).
  { rewrite HN, HD. apply Rmult_le_compat_l with (r := W) in Hineq; [|lra].
    eapply Rle_trans; [exact Hineq|].
    rewrite <- !Rmult_assoc, (Rmult_comm W). right. reflexivity. }
  unfold a in Hmain. rewrite INR_IZR_INZ, <- mult_IZR in Hmain. apply le_IZR in Hmain.
  destruct (Z_le_gt_dec (bound k) (Z.of_nat (length added))) as [|Hlt]; [assumption|exfalso].
  assert (0 < denominator k)%Z by nia. nia.
Qed.

Theorem minimum_poisoning_extended (data : list row) (k : certificate) :
  check data k = true ->
  forall (added : list (point (certified_problem k))) (theta : vec),
    (forall z, In z added -> in_points z) ->
    minimiser (P := certified_problem k) (real_c k) (real_data k data ++ added) theta ->
    within_radius k theta ->
    (bound k <= Z.of_nat (length added))%Z.
Proof.
  intros Hcheck added theta Hadd [_ Hmin] Hnear.
  apply (minimum_poisoning_extended_inexact data k Hcheck added theta Hadd); [|exact Hnear].
  apply Hmin. exact I.
Qed.

(** ** Witness: a certificate whose bound is attained

    One clean point (1, +1), features in [[-1,1]], no bias, c = 1.  The target -1/3 is the
    minimiser after adding (1, -1) twice.  The model -1/4 certifies that two points are needed
    within distance 1/1000 of the target. *)

Definition w_certificate : certificate :=
  Certificate 1 [-1]%Z [1]%Z 1 1 12 [-4]%Z [-3]%Z 12 12 1 1000 2.
Definition w_data : list row := [(true, [1]%Z)].
Definition w_added : list (point (certified_problem w_certificate)) :=
  [(fun _ => 1, -1); (fun _ => 1, -1)].

Lemma w_instance :
  check w_data w_certificate = true /\ bound w_certificate = 2%Z /\ length w_added = 2%nat /\
  (forall z, In z w_added -> in_points z) /\
  minimiser (P := certified_problem w_certificate) (real_c w_certificate)
    (real_data w_certificate w_data ++ w_added) (real_target w_certificate) /\
  within_radius w_certificate (real_target w_certificate).
Proof.
  split; [vm_compute; reflexivity|]. do 2 (split; [reflexivity|]). split; [|split].
  - intros z [<-|[<-|[]]]; (split; [|right; reflexivity]); intros [|i] Hi;
      unfold dimension, real_vec in *; simpl in *; try lia; lra.
  - split; [exact I|]. intros u _. unfold objective, real_c, real_data, real_target, w_added.
    simpl. unfold real_vec, sqnorm, dot. simpl.
    pose proof (hinge_ge (1 * (0 + u 0%nat * (1 / 1)))) as H1.
    pose proof (hinge_ge (-1 * (0 + u 0%nat * 1))) as H2.
    rewrite (hinge_inside (1 * (0 + -4 / 12 * (1 / 1)))) by lra.
    rewrite (hinge_inside (-1 * (0 + -4 / 12 * 1))) by lra.
    pose proof (pow2_ge_0 (u 0%nat + 1 / 3)) as H3. simpl in H3. nra.
  - unfold within_radius, sqnorm, dimension, dot, vminus, real_target, real_vec, real_rho.
    simpl. lra.
Qed.

Theorem minimum_poisoning_extended_witness :
  exists (data : list row) (k : certificate) (added : list (point (certified_problem k)))
         (theta : vec),
    check data k = true /\
    (forall z, In z added -> in_points z) /\
    minimiser (P := certified_problem k) (real_c k) (real_data k data ++ added) theta /\
    within_radius k theta /\
    bound k = Z.of_nat (length added) /\ (0 < bound k)%Z.
Proof.
  exists w_data, w_certificate, w_added, (real_target w_certificate).
  destruct w_instance as (H1 & H2 & H3 & H4 & H5 & H6).
  split; [exact H1|]. split; [exact H4|]. split; [exact H5|]. split; [exact H6|].
  split; reflexivity.
Qed.

Theorem minimum_poisoning_extended_inexact_witness :
  exists (data : list row) (k : certificate) (added : list (point (certified_problem k)))
         (theta : vec),
    check data k = true /\
    (forall z, In z added -> in_points z) /\
    objective (P := certified_problem k) (real_c k) (real_data k data ++ added) theta
      <= objective (P := certified_problem k) (real_c k) (real_data k data ++ added)
           (real_other k) /\
    within_radius k theta.
Proof.
  exists w_data, w_certificate, w_added, (real_target w_certificate).
  destruct w_instance as (H1 & _ & _ & H4 & [_ H5] & H6).
  split; [exact H1|]. split; [exact H4|]. split; [|exact H6]. apply H5. exact I.
Qed.
