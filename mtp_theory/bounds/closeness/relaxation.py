r"""The convex programme that every trained model close to the target satisfies, and its multipliers.

Let t be trained on the clean data and n points and :math:`D(t,\theta_p)\le\varepsilon`; s, m are slopes and margins at
t, :math:`c = C_R`. Optimality is the *balance* :math:`(N+n)c\,t = \sum_i k_i s_i z_i + \sum_j s_j z_j`. Relaxed:

* t lies in B (:mod:`.lemma`), written without a maximisation: for each label y some :math:`\mu\in[0,1]` has
  :math:`\max_x y\langle\mu\theta_p - t, \bar x\rangle \le \varepsilon - (1-\mu)` (minimax over the convex X), and the
  maximum is replaced by multipliers of X's own rows;
* a row whose margin stays below 1 has slope 1, above 1 slope 0; for the others (the *band*) (m, s) lies in the hull
  of the graph of the slope over the margin's range;
* poison enters by its sums :math:`w_y`, masses :math:`g_y` of points that can have a slope at all;
* *energy*: the balance times t, :math:`(N+n)c|t|^2 = \sum_i k_i s_i m_i + \sum_j s_j m_j`, with
  :math:`s_i m_i = s_i - (1-m_i)_+` on the clean rows, and for poison :math:`s_j m_j\le s_j\min(1, v_j+\varepsilon)`
  (:math:`v_j \ge -1`) or :math:`s_j(\varepsilon-1)` (:math:`v_j\le -1`). Relaxed to an inequality it is convex.

The least mass :math:`\sum g_y` then is at most n, or n points do not suffice. Solved in float64: a proposal, from
which :mod:`.witness` makes a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...convex_set.blocks import Block, domain_block
from ...convex_set.cells import margin_ranges
from ...convex_set.clean import dense_rows, signed_sum
from ...errors import InputError, UndecidedError
from ...losses import Array
from ...problem import Problem
from .conic import Conic
from .lemma import active_limit, check_epsilon, margins_within, mixing_margin

LABELS = (1, -1)
#: Least multiplier of the energy row: a witness divides by it. It costs this share of the energy row's slack.
LEAST_KAPPA = 1e-4


@dataclass(frozen=True, eq=False)
class Multipliers:
    """A dual point. ``band``: b_i of each band row; ``points``: (a, tau, tau') of each label, see the witness."""

    eta: Array
    kappa: float
    rows: NDArray[np.intp]
    band: Array
    points: dict[int, tuple[float, float, float]]


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Least mass for n points (inf: the relaxation is infeasible), the model t and the multipliers."""

    n: float
    mass: float
    model: Array
    multipliers: Multipliers


class Relaxation:
    """The programme for one problem, target and epsilon; :meth:`solve` for each n."""

    def __init__(self, problem: Problem, target: Array, epsilon: float) -> None:
        check_epsilon(epsilon)
        if "epsilon_lower_bound" not in problem.loss.certificates:
            raise InputError(f"closeness bound: loss {problem.loss.key!r}; it is derived for the hinge loss")
        if not problem.domain.both_labels:
            raise InputError("closeness bound: give one domain for both labels; the label flip needs it")
        self.problem, self.target, self.epsilon = problem, target, epsilon
        block = domain_block(problem.domain.relaxation)
        if block.ball is not None:
            raise InputError("closeness bound: give a polyhedral domain")
        self.block: Block = block
        margins = problem.margins(target)
        low, high = margins_within(problem, target, epsilon, margins, problem.y)
        counted = problem.counts > 0
        self.one = counted & (high < 1)
        self.rows = np.flatnonzero(counted & (high >= 1) & (low <= 1))
        self.low, self.high = low[self.rows], high[self.rows]
        self.counts = problem.counts[self.rows].astype(np.float64)
        self.Z = problem.y[self.rows, None] * dense_rows(problem, self.rows)
        self.base = signed_sum(problem, self.one * problem.counts * problem.y)
        self.ranges = margin_ranges(problem, target)
        exact = {y: mixing_margin(Fraction(r.low)) for y, r in self.ranges.items()}
        limits = {y: active_limit(Fraction(epsilon), v0) for y, v0 in exact.items()}
        self.limits = {y: None if v is None else float(v) for y, v in limits.items()}

    def solve(self, n: float) -> Relaxed:
        """Least mass of poison among n points. Raises UndecidedError when the solver does not finish."""
        answer = self._programme(n).solve()
        infeasible = "PrimalInfeasible" in answer.status
        if not (answer.usable or infeasible):
            raise UndecidedError(f"closeness bound: the conic programme is not solved: {answer.status}")
        y = answer.multipliers
        points = {}
        for label in LABELS:
            cap = y[f"limit {label}"][0] if f"limit {label}" in y else 0.0
            below = y[f"behind {label}"][0] if f"behind {label}" in y else 0.0
            points[label] = (float(y[f"margin {label}"][0]), float(cap), float(below))
        dual = Multipliers(-y["balance"], float(y["energy"][0]), self.rows, -y["band"] / self.counts, points)
        return Relaxed(n, np.inf if infeasible else answer.objective, answer.values["t"], dual)

    def _programme(self, n: float) -> Conic:
        problem, p, eps = self.problem, self.target, self.epsilon
        model = Conic()
        weight = (problem.n_points + n) * problem.c_r
        lift = self.lift()
        model.variable("t", problem.dim)
        balance = {"t": weight * sp.eye_array(problem.dim)}
        energy: dict[str, object] = {"t": -self.base[None, :]}
        for y in LABELS:
            self.closeness(model, y, p, eps)
            for kind in ("near", "behind"):
                if kind == "behind" and self.ranges[y].low > -1:
                    continue
                name = f"{kind} points {y}"
                cost = np.zeros(self.block.size)
                cost[0] = 1.0
                model.variable(name, self.block.size, cost)
                self.in_cone(model, name)
                balance[name] = -y * lift
                margin = y * (p @ lift)
                unit = cost[None, :]
                if kind == "near":
                    limit = self.limits[y]
                    if limit is not None:
                        model.below(f"limit {y}", {name: margin - limit * unit[0]}, 0.0)
                    model.variable(f"credit {y}")
                    one = np.ones((1, 1))
                    model.below(f"slope {y}", {f"credit {y}": one, name: -unit}, 0.0)
                    model.below(f"margin {y}", {f"credit {y}": one, name: -margin - eps * unit[0]}, 0.0)
                    energy[f"credit {y}"] = -one
                else:
                    model.below(f"behind {y}", {name: margin + unit[0]}, 0.0)
                    energy[name] = (1 - eps) * unit
        self._band(model)
        balance["s"] = -(self.Z * self.counts[:, None]).T
        model.equal("balance", balance, self.base)
        counts = self.counts[None, :]
        energy |= {"s": -counts, "loss": counts, "square": np.array([[weight]]), "slack": np.ones((1, 1))}
        model.variable("square")
        model.variable("slack", cost=-LEAST_KAPPA)
        model.below("slack sign", {"slack": -np.ones((1, 1))}, 0.0)
        model.equal("energy", energy, 0.0)
        # |t|^2 <= square, as |(2 t, square - 1)| <= square + 1
        head = np.vstack([[-1.0], [-1.0], np.zeros((problem.dim, 1))])
        rest = sp.vstack([sp.csr_array((2, problem.dim)), -2.0 * sp.eye_array(problem.dim)])
        right = np.zeros(problem.dim + 2)
        right[0], right[1] = 1.0, -1.0
        model.cone("square", {"square": head, "t": rest}, right)
        return model

    def lift(self) -> sp.csr_array:
        """The block's map to (w, k): sums, with the mass for the constant feature."""
        spread = self.block.spread
        if not self.problem.bias:
            return spread
        unit = np.zeros((1, self.block.size))
        unit[0, 0] = 1.0
        return sp.csr_array(sp.vstack([spread, sp.csr_array(unit)]))

    def in_cone(self, model: Conic, name: str) -> None:
        """The block of variables ``name`` is a mass with its sum."""
        for i, rows in enumerate(self.block.below):
            model.below(f"{name} below {i}", {name: rows}, 0.0)
        for i, rows in enumerate(self.block.equal):
            model.equal(f"{name} equal {i}", {name: rows}, 0.0)
        if not self.block.free:
            model.below(f"{name} sign", {name: -sp.eye_array(self.block.size)}, 0.0)

    def closeness(self, model: Conic, y: int, p: Array, eps: float | None) -> None:
        """max over X of y <mu p - t, (x, 1)> <= eps - 1 + mu, by multipliers of the block's rows.

        Without ``eps`` it is the model's variable "epsilon".
        """
        lift = self.lift()
        size = self.block.size
        model.variable(f"mu {y}")
        one = np.ones((1, 1))
        model.below(f"mu low {y}", {f"mu {y}": -one}, 0.0)
        model.below(f"mu high {y}", {f"mu {y}": one}, 1.0)
        first = np.zeros((size, 1))
        first[0] = 1.0
        # lift' y (mu p - t) - rows' multipliers <= (eps - 1 + mu) e_0, with equality where variables are free
        terms: dict[str, object] = {
            "t": -y * lift.T,
            f"mu {y}": sp.csr_array(y * (lift.T @ p)[:, None] - first),
        }
        for i, rows in enumerate(self.block.below):
            name = f"below {i} {y}"
            model.variable(name, rows.shape[0])
            model.below(f"{name} sign", {name: -sp.eye_array(rows.shape[0])}, 0.0)
            terms[name] = -rows.T
        for i, rows in enumerate(self.block.equal):
            name = f"equal {i} {y}"
            model.variable(name, rows.shape[0])
            terms[name] = -rows.T
        if eps is None:
            terms["epsilon"] = -first
        right = np.zeros(size)
        right[0] = -1.0 if eps is None else eps - 1
        if self.block.free:
            model.equal(f"close {y}", terms, right)
        else:
            model.below(f"close {y}", terms, right)

    def _band(self, model: Conic) -> None:
        """Slopes s, margins and losses of the band rows, in the hull of the graph of the slope."""
        size = self.rows.size
        for name in ("s", "m", "loss"):
            model.variable(name, size)
        unit = sp.eye_array(size, format="csr")
        model.equal("band", {"t": self.Z, "m": -unit}, 0.0)
        model.below("s low", {"s": -unit}, 0.0)
        model.below("s high", {"s": unit}, 1.0)
        model.below("loss low", {"loss": -unit}, 0.0)
        model.below("loss high", {"loss": -unit, "m": -unit}, -1.0)
        above, beneath = self.high - 1.0, 1.0 - self.low
        # (high - 1) s <= high - m and (1 - low) s >= 1 - m
        model.below("hull high", {"s": sp.diags_array(above), "m": unit}, self.high)
        model.below("hull low", {"s": -sp.diags_array(beneath), "m": -unit}, -1.0)


__all__ = ["LABELS", "Multipliers", "Relaxation", "Relaxed"]
