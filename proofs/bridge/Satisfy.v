(** * Satisfy: are the hypotheses of a theorem satisfiable?

    For a theorem [forall x1 .. xn, H1 -> .. -> Hm -> C] the goal
    [~ forall x1 .. xn, H1 -> .. -> Hm -> False] is built from the theorem's type, not typed
    again, and proved from the witness: its existential variables instantiate the variables
    of the same name, its conjuncts discharge the hypotheses.  A theorem whose hypotheses
    contradict each other has no such proof, whatever its witness says.

    Quantifiers and hypotheses inside the conclusion count too: with
    [H -> forall x, X x -> Q x] the data space [X] must be inhabited.  So do those
    of a statement that is nothing but a definition of its file: it is unfolded first. *)

From Coq Require Import Reals Lra Lia List.
From Ltac2 Require Import Ltac2.
Set Default Proof Mode "Classic".

Ltac2 rec without_conclusion (t : constr) : constr :=
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Prod b c => Constr.Unsafe.make (Constr.Unsafe.Prod b (without_conclusion c))
  | Constr.Unsafe.LetIn b v c => Constr.Unsafe.make (Constr.Unsafe.LetIn b v (without_conclusion c))
  | Constr.Unsafe.Cast c _ _ => without_conclusion c
  | _ => 'False
  end.
Ltac2 rec has_hypotheses (t : constr) : bool :=
  match Constr.Unsafe.kind t with
  | Constr.Unsafe.Prod b c => match Constr.Binder.name b with None => true | Some _ => has_hypotheses c end
  | Constr.Unsafe.LetIn _ _ c => has_hypotheses c
  | _ => false
  end.

(** [conclude_false t u], inside [ltac:(..)]: the statement [t] with [False] for its conclusion.
    A statement without hypotheses may hide them in a definition: then [u], which is [t] with the
    definitions of its file unfolded, takes its place. *)
Ltac2 conclude (t : constr) (u : constr) :=
  let v := without_conclusion (if has_hypotheses t then t else u) in exact $v.
Ltac conclude_false t u :=
  let f := ltac2:(t u |- conclude (Option.get (Ltac1.to_constr t)) (Option.get (Ltac1.to_constr u))) in f t u.

(** Did the proof succeed?  [yes] carries it, so that the kernel has checked it. *)
Inductive outcome (P : Prop) : Type := yes : P -> outcome P | no : outcome P.
Arguments yes {P} _.
Arguments no {P}.
Definition succeeded {P} (o : outcome P) : bool := match o with yes _ => true | no => false end.

(** ** Instantiation of the theorem's variables by the witness's variables of the same name *)

Ltac2 placeholder (t : constr) : constr := open_constr:(_ : $t).
Ltac2 argument (b : binder) : constr :=
  let t := Constr.Binder.type b in
  match Constr.Binder.name b with
  | None => placeholder t
  | Some x => Control.once (fun () => Control.plus
      (fun () => let h := Control.hyp x in Std.unify (Constr.type h) t; h)
      (fun _ => placeholder t))
  end.
Ltac2 rec apply_by_name (c : constr) : constr :=
  match Constr.Unsafe.kind (Constr.type c) with
  | Constr.Unsafe.Prod b _ =>
      let a := argument b in
      apply_by_name (Constr.Unsafe.make (Constr.Unsafe.App c (Array.make 1 a)))
  | _ => c
  end.
Ltac by_name H :=
  let f := ltac2:(h |- Control.refine (fun () => apply_by_name (Option.get (Ltac1.to_constr h)))) in
  let h := constr:(H) in f h.

Ltac open_witness :=
  repeat match goal with
  | H : let _ := _ in _ |- _ => cbv zeta in H
  | H : exists x, _ |- _ => let y := fresh x in destruct H as [y H]
  | H : _ /\ _ |- _ => destruct H
  end.

(** ** What remains: hypotheses, then variables that no hypothesis mentions *)

Lemma in_nil_all {A : Type} (Q : A -> Prop) : forall z, In z nil -> Q z.
Proof. intros z []. Qed.
Lemma difference_self (a : R) : (a - a <= 0)%R.
Proof. lra. Qed.

Ltac take := multimatch goal with H : _ |- _ => exact H end.
(** The same to the letter comes first: comparing up to conversion may compute with real data. *)
Ltac take_verbatim := multimatch goal with H : ?A |- ?B => constr_eq A B; exact H end.
Ltac hypothesis :=
  take_verbatim + take + lra + lia + (split; take) + (eexists; take) + (intros; take) + (intros; lra) + exact I
  + apply in_nil_all + (repeat intro; apply difference_self).
Ltac default :=
  solve [ exact 0%R | exact 0%nat | exact nil | exact True | exact I | exact tt | exact R
        | intro; default | unshelve econstructor; default ].
Ltac variable := take + default.
Ltac is_hypothesis := match goal with |- ?G => match type of G with Prop => idtac end end.

(** By name, when no hypothesis depends on how another is met; else by unification of the
    hypotheses in order, with backtracking. *)
Ltac satisfy :=
  let H := fresh in intros H; cbv zeta in H; open_witness;
  first [ solve [ unshelve (by_name H); [> tryif is_hypothesis then idtac else variable ..]; once hypothesis ]
        | solve [ unshelve (eapply H; tryif is_hypothesis then hypothesis else idtac); variable ] ].
