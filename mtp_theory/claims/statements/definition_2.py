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
            theorem="MTP.definition_2.definition_2_printed_refuted_set_union",
            note=(
                "With sets the attack can select one point for ever without moving. Read with multisets, which is what the proof uses "
                "and what the experiments do, it converges (repaired)."
            ),
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
            theorem="MTP.definition_2.definition_2_repaired_copies",
            note=(
                "Rational mixtures of points are all that a multiset can express; the closure of the set of attainable models is decided by "
                r"$K$ (exact-gamma). Algorithm 1 as printed leaves the regulariser out of line 3; equation (1) and the appendix have it."
            ),
        ),
    ),
    code="mtp_theory.attacks.online",
)
