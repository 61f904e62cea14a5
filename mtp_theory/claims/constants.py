r"""The constants of the theory as numbers: for a problem, a target and a number of points.

Every value is computed from the expression that the claim's check evaluates. A value whose hypotheses are not met is
None with a reason; nothing is estimated where a claim does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np
import sympy
from numpy.typing import ArrayLike

from ..attacks.run import AttackRun
from ..attainability import GammaResult, fractional_minimum, gamma
from ..distance import distance
from ..domains import Box, Domain, L1Ball, PerLabel
from ..errors import InputError, UndecidedError
from ..losses import Array, Hinge
from ..lower_bound import theorem_2_value
from ..problem import Problem, regulariser
from ..training import train
from . import corollary_1 as c1
from . import remark_1 as r1
from . import theorem_1 as t1
from .measured import lipschitz_constant
from .model import Arithmetic, Number, evaluate


@dataclass(frozen=True)
class Hypothesis:
    """A condition that a constant needs: the text and whether it was found to hold (None: it cannot be tested here)."""

    text: str
    met: bool | None


@dataclass(frozen=True)
class Constant:
    """One number of the theory; ``value`` is None where ``reason`` says why, ``formula`` is LaTeX."""

    name: str
    claim: str
    statement: str
    value: float | None
    reason: str
    formula: str
    arithmetic: str
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True)
class Constants:
    """All constants; ``gamma``, ``gamma_lower`` (certified) and ``lambda_star`` also by themselves."""

    points: int
    n_points: int
    c_r: float
    gamma: float | None
    gamma_lower: float | None
    lambda_star: float | None
    entries: tuple[Constant, ...] = field(default=())

    def __getitem__(self, name: str) -> Constant:
        """The constant of that name; KeyError otherwise."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; infinite or undefined ones are null with a reason."""
        return asdict(self)


#: T when neither a number of points nor a run is given.
DEFAULT_POINTS = 100


def constants(
    problem: Problem,
    target: ArrayLike,
    *,
    points: int | None = None,
    epsilon: float | None = None,
    models: Sequence[ArrayLike] = (),
    run: AttackRun | None = None,
) -> Constants:
    r"""Every constant for ``target`` (dim,) after T = ``points`` poisoning points.

    ``run``: an attack whose regret, gradients and models are used where its T rounds allow (T defaults to its points,
    else to 100). ``models``: further models at which Theorem 2 and Corollary 1 are tested (the clean model always is).
    ``epsilon``: the closeness that Corollary 1 is about (default: what the run reached, else 0.1). Raises InputError
    for unusable arguments.
    """
    theta = problem.check_theta(target, "target")
    total = points if points is not None else run.points if run is not None else DEFAULT_POINTS
    if total < 1:
        raise InputError(f"points = {total}: give an integer >= 1")
    if epsilon is not None and not (isfinite(epsilon) and epsilon >= 0):
        raise InputError(f"epsilon = {epsilon!r}: give a finite number >= 0")
    tested = [problem.check_theta(m) for m in models]
    return _Collection(problem, theta, total, epsilon, tested, run).collect()


class _Collection:
    """The constants one after the other; later ones use earlier ones."""

    def __init__(
        self,
        problem: Problem,
        target: Array,
        points: int,
        epsilon: float | None,
        models: list[Array],
        run: AttackRun | None,
    ) -> None:
        self.problem, self.target, self.points, self.run = problem, target, points, run
        clean = run.thetas[0] if run is not None else train(problem).theta
        kept = list(run.thetas) if run is not None else []
        self.clean, self.models = clean, [clean, *kept[1:], *models]
        reached = run.rows[-1].distance_upper if run is not None else 0.1
        self.epsilon = reached if epsilon is None else epsilon
        self.entries: list[Constant] = []
        self.lipschitz = lipschitz_constant(problem)
        self.loss_gap = problem.loss_sum(target) - problem.loss_sum(clean)
        self.regulariser_gap = regulariser(target) - regulariser(clean)

    def collect(self) -> Constants:
        """Everything, in the order of the paper."""
        found = self.gamma_constants()
        self.regret_constants()
        self.epsilon_constants(found)
        self.lower_bounds()
        self.norms()
        self.closeness()
        top = None if found is None else _finite(found.lambda_star)
        value = None if found is None else _finite(found.gamma)
        low = None if found is None else _finite(found.gamma_lower)
        problem = self.problem
        return Constants(self.points, problem.n_points, problem.c_r, value, low, top, tuple(self.entries))

    # -- one entry ------------------------------------------------------------------------------------------------

    def add(
        self,
        name: str,
        claim: str,
        statement: str,
        value: float | None,
        formula: str,
        hypotheses: Sequence[Hypothesis] = (),
        *,
        arithmetic: Arithmetic = Arithmetic.FLOAT,
        reason: str = "",
    ) -> float | None:
        """Record a value unless a hypothesis fails; returns what was recorded."""
        unmet = next((h.text for h in hypotheses if h.met is False), None)
        if unmet is not None:
            value, reason = None, f"not applicable: needs {unmet}"
        elif value is not None and not isfinite(value):
            reason = reason or f"the value is {'+' if value > 0 else '-'}infinite"
            value = None
        entry = Constant(name, claim, statement, value, reason, formula, str(arithmetic), tuple(hypotheses))
        self.entries.append(entry)
        return value

    def formula(
        self,
        name: str,
        claim: str,
        statement: str,
        expression: sympy.Expr,
        values: Mapping[str, Number],
        hypotheses: Sequence[Hypothesis] = (),
    ) -> float | None:
        """Record a claim's own expression at these values."""
        usable = all(h.met is not False for h in hypotheses) and all(isfinite(v) for v in values.values())
        number = float(evaluate(expression, values)) if usable else inf
        latex = str(sympy.latex(expression, symbol_names={s: s.name for s in expression.free_symbols}))
        return self.add(name, claim, statement, number, latex, hypotheses)

    # -- gamma ----------------------------------------------------------------------------------------------------

    def gamma_constants(self) -> GammaResult | None:
        """C, lambda*, gamma and the closed forms of Appendix C."""
        problem, target, c = self.problem, self.target, self.problem.c_r
        try:
            found: GammaResult | None = gamma(problem, target)
            reason = ""
        except (UndecidedError, InputError) as error:
            found, reason = None, f"undecided: {error}"
        formula = r"\lambda^*=\sup\{\lambda:-\lambda\theta_p\in K\}"
        for name, attribute in (
            ("lambda_star", "lambda_star"),
            ("lambda_star_lower", "lambda_lower"),
            ("lambda_star_upper", "lambda_upper"),
        ):
            number = None if found is None else float(getattr(found, attribute))
            self.add(name, "exact-gamma", "extended", number, formula, reason=reason)
        for name, value in (
            ("gamma", None if found is None else found.gamma),
            ("gamma_lower", None if found is None else found.gamma_lower),
            (
                "gamma_upper",
                None if found is None else 1.0 - c / found.lambda_upper if found.lambda_upper > 0 else -inf,
            ),
        ):
            self.add(name, "exact-gamma", "extended", value, r"1-C_R/\lambda^*", reason=reason)
        attainable = None if found is None else found.attainable == "yes"
        self.attainable = Hypothesis("a C_R-attainable target", attainable)
        hinge = Hypothesis("the hinge loss", isinstance(problem.loss, Hinge))
        no_bias = Hypothesis("no bias feature", not problem.bias)
        nonzero = Hypothesis("a target other than 0", bool(target.any()))
        square = float(target @ target)
        inside = square > 0 and any(problem.domain.contains(s * problem.split(target)[0] / square) for s in (1.0, -1.0))
        point = Hypothesis("the point theta_p/|theta_p|^2 or its opposite in X", bool(inside))
        self.add(
            "gamma_appendix_c",
            "appendix-c",
            "printed",
            1.0 - c * square,
            r"1-2C_R R(\theta_p)",
            (hinge, no_bias, nonzero, point),
        )
        box = Hypothesis("X = [0, 1]^d", _unit_box(problem.domain))
        parts = (np.maximum(target, 0.0), np.maximum(-target, 0.0))
        weight = sum(max(float(p.max()), float(p @ p)) for p in parts)
        self.add(
            "gamma_closed_form",
            "appendix-c",
            "extended",
            1.0 - c * weight,
            r"1-C_R\left[\max(\|\theta_p^+\|_\infty,\|\theta_p^+\|_2^2)+\max(\|\theta_p^-\|_\infty,\|\theta_p^-\|_2^2)\right]",
            (hinge, no_bias, nonzero, box),
        )
        return found

    # -- regret ---------------------------------------------------------------------------------------------------

    def regret_constants(self) -> None:
        """G on the ball that holds the iterates, and alpha(T) in five ways."""
        problem = self.problem
        lipschitz = Hypothesis("a Lipschitz loss", isfinite(self.lipschitz))
        b = self.lipschitz
        self.add("lipschitz", "remark-1", "printed", b, r"B=\sup_m|\varphi'(m)|\,\sup_{x}\|(x,1)\|_2", (lipschitz,))
        repaired = min(2 * b, b + sqrt(problem.c_r * problem.loss.at_zero))
        self.add("G_printed", "remark-1", "printed_appendix", b, "G=B", (lipschitz,))
        self.add("G", "remark-1", "extended", repaired, r"\min\left(2B,B+\sqrt{C_R\ell(0)}\right)", (lipschitz,))
        values = {
            r1.B.name: b,
            r1.C.name: problem.c_r,
            r1.N.name: problem.n_points,
            r1.T.name: self.points,
            r1.L0.name: problem.loss.at_zero,
        }
        self.alphas: dict[str, float | None] = {}
        for name, statement, inequality in (
            ("alpha_printed", "printed_appendix", r1.PRINTED_APPENDIX),
            ("alpha_paper_repaired_G", "printed", r1.PRINTED),
            ("alpha_logarithm", "extended", r1.EXTENDED),
        ):
            self.alphas[name] = self.formula(name, "remark-1", statement, inequality.rhs, values, (lipschitz,))
        measured, exact = self._measured_regret()
        has_run = Hypothesis("an attack run of T rounds with one copy each and kept models", measured is not None)
        self.alphas["alpha_measured"] = self.add(
            "alpha_measured",
            "data-dependent-regret",
            "extended",
            measured,
            r"\sum_{j\le T}\frac{\|g_j\|_2^2}{2C_R(N+j)}",
            (has_run,),
        )
        row = Hypothesis("an attack run that reached T points", exact is not None)
        self.alphas["alpha_exact"] = self.add(
            "alpha_exact", "theorem-1", "repaired", exact, r"\sum_{j\le T}\delta_j", (row,)
        )

    def _measured_regret(self) -> tuple[float | None, float | None]:
        """Sum over measured gradients, and the exact regret, of the run's first T points; None where it has not got
        them."""
        run, problem = self.run, self.problem
        if run is None:
            return None, None
        exact = next((row.regret for row in run.rows if row.points == self.points), None)
        single = all(row.points == k for k, row in enumerate(run.rows))
        if not single or len(run.thetas) != len(run.rows) or run.points < self.points:
            return None, exact
        total = 0.0
        for j in range(self.points):
            theta, x, y = run.thetas[j], run.X[j], int(run.y[j])
            row = np.append(x, 1.0) if problem.bias else x
            slope = float(problem.loss.slope(problem.point_margin(theta, x, y)))
            gradient = problem.c_r * theta - slope * y * row
            total += float(gradient @ gradient) / (2.0 * problem.c_r * (problem.n_points + j + 1))
        return total, exact

    def epsilon_constants(self, found: GammaResult | None) -> None:
        """epsilon(T) of Theorem 1 for every alpha, by the main text's and by the appendix's formula."""
        problem = self.problem
        self.add("D0", "theorem-1", "repaired", self.loss_gap + problem.c_r_total * self.regulariser_gap, "D_0")
        gamma_lower = -inf if found is None else found.gamma_lower
        positive = Hypothesis("a positive gamma: a target that is attainable at a weight above C_R", gamma_lower > 0)
        for name, alpha in self.alphas.items():
            known = Hypothesis(f"{name}", alpha is not None)
            values = {
                t1.ALPHA.name: alpha if alpha is not None else inf,
                t1.LOSS_GAP.name: self.loss_gap,
                t1.R_GAP.name: self.regulariser_gap,
                t1.N.name: problem.n_points,
                t1.C.name: problem.c_r,
                t1.T.name: self.points,
                t1.GAMMA.name: gamma_lower,
            }
            suffix = name.removeprefix("alpha_")
            for kind, statement, expression in (
                ("epsilon_main_text", "printed", t1.EPSILON_MAIN),
                ("epsilon", "repaired", t1.EPSILON),
            ):
                self.formula(f"{kind}_{suffix}", "theorem-1", statement, expression, values, (positive, known))

    # -- lower bounds ---------------------------------------------------------------------------------------------

    def lower_bounds(self) -> None:
        """Theorem 2 and Corollary 1 at the tested models: the best value of each, and t*."""
        uppers = [distance(self.problem, m, self.target).upper for m in self.models]
        z = [theorem_2_value(self.problem, self.target, m, u) for m, u in zip(self.models, uppers, strict=True)]
        exact = Hypothesis("a target that added points reproduce exactly", None)
        self.add("theorem_2", "theorem-2", "repaired", _best(z), r"\max_\theta z(\theta)", (exact,))
        sharper = [self._linearised(m, u) for m, u in zip(self.models, uppers, strict=True)]
        formula = (
            r"\frac{L(\theta_p;D_c)-L(\theta;D_c)+NC_R\langle\theta_p,\theta_p-\theta\rangle}"
            r"{D(\theta,\theta_p)-C_R\langle\theta_p,\theta_p-\theta\rangle}"
        )
        self.add("theorem_2_linearised", "tight-lower-bound", "extended", _best(sharper), formula, (exact,))
        low: float | None = None
        high: float | None = None
        reason = ""
        try:
            t_star = fractional_minimum(self.problem, self.target)
            low, high = t_star.lower, t_star.upper
        except (UndecidedError, InputError) as error:
            reason = f"undecided: {error}"
        self.add("t_star_lower", "tight-lower-bound", "extended", low, "t^*", (exact,), reason=reason)
        self.add("t_star_upper", "tight-lower-bound", "extended", high, "t^*", (exact,), reason=reason)
        self._corollary_1(uppers)

    def _linearised(self, theta: Array, upper: float) -> float:
        problem, target = self.problem, self.target
        losses = problem.loss.value(problem.margins(target)) - problem.loss.value(problem.margins(theta))
        pull = float(target @ (target - theta))
        numerator = float(losses @ problem.counts) + problem.c_r_total * pull
        denominator = upper - problem.c_r * pull
        if denominator > 0:
            return numerator / denominator
        return inf if numerator > 0 else -inf

    def _corollary_1(self, uppers: list[float]) -> None:
        problem, k = self.problem, self.bidirectional()
        reverse = inf if k is None else k * self.epsilon
        induced = 0.5 * problem.loss.at_zero / problem.c_r
        known = Hypothesis("a factor k: hinge loss, no bias, X convex and holding 0 (corollary-3)", k is not None)
        for name, statement in (
            ("corollary_1", "printed"),
            ("corollary_1_no_bound", "extended"),
            ("corollary_1_half", "extended"),
        ):
            numerator, denominator = c1.QUOTIENTS[name]
            bounds = []
            for model, upper in zip(self.models, uppers, strict=True):
                values = {
                    c1.LOSS_GAP.name: problem.loss_sum(self.target) - problem.loss_sum(model),
                    c1.S.name: upper,
                    c1.R.name: regulariser(model),
                    c1.R_STAR.name: max(induced, regulariser(model)),
                    c1.C.name: problem.c_r,
                    c1.N.name: problem.n_points,
                    c1.E.name: reverse,
                }
                if k is not None:
                    below = float(evaluate(denominator, values))
                    bounds.append(float(evaluate(numerator, values)) / below if below > 0 else -inf)
            latex = f"{sympy.latex(numerator)} / ({sympy.latex(denominator)})"
            self.add(name, "corollary-1", statement, _best(bounds), latex, (known,))

    # -- norms and closeness --------------------------------------------------------------------------------------

    def norms(self) -> None:
        """Remarks 2 and 3 with the loss of the zero model."""
        c, zero, d = self.problem.c_r, self.problem.loss.at_zero, self.problem.dim
        one = Hypothesis("a loss with l(0) = 1", zero == 1.0)
        self.add("R_star_printed", "remark-2", "printed", 1.0 / c, "1/C_R", (one,))
        self.add("R_star", "remark-2", "extended", zero / (2.0 * c), r"\ell(0)/(2C_R)")
        self.add("l1_norm_printed", "remark-3", "printed", sqrt(d / c), r"\sqrt{d/C_R}", (one,))
        self.add("l1_norm", "remark-3", "extended", sqrt(d * zero / c), r"\sqrt{d\,\ell(0)/C_R}")

    def largest_margin(self) -> float:
        """An upper bound of the absolute margins over X of the target and of every model that training can give."""
        domain, w = self.problem.domain, self.problem.split(self.target)[0]
        own = max(domain.support(w)[0], domain.support(-w)[0])
        d = domain.dim
        axes = np.eye(d)
        reach = np.array([max(domain.support(e)[0], domain.support(-e)[0]) for e in axes])
        # |theta'|_2 <= sqrt(l(0) / C_R) by remark-2
        return max(own, float(np.linalg.norm(reach)) * sqrt(self.problem.loss.at_zero / self.problem.c_r))

    def bidirectional(self) -> float | None:
        """k = max(1, largest margin) of the target and any trained model, where Corollary 3 applies."""
        problem = self.problem
        if problem.bias or not isinstance(problem.loss, Hinge) or not _star_shaped(problem.domain):
            return None
        return max(1.0, self.largest_margin())

    def closeness(self) -> None:
        """k of Corollary 3 and the constants of Theorems 4 and 5, for the target and any trained model."""
        problem = self.problem
        hinge = Hypothesis("the hinge loss", isinstance(problem.loss, Hinge))
        no_bias = Hypothesis("no bias feature", not problem.bias)
        star = Hypothesis("a domain that is known to be star-shaped about 0", _star_shaped(problem.domain))
        ball = Hypothesis("X an l1 ball about 0", isinstance(problem.domain, L1Ball) and _star_shaped(problem.domain))
        box = Hypothesis("X = [0, 1]^d", _unit_box(problem.domain))
        m = max(1.0, self.largest_margin())
        self.add("k", "corollary-3", "repaired", m, r"\max(1,\sup|\langle\theta,x\rangle|)", (hinge, no_bias, star))
        r = max(float(np.abs(self.target).sum()), sqrt(problem.dim / problem.c_r))
        q = problem.domain.radius if isinstance(problem.domain, L1Ball) else inf
        large = Hypothesis("r q >= 1", bool(r * q >= 1))
        self.add("k_printed", "corollary-3", "printed", r * q, "rq", (hinge, no_bias, ball, large))
        cube = Hypothesis("X containing every point with entries +-1/r", _contains_cube(problem.domain, 1.0 / r))
        self.add("l1_closeness_printed", "theorem-4", "printed", r, "r", (hinge, no_bias, cube))
        self.add("l1_closeness", "theorem-4", "extended", 2.0 * m, r"2\max(1,M)", (hinge, no_bias, box))
        self.add("loss_closeness_printed", "theorem-5", "printed", q, "q", (hinge, no_bias, ball))


def _best(values: Sequence[float]) -> float | None:
    known = [v for v in values if v == v and v != -inf]
    return max(known) if known else None


def _finite(x: float) -> float | None:
    return x if isfinite(x) else None


def _unit_box(domain: Domain) -> bool:
    return isinstance(domain, Box) and not domain.lower.any() and bool((domain.upper == 1).all())


def _star_shaped(domain: Domain) -> bool:
    """Is the domain convex and does it hold 0? Then it is star-shaped about 0."""
    if isinstance(domain, PerLabel):
        return False
    return domain.relaxation is domain and domain.contains(np.zeros(domain.dim), 0.0)


def _contains_cube(domain: Domain, radius: float) -> bool:
    """Does a box or l1 ball about 0 hold all points with entries +-radius?"""
    if isinstance(domain, Box):
        return bool((domain.lower <= -radius).all() and (domain.upper >= radius).all())
    return isinstance(domain, L1Ball) and not domain.centre.any() and domain.dim * radius <= domain.radius


__all__ = ["Constant", "Constants", "Hypothesis", "constants"]
