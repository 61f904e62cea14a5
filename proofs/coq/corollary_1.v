(** * corollary-1: the lower bound for models close to the target

    Paper: if eps-closeness of theta_1 to theta_2 implies (k eps)-closeness of
    theta_2 to theta_1, a set inducing a model eps-close to theta_p has at least
    [L(tp;Dc) - L(theta;Dc) - N c R* - N k eps] / [S(theta, tp) + c R* + k eps]
    points, where R* bounds R.  The proof prints - k eps in the denominator.

    Assumed: t' minimises the objective on Dc ++ Dp; all points lie in X x Y;
    tp is e-close to t' (e = k eps); c >= 0.
    Proved: the statement's '+' form, with 0 <= R <= R* at the tested model and
    at t', and a positive denominator; the same division-free.  Sharper forms:
    - 1' (R* dropped, only R(t') >= 0):
        L(tp) - L(theta) - N c R(theta) - N e <= |Dp| (S + e + c R(theta));
    - 1'' (R(tp) - R(t') <= rho), which tends to theorem-2 as e, rho -> 0:
        F0(tp) - F0(theta) - N (e + c rho) <= |Dp| (S_reg(theta) + e + c rho);
    - half of R(theta) in 1' (R^d, R = |.|^2/2, convex margin loss).
    Refuted: the '-' of the printed proof (hinge on [-1, 1], Theta = [-3, 3],
    c = 1/100: it demands 383 points where 2 suffice). *)

From Coq Require Import Reals Lra Lia List.
From MTP Require Import Base Vectors Instances Convexity lemma_1 theorem_2 radius_bound.
Import ListNotations.
Open Scope R_scope.

Section Corollary1.

Context {P : problem}.
Implicit Types (Dc Dp : list (point P)) (tp t : model P).

Lemma total_loss_close (e : R) Dc tp tp' :
  (forall z, In z Dc -> in_points z) -> Close e tp tp' ->
  total_loss Dc tp - total_loss Dc tp' <= INR (length Dc) * e.
Proof. intros HD HC. now apply total_loss_difference. Qed.

(** 1'' *)
Theorem corollary_1_extended_radius (c e rho U : R) Dc Dp tp tp' t :
  0 <= c -> minimiser c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close U t tp -> Close e tp tp' -> regulariser tp - regulariser tp' <= rho ->
  objective c Dc tp - objective c Dc t - INR (length Dc) * (e + c * rho) <=
  INR (length Dp) * (regularised_gap c U t tp + e + c * rho).
Proof.
  intros Hc Hmin HDc HDp Ht HU He Hrho.
  pose proof (radius_bound_extended_abstract c e (INR (length Dc) * e) rho U Dc Dp tp tp' t
                Hc Hmin HDp Ht HU He (total_loss_close e Dc tp tp' HDc He) Hrho). lra.
Qed.

(** The optimality of t', with nothing known of R. *)
Lemma corollary_1_core (c e U : R) Dc Dp tp tp' t :
  minimiser c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close U t tp -> Close e tp tp' ->
  total_loss Dc tp - total_loss Dc t - INR (length Dc) * e
    - INR (length Dc) * (c * (regulariser t - regulariser tp')) <=
  INR (length Dp) * (U + e + c * (regulariser t - regulariser tp')).
Proof.
  intros Hmin HDc HDp Ht HU He.
  assert (HS : Close (U + e) t tp').
  { intros z Hz. specialize (HU z Hz). specialize (He z Hz). lra. }
  pose proof (theorem_2_repaired c Dc Dp tp' t (U + e) Hmin HDp Ht HS) as H.
  pose proof (total_loss_close e Dc tp tp' HDc He) as HE.
  unfold objective, regularised_gap, total_loss in *. lra.
Qed.

(** 1' *)
Theorem corollary_1_extended_no_bound (c e U : R) Dc Dp tp tp' t :
  0 <= c -> minimiser c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close U t tp -> Close e tp tp' -> 0 <= regulariser tp' ->
  total_loss Dc tp - total_loss Dc t - INR (length Dc) * (c * regulariser t) - INR (length Dc) * e <=
  INR (length Dp) * (U + e + c * regulariser t).
Proof.
  intros Hc Hmin HDc HDp Ht HU He HR.
  pose proof (corollary_1_core c e U Dc Dp tp tp' t Hmin HDc HDp Ht HU He) as H.
  assert (HcR : c * (regulariser t - regulariser tp') <= c * regulariser t)
    by (apply Rmult_le_compat_l; lra).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dc)) HcR).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dp)) HcR).
  rewrite !Rmult_plus_distr_l in *. lra.
Qed.

(** The '+' form, division-free. *)
Theorem corollary_1_repaired (c e U Rstar : R) Dc Dp tp tp' t :
  0 <= c -> minimiser c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
  in_models t -> Close U t tp -> Close e tp tp' ->
  0 <= regulariser tp' -> regulariser t <= Rstar ->
  total_loss Dc tp - total_loss Dc t - INR (length Dc) * c * Rstar - INR (length Dc) * e <=
  INR (length Dp) * (U + c * Rstar + e).
Proof.
  intros Hc Hmin HDc HDp Ht HU He HR HRs.
  pose proof (corollary_1_extended_no_bound c e U Dc Dp tp tp' t Hc Hmin HDc HDp Ht HU He HR) as H.
  assert (HcR : c * regulariser t <= c * Rstar) by (apply Rmult_le_compat_l; lra).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dc)) HcR).
  pose proof (Rmult_le_compat_l _ _ _ (pos_INR (length Dp)) HcR).
  rewrite !Rmult_plus_distr_l in *. lra.
Qed.

(** The printed statement, with its hypotheses. *)
Theorem corollary_1_printed (c k eps S Rstar : R) Dc Dp tp tp' t :
  0 <= c -> minimiser c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
  (forall a b : model P, in_models a -> in_models b -> Close eps a b -> Close (k * eps) b a) ->
  (forall a : model P, in_models a -> 0 <= regulariser a <= Rstar) ->
  in_models tp -> in_models t -> Close eps tp' tp -> distance t tp S ->
  0 < S + c * Rstar + k * eps ->
  (total_loss Dc tp - total_loss Dc t - INR (length Dc) * c * Rstar - INR (length Dc) * (k * eps))
  / (S + c * Rstar + k * eps) <= INR (length Dp).
Proof.
  intros Hc Hmin HDc HDp Hk HRs Htp Ht Hclose HS Hpos.
  assert (Htp' : in_models tp') by apply Hmin.
  pose proof (corollary_1_repaired c (k * eps) S Rstar Dc Dp tp tp' t Hc Hmin HDc HDp Ht
                (distance_Close _ _ _ HS) (Hk tp' tp Htp' Htp Hclose)
                (proj1 (HRs tp' Htp')) (proj2 (HRs t Ht))) as H.
  apply Rmult_le_reg_r with (S + c * Rstar + k * eps); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r; lra.
Qed.

End Corollary1.

(** Half of the regulariser, for R = |.|^2/2 and convex margin losses: <t', t - t'> <= |t|^2/4. *)
Theorem corollary_1_extended_half (n : nat) (phi : R -> R) (Theta X : vec -> Prop) (c e U : R)
    (Dc Dp : list (vec * R)) (tp tp' t : vec) :
  let P := Linear n phi Theta X in
  convex_on_line phi -> closed_under_mix Theta vmix -> 0 <= c ->
  minimiser (P := P) c (Dc ++ Dp) tp' ->
  (forall z, In z Dc -> in_points (p := P) z) -> (forall z, In z Dp -> in_points (p := P) z) ->
  Theta t -> Close (P := P) U t tp -> Close (P := P) e tp tp' ->
  total_loss (P := P) Dc tp - total_loss (P := P) Dc t
    - INR (length Dc) * (c * (sqnorm n t / 2) / 2) - INR (length Dc) * e <=
  INR (length Dp) * (U + e + c * (sqnorm n t / 2) / 2).
Proof.
  intros P Hphi Hmix Hc Hmin HDc HDp Ht HU He.
  pose proof (linearised_training n phi Theta X c Dc Dp tp' t Hphi Hmix Hc Hmin Ht) as H. fold P in H.
  pose proof (total_loss_close (P := P) e Dc tp tp' HDc He) as H1.
  assert (HS : Close (P := P) (U + e) t tp').
  { intros z Hz. specialize (HU z Hz). specialize (He z Hz). lra. }
  pose proof (total_loss_difference (P := P) Dp t tp' (U + e) HDp HS) as H2.
  unfold total_loss in *. change (@length (point P)) with (@length (vec * R)) in *.
  assert (Hq : - (sqnorm n t / 4) <= dot n tp' (vminus tp' t)).
  { pose proof (sqnorm_nonneg n (vminus tp' (vscal (1 / 2) t))) as Hs.
    rewrite sqnorm_minus, sqnorm_scal, dot_scal_r in Hs. rewrite dot_minus_r.
    change (dot n tp' tp') with (sqnorm n tp'). lra. }
  apply Rmult_le_compat_l with (r := (INR (length Dc) + INR (length Dp)) * c) in Hq; [lra|].
  pose proof (pos_INR (length Dc)). pose proof (pos_INR (length Dp)).
  apply Rmult_le_pos; lra.
Qed.

(** ** The instance of the refutation: hinge on [-1, 1], Theta = [-3, 3] *)

Definition C1 : problem := Hinge1 (interval (-3) 3) (interval (-1) 1).
Definition c1_Dc : list (R * R) := [(1, 1)].
Definition c1_Dp : list (R * R) := [(1, -1); (1, -1)].

Lemma c1_signed z : in_points (p := C1) z -> -1 <= snd z * fst z <= 1.
Proof. exact (std_signed z). Qed.

Lemma c1_loss (t : R) (z : R * R) : loss (p := C1) t z = hinge (t * (snd z * fst z)).
Proof. exact (std_loss t z). Qed.

Lemma c1_points z : In z c1_Dp -> in_points (p := C1) z.
Proof. intros [<-|[<-|[]]]; apply (std_point_neg 1); lra. Qed.

Lemma c1_clean z : In z c1_Dc -> in_points (p := C1) z.
Proof. intros [<-|[]]; apply (std_point_pos 1); lra. Qed.

(** Closeness is reversed with the factor 3: the points +-1/3 lie in the linear zone. *)
Lemma c1_reverse (eps a b : R) :
  in_models (p := C1) a -> in_models (p := C1) b ->
  Close (P := C1) eps a b -> Close (P := C1) (3 * eps) b a.
Proof.
  intros [Ha1 Ha2] [Hb1 Hb2] HC z Hz. apply c1_signed in Hz. rewrite !c1_loss.
  pose proof (HC (1 / 3, 1) (std_point_pos (1 / 3) ltac:(lra))) as H1.
  pose proof (HC (1 / 3, -1) (std_point_neg (1 / 3) ltac:(lra))) as H2.
  rewrite !c1_loss in *. cbn [fst snd] in *.
  rewrite !hinge_inside in H1 by lra. rewrite !hinge_inside in H2 by lra.
  set (s := snd z * fst z) in *.
  pose proof (hinge_lipschitz (b * s) (a * s)) as H.
  assert (Rabs (b * s - a * s) <= Rabs (b - a)).
  { replace (b * s - a * s) with ((b - a) * s) by lra. rewrite Rabs_mult.
    assert (Rabs s <= 1) by (unfold Rabs; destruct (Rcase_abs s); lra).
    pose proof (Rabs_pos (b - a)). nra. }
  assert (Rabs (b - a) <= 3 * eps) by (unfold Rabs; destruct (Rcase_abs (b - a)); lra).
  lra.
Qed.

Lemma c1_regulariser (a : R) : in_models (p := C1) a -> 0 <= regulariser (p := C1) a <= 9 / 2.
Proof. intros [H1 H2]. simpl. nra. Qed.

(** Two poisons train -1 ... *)
Lemma c1_minimiser : strict_minimiser (P := C1) (1 / 100) (c1_Dc ++ c1_Dp) (-1).
Proof.
  split; [split; lra|]. intros u [Hu1 Hu2] Hu. unfold c1_Dc, c1_Dp. simpl app.
  unfold objective. cbn [lsum length INR]. rewrite !c1_loss. cbn [fst snd regulariser C1 Hinge1].
  rewrite (hinge_inside (-1 * (1 * 1))), (hinge_outside (-1 * (-1 * 1))) by lra.
  pose proof (square_pos u (-1) Hu).
  pose proof (hinge_ge (u * (1 * 1))).
  destruct (hinge_cases (u * (-1 * 1))) as [[? ->]|[? ->]]; nra.
Qed.

(** ... which is 17/25-close to -3 ... *)
Lemma c1_close : Close (P := C1) (17 / 25) (-1) (-3).
Proof.
  intros z Hz. apply c1_signed in Hz. rewrite !c1_loss. set (s := snd z * fst z) in *.
  destruct (hinge_cases (-1 * s)) as [[? ->]|[? ->]];
  destruct (hinge_cases (-3 * s)) as [[? ->]|[? ->]]; lra.
Qed.

(** ... and the distance from 1 to -3 is 2. *)
Lemma c1_distance : distance (P := C1) 1 (-3) 2.
Proof.
  assert (E : loss (p := C1) 1 (1, -1) - loss (p := C1) (-3) (1, -1) = 2).
  { rewrite !c1_loss. cbn [fst snd].
    rewrite (hinge_inside (1 * (-1 * 1))), (hinge_outside (-3 * (-1 * 1))) by lra. lra. }
  rewrite <- E. apply distance_attained; [apply (std_point_neg 1); lra|].
  rewrite E. intros z Hz. apply c1_signed in Hz. rewrite !c1_loss. set (s := snd z * fst z) in *.
  destruct (hinge_cases (1 * s)) as [[? ->]|[? ->]];
  destruct (hinge_cases (-3 * s)) as [[? ->]|[? ->]]; lra.
Qed.

Lemma c1_minimiser_weak : minimiser (P := C1) (1 / 100) (c1_Dc ++ c1_Dp) (-1).
Proof. apply strictly_minimises_minimises, c1_minimiser. Qed.

(** The last display of the printed proof, with - k eps. *)
Definition corollary_1_printed_minus_claim (P : problem) : Prop :=
  forall (c k eps S Rstar : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c -> strict_minimiser c (Dc ++ Dp) tp' ->
    (forall z, In z Dc -> in_points z) -> (forall z, In z Dp -> in_points z) ->
    (forall e (a b : model P), in_models a -> in_models b -> Close e a b -> Close (k * e) b a) ->
    (forall a : model P, in_models a -> 0 <= regulariser a <= Rstar) ->
    in_models tp -> in_models t -> Close eps tp' tp -> distance t tp S ->
    0 < S + c * Rstar - k * eps ->
    (total_loss Dc tp - total_loss Dc t - INR (length Dc) * c * Rstar - INR (length Dc) * (k * eps))
    / (S + c * Rstar - k * eps) <= INR (length Dp).

Theorem corollary_1_printed_refuted_minus : ~ corollary_1_printed_minus_claim C1.
Proof.
  intros H.
  assert (Hc : 0 <= 1 / 100) by lra.
  assert (H3 : in_models (p := C1) (-3)) by (split; lra).
  assert (H1 : in_models (p := C1) 1) by (split; lra).
  specialize (H (1 / 100) 3 (17 / 25) 2 (9 / 2) c1_Dc c1_Dp (-3) (-1) 1 Hc c1_minimiser c1_clean c1_points
                c1_reverse c1_regulariser H3 H1 c1_close c1_distance ltac:(lra)).
  revert H. unfold total_loss, c1_Dc, c1_Dp. cbn [lsum length INR]. rewrite !c1_loss. cbn [fst snd].
  rewrite (hinge_inside (-3 * (1 * 1))), (hinge_outside (1 * (1 * 1))) by lra.
  intros H.
  match type of H with ?q <= _ => replace q with 383 in H by field end. lra.
Qed.

(** ** Witnesses: the same instance *)

Theorem corollary_1_printed_witness :
  exists (P : problem) (c k eps S Rstar : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c /\ minimiser c (Dc ++ Dp) tp' /\
    (forall z, In z Dc -> in_points z) /\ (forall z, In z Dp -> in_points z) /\
    (forall a b : model P, in_models a -> in_models b -> Close eps a b -> Close (k * eps) b a) /\
    (forall a : model P, in_models a -> 0 <= regulariser a <= Rstar) /\
    in_models tp /\ in_models t /\ Close eps tp' tp /\ distance t tp S /\
    0 < S + c * Rstar + k * eps /\
    0 < total_loss Dc tp - total_loss Dc t - INR (length Dc) * c * Rstar - INR (length Dc) * (k * eps).
Proof.
  exists C1, (1 / 100), 3, (17 / 25), 2, (9 / 2), c1_Dc, c1_Dp, (-3), (-1), 1.
  split; [lra|]. split; [exact c1_minimiser_weak|]. split; [exact c1_clean|]. split; [exact c1_points|].
  split; [exact (c1_reverse (17 / 25))|]. split; [exact c1_regulariser|].
  split; [split; lra|]. split; [split; lra|]. split; [exact c1_close|]. split; [exact c1_distance|].
  split; [lra|].
  unfold total_loss, c1_Dc. cbn [lsum length INR]. rewrite !c1_loss. cbn [fst snd].
  rewrite (hinge_inside (-3 * (1 * 1))), (hinge_outside (1 * (1 * 1))) by lra. lra.
Qed.

Theorem corollary_1_repaired_witness :
  exists (P : problem) (c e U Rstar : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c /\ minimiser c (Dc ++ Dp) tp' /\
    (forall z, In z Dc -> in_points z) /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close U t tp /\ Close e tp tp' /\
    0 <= regulariser tp' /\ regulariser t <= Rstar /\
    0 < total_loss Dc tp - total_loss Dc t - INR (length Dc) * c * Rstar - INR (length Dc) * e.
Proof.
  destruct corollary_1_printed_witness as
    (P & c & k & eps & S & Rs & Dc & Dp & tp & tp' & t & H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11 & H12).
  assert (H13 : in_models tp') by apply H2.
  exists P, c, (k * eps), S, Rs, Dc, Dp, tp, tp', t.
  split; [assumption|]. split; [assumption|]. split; [assumption|]. split; [assumption|].
  split; [assumption|]. split; [now apply distance_Close|]. split; [now apply H5|].
  split; [now apply H6|]. split; [now apply H6|]. assumption.
Qed.

Theorem corollary_1_extended_no_bound_witness :
  exists (P : problem) (c e U : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c /\ minimiser c (Dc ++ Dp) tp' /\
    (forall z, In z Dc -> in_points z) /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close U t tp /\ Close e tp tp' /\ 0 <= regulariser tp' /\
    0 < total_loss Dc tp - total_loss Dc t - INR (length Dc) * (c * regulariser t) - INR (length Dc) * e.
Proof.
  exists C1, (1 / 100), (3 * (17 / 25)), 2, c1_Dc, c1_Dp, (-3), (-1), 1.
  split; [lra|]. split; [exact c1_minimiser_weak|]. split; [exact c1_clean|]. split; [exact c1_points|].
  split; [split; lra|]. split; [exact (distance_Close _ _ _ c1_distance)|].
  split; [apply c1_reverse; [split; lra | split; lra | exact c1_close]|]. split; [simpl; lra|].
  unfold total_loss, c1_Dc. cbn [lsum length INR]. rewrite !c1_loss. cbn [fst snd regulariser C1 Hinge1].
  rewrite (hinge_inside (-3 * (1 * 1))), (hinge_outside (1 * (1 * 1))) by lra. lra.
Qed.

(** 1'': rho = R(-3) - R(-1) = 4. *)
Theorem corollary_1_extended_radius_witness :
  exists (P : problem) (c e rho U : R) (Dc Dp : list (point P)) (tp tp' t : model P),
    0 <= c /\ minimiser c (Dc ++ Dp) tp' /\
    (forall z, In z Dc -> in_points z) /\ (forall z, In z Dp -> in_points z) /\
    in_models t /\ Close U t tp /\ Close e tp tp' /\ regulariser tp - regulariser tp' <= rho /\
    0 < objective c Dc tp - objective c Dc t - INR (length Dc) * (e + c * rho).
Proof.
  exists C1, (1 / 100), (3 * (17 / 25)), 4, 2, c1_Dc, c1_Dp, (-3), (-1), 1.
  split; [lra|]. split; [exact c1_minimiser_weak|]. split; [exact c1_clean|]. split; [exact c1_points|].
  split; [split; lra|]. split; [exact (distance_Close _ _ _ c1_distance)|].
  split; [apply c1_reverse; [split; lra | split; lra | exact c1_close]|]. split; [simpl; lra|].
  unfold objective, c1_Dc. cbn [lsum length INR]. rewrite !c1_loss. cbn [fst snd regulariser C1 Hinge1].
  rewrite (hinge_inside (-3 * (1 * 1))), (hinge_outside (1 * (1 * 1))) by lra. lra.
Qed.

(** In R^2: the set-up of radius-bound, with theta = (1/2, 0). *)
Theorem corollary_1_extended_half_witness :
  exists (n : nat) (phi : R -> R) (Theta X : vec -> Prop) (c e U : R) (Dc Dp : list (vec * R)) (tp tp' t : vec),
    let P := Linear n phi Theta X in
    convex_on_line phi /\ closed_under_mix Theta vmix /\ 0 <= c /\
    minimiser (P := P) c (Dc ++ Dp) tp' /\
    (forall z, In z Dc -> in_points (p := P) z) /\ (forall z, In z Dp -> in_points (p := P) z) /\
    Theta t /\ Close (P := P) U t tp /\ Close (P := P) e tp tp' /\
    0 < total_loss (P := P) Dc tp - total_loss (P := P) Dc t
        - INR (length Dc) * (c * (sqnorm n t / 2) / 2) - INR (length Dc) * e /\
    0 < e.
Proof.
  exists 2%nat, hinge, everywhere, (box 2 (-1) 1), 2, (1 / 100), (1 / 2 - 1 / 100), [(rb_x, 1)], [(rb_x, -1)],
    (vscal (1 / 100) rb_x), vzero, (vscal (1 / 2) rb_x).
  cbv zeta. split; [exact hinge_convex_on_line|]. split; [exact everywhere_closed|]. split; [lra|].
  split; [exact rb_minimiser|]. split; [intros z [<-|[]]; apply rb_point; now left|].
  split; [intros z [<-|[]]; apply rb_point; now right|]. split; [exact I|].
  split; [exact (rb_close (1 / 2) (1 / 100) ltac:(lra))|].
  split; [exact rb_close_zero|].
  unfold total_loss. cbn [lsum length INR loss Linear fst snd]. unfold sqnorm. rewrite !rb_dot.
  unfold vscal, rb_x. rewrite !hinge_inside by lra. split; lra.
Qed.
