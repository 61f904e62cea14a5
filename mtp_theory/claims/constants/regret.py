r"""G on the ball that holds the iterates, alpha(T) in five ways, and epsilon(T) for each."""

from __future__ import annotations

from math import inf, isfinite, sqrt

import numpy as np

from ..statements import remark_1 as r1
from ..statements import theorem_1 as t1
from .entries import Entries, Hypothesis
from .setting import Setting


def regret_constants(s: Setting, entries: Entries) -> dict[str, float | None]:
    """G on the ball that holds the iterates, and alpha(T) in five ways."""
    problem = s.problem
    lipschitz = Hypothesis("a Lipschitz loss", isfinite(s.lipschitz))
    b = s.lipschitz
    entries.add("lipschitz", "remark-1", "printed", b, r"B=\sup_m|\varphi'(m)|\,\sup_{x}\|(x,1)\|_2", (lipschitz,))
    repaired = min(2 * b, b + sqrt(problem.c_r * problem.loss.at_zero))
    entries.add("G_printed", "remark-1", "printed_appendix", b, "G=B", (lipschitz,))
    entries.add("G", "remark-1", "extended", repaired, r"\min\left(2B,B+\sqrt{C_R\ell(0)}\right)", (lipschitz,))
    values = {
        r1.B.name: b,
        r1.C.name: problem.c_r,
        r1.N.name: problem.n_points,
        r1.T.name: s.points,
        r1.L0.name: problem.loss.at_zero,
    }
    alphas: dict[str, float | None] = {}
    for name, statement, inequality in (
        ("alpha_printed", "printed_appendix", r1.PRINTED_APPENDIX),
        ("alpha_paper_repaired_G", "printed", r1.PRINTED),
        ("alpha_logarithm", "extended", r1.EXTENDED),
    ):
        alphas[name] = entries.formula(name, "remark-1", statement, inequality.rhs, values, (lipschitz,))
    measured, exact = _measured_regret(s)
    has_run = Hypothesis("an attack run of T rounds with one copy each and kept models", measured is not None)
    alphas["alpha_measured"] = entries.add(
        "alpha_measured",
        "data-dependent-regret",
        "extended",
        measured,
        r"\sum_{j\le T}\frac{\|g_j\|_2^2}{2C_R(N+j)}",
        (has_run,),
    )
    row = Hypothesis("an attack run that reached T points", exact is not None)
    alphas["alpha_exact"] = entries.add("alpha_exact", "theorem-1", "repaired", exact, r"\sum_{j\le T}\delta_j", (row,))
    return alphas


def _measured_regret(s: Setting) -> tuple[float | None, float | None]:
    """Sum over measured gradients, and the exact regret, of the run's first T points; None where it has not got
    them."""
    run, problem = s.run, s.problem
    if run is None:
        return None, None
    exact = next((row.regret for row in run.rows if row.points == s.points), None)
    single = all(row.points == k for k, row in enumerate(run.rows))
    if not single or len(run.thetas) != len(run.rows) or run.points < s.points:
        return None, exact
    total = 0.0
    for j in range(s.points):
        theta, x, y = run.thetas[j], run.X[j], int(run.y[j])
        row = np.append(x, 1.0) if problem.bias else x
        slope = float(problem.loss.slope(problem.point_margin(theta, x, y)))
        gradient = problem.c_r * theta - slope * y * row
        total += float(gradient @ gradient) / (2.0 * problem.c_r * (problem.n_points + j + 1))
    return total, exact


def epsilon_constants(s: Setting, entries: Entries, alphas: dict[str, float | None], gamma_lower: float) -> None:
    """epsilon(T) of Theorem 1 for every alpha, by the main text's and by the appendix's formula."""
    problem = s.problem
    entries.add("D0", "theorem-1", "repaired", s.loss_gap + problem.c_r_total * s.regulariser_gap, "D_0")
    positive = Hypothesis("a positive gamma: a target that is attainable at a weight above C_R", gamma_lower > 0)
    for name, alpha in alphas.items():
        known = Hypothesis(f"{name}", alpha is not None)
        values = {
            t1.ALPHA.name: alpha if alpha is not None else inf,
            t1.LOSS_GAP.name: s.loss_gap,
            t1.R_GAP.name: s.regulariser_gap,
            t1.N.name: problem.n_points,
            t1.C.name: problem.c_r,
            t1.T.name: s.points,
            t1.GAMMA.name: gamma_lower,
        }
        suffix = name.removeprefix("alpha_")
        for kind, statement, expression in (
            ("epsilon_main_text", "printed", t1.EPSILON_MAIN),
            ("epsilon", "repaired", t1.EPSILON),
        ):
            entries.formula(f"{kind}_{suffix}", "theorem-1", statement, expression, values, (positive, known))


__all__ = ["epsilon_constants", "regret_constants"]
