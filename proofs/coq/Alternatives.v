(** * Alternatives: Gordan's theorem and supports of polyhedral-like functions

    Proved, by elementary induction (no compactness, no choice):
    - Gordan: for finitely many vectors of R^n, either a convex combination of
      them is 0, or some direction h has <v, h> < 0 for all of them.
    - A function F is [supported] at a by a finite list V of subgradients when
      its directional derivative at a is the largest <v, h>, v in V.  Sums,
      nonnegative multiples, |.|^2/2, hinge losses and finite maxima of
      functions that are active at a have supports.
    - If F is supported by V at a minimiser a, a convex combination of V is 0. *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors.
Import ListNotations.
Open Scope R_scope.

(** ** Small numbers for finitely many conditions *)

Lemma small_epsilon {A : Type} (a c : A -> R) (s : list A) :
  (forall u, In u s -> a u < 0) ->
  exists eps, 0 < eps /\ forall u, In u s -> a u + eps * c u < 0.
Proof.
  induction s as [|u s IH]; intros H.
  - exists 1. split; [lra | intros u []].
  - destruct IH as (e & He & Hs); [intros v Hv; apply H; now right|].
    assert (Hu : a u < 0) by (apply H; now left).
    set (k := Rabs (c u) + 1).
    assert (Hk : 0 < k) by (unfold k; pose proof (Rabs_pos (c u)); lra).
    set (e' := - a u / (2 * k)).
    assert (He' : 0 < e').
    { unfold e'. apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]. }
    assert (Ek : e' * k = - a u / 2) by (unfold e'; field; lra).
    exists (Rmin e e'). assert (Hmin : 0 < Rmin e e') by (now apply Rmin_glb_lt).
    split; [assumption|]. intros v [<-|Hv].
    + pose proof (Rmin_r e e'). pose proof (Rle_abs (c u)). unfold k in Ek.
      assert (Rmin e e' * c u <= e' * (Rabs (c u) + 1)); [|lra].
      pose proof (Rabs_pos (c u)). nra.
    + pose proof (Rmin_l e e'). specialize (Hs v Hv).
      assert (Hv0 : a v < 0) by (apply H; now right).
      destruct (Rle_lt_dec (c v) 0); nra.
Qed.

(** ** Gordan's theorem *)

(** Some convex combination of the vectors of V vanishes on every direction. *)
Definition zero_in_hull (n : nat) (V : list vec) : Prop :=
  exists W : list (R * vec),
    (forall p, In p W -> 0 <= fst p /\ In (snd p) V) /\ lsum fst W = 1 /\
    forall h, lsum (fun p => fst p * dot n (snd p) h) W = 0.

(** Witnesses attached to the entries of a list. *)
Lemma attach {A B : Type} (Q : A -> B -> Prop) (s : list A) :
  (forall x, In x s -> exists b, Q x b) ->
  exists L : list (A * B), map fst L = s /\ forall p, In p L -> Q (fst p) (snd p).
Proof.
  induction s as [|x s IH]; intros H.
  - exists []. split; [reflexivity | intros p []].
  - destruct IH as (L & HL & HQ); [intros y Hy; apply H; now right|].
    destruct (H x (or_introl eq_refl)) as (b & Hb).
    exists ((x, b) :: L). split; [simpl; now rewrite HL|].
    intros p [<-|Hp]; [exact Hb | now apply HQ].
Qed.

Lemma sqnorm_zero_dot n v h : sqnorm n v = 0 -> dot n v h = 0.
Proof.
  intros H. unfold dot. rewrite (nsum_ext _ (fun _ => 0)).
  - rewrite nsum_const. lra.
  - intros i Hi. rewrite (sqnorm_zero n v H i Hi). lra.
Qed.

Theorem gordan (n : nat) (V : list vec) :
  zero_in_hull n V \/ exists h, forall v, In v V -> dot n v h < 0.
Proof.
  remember (length V) as k eqn:Hk. revert V Hk.
  induction k as [|k IH]; intros V Hk.
  - right. exists vzero. intros v Hv. destruct V; [destruct Hv | discriminate].
  - destruct V as [|v V]; [discriminate|]. injection Hk as Hk.
    destruct (IH V Hk) as [(W & HW & Hs & H0)|(h & Hh)].
    { left. exists W. split; [|auto]. intros p Hp. destruct (HW p Hp). split; [assumption | now right]. }
    destruct (Rtotal_order (dot n v h) 0) as [Hneg|[Hzero|Hpos]].
    + right. exists h. intros u [<-|Hu]; auto.
    + destruct (Req_dec (sqnorm n v) 0) as [E|E].
      * left. exists [(1, v)]. split; [|split].
        -- intros p [<-|[]]. simpl. split; [lra | now left].
        -- simpl. lra.
        -- intros d. simpl. rewrite (sqnorm_zero_dot n v d E). lra.
      * right. pose proof (sqnorm_nonneg n v) as Hn.
        destruct (small_epsilon (fun u => dot n u h) (fun u => - dot n u v) V Hh) as (e & He & Hs).
        exists (vminus h (vscal e v)).
        intros u [<-|Hu]; rewrite dot_minus_r, dot_scal_r.
        -- change (dot n v v) with (sqnorm n v). assert (0 < e * sqnorm n v) by (apply Rmult_lt_0_compat; lra). lra.
        -- specialize (Hs u Hu). cbv beta in Hs. lra.
    + set (b := dot n v h) in *.
      set (f := fun u : vec => vplus u (vscal (- dot n u h / b) v)).
      destruct (IH (map f V)) as [(W & HW & Hs & H0)|(g & Hg)]; [now rewrite map_length| |].
      * left.
        destruct (attach (fun (p : R * vec) u => In u V /\ snd p = f u) W) as (L & HL & HQ).
        { intros p Hp. destruct (HW p Hp) as [_ Hin]. apply in_map_iff in Hin.
          destruct Hin as (u & E & Hu). exists u. auto. }
        set (q := lsum (fun x : R * vec * vec => fst (fst x) * (- dot n (snd x) h / b)) L).
        assert (Hw : forall x, In x L -> 0 <= fst (fst x)).
        { intros x Hx. apply HW. rewrite <- HL. now apply in_map. }
        assert (Hq : 0 <= q).
        { apply lsum_nonneg. intros x Hx. destruct (HQ x Hx) as [Hu _]. specialize (Hh _ Hu).
          apply Rmult_le_pos; [now apply Hw|]. apply Rlt_le, Rmult_lt_0_compat; [lra | now apply Rinv_0_lt_compat]. }
        assert (Hs' : lsum (fun x : R * vec * vec => fst (fst x)) L = 1).
        { rewrite <- Hs, <- HL. rewrite lsum_map. reflexivity. }
        exists ((q / (1 + q), v) :: map (fun x : R * vec * vec => (fst (fst x) / (1 + q), snd x)) L).
        assert (Hinv : 0 < / (1 + q)) by (apply Rinv_0_lt_compat; lra).
        split; [|split].
        -- intros p [<-|Hp].
           ++ simpl. split; [apply Rmult_le_pos; lra | now left].
           ++ apply in_map_iff in Hp. destruct Hp as (x & <- & Hx). simpl.
              split; [apply Rmult_le_pos; [now apply Hw | lra] | right; now apply HQ].
        -- simpl. rewrite lsum_map. cbn [fst].
           rewrite (lsum_ext _ (fun x : R * vec * vec => / (1 + q) * fst (fst x)))
             by (intros; unfold Rdiv; ring).
           rewrite lsum_scal, Hs'. field. lra.
        -- intros d. simpl. rewrite lsum_map. cbn [fst snd].
           rewrite (lsum_ext _ (fun x : R * vec * vec => / (1 + q) * (fst (fst x) * dot n (snd x) d)))
             by (intros; unfold Rdiv; ring).
           rewrite lsum_scal.
           assert (HL0 : lsum (fun x : R * vec * vec => fst (fst x) * dot n (snd x) d) L + q * dot n v d = 0).
           { rewrite <- (H0 d), <- HL, lsum_map. unfold q.
             rewrite (Rmult_comm (lsum _ L) (dot n v d)), <- lsum_scal, <- lsum_plus.
             apply lsum_ext. intros x Hx. destruct (HQ x Hx) as [_ E]. rewrite E.
             unfold f. rewrite dot_plus_l, dot_scal_l. ring. }
           assert (E : q / (1 + q) * dot n v d +
             / (1 + q) * lsum (fun x : R * vec * vec => fst (fst x) * dot n (snd x) d) L =
             / (1 + q) * (lsum (fun x : R * vec * vec => fst (fst x) * dot n (snd x) d) L + q * dot n v d))
             by (unfold Rdiv; ring).
           rewrite E, HL0. ring.
      * right.
        destruct (small_epsilon (fun u => dot n (f u) g) (fun u => - dot n u h / b) V) as (e & He & Hs).
        { intros u Hu. apply Hg. now apply in_map. }
        set (s := - (dot n v g + e) / b).
        assert (Es : s * b = - (dot n v g + e)) by (unfold s; field; lra).
        exists (vplus g (vscal s h)).
        intros u [<-|Hu]; rewrite dot_plus_r, dot_scal_r.
        -- fold b. lra.
        -- specialize (Hs u Hu). cbv beta in Hs. unfold f in Hs. rewrite dot_plus_l, dot_scal_l in Hs.
           assert (E : s * dot n u h = - dot n u h / b * (dot n v g + e)) by (unfold s; field; lra).
           rewrite E. lra.
Qed.

(** ** Supports *)

Definition step (a : vec) (e : R) (h : vec) : vec := vplus a (vscal e h).

Definition supported (n : nat) (F : vec -> R) (a : vec) (V : list vec) : Prop :=
  (forall v u, In v V -> F a + dot n v (vminus u a) <= F u) /\
  (forall h delta, 0 < delta -> exists e0, 0 < e0 /\ forall e, 0 < e <= e0 ->
     exists v, In v V /\ F (step a e h) - F a <= e * (dot n v h + delta)).

Theorem supported_minimiser (n : nat) (F : vec -> R) (a : vec) (V : list vec) :
  supported n F a V -> (forall u, F a <= F u) -> zero_in_hull n V.
Proof.
  intros [_ Hdir] Hmin. destruct (gordan n V) as [H|(h & Hh)]; [assumption|]. exfalso.
  destruct (small_epsilon (fun v => dot n v h) (fun _ => 1) V Hh) as (d & Hd & Hs).
  destruct (Hdir h d Hd) as (e0 & He0 & He).
  destruct (He e0 (conj He0 (Rle_refl _))) as (v & Hv & Hle).
  specialize (Hs v Hv). cbv beta in Hs. specialize (Hmin (step a e0 h)).
  assert (0 < e0 * - (dot n v h + d)) by (apply Rmult_lt_0_compat; lra). lra.
Qed.

Lemma supported_ext n F G a V :
  (forall u, F u = G u) -> supported n F a V -> supported n G a V.
Proof.
  intros E [H1 H2]. split.
  - intros v u Hv. rewrite <- !E. auto.
  - intros h d Hd. destruct (H2 h d Hd) as (e0 & He0 & He). exists e0. split; [assumption|].
    intros e Hle. destruct (He e Hle) as (v & Hv & H). exists v. rewrite <- !E. auto.
Qed.

Lemma supported_zero n a : supported n (fun _ => 0) a [vzero].
Proof.
  split.
  - intros v u [<-|[]]. rewrite dot_zero_l. lra.
  - intros h d Hd. exists 1. split; [lra|]. intros e He. exists vzero. split; [now left|].
    rewrite dot_zero_l. assert (0 <= e * d) by (apply Rmult_le_pos; lra). lra.
Qed.

Definition sums (V1 V2 : list vec) : list vec :=
  map (fun p => vplus (fst p) (snd p)) (list_prod V1 V2).

Lemma supported_plus n F1 F2 a V1 V2 :
  supported n F1 a V1 -> supported n F2 a V2 ->
  supported n (fun u => F1 u + F2 u) a (sums V1 V2).
Proof.
  intros [A1 B1] [A2 B2]. split.
  - intros v u Hv. unfold sums in Hv. apply in_map_iff in Hv.
    destruct Hv as ([v1 v2] & <- & Hin). apply in_prod_iff in Hin. destruct Hin as [H1 H2].
    simpl. rewrite dot_plus_l. specialize (A1 v1 u H1). specialize (A2 v2 u H2). lra.
  - intros h d Hd. destruct (B1 h (d / 2) ltac:(lra)) as (e1 & He1 & C1).
    destruct (B2 h (d / 2) ltac:(lra)) as (e2 & He2 & C2).
    exists (Rmin e1 e2). split; [now apply Rmin_glb_lt|]. intros e He.
    pose proof (Rmin_l e1 e2). pose proof (Rmin_r e1 e2).
    destruct (C1 e ltac:(lra)) as (v1 & Hv1 & H1). destruct (C2 e ltac:(lra)) as (v2 & Hv2 & H2).
    exists (vplus v1 v2). split.
    + unfold sums. apply in_map_iff. exists (v1, v2). split; [reflexivity | now apply in_prod].
    + rewrite dot_plus_l. lra.
Qed.

Lemma supported_scal n k F a V :
  0 <= k -> supported n F a V -> supported n (fun u => k * F u) a (map (vscal k) V).
Proof.
  intros Hk [A B]. split.
  - intros v u Hv. apply in_map_iff in Hv. destruct Hv as (w & <- & Hw).
    rewrite dot_scal_l. specialize (A w u Hw). apply Rmult_le_compat_l with (r := k) in A; lra.
  - intros h d Hd. destruct (B h (d / (k + 1))) as (e0 & He0 & C).
    { apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]. }
    exists e0. split; [assumption|]. intros e He. destruct (C e He) as (v & Hv & H).
    exists (vscal k v). split; [now apply in_map|]. rewrite dot_scal_l.
    apply Rmult_le_compat_l with (r := k) in H; [|assumption].
    set (q := d / (k + 1)) in *. assert (Eq : q * (k + 1) = d) by (unfold q; field; lra).
    assert (0 < q) by (unfold q; apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]).
    assert (0 < e * q) by (apply Rmult_lt_0_compat; lra).
    assert (E : e * (k * dot n v h + d) = k * (e * (dot n v h + q)) + e * q).
    { rewrite <- Eq. ring. }
    lra.
Qed.

Lemma supported_regulariser n a : supported n (fun u => sqnorm n u / 2) a [a].
Proof.
  split.
  - intros v u [<-|[]]. pose proof (sqnorm_nonneg n (vminus u a)) as H.
    rewrite sqnorm_minus in H. rewrite dot_minus_r. change (dot n a a) with (sqnorm n a).
    rewrite (dot_sym n u a) in H. lra.
  - intros h d Hd. set (q := sqnorm n h / 2 + 1). pose proof (sqnorm_nonneg n h).
    assert (Hq : 0 < q) by (unfold q; lra).
    exists (d / q). split; [apply Rmult_lt_0_compat; [lra | now apply Rinv_0_lt_compat]|].
    intros e He. exists a. split; [now left|].
    assert (Heq : e * q <= d).
    { apply Rle_trans with (d / q * q); [apply Rmult_le_compat_r; lra | right; field; lra]. }
    unfold step. rewrite sqnorm_plus, sqnorm_scal, dot_scal_r.
    assert (e * (sqnorm n h / 2) <= d) by (unfold q in Heq; lra).
    assert (e * (e * (sqnorm n h / 2)) <= e * d) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** The subgradients of a hinge loss at a: -y x, 0, or both at the kink. *)
Definition hinge_support (n : nat) (a x : vec) (y : R) : list vec :=
  match total_order_T (y * dot n a x) 1 with
  | inleft (left _) => [vscal (- y) x]
  | inleft (right _) => [vscal (- y) x; vzero]
  | inright _ => [vzero]
  end.

Lemma supported_hinge n a x y : supported n (fun u => hinge (y * dot n u x)) a (hinge_support n a x y).
Proof.
  unfold hinge_support. set (m := y * dot n a x).
  assert (Hstep : forall e h, y * dot n (step a e h) x = m + e * (y * dot n h x)).
  { intros e h. unfold step, m. rewrite dot_plus_l, dot_scal_l. ring. }
  assert (Hdot : forall u, dot n (vscal (- y) x) (vminus u a) = m - y * dot n u x).
  { intros u. rewrite dot_scal_l, dot_minus_r, (dot_sym n x u), (dot_sym n x a). unfold m. ring. }
  assert (Hdir : forall h, dot n (vscal (- y) x) h = - (y * dot n h x)).
  { intros h. rewrite dot_scal_l, (dot_sym n x h). ring. }
  split.
  - assert (Hin : m <= 1 -> forall u, hinge m + dot n (vscal (- y) x) (vminus u a) <= hinge (y * dot n u x)).
    { intros Hle u. rewrite Hdot, (hinge_inside m Hle). pose proof (hinge_ge (y * dot n u x)). lra. }
    assert (Hout : 1 <= m -> forall u, hinge m + dot n vzero (vminus u a) <= hinge (y * dot n u x)).
    { intros Hle u. rewrite dot_zero_l, (hinge_outside m Hle). pose proof (hinge_nonneg (y * dot n u x)). lra. }
    intros v u Hv. destruct (total_order_T m 1) as [[Hlt|Heq]|Hgt].
    + destruct Hv as [<-|[]]. apply Hin. lra.
    + destruct Hv as [<-|[<-|[]]]; [apply Hin | apply Hout]; lra.
    + destruct Hv as [<-|[]]. apply Hout. lra.
  - intros h d Hd. set (k := y * dot n h x).
    set (r := Rabs k + 1). pose proof (Rabs_pos k). pose proof (Rle_abs k) as Hk1.
    pose proof (Rle_abs (- k)) as Hk2. rewrite Rabs_Ropp in Hk2.
    assert (Hr : 0 < r) by (unfold r; lra).
    assert (Hnear : forall gap, 0 < gap -> exists e0, 0 < e0 /\
              forall e, 0 < e <= e0 -> - gap <= e * k <= gap).
    { intros gap Hg. exists (gap / r). split; [apply Rmult_lt_0_compat; [lra | now apply Rinv_0_lt_compat]|].
      intros e He. assert (e * r <= gap).
      { apply Rle_trans with (gap / r * r); [apply Rmult_le_compat_r; lra | right; field; lra]. }
      assert (e * k <= e * r) by (apply Rmult_le_compat_l; unfold r; lra).
      assert (e * - k <= e * r) by (apply Rmult_le_compat_l; unfold r; lra). lra. }
    destruct (total_order_T m 1) as [[Hlt|Heq]|Hgt].
    + destruct (Hnear (1 - m) ltac:(lra)) as (e0 & He0 & He). exists e0. split; [assumption|].
      intros e Hle. specialize (He e Hle). exists (vscal (- y) x). split; [now left|].
      rewrite Hstep, Hdir. fold k m. rewrite !hinge_inside by lra.
      assert (0 <= e * d) by (apply Rmult_le_pos; lra). lra.
    + exists 1. split; [lra|]. intros e He. assert (0 <= e * d) by (apply Rmult_le_pos; lra).
      destruct (Rle_lt_dec k 0) as [Hk|Hk].
      * exists (vscal (- y) x). split; [now left|]. rewrite Hstep, Hdir. fold k m.
        assert (e * k <= 0) by (assert (0 <= e * - k) by (apply Rmult_le_pos; lra); lra).
        rewrite !hinge_inside by lra. lra.
      * exists vzero. split; [right; now left|]. rewrite Hstep, dot_zero_l. fold k m.
        assert (0 < e * k) by (apply Rmult_lt_0_compat; lra).
        rewrite !hinge_outside by lra. lra.
    + destruct (Hnear (m - 1) ltac:(lra)) as (e0 & He0 & He). exists e0. split; [assumption|].
      intros e Hle. specialize (He e Hle). exists vzero. split; [now left|].
      rewrite Hstep, dot_zero_l. fold k m. rewrite !hinge_outside by lra.
      assert (0 <= e * d) by (apply Rmult_le_pos; lra). lra.
Qed.

(** ** Finite sums and finite maxima *)

Fixpoint sum_support {A : Type} (V : A -> list vec) (s : list A) : list vec :=
  match s with [] => [vzero] | z :: s' => sums (V z) (sum_support V s') end.

Lemma supported_lsum {A : Type} n (F : A -> vec -> R) a (V : A -> list vec) (s : list A) :
  (forall z, In z s -> supported n (F z) a (V z)) ->
  supported n (fun u => lsum (fun z => F z u) s) a (sum_support V s).
Proof.
  induction s as [|z s IH]; intros H; simpl.
  - apply supported_zero.
  - apply supported_plus; [apply H; now left | apply IH; intros; apply H; now right].
Qed.

Fixpoint lmax {A : Type} (f : A -> R) (s : list A) : R :=
  match s with
  | [] => 0
  | z :: s' => match s' with [] => f z | _ => Rmax (f z) (lmax f s') end
  end.

Lemma lmax_ge {A : Type} (f : A -> R) s z : In z s -> f z <= lmax f s.
Proof.
  induction s as [|x s IH]; [intros []|]. intros Hin. destruct s as [|y s].
  - destruct Hin as [<-|[]]. simpl. lra.
  - change (lmax f (x :: y :: s)) with (Rmax (f x) (lmax f (y :: s))).
    destruct Hin as [<-|Hin]; [apply Rmax_l|].
    apply Rle_trans with (lmax f (y :: s)); [now apply IH | apply Rmax_r].
Qed.

Lemma lmax_attained {A : Type} (f : A -> R) s : s <> [] -> exists z, In z s /\ lmax f s = f z.
Proof.
  induction s as [|x s IH]; [congruence|]. intros _. destruct s as [|y s].
  - exists x. split; [now left | reflexivity].
  - destruct (IH ltac:(discriminate)) as (z & Hz & E).
    change (lmax f (x :: y :: s)) with (Rmax (f x) (lmax f (y :: s))).
    unfold Rmax. destruct (Rle_dec (f x) (lmax f (y :: s))).
    + exists z. split; [now right | assumption].
    + exists x. split; [now left | reflexivity].
Qed.

(** The largest increase over a finite list: all pieces are active at a. *)
Lemma supported_lmax {A : Type} n (F : A -> vec -> R) a (V : A -> list vec) (s : list A) :
  s <> [] -> (forall z, In z s -> supported n (F z) a (V z)) ->
  supported n (fun u => lmax (fun z => F z u - F z a) s) a (flat_map V s).
Proof.
  intros Hne H.
  assert (E0 : lmax (fun z => F z a - F z a) s = 0).
  { destruct (lmax_attained (fun z => F z a - F z a) s Hne) as (z & _ & ->). lra. }
  split.
  - intros v u Hv. rewrite E0. apply in_flat_map in Hv. destruct Hv as (z & Hz & Hv).
    destruct (H z Hz) as [Hsub _]. specialize (Hsub v u Hv).
    pose proof (lmax_ge (fun z => F z u - F z a) s z Hz). cbv beta in *. lra.
  - intros h d Hd.
    assert (Hall : exists e0, 0 < e0 /\ forall z, In z s -> forall e, 0 < e <= e0 ->
              exists v, In v (V z) /\ F z (step a e h) - F z a <= e * (dot n v h + d)).
    { clear E0 Hne. induction s as [|z s IH].
      - exists 1. split; [lra | intros z []].
      - destruct IH as (e1 & He1 & H1); [intros; apply H; now right|].
        destruct (H z (or_introl eq_refl)) as [_ Hz]. destruct (Hz h d Hd) as (e2 & He2 & H2).
        exists (Rmin e1 e2). split; [now apply Rmin_glb_lt|].
        pose proof (Rmin_l e1 e2). pose proof (Rmin_r e1 e2).
        intros w [<-|Hw] e He; [apply H2; lra | apply H1; [assumption | lra]]. }
    destruct Hall as (e0 & He0 & He). exists e0. split; [assumption|]. intros e Hle.
    rewrite E0. destruct (lmax_attained (fun z => F z (step a e h) - F z a) s Hne) as (z & Hz & ->).
    destruct (He z Hz e Hle) as (v & Hv & Hb). exists v. split; [|lra].
    apply in_flat_map. exists z. auto.
Qed.
