"""How many points too many the online attack may spend: any number."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.waste import WasteFacts

NEAREST, ALONE, M, T = symbols(
    r"\min_{j\le T+1}D(\theta_j,\theta_p)", r"D(\theta(D_c\cup\{(1/m,+1)\}),\theta_p)", "m", "T"
)

EXTENDED = Inequality(1 / (2 * M), NEAREST)
ONE_POINT = Inequality(ALONE, 0 * ALONE, equal=True)


def cases(facts: WasteFacts) -> Iterator[Case]:
    """A run of fewer than m rounds."""
    if facts.points < facts.m:
        values = {NEAREST.name: facts.nearest, ALONE.name: facts.alone, M.name: facts.m, T.name: facts.points}
        yield Case(values, facts.description)


FAMILY = (
    r"hinge loss on $\mathcal X=[-1,1]$ without a bias, $C_R=1$, $D_c=\{(0,+1)\}$, target $\theta_p=1/(2m)$, $m\ge1$"
)

CLAIM = Claim(
    id="online-waste",
    title="The online attack's waste has no bound",
    source="extended (Algorithm 1, Section 6.2)",
    summary=(
        "For every m there is a target that one point reaches exactly, while Algorithm 1 is not even near after m - 1 points: it adds ends of the "
        "domain only, whose models have denominators that are as large as the training set."
    ),
    sharper="On the paper's data: tight-lower-bound and reach-frontier; the attack `exchange` moves the points that are there and spends a few more than are needed.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words=r"In every run of $T<m$ rounds every model stays as far from the target as the clean one is:",
            inequality=EXTENDED,
            hypotheses=(FAMILY, r"exact training and points of maximal loss difference, $T<m$"),
            cases=cases,
            kind="waste",
            theorem="MTP.online_waste.online_waste_extended",
            note=r"An equality at $T=m-1$ for even m: the models are 0 and $1/(1+j)$ in turn, and $1/m-1/(2m)=1/(2m)$.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="one point",
            words=r"while the single point $(1/m,+1)$ trains the target:",
            inequality=ONE_POINT,
            hypotheses=(FAMILY,),
            cases=cases,
            kind="waste",
            theorem="MTP.online_waste.online_waste_extended_one_point",
        ),
    ),
    code="mtp_theory.attacks.online",
)
