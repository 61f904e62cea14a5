(** * minimum-poisoning: a checker that a model IS the result of training, hinge loss

    The companion of hinge_certificate.v: that file bounds the number of added points from
    below; this one shows that given points do the work.

    What is certified: a model t minimises the regularised hinge objective
    sum of losses + N c/2 |t|^2 on N given rows.  The certificate is one slope a_i in [0,1] per
    row, equal to 1 where the margin is below 1 and to 0 where it is above 1, such that
    sum a_i y_i x_i = N c t, coordinate by coordinate and exactly.

    - [optimality_conditions]: these conditions imply optimality (reals; c >= 0).
    - [optimality_unique]: and for c > 0 every other minimiser agrees with t in all coordinates.
    - [minimum_poisoning_extended_attained]: soundness of [check_optimal], the same in integers.  Two groups
      of rows (clean and added), each over a scale of its own; model over [q], slopes over [a].

    Assumed: nothing beyond what is in the statements. *)

From Coq Require Import Reals Lra Lia List ZArith Bool.
From MTP Require Import Base Vectors hinge_certificate.
Import ListNotations.
Open Scope R_scope.

(** ** The conditions, over the reals *)

Definition is_slope (a m : R) : Prop := 0 <= a <= 1 /\ (m < 1 -> a = 1) /\ (1 < m -> a = 0).

Lemma hinge_slope a m m' : is_slope a m -> hinge m - a * (m' - m) <= hinge m'.
Proof.
  intros (Ha & H1 & H0). destruct (Rtotal_order m 1) as [Hm|[Hm|Hm]].
  - rewrite (H1 Hm), (hinge_inside m) by lra. pose proof (hinge_ge m'). lra.
  - subst. rewrite (hinge_inside 1) by lra. hinge_split; nra.
  - rewrite (H0 Hm), (hinge_outside m) by lra. pose proof (hinge_nonneg m'). lra.
Qed.

Section Conditions.

Variables (n : nat) (X : vec -> Prop) (c : R).
Notation Pb := (Linear n hinge everywhere X).
Context {A : Type}.
Variables (f : A -> point Pb) (a : A -> R) (rows : list A) (t : vec).

Hypothesis slopes :
  forall r, In r rows -> is_slope (a r) (snd (f r) * dot n t (fst (f r))).
Hypothesis balance :
  forall j, (j < n)%nat ->
    lsum (fun r => a r * snd (f r) * fst (f r) j) rows = INR (length rows) * c * t j.

(** The objective grows at least quadratically away from [t]. *)
Lemma optimality_growth (u : vec) :
  objective (P := Pb) c (map f rows) t + INR (length rows) * c * (sqnorm n (vminus u t) / 2)
  <= objective (P := Pb) c (map f rows) u.
Proof.
  unfold objective. rewrite !map_length, !lsum_map.
  assert (Hloss : lsum (fun r => loss (p := Pb) t (f r)) rows
                  - lsum (fun r => a r * snd (f r) * dot n (vminus u t) (fst (f r))) rows
                  <= lsum (fun r => loss (p := Pb) u (f r)) rows).
  { rewrite <- lsum_minus. apply lsum_le. intros r Hr. simpl.
    pose proof (hinge_slope _ _ (snd (f r) * dot n u (fst (f r))) (slopes r Hr)) as H.
    rewrite dot_minus_l. lra. }
  assert (Hlin : lsum (fun r => a r * snd (f r) * dot n (vminus u t) (fst (f r))) rows
                 = INR (length rows) * c * dot n t (vminus u t)).
  { transitivity (nsum (fun j => lsum (fun r => a r * snd (f r) * fst (f r) j) rows
                                 * vminus u t j) n).
    - transitivity (lsum (fun r => nsum (fun j => a r * snd (f r) * fst (f r) j
                                                   * vminus u t j) n) rows).
      + apply lsum_ext. intros r _. unfold dot. rewrite <- nsum_scal. apply nsum_ext.
        intros; lra.
      + rewrite lsum_nsum_swap. apply nsum_ext. intros j _.
        rewrite (Rmult_comm _ (vminus u t j)), <- lsum_scal. apply lsum_ext. intros; lra.
    - unfold dot. rewrite <- nsum_scal. apply nsum_ext. intros j Hj. rewrite balance by exact Hj.
      lra. }
  rewrite dot_minus_r in Hlin. fold (sqnorm n t) in Hlin.
  change (regulariser (p := Pb)) with (fun t => sqnorm n t / 2). cbv beta.
  rewrite sqnorm_minus, (dot_sym n u t). lra.
Qed.

Theorem optimality_conditions : 0 <= c -> minimiser (P := Pb) c (map f rows) t.
Proof.
  intros Hc. split; [exact I|]. intros u _.
  pose proof (optimality_growth u) as H. pose proof (sqnorm_nonneg n (vminus u t)) as Hq.
  assert (0 <= INR (length rows) * c * (sqnorm n (vminus u t) / 2)).
  { apply Rmult_le_pos; [apply Rmult_le_pos; [apply pos_INR | exact Hc] | lra]. }
  lra.
Qed.

Theorem optimality_unique (u : vec) :
  0 < c -> rows <> [] -> minimiser (P := Pb) c (map f rows) u ->
  forall j, (j < n)%nat -> u j = t j.
Proof.
  intros Hc Hne [_ Hu] j Hj. specialize (Hu t I).
  pose proof (optimality_growth u) as H. pose proof (length_INR_pos rows Hne) as HN.
  pose proof (sqnorm_nonneg n (vminus u t)) as Hq.
  assert (Hz : sqnorm n (vminus u t) = 0).
  { apply Rle_antisym; [|exact Hq].
    apply Rmult_le_reg_l with (INR (length rows) * c / 2); [|lra].
    assert (0 < INR (length rows) * c) by (apply Rmult_lt_0_compat; lra). lra. }
  pose proof (sqnorm_zero n _ Hz j Hj) as Hd. unfold vminus in Hd. lra.
Qed.

End Conditions.

(** ** The checker: integers only *)

Open Scope Z_scope.

Definition weighted := (row * Z)%type.      (* a row and its slope, over [a] *)

Definition slope_fits (a unit : Z) (p : list Z) (w : weighted) : bool :=
  let '((y, x), s) := w in
  let m := signed y (dotZ x p) in      (* small factors first: faster to evaluate *)
  same_length x p && (0 <=? s) && (s <=? a)
  && ((unit <=? m) || (s =? a)) && ((m <=? unit) || (s =? 0)).

Fixpoint add_multiple (k : Z) (x v : list Z) : list Z :=
  match x, v with
  | b :: x', w :: v' => b * k + w :: add_multiple k x' v'
  | _, _ => v
  end.

(** The sum of slope * label * features. *)
Definition pull (zero : list Z) (rows : list weighted) : list Z :=
  fold_right (fun w v => add_multiple (signed (fst (fst w)) (snd w)) (snd (fst w)) v) zero rows.

(** (v1 / s1 + v2 / s2) / a = right / left * p, for every coordinate. *)
Fixpoint balanced (s1 s2 left right : Z) (v1 v2 p : list Z) : bool :=
  match v1, v2, p with
  | b1 :: v1', b2 :: v2', b :: p' =>
      ((b1 * s2 + b2 * s1) * left =? right * b) && balanced s1 s2 left right v1' v2' p'
  | [], [], [] => true
  | _, _, _ => false
  end.

Definition check_optimal (c_num c_den s1 s2 q a : Z) (p : list Z) (rows1 rows2 : list weighted)
  : bool :=
  let zero := map (fun _ => 0) p in
  let count := Z.of_nat (length rows1 + length rows2) in
  (0 <=? c_num) && (0 <? c_den) && (0 <? s1) && (0 <? s2) && (0 <? q) && (0 <? a)
  && forallb (slope_fits a (q * s1) p) rows1 && forallb (slope_fits a (q * s2) p) rows2
  && balanced s1 s2 (c_den * q) (count * c_num * a * s1 * s2) (pull zero rows1) (pull zero rows2) p.

Close Scope Z_scope.

(** ** Soundness *)

Lemma dotZ_sym a b : dotZ a b = dotZ b a.
Proof. revert b. induction a as [|x a IH]; intros [|y b]; simpl; rewrite ?IH; lia. Qed.

Lemma slope_fits_real a q s p w :
  (0 < a)%Z -> (0 < q)%Z -> (0 < s)%Z -> slope_fits a (q * s) p w = true ->
  length (snd (fst w)) = length p /\
  is_slope (IZR (snd w) / IZR a)
    (real_label (fst (fst w)) * dot (length p) (real_vec q p) (real_vec s (snd (fst w)))).
Proof.
  destruct w as [[y x] k]. unfold slope_fits. intros Ha Hq Hs.
  rewrite !andb_true_iff, !orb_true_iff, !Z.leb_le, !Z.eqb_eq.
  intros ((((Hl & H0) & H1) & H2) & H3). apply same_length_eq in Hl. simpl.
  split; [exact Hl|]. rewrite dotZ_real by assumption.
  pose proof (IZR_lt _ _ Ha) as Ha'. pose proof (IZR_lt _ _ Hq) as Hq'.
  pose proof (IZR_lt _ _ Hs) as Hs'.
  assert (Hqs : 0 < IZR q * IZR s) by now apply Rmult_lt_0_compat.
  rewrite (dotZ_sym x p) in *. set (m := dotZ p x) in *.
  assert (E : real_label y * (IZR m / (IZR q * IZR s))
              = IZR (signed y m) / IZR (q * s)).
  { rewrite signed_real, mult_IZR. field. lra. }
  rewrite E. assert (Hu : 0 < IZR (q * s)) by (rewrite mult_IZR; exact Hqs).
  set (unit := (q * s)%Z) in *. set (v := signed y m) in *.
  assert (Hv : forall b, IZR v / IZR unit * IZR unit = b -> b = IZR v).
  { intros b <-. field. lra. }
  repeat split.
  - apply IZR_le in H0. apply Rmult_le_reg_r with (IZR a); [lra|].
    replace (IZR k / IZR a * IZR a) with (IZR k) by (field; lra). lra.
  - apply IZR_le in H1. apply Rmult_le_reg_r with (IZR a); [lra|].
    replace (IZR k / IZR a * IZR a) with (IZR k) by (field; lra). lra.
  - intros Hm. destruct H2 as [H2|H2].
    + exfalso. apply IZR_le in H2. apply Rmult_lt_compat_r with (r := IZR unit) in Hm; [|lra].
      replace (IZR v / IZR unit * IZR unit) with (IZR v) in Hm by (field; lra). lra.
    + rewrite H2. field. lra.
  - intros Hm. destruct H3 as [H3|H3].
    + exfalso. apply IZR_le in H3. apply Rmult_lt_compat_r with (r := IZR unit) in Hm; [|lra].
      replace (IZR v / IZR unit * IZR unit) with (IZR v) in Hm by (field; lra). lra.
    + rewrite H3. simpl. unfold Rdiv. lra.
Qed.

Lemma add_multiple_nth k x v j :
  length x = length v -> nth j (add_multiple k x v) 0%Z = (nth j x 0 * k + nth j v 0)%Z.
Proof.
  revert v j. induction x as [|b x IH]; intros [|w v] j Hl; try discriminate.
  - destruct j; simpl; lia.
  - destruct j as [|j]; simpl; [lia|]. apply IH. simpl in Hl. lia.
Qed.

Lemma add_multiple_length k x v : length x = length v -> length (add_multiple k x v) = length v.
Proof.
  revert v. induction x as [|b x IH]; intros [|w v]; simpl; intros H; try discriminate; auto.
Qed.

Lemma pull_length zero rows :
  (forall w, In w rows -> length (snd (fst w)) = length zero) ->
  length (pull zero rows) = length zero.
Proof.
  induction rows as [|w rows IH]; intros H; [reflexivity|].
  assert (Hr : length (pull zero rows) = length zero) by (apply IH; intros; apply H; now right).
  change (pull zero (w :: rows))
    with (add_multiple (signed (fst (fst w)) (snd w)) (snd (fst w)) (pull zero rows)).
  rewrite add_multiple_length; [exact Hr|]. rewrite Hr. apply H. now left.
Qed.

Lemma pull_real a s zero rows j :
  (0 < a)%Z -> (0 < s)%Z -> (forall w, In w rows -> length (snd (fst w)) = length zero) ->
  nth j zero 0%Z = 0%Z ->
  lsum (fun w => IZR (snd w) / IZR a * real_label (fst (fst w)) * real_vec s (snd (fst w)) j) rows
  = IZR (nth j (pull zero rows) 0%Z) / (IZR a * IZR s).
Proof.
  intros Ha Hs H Hz. apply IZR_lt in Ha, Hs.
  induction rows as [|w rows IH].
  - simpl. rewrite Hz. field. lra.
  - cbn [lsum].
    change (pull zero (w :: rows))
      with (add_multiple (signed (fst (fst w)) (snd w)) (snd (fst w)) (pull zero rows)).
    assert (H' : forall w, In w rows -> length (snd (fst w)) = length zero)
      by (intros; apply H; now right).
    rewrite IH by exact H'. rewrite add_multiple_nth.
    + rewrite plus_IZR, mult_IZR, signed_real. unfold real_vec. field. lra.
    + rewrite pull_length by exact H'. apply H. now left.
Qed.

Lemma balanced_nth s1 s2 left right v1 v2 p j :
  balanced s1 s2 left right v1 v2 p = true ->
  ((nth j v1 0 * s2 + nth j v2 0 * s1) * left = right * nth j p 0)%Z.
Proof.
  revert v2 p j. induction v1 as [|b1 v1 IH]; intros [|b2 v2] [|b p] j H; try discriminate.
  - destruct j; simpl; lia.
  - simpl in H. apply andb_prop in H as [H1 H2]. apply Z.eqb_eq in H1.
    destruct j as [|j]; simpl; [lia | now apply IH].
Qed.

(** Rows of the two groups, with their scale. *)
Definition scaled_point (r : Z * weighted) : vec * R := real_point (fst r) (fst (snd r)).

Theorem minimum_poisoning_extended_attained (c_num c_den s1 s2 q a : Z) (p : list Z)
    (rows1 rows2 : list weighted) (X : vec -> Prop) :
  check_optimal c_num c_den s1 s2 q a p rows1 rows2 = true ->
  minimiser (P := Linear (length p) hinge everywhere X) (IZR c_num / IZR c_den)
    (map (real_point s1) (map fst rows1) ++ map (real_point s2) (map fst rows2))
    (real_vec q p).
Proof.
  unfold check_optimal. rewrite !andb_true_iff, !Z.ltb_lt, Z.leb_le, !forallb_forall.
  intros ((((((((Hcn & Hcd) & Hs1) & Hs2) & Hq) & Ha) & F1) & F2) & Hbal).
  set (rows := map (pair s1) rows1 ++ map (pair s2) rows2).
  assert (E : map (real_point s1) (map fst rows1) ++ map (real_point s2) (map fst rows2)
              = map scaled_point rows).
  { unfold rows. rewrite map_app, !map_map. reflexivity. }
  rewrite E.
  assert (L1 : forall w, In w rows1 -> length (snd (fst w)) = length (map (fun _ => 0%Z) p)).
  { intros w Hw. rewrite map_length. apply (slope_fits_real a q s1 p w); auto. }
  assert (L2 : forall w, In w rows2 -> length (snd (fst w)) = length (map (fun _ => 0%Z) p)).
  { intros w Hw. rewrite map_length. apply (slope_fits_real a q s2 p w); auto. }
  pose proof (IZR_lt _ _ Hcd) as Hcd'. pose proof (IZR_lt _ _ Hs1) as Hs1'.
  pose proof (IZR_lt _ _ Hs2) as Hs2'. pose proof (IZR_lt _ _ Hq) as Hq'.
  pose proof (IZR_lt _ _ Ha) as Ha'.
  apply (optimality_conditions (length p) X (IZR c_num / IZR c_den) scaled_point
           (fun r => IZR (snd (snd r)) / IZR a) rows (real_vec q p)).
  - intros r Hr. unfold rows in Hr. apply in_app_or in Hr.
    destruct Hr as [Hr|Hr]; apply in_map_iff in Hr as (w & <- & Hw).
    + apply (slope_fits_real a q s1 p w); auto.
    + apply (slope_fits_real a q s2 p w); auto.
  - intros j Hj. unfold rows. rewrite lsum_app, app_length, !map_length.
    transitivity (
      lsum (fun w => IZR (snd w) / IZR a * real_label (fst (fst w)) * real_vec s1 (snd (fst w)) j)
        rows1
      + lsum (fun w => IZR (snd w) / IZR a * real_label (fst (fst w)) * real_vec s2 (snd (fst w)) j)
          rows2).
    { f_equal; rewrite lsum_map; reflexivity. }
    assert (Hz : nth j (map (fun _ => 0%Z) p) 0%Z = 0%Z).
    { clear. revert j. induction p as [|b l IH]; intros [|j]; simpl; auto. }
    rewrite (pull_real a s1 _ rows1 j Ha Hs1 L1 Hz), (pull_real a s2 _ rows2 j Ha Hs2 L2 Hz).
    apply balanced_nth with (j := j) in Hbal. apply (f_equal IZR) in Hbal.
    rewrite !mult_IZR, plus_IZR, !mult_IZR, <- INR_IZR_INZ in Hbal.
    unfold real_vec.
    set (g1 := IZR (nth j (pull _ rows1) 0%Z)) in *.
    set (g2 := IZR (nth j (pull _ rows2) 0%Z)) in *.
    set (N := INR (length rows1 + length rows2)) in *. set (b := IZR (nth j p 0%Z)) in *.
    apply Rmult_eq_reg_r with (IZR a * IZR s1 * IZR s2 * (IZR c_den * IZR q)).
    + replace ((g1 / (IZR a * IZR s1) + g2 / (IZR a * IZR s2))
               * (IZR a * IZR s1 * IZR s2 * (IZR c_den * IZR q)))
        with ((g1 * IZR s2 + g2 * IZR s1) * (IZR c_den * IZR q)) by (field; lra).
      rewrite Hbal. field. lra.
    + apply Rgt_not_eq. repeat apply Rmult_lt_0_compat; lra.
  - apply IZR_le in Hcn. assert (0 < / IZR c_den) by now apply Rinv_0_lt_compat.
    unfold Rdiv. nra.
Qed.

(** ** Witness: the instance of hinge_certificate.v: the clean point (1, +1), the point (1, -1) twice,
    c = 1, the minimiser -1/3. *)
Theorem minimum_poisoning_extended_attained_witness :
  exists c_num c_den s1 s2 q a p rows1 rows2,
    check_optimal c_num c_den s1 s2 q a p rows1 rows2 = true /\ rows1 <> [] /\ rows2 <> [].
Proof.
  exists 1%Z, 1%Z, 1%Z, 1%Z, 3%Z, 1%Z, [-1]%Z, [((true, [1]%Z), 1%Z)],
    [((false, [1]%Z), 1%Z); ((false, [1]%Z), 1%Z)].
  repeat split; discriminate.
Qed.
