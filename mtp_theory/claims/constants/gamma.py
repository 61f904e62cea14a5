r"""lambda*, gamma and the closed forms of Appendix C."""

from __future__ import annotations

import numpy as np

from ...convex_set import Gamma, gamma
from ...errors import InputError, UndecidedError
from .closeness import unit_box
from .entries import Entries, Hypothesis
from .setting import Setting


def gamma_constants(s: Setting, entries: Entries) -> Gamma | None:
    """C, lambda*, gamma and the closed forms of Appendix C."""
    problem, target, c = s.problem, s.target, s.problem.c_r
    try:
        found: Gamma | None = gamma(problem, target)
        reason = ""
    except (UndecidedError, InputError) as error:
        found, reason = None, f"undecided: {error}"
    value = None if found is None else found.lambda_star.value
    c_formula = r"C=\inf_{R(\theta)<R(\theta_p)}D(\theta,\theta_p)/(R(\theta_p)-R(\theta))=\lambda^*"
    entries.add("C", "lemma-2", "repaired", value, c_formula, reason=reason)
    formula = r"\lambda^*=\sup\{\lambda:-\lambda\theta_p\in K\}"
    for name, attribute in (
        ("lambda_star", "value"),
        ("lambda_star_lower", "lower"),
        ("lambda_star_upper", "upper"),
    ):
        number = None if found is None else float(getattr(found.lambda_star, attribute))
        entries.add(name, "exact-gamma", "extended", number, formula, reason=reason)
    for name, value in (
        ("gamma", None if found is None else found.value),
        ("gamma_lower", None if found is None else found.lower),
        ("gamma_upper", None if found is None else found.upper),
    ):
        entries.add(name, "exact-gamma", "extended", value, r"1-C_R/\lambda^*", reason=reason)
    hinge = Hypothesis("the hinge loss", problem.loss.is_hinge)
    no_bias = Hypothesis("no bias feature", not problem.bias)
    nonzero = Hypothesis("a target other than 0", bool(target.any()))
    square = float(target @ target)
    inside = square > 0 and any(
        problem.domain.contains(sign * problem.split(target)[0] / square) for sign in (1.0, -1.0)
    )
    point = Hypothesis("the point theta_p/|theta_p|^2 or its opposite in X", bool(inside))
    entries.add(
        "gamma_appendix_c",
        "appendix-c",
        "printed",
        1.0 - c * square,
        r"1-2C_R R(\theta_p)",
        (hinge, no_bias, nonzero, point),
    )
    box = Hypothesis("X = [0, 1]^d", unit_box(problem.domain))
    parts = (np.maximum(target, 0.0), np.maximum(-target, 0.0))
    weight = sum(max(float(p.max()), float(p @ p)) for p in parts)
    entries.add(
        "gamma_closed_form",
        "appendix-c",
        "extended",
        1.0 - c * weight,
        r"1-C_R\left[\max(\|\theta_p^+\|_\infty,\|\theta_p^+\|_2^2)+\max(\|\theta_p^-\|_\infty,\|\theta_p^-\|_2^2)\right]",
        (hinge, no_bias, nonzero, box),
    )
    return found


__all__ = ["gamma_constants"]
