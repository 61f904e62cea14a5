"""Theorem 4: for the hinge loss, closeness of losses implies closeness of parameters."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ...exact.vectors import unit_box, vector
from ..engine.model import Case, Claim, Grade, Inequality, Number, Statement, Verdict, Version, symbols
from ..facts.vectors import VectorFacts, exact_vectors

L1, R, E, M, PLUS, MINUS = symbols(
    r"\|\theta-\theta'\|_1",
    "r",
    r"D(\theta,\theta')",
    r"\sup_{x\in\mathcal X}\max(|\langle\theta,x\rangle|,|\langle\theta',x\rangle|)",
    r"\|(\theta-\theta')_+\|_1",
    r"\|(\theta-\theta')_-\|_1",
)

PRINTED = Inequality(L1, R * E)
SHARP = Inequality(L1, R * E, equal=True)
BOX = Inequality(sympy.Max(PLUS, MINUS), sympy.Max(1, M) * E)


def _values(facts: VectorFacts) -> dict[str, Number]:
    return {
        L1.name: facts.l1,
        R.name: facts.r,
        E.name: facts.forward,
        M.name: facts.margin,
        PLUS.name: facts.plus,
        MINUS.name: facts.minus,
    }


def space_cases(facts: VectorFacts) -> Iterator[Case]:
    """Pairs at finite distance over R^d."""
    if facts.domain == "space" and facts.forward != float("inf"):
        yield Case(_values(facts), facts.description)


def every_domain_cases(facts: VectorFacts) -> Iterator[Case]:
    """The printed inequality on [0, 1]^d."""
    if facts.domain == "box" and not facts.bias:
        yield Case(_values(facts), facts.description)


def cube_cases(facts: VectorFacts) -> Iterator[Case]:
    """Domains that hold the cube of radius 1/r."""
    if facts.domain == "cube" and not facts.bias and facts.q * facts.r >= 1:
        yield Case(_values(facts), facts.description)


def exact_cube_cases(facts: VectorFacts) -> Iterator[Case]:
    """The cube of radius exactly 1/r."""
    if facts.domain == "cube" and not facts.bias and _is_one(facts.q * facts.r, facts.tolerance):
        yield Case(_values(facts), facts.description)


def _is_one(value: Number, tolerance: float) -> bool:
    return -tolerance <= value - 1 <= tolerance


def box_cases(facts: VectorFacts) -> Iterator[Case]:
    """[0, 1]^d without a bias."""
    if facts.domain == "box" and not facts.bias:
        yield Case(_values(facts), facts.description)


def unit_vectors() -> VectorFacts:
    """X = [0, 1]^2, e_1 and e_2: r = 1, D = 1, l1 distance 2."""
    theta, target = vector(1, 0), vector(0, 1)
    return exact_vectors(unit_box(2), "box", theta, target, vector(1)[0], "X = [0, 1]^2, theta = e_1, theta' = e_2")


CLAIM = Claim(
    id="theorem-4",
    title="Closeness of hinge losses implies l1 closeness",
    source="Theorem 4",
    summary="Stated for all of R^d the theorem stands; on the experiments' box the constant is 2 max(1, largest margin).",
    sharper=r"On the $\ell_\infty$ ball of radius $1/r$ the distance equals $\|\theta-\theta'\|_1/r$.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"Hinge loss, $x\in\mathbb R^d$, $\|\theta\|_1,\|\theta'\|_1\le r$; if $\theta$ is $\varepsilon$-close to $\theta'$, $\varepsilon=D(\theta,\theta')$, then",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X=\mathbb R^d$, both labels, no bias", r"$r>0$"),
            cases=space_cases,
            kind="vectors",
            grade=Grade.STANDS,
            theorem="MTP.theorem_4.theorem_4_printed",
            note=(
                r"On $\mathbb R^d$ the distance is finite only where $\theta=k\theta'$ with $0\le k\le1$. The signs of the point in the proof are "
                "swapped, which does not matter to the result."
            ),
        ),
        Statement(
            version=Version.PRINTED,
            variant="on the box [0, 1]^d",
            words=r"The same bound carried over to the experiments' domain $[0,1]^d$:",
            inequality=PRINTED,
            hypotheses=(r"$\mathcal X=[0,1]^d$, both labels, no bias",),
            cases=every_domain_cases,
            kind="vectors",
            expected=Verdict.VIOLATED,
            grade=Grade.READING,
            counterexample=unit_vectors,
            quote=r"(not in the paper: Theorem 4 has $x\in\mathbb R^d$)",
            theorem="MTP.theorem_4.theorem_4_printed_refuted_box",
            note=r"The proof's point $x^*$ with entries $\pm1/r$ has to lie in $\mathcal X$. The paper does not claim this reading.",
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"If $\mathcal X$ contains the points with all entries $\pm1/r$,",
            inequality=PRINTED,
            hypotheses=(
                r"$\{\pm1/r\}^d\subseteq\mathcal X$, both labels, no bias",
                r"$\|\theta\|_1,\|\theta'\|_1\le r$, $r>0$",
            ),
            cases=cube_cases,
            kind="vectors",
            theorem="MTP.theorem_4.theorem_4_repaired",
        ),
        Statement(
            version=Version.EXTENDED,
            words=r"On the $\ell_\infty$ ball of radius $1/r$ it is an equality, so the constant is sharp:",
            inequality=SHARP,
            hypotheses=(
                r"$\mathcal X=\{x:\|x\|_\infty\le1/r\}$, both labels, no bias",
                r"$\|\theta\|_1,\|\theta'\|_1\le r$",
            ),
            cases=exact_cube_cases,
            kind="vectors",
            theorem="MTP.theorem_4.theorem_4_repaired_equality",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="on the box [0, 1]^d",
            words=r"On $[0,1]^d$",
            inequality=BOX,
            hypotheses=(r"$\mathcal X=[0,1]^d$, both labels, no bias",),
            cases=box_cases,
            kind="vectors",
            theorem="MTP.theorem_4.theorem_4_repaired_box",
            note=r"Hence $\|\theta-\theta'\|_1\le2\max(1,M)\,\varepsilon$ with $M$ the largest margin; the factor 2 is attained by $e_1,e_2$. With a bias feature no constant exists: the bias 2 is 0-close to the bias 3.",
        ),
    ),
    on_data=(
        "On digits-1-7 without a bias the printed bound holds between the target and every tenth model of an attack, on the box "
        "[0, 1]^d too. With the bias of the experiments the theorem does not apply."
    ),
    code="mtp_theory.claims.constants",
)
