"""Definition 2: attainable models, and why the training set is a multiset."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...exact.line import RationalProblem, attack, fractions
from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import exact_run
from ..facts.kinds import AttainedFacts, RunFacts
from .theorem_1 import REPAIRED as CONVERGENCE
from .theorem_1 import cases as run_cases

OWN, OTHER = symbols(
    r"\left[\tfrac1{|D|}L(\theta_p;D)+C_R R(\theta_p)\right]", r"\left[\tfrac1{|D|}L(\theta;D)+C_R R(\theta)\right]"
)

MINIMISES = Inequality(OWN, OTHER)


def attained_cases(facts: AttainedFacts) -> Iterator[Case]:
    """The trained model against the others, on several copies of the multiset that it was trained on."""
    for k, other in enumerate(facts.others):
        yield Case({OWN.name: facts.own, OTHER.name: other}, f"{facts.description}, model {k}")


def line_3_cases(facts: AttainedFacts) -> Iterator[Case]:
    """Models without any loss on the training set: line 3, which minimises the loss alone, may return them."""
    if facts.mean_loss == 0:
        yield from attained_cases(facts)


def loss_alone() -> AttainedFacts:
    """C_R = 1, D = {(1, +1)}: the model 2 has no loss, so it minimises the loss alone; the objective is 2, at 1 it is 1/2."""
    zero, one = Fraction(0), Fraction(1)
    return AttainedFacts(
        description="X = [-1, 1], C_R = 1, D = {(1, +1)}, the model 2 against 1",
        c=one,
        regulariser=2 * one,
        mean_loss=zero,
        at_zero=one,
        l1_norm=2 * one,
        dim=1,
        own=2 * one,
        others=(one / 2,),
    )


def set_union() -> RunFacts:
    """C_R = 1/10, D_c = {1, 9/10, 8/10, 7/10, 6/10}, target -1: with set union the attack stays at 5/4, 9/4 away."""
    p = RationalProblem(fractions(["1", "9/10", "8/10", "7/10", "6/10"]), Fraction(1, 10))
    run = attack(p, Fraction(-1), 12, union="set")
    return exact_run(run, "X = [0, 1], C_R = 1/10, D_c = {1, 9/10, 8/10, 7/10, 6/10}, target -1, set union")


CLAIM = Claim(
    id="definition-2",
    title="Attainable models",
    source="Definition 2 and Algorithm 1, line 5",
    summary="A model is attainable when some nonempty finite multiset trains it; Algorithm 1 has to count repeated points.",
    sharper="Only the proportions of a multiset matter: any number of copies trains the same model.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=(
                r"Read with sets, $D_p=D_p\cup\{(x^*,y^*)\}$ leaves $D_p$ as it is when the point was selected before. The attack's convergence,"
            ),
            inequality=CONVERGENCE,
            hypotheses=(r"$\theta_p$ attainable at a weight above $C_R$", r"the union in Algorithm 1 is one of sets"),
            cases=run_cases,
            kind="set_run",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=set_union,
            quote=r"5: $D_p=D_p\cup\{(x^*,y^*)\}$",
            theorem="MTP.definition_2.definition_2_printed_refuted_set_union",
            note=(
                "With sets the attack can select one point for ever without moving. Read with multisets, which is what the proof uses "
                "and what the experiments do, it converges (repaired)."
            ),
        ),
        Statement(
            version=Version.PRINTED,
            variant="line 3",
            words=r"Line 3 as printed minimises the loss without the regulariser. That its model is the one of Definition 2: for every $\theta$",
            inequality=MINIMISES,
            hypotheses=(r"$\theta_p$ minimises $L(\cdot;D)$",),
            cases=line_3_cases,
            kind="attained",
            expected=Verdict.VIOLATED,
            grade=Grade.TYPO,
            counterexample=loss_alone,
            quote=r"3: $\theta_t=\arg\min L(\theta;D_c\cup D_p)$",
            theorem="MTP.definition_2.definition_2_printed_refuted_line_3",
            note="Definition 2, the proofs and the experiments have the regulariser, with the weight of all points: $|D_c\\cup D_p|\\,C_R R$ beside the sum of the losses.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"With the multiset union $D_c\uplus D_p$ in Algorithm 1,",
            inequality=CONVERGENCE,
            hypotheses=(
                r"training sets are nonempty finite multisets of $\mathcal X\times\mathcal Y$",
                r"$\theta_p$ attainable at a weight above $C_R$",
            ),
            cases=run_cases,
            kind="run",
            theorem="MTP.theorem_1.theorem_1_repaired",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"The model trained on $D_1$ is the minimiser for every number of copies $D=D_1\uplus\dots\uplus D_1$: for every $\theta$",
            inequality=MINIMISES,
            hypotheses=(r"$D_1$ nonempty and finite",),
            cases=attained_cases,
            kind="attained",
            theorem="MTP.definition_2.definition_2_extended_any_copies",
            note=(
                "Rational mixtures of points are all that a multiset can express; the closure of the set of attainable models is decided by "
                r"$K$ (exact-gamma)."
            ),
        ),
    ),
    code="mtp_theory.attacks.online",
)
