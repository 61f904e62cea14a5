r"""Norms of trained models, k of bi-directional closeness, and the constants of l1 closeness."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from ...domains import Box, Domain, L1Ball
from .entries import Entries, Hypothesis
from .setting import Setting


def norms(s: Setting, entries: Entries) -> None:
    """Remarks 2 and 3 with the loss of the zero model."""
    c, zero, d = s.problem.c_r, s.problem.loss.at_zero, s.problem.dim
    one = Hypothesis("a loss with l(0) = 1", zero == 1.0)
    entries.add("R_star_printed", "remark-2", "printed", 1.0 / c, "1/C_R", (one,))
    entries.add("R_star", "remark-2", "extended", zero / (2.0 * c), r"\ell(0)/(2C_R)")
    entries.add("l1_norm_printed", "remark-3", "printed", sqrt(d / c), r"\sqrt{d/C_R}", (one,))
    entries.add("l1_norm", "remark-3", "extended", sqrt(d * zero / c), r"\sqrt{d\,\ell(0)/C_R}")


def _largest_margin(s: Setting) -> float:
    """An upper bound of the absolute margins over X of the target and of every model that training can give."""
    domain, w = s.problem.domain, s.problem.split(s.target)[0]
    own = max(domain.support(w)[0], domain.support(-w)[0])
    d = domain.dim
    axes = np.eye(d)
    reach = np.array([max(domain.support(e)[0], domain.support(-e)[0]) for e in axes])
    # |theta'|_2 <= sqrt(l(0) / C_R) by remark-2
    return max(own, float(np.linalg.norm(reach)) * sqrt(s.problem.loss.at_zero / s.problem.c_r))


def _target_margins(s: Setting) -> tuple[float, float]:
    """Least and largest value of the target's decision function over X."""
    w, b = s.problem.split(s.target)
    return b - s.problem.domain.support(-w)[0], b + s.problem.domain.support(w)[0]


def bidirectional(s: Setting) -> tuple[float | None, str]:
    """k of Corollary 3 for the target and any trained model, None where no repaired statement applies; its formula.

    Where the target's margins include -1 and +1 its own largest margin serves, with a bias or without; else, without a
    bias and with 0 in X, the largest margin of the target and of every model that training can give.
    """
    problem = s.problem
    if not problem.loss.is_hinge or not is_convex(problem.domain):
        return None, ""
    low, high = _target_margins(s)
    if low <= -1.0 and high >= 1.0:
        return max(high, -low), r"\max(1,\sup_x|\langle\theta_p,(x,1)\rangle|)"
    if not problem.bias and _star_shaped(problem.domain):
        return max(1.0, _largest_margin(s)), r"\max(1,\sup_{\theta,x}|\langle\theta,x\rangle|)"
    return None, ""


#: What a factor k needs.
K_HYPOTHESIS = "a factor k: hinge loss, X convex with both labels, and target margins that include -1 and +1, or no bias and 0 in X"


def closeness(s: Setting, entries: Entries) -> None:
    """k of Corollary 3 and the constants of Theorems 4 and 5, for the target and any trained model."""
    problem = s.problem
    hinge = Hypothesis("the hinge loss", problem.loss.is_hinge)
    no_bias = Hypothesis("no bias feature", not problem.bias)
    ball = Hypothesis("X an l1 ball about 0", isinstance(problem.domain, L1Ball) and _star_shaped(problem.domain))
    box = Hypothesis("X = [0, 1]^d", unit_box(problem.domain))
    m = max(1.0, _largest_margin(s))
    k, formula = bidirectional(s)
    entries.add("k", "corollary-3", "repaired", k, formula, (Hypothesis(K_HYPOTHESIS, k is not None),))
    r = max(float(np.abs(s.target).sum()), sqrt(problem.dim / problem.c_r))
    q = problem.domain.radius if isinstance(problem.domain, L1Ball) else inf
    large = Hypothesis("r q >= 1", bool(r * q >= 1))
    entries.add("k_printed", "corollary-3", "printed", r * q, "rq", (hinge, no_bias, ball, large))
    cube = Hypothesis("X containing every point with entries +-1/r", _contains_cube(problem.domain, 1.0 / r))
    entries.add("l1_closeness_printed", "theorem-4", "printed", r, "r", (hinge, no_bias, cube))
    entries.add("l1_closeness", "theorem-4", "extended", 2.0 * m, r"2\max(1,M)", (hinge, no_bias, box))
    entries.add("loss_closeness_printed", "theorem-5", "printed", q, "q", (hinge, no_bias, ball))


def unit_box(domain: Domain) -> bool:
    """Is the domain [0, 1]^d, without integer features?"""
    return isinstance(domain, Box) and not domain.lower.any() and bool((domain.upper == 1).all())


def is_convex(domain: Domain) -> bool:
    """One convex domain for both labels?"""
    return domain.both_labels and domain.relaxation is domain


def _star_shaped(domain: Domain) -> bool:
    """Is the domain convex and does it hold 0? Then it is star-shaped about 0."""
    return is_convex(domain) and domain.contains(np.zeros(domain.dim), 0.0)


def _contains_cube(domain: Domain, radius: float) -> bool:
    """Does a box or l1 ball about 0 hold all points with entries +-radius?"""
    if isinstance(domain, Box):
        return bool((domain.lower <= -radius).all() and (domain.upper >= radius).all())
    return isinstance(domain, L1Ball) and not domain.centre.any() and domain.dim * radius <= domain.radius


__all__ = ["K_HYPOTHESIS", "bidirectional", "closeness", "norms", "unit_box"]
