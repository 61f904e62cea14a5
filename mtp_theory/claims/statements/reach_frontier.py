r"""The reach frontier: what a model within epsilon of the target has in common with it, and what n points can do at most."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.frontier import EnergyFacts, TransferFacts

M, V, EPS = symbols(r"\langle\theta',z\rangle", r"\langle\theta_p,z\rangle", r"D(\theta',\theta_p)")
LEAST = symbols("v_0")[0]
LOSS, INNER, TESTED, U, N, POINTS, C = symbols(
    r"L(\theta';D_c)",
    r"\langle\theta',\theta'-\theta\rangle",
    r"L(\theta;D_c)",
    r"U_\varepsilon(\theta)",
    "N",
    r"|D_p|",
    "C_R",
)

OUTWARD = Inequality(M, V + EPS)
INWARD = Inequality(V - EPS * sympy.Max(1, V), M)
#: With any point of the same label and margin v_0 in place of one of margin -1; multiplied by 1 - v_0 > 0.
MIXED = Inequality(V * (1 - LEAST) - EPS * (2 * V - LEAST - 1), M * (1 - LEAST))
ENERGY = Inequality(LOSS + (N + POINTS) * C * INNER, TESTED + POINTS * U)


def _transfer(facts: TransferFacts, least: int) -> Iterator[Case]:
    for k, (at_target, at_model) in enumerate(facts.margins):
        if at_target >= least:
            values = {M.name: at_model, V.name: at_target, EPS.name: facts.forward}
            yield Case(values, f"{facts.description}, point {k}")


def outward_cases(facts: TransferFacts) -> Iterator[Case]:
    """Points of target margin -1 or more."""
    yield from _transfer(facts, -1)


def inward_cases(facts: TransferFacts) -> Iterator[Case]:
    """Points of target margin -1 or more, where the target's margins include -1 and +1."""
    if facts.reaches:
        yield from _transfer(facts, -1)


def mixed_cases(facts: TransferFacts) -> Iterator[Case]:
    """Points beyond margin 1 whose label has a margin below 1; v_0 is the least one, but at least -1."""
    if not facts.convex:
        return
    for k, ((at_target, at_model), least) in enumerate(zip(facts.margins, facts.least, strict=True)):
        if at_target > 1 and least < 1:
            values = {M.name: at_model, V.name: at_target, EPS.name: facts.forward, LEAST.name: max(least, -1)}
            yield Case(values, f"{facts.description}, point {k}")


def energy_cases(facts: EnergyFacts) -> Iterator[Case]:
    """Every test model."""
    rows = zip(facts.losses, facts.inner, facts.suprema, strict=True)
    for k, (loss, inner, supremum) in enumerate(rows):
        values = {
            LOSS.name: facts.loss,
            INNER.name: inner,
            TESTED.name: loss,
            U.name: supremum,
            N.name: facts.n,
            POINTS.name: facts.points,
            C.name: facts.c,
        }
        yield Case(values, f"{facts.description}, model {k}")


CLAIM = Claim(
    id="reach-frontier",
    title="Smallest distance within reach of n points",
    source="extended (Corollary 1)",
    summary=(
        r"For $n$ points, how close to the target can any set come? A hinge model at distance $\varepsilon$ from the target has nearly the "
        "target's margins, with a bias feature too; and what the points of a set can add to the objective of such a model is bounded "
        "through the target alone. Both together bound the number of points from below."
    ),
    statements=(
        Statement(
            version=Version.EXTENDED,
            variant="margins, outward",
            words=(
                r"Hinge loss, both labels on $\mathcal X$, a bias feature or none. For a signed point $z=y\,(x,1)$ with $\langle\theta_p,z\rangle\ge-1$ a model's "
                "margin exceeds the target's by no more than the distance:"
            ),
            inequality=OUTWARD,
            hypotheses=(r"hinge loss, both labels on the same $\mathcal X$", r"$\langle\theta_p,z\rangle\ge-1$"),
            cases=outward_cases,
            kind="transfer",
            theorem="MTP.reach_frontier.reach_frontier_extended_outward",
            note=r"The point with its label flipped: $(1+\langle\theta',z\rangle)_+\le(1+\langle\theta_p,z\rangle)_++\varepsilon$.",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="margins, inward",
            words=(
                r"If moreover $\mathcal X$ is convex and the target's margins over $\mathcal X$ include $-1$ and $+1$, then for "
                r"$\langle\theta_p,z\rangle\ge-1$ (for points below, flip the label)"
            ),
            inequality=INWARD,
            hypotheses=(
                r"hinge loss, both labels on the same convex $\mathcal X$, a bias feature or none",
                r"$-1$ and $+1$ among the values $\langle\theta_p,(x,1)\rangle$, $x\in\mathcal X$",
                r"$\langle\theta_p,z\rangle\ge-1$",
            ),
            cases=inward_cases,
            kind="transfer",
            theorem="MTP.reach_frontier.reach_frontier_extended_inward",
            note=(
                r"Proof, with $v=\langle\theta_p,z\rangle$ and $\varepsilon=D(\theta',\theta_p)$: up to margin 1 the loss at $z$ itself gives $v-\varepsilon$. "
                r"Beyond, mix $z$ with a point of the same label and margin $-1$ in the shares $\tau=2/(v+1)$ and $1-\tau$: the mixture has target margin 1, "
                r"so $\theta'$ has at least $1-\varepsilon$ there and at most $-1+\varepsilon$ at the second point, hence $(1-\varepsilon)v$ at $z$. It is attained by "
                r"$\theta'=(1-\varepsilon)\theta_p$. This is what Corollary 3 lacks for models with a bias (corollary-3, repaired)."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            variant="margins, inward from any margin",
            words=(
                r"Without a margin of $-1$: let $v=\langle\theta_p,z\rangle>1$, and let some point of $\mathcal X$ with the same label have target margin "
                r"$v_0$, $-1\le v_0<1$. Then"
            ),
            inequality=MIXED,
            hypotheses=(
                r"hinge loss, both labels on the same convex $\mathcal X$, a bias feature or none",
                r"$\langle\theta_p,z\rangle>1>v_0\ge-1$",
            ),
            cases=mixed_cases,
            kind="transfer",
            theorem="MTP.reach_frontier.reach_frontier_extended_mixed",
            note=(
                r"The same mixture with the shares $(1-v_0)/(v-v_0)$; at $v_0=-1$ it is the statement above, and less as $v_0$ grows. With no margin below 1 a "
                r"label says nothing beyond $\langle\theta',z\rangle\ge1-\varepsilon$."
            ),
        ),
        Statement(
            version=Version.EXTENDED,
            words=(
                r"Let $\theta'$ be trained on $D_c$ and $|D_p|=n$ points, $\varepsilon=D(\theta',\theta_p)$ and "
                r"$U_\varepsilon(\theta)=\sup_{(x,y)}\left[\ell(\theta;x,y)-\max(0,2-\varepsilon-\ell(\theta_p;x,-y))\right]$. Then for every $\theta$"
            ),
            inequality=ENERGY,
            hypotheses=(
                r"hinge loss, both labels on the same $\mathcal X$, $R=\frac12\|\cdot\|_2^2$, a bias feature or none",
                r"$\theta'$ minimises $F_0+\sum_{z\in D_p}f_z$",
            ),
            cases=energy_cases,
            kind="energy",
            theorem="MTP.reach_frontier.reach_frontier_extended",
            note=(
                r"Proof: $-(N+n)C_R\theta'$ is a subgradient at $\theta'$ of the loss of $D_c\uplus D_p$, so that loss at $\theta$ is at least its value at $\theta'$ plus "
                r"$(N+n)C_R\langle\theta',\theta'-\theta\rangle$. At a poisoning point $\ell(\theta';x,y)\ge2-\ell(\theta';x,-y)\ge2-\varepsilon-\ell(\theta_p;x,-y)$. "
                r"$U_\varepsilon$ depends on $\theta'$ through $\varepsilon$ alone: where the least value of the left side over all $\theta'$ with $D(\theta',\theta_p)\le\varepsilon$ "
                r"exceeds the right side for some $\theta$, no set of $n$ points comes $\varepsilon$-close."
            ),
        ),
    ),
    code="mtp_theory.bounds.closeness",
)
