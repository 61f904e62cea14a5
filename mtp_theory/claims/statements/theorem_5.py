"""Theorem 5: for the hinge loss, closeness of parameters implies closeness of losses."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Version, symbols
from ..facts.vectors import VectorFacts

D, Q, L1, LINF = symbols(r"D(\theta,\theta')", "q", r"\|\theta-\theta'\|_1", r"\|\theta-\theta'\|_\infty")

PRINTED = Inequality(D, Q * L1)
SHARPER = Inequality(D, Q * LINF)


def _values(facts: VectorFacts) -> dict[str, Number]:
    return {D.name: facts.forward, Q.name: facts.q, L1.name: facts.l1, LINF.name: facts.linf}


def ball_cases(facts: VectorFacts) -> Iterator[Case]:
    """The l1 ball of radius q."""
    if facts.domain == "l1" and not facts.bias:
        yield Case(_values(facts), facts.description)


def cube_cases(facts: VectorFacts) -> Iterator[Case]:
    """The l_inf ball of radius q, and [0, 1]^d inside that of radius 1."""
    if facts.domain in ("cube", "box") and not facts.bias:
        yield Case(_values(facts), facts.description)


CLAIM = Claim(
    id="theorem-5",
    title="l1 closeness implies closeness of hinge losses",
    source="Theorem 5",
    summary="Stands as printed; the l_inf distance of the parameters would do on the l1 ball.",
    sharper=r"$D(\theta,\theta')\le q\|\theta-\theta'\|_\infty$; in general $D(\theta,\theta')\le\sup_{x\in\mathcal X}|\langle\theta-\theta',x\rangle|$.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"Hinge loss, $\mathcal X=\{x:\|x\|_1\le q\}$; if $\|\theta-\theta'\|_1\le\varepsilon$, then $\theta$ is $q\varepsilon$-close to $\theta'$:",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X$ is the $\ell_1$ ball of radius $q$, both labels",),
            cases=ball_cases,
            kind="vectors",
            grade=Grade.STANDS,
            theorem="MTP.theorem_5.theorem_5_printed",
        ),
        Statement(
            version=Version.EXTENDED,
            words="On the same ball, by Hölder's inequality,",
            inequality=SHARPER,
            hypotheses=(r"$\mathcal X$ is the $\ell_1$ ball of radius $q$, both labels",),
            cases=ball_cases,
            kind="vectors",
            theorem="MTP.theorem_5.theorem_5_extended",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="on the cube",
            words=r"The printed bound holds on the larger $\ell_\infty$ ball of radius $q$, which is what its proof shows:",
            inequality=PRINTED,
            hypotheses=(r"$\|x\|_\infty\le q$ on $\mathcal X$, both labels",),
            cases=cube_cases,
            kind="vectors",
            theorem="MTP.theorem_5.theorem_5_extended_linf_ball",
        ),
    ),
    code="mtp_theory.claims.constants",
)
