(** * remark-3: |t|_1 <= sqrt(d / c) for models trained with the hinge loss

    The paper: with R = |.|_2^2 / 2, an upper bound of the l1 norm of the models in Theorem 4 is
    sqrt(d / c), "by plugging 0 ... and compare".  Plugging in 0 alone gives sqrt(2 d / c); the
    printed value is true all the same, because an attainable model satisfies the sharper
    |t|_2^2 <= l(0) / c, got by comparing t with its own multiples s t, s < 1.

    Assumed: the model minimises the regularised mean loss of a non-empty data set over all of
    R^d (a bias, if there is one, is a regularised coordinate and counts in d).

    - [remark_3_printed]: the printed bound for the hinge loss, without a bias or with it.
    - [remark_3_extended]: any convex non-negative margin loss phi: sqrt(d phi(0) / c); for
      the logistic loss phi(0) = log 2.
    - [remark_3_extended_squares]: the same, squared; only the forms with a square root need the
      axiom sig_not_dec, by which the standard library defines sqrt.
    - [remark_3_extended_l2]: the l2 bound c |t|_2^2 <= phi(0) - (mean loss of t), which Remark 2
      sharpened states as 2 c R(t) <= l(0).
    - [remark_3_printed_witness]: the bound is attained. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors.
Import ListNotations.
Open Scope R_scope.

Section Linear_model.

Variables (n : nat) (phi : R -> R) (X : vec -> Prop) (c : R).
Hypothesis phi_convex : convex_on_line phi.
Notation Pb := (Linear n phi everywhere X).

Lemma loss_shrunk (t : vec) s z :
  0 <= s <= 1 ->
  loss (p := Pb) (vscal s t) z <= (1 - s) * phi 0 + s * loss (p := Pb) t z.
Proof.
  intros Hs. simpl. rewrite dot_scal_l.
  replace (snd z * (s * dot n t (fst z)))
    with ((1 - s) * 0 + s * (snd z * dot n t (fst z))) by lra.
  now apply phi_convex.
Qed.

Theorem remark_3_extended_l2 (D : list (point Pb)) (t : vec) :
  D <> [] -> minimiser (P := Pb) c D t ->
  INR (length D) * (c * sqnorm n t) <= INR (length D) * phi 0 - total_loss (P := Pb) D t.
Proof.
  intros Hne [_ Hopt]. unfold total_loss. set (N := INR (length D)).
  assert (HN : 1 <= N) by now apply length_INR_pos.
  set (L := lsum (loss (p := Pb) t) D).
  (* comparison with s t, for every s < 1 *)
  assert (Hs : forall d, 0 < d <= 1 -> L + N * (c * sqnorm n t) * (1 - d / 2) <= N * phi 0).
  { intros d Hd. specialize (Hopt (vscal (1 - d) t) I). unfold objective in Hopt.
    assert (Hl : lsum (loss (p := Pb) (vscal (1 - d) t)) D <= d * (N * phi 0) + (1 - d) * L).
    { eapply Rle_trans.
      - apply lsum_le. intros z _. apply loss_shrunk. lra.
      - rewrite lsum_plus, lsum_const, lsum_scal. fold N. fold L.
        replace (1 - (1 - d)) with d by lra. lra. }
    fold N in Hopt. fold L in Hopt.
    change (regulariser (p := Pb) (vscal (1 - d) t)) with (sqnorm n (vscal (1 - d) t) / 2) in Hopt.
    change (regulariser (p := Pb) t) with (sqnorm n t / 2) in Hopt.
    rewrite sqnorm_scal in Hopt. set (q := sqnorm n t) in *.
    apply Rmult_le_reg_l with d; [lra|]. nra. }
  set (A := N * (c * sqnorm n t)) in *.
  destruct (Rle_lt_dec (L + A) (N * phi 0)) as [H|H]; [lra|exfalso].
  (* otherwise a small d contradicts [Hs] *)
  assert (H1 := Hs 1 ltac:(lra)).
  assert (HA : 0 < A) by lra.
  set (e := L + A - N * phi 0) in *. assert (He : 0 < e) by (unfold e; lra).
  assert (Hd : 0 < Rmin 1 (e / A)).
  { apply Rmin_glb_lt; [lra|]. unfold Rdiv. apply Rmult_lt_0_compat; auto.
    now apply Rinv_0_lt_compat. }
  assert (Hd1 := Rmin_l 1 (e / A)). assert (Hd2 := Rmin_r 1 (e / A)).
  specialize (Hs _ (conj Hd Hd1)). set (d := Rmin 1 (e / A)) in *.
  assert (Hde : A * d <= e).
  { apply Rmult_le_compat_l with (r := A) in Hd2; [|lra].
    replace (A * (e / A)) with e in Hd2 by (field; lra). exact Hd2. }
  unfold e in Hde. lra.
Qed.

Hypothesis phi_nonneg : forall m, 0 <= phi m.

(** The bound squared, without a square root. *)
Theorem remark_3_extended_squares (t : vec) :
  0 <= c -> attainable (P := Pb) c t -> c * (l1norm n t * l1norm n t) <= INR n * phi 0.
Proof.
  intros Hc (D & Hne & _ & Hmin).
  pose proof (remark_3_extended_l2 D t Hne Hmin) as H.
  assert (HL : 0 <= total_loss (P := Pb) D t) by (apply lsum_nonneg; intros; apply phi_nonneg).
  assert (HN : 1 <= INR (length D)) by now apply length_INR_pos.
  assert (Hq : c * sqnorm n t <= phi 0).
  { apply Rmult_le_reg_l with (INR (length D)); lra. }
  pose proof (l1norm_sq_le n t) as H1. pose proof (pos_INR n). nra.
Qed.

Theorem remark_3_extended (t : vec) :
  0 < c -> attainable (P := Pb) c t -> l1norm n t <= sqrt (INR n * phi 0 / c).
Proof.
  intros Hc Hatt. pose proof (remark_3_extended_squares t ltac:(lra) Hatt) as H.
  rewrite <- (sqrt_Rsqr (l1norm n t)) by apply l1norm_nonneg.
  apply sqrt_le_1_alt. unfold Rsqr.
  apply Rmult_le_reg_r with c; [lra|].
  replace (INR n * phi 0 / c * c) with (INR n * phi 0) by (field; lra). lra.
Qed.

End Linear_model.

Theorem remark_3_printed n (X : vec -> Prop) c (t : vec) :
  0 < c -> attainable (P := Linear n hinge everywhere X) c t ->
  l1norm n t <= sqrt (INR n / c).
Proof.
  intros Hc Ht.
  pose proof (remark_3_extended n hinge X c hinge_convex_on_line hinge_nonneg t Hc Ht) as H.
  rewrite (hinge_inside 0) in H by lra.
  replace (INR n * (1 - 0) / c) with (INR n / c) in H by (field; lra). exact H.
Qed.

(** ** The bound is attained: d = 2, c = 1/2, the point ((1/2, 1/2), +1), model (1, 1):
    |t|_1 = 2 = sqrt(2 / (1/2)). *)

Theorem remark_3_printed_witness :
  exists n X c t, 0 < c /\ attainable (P := Linear n hinge everywhere X) c t /\
    0 < l1norm n t /\ l1norm n t = sqrt (INR n / c).
Proof.
  exists 2%nat, (box 2 0 1), (1/2), (fun _ => 1).
  assert (E : l1norm 2 (fun _ => 1) = 2) by (unfold l1norm; simpl; rewrite Rabs_R1; lra).
  rewrite E. repeat split; try lra.
  - exists [(fun _ : nat => 1/2, 1)]. split; [discriminate|]. split.
    + intros p [<-|[]]. split; [|left; reflexivity]. intros i _. simpl. lra.
    + split; [exact I|]. intros u _. unfold objective. simpl. unfold dot, sqnorm. simpl.
      unfold dot. simpl.
      rewrite (hinge_inside (1 * (0 + 1 * (1/2) + 1 * (1/2)))) by lra.
      pose proof (hinge_ge (1 * (0 + u 0%nat * (1/2) + u 1%nat * (1/2)))) as H.
      pose proof (pow2_ge_0 (u 0%nat - 1)) as H0. pose proof (pow2_ge_0 (u 1%nat - 1)) as H1.
      simpl in H0, H1. lra.
  - replace (INR 2 / (1/2)) with (2 * 2) by (simpl; lra). symmetry. apply sqrt_square. lra.
Qed.

(** The same instance, for the general forms. *)
Theorem remark_3_extended_witness :
  exists n phi X c (D : list (point (Linear n phi everywhere X))) t,
    convex_on_line phi /\ (forall m, 0 <= phi m) /\ 0 < c /\ D <> [] /\
    minimiser (P := Linear n phi everywhere X) c D t /\
    attainable (P := Linear n phi everywhere X) c t /\ 0 < l1norm n t.
Proof.
  destruct remark_3_printed_witness as (n & X & c & t & Hc & Hatt & Hpos & _).
  assert (H := Hatt). destruct H as (D & Hne & _ & Hmin).
  exists n, hinge, X, c, D, t.
  repeat split; auto using hinge_convex_on_line, hinge_nonneg; apply Hmin.
Qed.
