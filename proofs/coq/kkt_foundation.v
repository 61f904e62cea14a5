(** * kkt-foundation: two distinct points, one from each class, do not suffice with a bias

    Paper, Section 5, on the KKT attack: any classifier trained on Dc and n points
    can also be obtained from Dc and at most n points of which only two are
    distinct, one from each class.
    Refuted for the hinge loss with a regularised bias: X = [0, 4], c = 1,
    Dc = 2 x (1/2, +1).  Dp = {(1/2, +1), (1, +1)} trains w = 3/8, b = 3/4 (margins
    15/16 and 9/8); no set of at most two points of the form kp x (xp, +1),
    km x (xm, -1) does. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base.
Import ListNotations.
Open Scope R_scope.

(** One feature and a bias; both are regularised. *)
Definition Biased (X : R -> Prop) : problem := {|
  model := (R * R)%type; point := (R * R)%type; in_models := fun _ => True;
  in_points := fun z => X (fst z) /\ is_label (snd z);
  loss := fun t z => hinge (snd z * (fst t * fst z + snd t));
  regulariser := fun t => (fst t * fst t + snd t * snd t) / 2 |}.

Definition kkt_foundation_printed_claim (P : problem) (c : R) (two : point P -> point P -> Prop) : Prop :=
  forall (Dc Dp : list (point P)) (t : model P),
    Dc <> [] -> (forall z, In z (Dc ++ Dp) -> in_points z) -> minimiser c (Dc ++ Dp) t ->
    exists (a b : point P) (p q : nat),
      in_points a /\ in_points b /\ two a b /\ (p + q <= length Dp)%nat /\
      minimiser c (Dc ++ repeat a p ++ repeat b q) t.

(** One from each class. *)
Definition one_of_each (a b : R * R) : Prop := snd a = 1 /\ snd b = -1.

Definition kkt_clean : list (R * R) := [(1 / 2, 1); (1 / 2, 1)].
Definition kkt_poison : list (R * R) := [(1 / 2, 1); (1, 1)].
Definition kkt_model : R * R := (3 / 8, 3 / 4).

Lemma kkt_trained : minimiser (P := Biased (interval 0 4)) 1 (kkt_clean ++ kkt_poison) kkt_model.
Proof.
  split; [exact I|]. intros [w b] _. unfold objective, kkt_clean, kkt_poison, kkt_model.
  cbn [app lsum length INR loss regulariser Biased fst snd].
  rewrite (hinge_inside (1 * (3 / 8 * (1 / 2) + 3 / 4))), (hinge_outside (1 * (3 / 8 * 1 + 3 / 4))) by lra.
  pose proof (hinge_ge (1 * (w * (1 / 2) + b))). pose proof (hinge_nonneg (1 * (w * 1 + b))).
  pose proof (Rle_0_sqr (w - 3 / 8)). pose proof (Rle_0_sqr (b - 3 / 4)). unfold Rsqr in *. lra.
Qed.

(** The objective with p copies of (x, +1) and q copies of (v, -1). *)
Lemma kkt_objective (x v w b : R) (p q : nat) :
  objective (P := Biased (interval 0 4)) 1 (kkt_clean ++ repeat (x, 1) p ++ repeat (v, -1) q) (w, b) =
  2 * hinge (w / 2 + b) + INR p * hinge (w * x + b) + INR q * hinge (- (w * v + b))
  + (2 + INR p + INR q) * ((w * w + b * b) / 2).
Proof.
  rewrite !(objective_app (P := Biased (interval 0 4))), !(objective_repeat (P := Biased (interval 0 4))).
  unfold point_objective, objective, kkt_clean. cbn [lsum length INR loss regulariser Biased fst snd].
  replace (1 * (w * (1 / 2) + b)) with (w / 2 + b) by lra. replace (1 * (w * x + b)) with (w * x + b) by lra.
  replace (-1 * (w * v + b)) with (- (w * v + b)) by lra. lra.
Qed.

Theorem kkt_foundation_printed_refuted : ~ kkt_foundation_printed_claim (Biased (interval 0 4)) 1 one_of_each.
Proof.
  intros H. destruct (H kkt_clean kkt_poison kkt_model) as ([x y] & [v y'] & p & q & Ha & Hb & Htwo & Hn & Hmin).
  - discriminate.
  - intros z Hz. unfold kkt_clean, kkt_poison in Hz. simpl in Hz.
    repeat (destruct Hz as [<-|Hz]; [split; [unfold interval; simpl; lra | now left]|]). now elim Hz.
  - exact kkt_trained.
  - unfold one_of_each in Htwo. cbn [fst snd] in Htwo. destruct Htwo as [-> ->].
    destruct Hmin as [_ Hmin].
    assert (Hx : 0 <= x <= 4) by (destruct Ha as [Hx _]; exact Hx).
    assert (Hv : 0 <= v <= 4) by (destruct Hb as [Hv _]; exact Hv).
    assert (Hopt : forall w b,
      2 * hinge (3 / 8 / 2 + 3 / 4) + INR p * hinge (3 / 8 * x + 3 / 4) + INR q * hinge (- (3 / 8 * v + 3 / 4))
      + (2 + INR p + INR q) * ((3 / 8 * (3 / 8) + 3 / 4 * (3 / 4)) / 2) <=
      2 * hinge (w / 2 + b) + INR p * hinge (w * x + b) + INR q * hinge (- (w * v + b))
      + (2 + INR p + INR q) * ((w * w + b * b) / 2)).
    { intros w b. specialize (Hmin (w, b) I). unfold kkt_model in Hmin. rewrite !kkt_objective in Hmin. exact Hmin. }
    clear Hmin H Ha Hb. simpl in Hn.
    rewrite (hinge_inside (3 / 8 / 2 + 3 / 4)) in Hopt by lra.
    rewrite (hinge_inside (- (3 / 8 * v + 3 / 4))) in Hopt by lra.
    assert (Hq : (0 < q)%nat -> False).
    { intros Hq0. specialize (Hopt (3 / 8) (1 / 2)).
      rewrite (hinge_inside (3 / 8 / 2 + 1 / 2)), (hinge_inside (- (3 / 8 * v + 1 / 2))) in Hopt by lra.
      pose proof (hinge_antitone (3 / 8 * x + 1 / 2) (3 / 8 * x + 3 / 4)).
      assert (Hlip : hinge (3 / 8 * x + 1 / 2) - hinge (3 / 8 * x + 3 / 4) <= 1 / 4).
      { destruct (hinge_cases (3 / 8 * x + 1 / 2)) as [[? ->]|[? ->]], (hinge_cases (3 / 8 * x + 3 / 4)) as [[? ->]|[? ->]]; lra. }
      assert (Hcase : (p = 0 /\ q = 1 \/ p = 0 /\ q = 2 \/ p = 1 /\ q = 1)%nat) by lia.
      destruct Hcase as [[-> ->]|[[-> ->]|[-> ->]]]; simpl INR in Hopt; lra. }
    assert (q = 0)%nat by (destruct q; [reflexivity | exfalso; apply Hq; lia]). subst q. clear Hq.
    simpl (INR 0) in Hopt.
    assert (Hcase : (p = 0 \/ p = 1 \/ p = 2)%nat) by lia.
    destruct Hcase as [->|Hp].
    + specialize (Hopt (2 / 5) (4 / 5)). rewrite (hinge_outside (2 / 5 / 2 + 4 / 5)) in Hopt by lra. simpl INR in Hopt. lra.
    + destruct (Rle_lt_dec (2 / 3) x) as [Hfar|Hnear].
      * (* the added point is not active: turn the model away from it *)
        specialize (Hopt (3 / 8 + 1 / 100) (3 / 4 - 3 / 500)).
        rewrite (hinge_inside ((3 / 8 + 1 / 100) / 2 + (3 / 4 - 3 / 500))) in Hopt by lra.
        rewrite (hinge_outside (3 / 8 * x + 3 / 4)), (hinge_outside ((3 / 8 + 1 / 100) * x + (3 / 4 - 3 / 500))) in Hopt by lra.
        destruct Hp as [-> | ->]; simpl INR in Hopt; lra.
      * (* it is active: a larger bias is better *)
        set (e := Rmin (1 / 16) (1 / 4 - 3 / 8 * x)).
        assert (He : 0 < e <= 1 / 16 /\ e <= 1 / 4 - 3 / 8 * x).
        { unfold e. destruct (Rle_lt_dec (1 / 16) (1 / 4 - 3 / 8 * x));
            [rewrite Rmin_left by lra | rewrite Rmin_right by lra]; lra. }
        specialize (Hopt (3 / 8) (3 / 4 + e)).
        rewrite (hinge_inside (3 / 8 / 2 + (3 / 4 + e))) in Hopt by lra.
        rewrite (hinge_inside (3 / 8 * x + 3 / 4)), (hinge_inside (3 / 8 * x + (3 / 4 + e))) in Hopt by lra.
        assert (Hee : e * e <= e * (1 / 16)) by (apply Rmult_le_compat_l; lra).
        destruct Hp as [-> | ->]; simpl INR in Hopt; lra.
Qed.
