"""Theorem 3: the regret of follow-the-leader on strongly convex functions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..engine.model import Case, Claim, Grade, Inequality, Statement, Verdict, Version, symbols
from ..facts.exact import Loss1D, exact_leader
from ..facts.kinds import LeaderFacts

REGRET, R0, LAST, SUM = symbols(
    r"\mathrm{Regret}_T(\theta^*)",
    r"r_{0:T-1}(\theta^*)",
    r"\|g_T\|_{(T-1),*}^2",
    r"\left[\sum_{i=1}^T\|g_i\|_{(i-1),*}^2\right]",
)

PRINTED = Inequality(REGRET, R0 + LAST / 2)
REPAIRED = Inequality(REGRET, R0 + SUM / 2)


def cases(facts: LeaderFacts) -> Iterator[Case]:
    r"""Every T and comparator; the dual norm of round i is :math:`|g|/\sqrt{\rho+\sigma_{1:i}}`."""
    terms = [g / s for g, s in zip(facts.gradients, facts.strong, strict=True)]
    for k, (regret, r0) in enumerate(zip(facts.regret, facts.r0, strict=True)):
        total = 0 * terms[0]
        for t, term in enumerate(terms, start=1):
            total = total + term
            values = {REGRET.name: regret[t], R0.name: r0, LAST.name: term, SUM.name: total}
            yield Case(values, f"{facts.description}, comparator {k}, T = {t}")


def two_quadratics() -> LeaderFacts:
    """f_1 = (t-1)^2/2, f_2 = (t+1)^2/2, theta_1 = 0: the regret against 0 is 3/2, the last term alone 1."""
    one = Fraction(1)
    losses = [Loss1D(Fraction(0), one, one), Loss1D(Fraction(0), one, -one)]
    return exact_leader(losses, Fraction(0), Fraction(0), "f_1 = (t-1)^2/2, f_2 = (t+1)^2/2, theta_1 = 0")


CLAIM = Claim(
    id="theorem-3",
    title="Regret of follow-the-leader, strongly convex losses",
    source="Theorem 3 (restating McMahan 2017, Theorem 1)",
    summary="Each round costs half the squared dual norm of its gradient; the rounds add up.",
    statements=(
        Statement(
            version=Version.PRINTED,
            words="Read without a sum over the rounds, as our copy of the text has it,",
            inequality=PRINTED,
            hypotheses=(
                r"$r_{0:i}+f_{1:i+1}$ is 1-strongly convex with respect to $\|\cdot\|_{(i)}$",
                r"$g_i\in\partial f_i(\theta_i)$",
            ),
            cases=cases,
            kind="leader",
            expected=Verdict.VIOLATED,
            grade=Grade.ILLEGIBLE,
            counterexample=two_quadratics,
            quote=r"for any $\theta^*\in\mathbb R^d$ and for any $T>0$, with $g_i\in\partial f_i(\theta_i)$, $\mathrm{Regret}_T(\theta^*,f_i)\le r_{0:T-1}(\theta^*)+\frac12\|g_i\|_{(i-1),*}^2$",
            theorem="MTP.theorem_3.theorem_3_printed_refuted_no_sum",
            note=(
                "Our copy has no summation sign, and then the index i of its last term is free; that we put the last round's is our choice. Corollary 2's proof "
                "applies the theorem with the sum. No verdict on the paper."
            ),
        ),
        Statement(
            version=Version.REPAIRED,
            words=r"With the sum, for every comparator $\theta^*$",
            inequality=REPAIRED,
            hypotheses=(
                r"the minimisers $\theta_i$ of $h_{0:i-1}=r_{0:i-1}+f_{1:i-1}$ exist, $r_i\ge0$ convex",
                r"$r_{0:i-1}+f_{1:i}$ is 1-strongly convex with respect to $\|\cdot\|_{(i-1)}$",
                r"$g_i\in\partial f_i(\theta_i)$",
            ),
            cases=cases,
            kind="leader",
            theorem="MTP.theorem_3.theorem_3_repaired",
        ),
    ),
    on_data="Nothing later rests on the form without the sum: Corollary 2 and Remark 1 use the sum, and data-dependent-regret measures it.",
    code="mtp_theory.exact.line.minimise",
)
