r"""From multipliers to a proof: the rational witness that fewer points cannot come within epsilon of the target.

Let t be trained on n points and within epsilon. The balance times :math:`\kappa t - \eta` is

.. math:: (N+n)c\,(\kappa|t|^2 - \langle\eta,t\rangle)
          = \sum_i k_i s_i(\kappa m_i - \langle\eta,z_i\rangle) + \sum_j s_j(\kappa m_j - \langle\eta,z_j\rangle).

* Row i: :math:`s_i(\kappa m_i - e_i) \le r_i + b_i m_i` for *any* b_i, with r_i the maximum of the difference over the
  graph of the slope on the margin's range: piecewise linear in m, so a maximum over a few ends.
* Poison: :math:`s_j > 0` needs :math:`m_j\le 1`, so :math:`v_j` at most the limit of :mod:`.lemma` and
  :math:`m_j\le\min(1,\max(-1,v_j)+\varepsilon)`; U bounds the bracket over those points (multipliers a, tau, tau').
* Closeness: :math:`0\le\sum\nu_z(\langle t,z\rangle - \min(1,v_z) + \varepsilon)` for any finitely many z.

With :math:`G(n) = (N+n)c\,\eta + \sum k_i b_i z_i + \sum\nu_z z` and the minimum over t of a quadratic,

.. math:: \mathrm{GAP}(n) = \sum_z\nu_z(\min(1,v_z)-\varepsilon) - \frac{|G(n)|^2}{4\kappa c(N+n)} - \sum k_i r_i
          - n\,U^+ > 0

refutes n. With the best cuts GAP is an infimum over t in B of functions affine in n, hence concave: positive for no
points and for n points, each with its own cuts, it is positive for every number between.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ...certificates import format as write
from ...datasets import Dataset
from ...losses import Array
from .conic import Conic
from .relaxation import LABELS, Multipliers, Relaxation

#: Grids of what floats feed: direction and slopes, weights, features of the cuts.
GRID, WEIGHT_GRID, FEATURE_GRID = 2**40, 2**24, 2**30


@dataclass(frozen=True, eq=False)
class Cut:
    """A weight on closeness at the point (x, label)."""

    label: int
    weight: Fraction
    x: tuple[Fraction, ...]


class Witness:
    """Rounded multipliers; :meth:`cuts` completes them for a number of points, :meth:`gap` estimates GAP in float64."""

    def __init__(self, relaxation: Relaxation, dual: Multipliers) -> None:
        self.relaxation = relaxation
        self.kappa = _up(dual.kappa)
        self.eta = _rounded(dual.eta)
        self.slopes = {int(i): _near(float(b)) for i, b in zip(dual.rows, dual.band, strict=True)}
        self.points = {y: self._multipliers(y, *dual.points[y]) for y in LABELS}
        self._prepare()

    def _multipliers(self, y: int, a: float, tau: float, behind: float) -> tuple[Fraction, Fraction, Fraction]:
        allowed = self.relaxation.limits[y] is not None
        tau = max(0.0, tau) if allowed else 0.0
        return min(self.kappa, max(Fraction(0), _near(a))), _near(tau), max(Fraction(0), _near(behind))

    def _prepare(self) -> None:
        """The parts of GAP that do not depend on n, in float64 from the rounded numbers."""
        r = self.relaxation
        problem = r.problem
        self.direction = np.array([float(v) for v in self.eta])
        kappa = float(self.kappa)
        band = np.array([float(self.slopes[int(i)]) for i in r.rows])
        along = problem.margins(self.direction)
        one = float((along * problem.counts)[r.one].sum())
        e = along[r.rows]
        ends = [(kappa - band) * m - e for m in (r.low, np.minimum(1.0, r.high))]
        ends += [-band * m for m in (np.maximum(1.0, r.low), r.high)]
        self.total = float(r.counts @ np.max(ends, axis=0)) - one if r.rows.size else -one
        self.sum = (r.counts * band) @ r.Z + kappa * r.base
        reach = []
        for y in LABELS:
            a, tau, behind = map(float, self.points[y])
            limit = r.limits[y]
            value = a * r.epsilon + kappa - a + (tau * limit if limit is not None else 0.0)
            reach.append(value + self._support(y, (a - tau) * r.target - self.direction))
            if r.ranges[y].low <= -1:
                far = kappa * (r.epsilon - 1) - behind
                reach.append(far + self._support(y, -behind * r.target - self.direction))
        self.reach = max(0.0, *reach)

    def _support(self, y: int, form: Array) -> float:
        problem = self.relaxation.problem
        w, constant = problem.split(y * form)
        return problem.domain.relaxation.support(w)[0] + constant

    def cuts(self, n: int) -> tuple[float, list[Cut]]:
        """The best cuts for n points, one for each label, and GAP(n) in float64."""
        r = self.relaxation
        problem = r.problem
        weight = (problem.n_points + n) * problem.c_r
        lift = r.lift()
        model = Conic()
        first = np.zeros((1, r.block.size))
        first[0, 0] = 1.0
        one = np.ones((1, 1))
        # in the unit of |G| the quadratic has curvature 1
        unit = float(np.sqrt(2 * float(self.kappa) * weight))
        model.variable("pull", problem.dim, quadratic=1.0)
        pull: dict[str, Array] = {"pull": -unit * np.eye(problem.dim)}
        for y in LABELS:
            name = f"cut {y}"
            model.variable(name, r.block.size, first[0] * r.epsilon)
            r.in_cone(model, name)
            model.variable(f"height {y}", cost=-1.0)
            model.below(f"one {y}", {f"height {y}": one, name: -first}, 0.0)
            model.below(f"margin {y}", {f"height {y}": one, name: -y * (r.target @ lift)[None, :]}, 0.0)
            pull[name] = y * lift
        model.equal("pull", pull, -(weight * self.direction + self.sum))
        answer = model.solve()
        cuts = []
        for y in LABELS:
            block = answer.values[f"cut {y}"]
            mass = max(0.0, float(block[0]))
            if mass > 1.0 / WEIGHT_GRID:
                x = self._inside((r.block.spread @ block) / block[0])
                cuts.append(Cut(y, Fraction(round(mass * WEIGHT_GRID), WEIGHT_GRID), x))
        return self._gap(n, cuts), cuts

    def _gap(self, n: int, cuts: list[Cut]) -> float:
        r = self.relaxation
        weight = (r.problem.n_points + n) * r.problem.c_r
        pull = weight * self.direction + self.sum
        value = -self.total - n * self.reach
        for cut in cuts:
            z = cut.label * np.array([float(v) for v in cut.x] + [1.0] * r.problem.bias)
            value += float(cut.weight) * (min(1.0, float(r.target @ z)) - r.epsilon)
            pull = pull + float(cut.weight) * z
        return value - float(pull @ pull) / (4 * float(self.kappa) * weight)

    def _inside(self, x: Array) -> tuple[Fraction, ...]:
        """x on the grid, inside the domain's hull exactly."""
        domain = self.relaxation.problem.domain.relaxation
        box = domain.boxed
        assert box is not None
        low, high = map(_exact, (box.lower, box.upper))
        grid = [Fraction(round(float(v) * FEATURE_GRID), FEATURE_GRID) for v in x]
        out = [min(b, max(a, v)) for v, a, b in zip(grid, low, high, strict=True)]
        for members in box.group_members():
            total = sum((out[j] for j in members), Fraction(0))
            if total > 1 or (box.exactly_one and total > 0):
                for j in members:
                    out[j] /= total
        return tuple(out)

    def certificate(
        self, data: Dataset, n: int, epsilon: Fraction, first: list[Cut], last: list[Cut]
    ) -> write.Certificate:
        """The certificate that n points at least are needed; ``first``, ``last``: cuts for 0 and n - 1 points."""
        problem = self.relaxation.problem
        target = tuple(Fraction(float(t)) for t in self.relaxation.target)
        subject = write.Subject(data.identity, "hinge", write.decimal(problem.c_r), problem.bias, target, "literal")
        domain = "data" if problem.domain.convex else "hull"
        witness: write.ClosenessWitness = {
            "kappa": str(self.kappa),
            "direction": write.vector(self.eta),
            "limits": {name: [str(v) for v in self.points[y]] for y, name in ((1, "plus"), (-1, "minus"))},
            "tilts": [[i, str(b)] for i, b in sorted(self.slopes.items())],
            "first": [_listed(c) for c in first],
            "last": [_listed(c) for c in last],
        }
        return write.certificate(
            subject, "epsilon_lower_bound", {"epsilon": str(epsilon), "points": n}, witness, domain
        )


def _listed(cut: Cut) -> write.ListedCut:
    return {"label": cut.label, "weight": str(cut.weight), "x": write.vector(cut.x)}


def _near(value: float) -> Fraction:
    return Fraction(round(value * GRID), GRID)


def _up(value: float) -> Fraction:
    return max(Fraction(1, GRID), _near(value))


def _rounded(values: Array) -> tuple[Fraction, ...]:
    return tuple(_near(float(v)) for v in values)


def _exact(values: ArrayLike) -> list[Fraction]:
    return [Fraction(float(v)) for v in np.asarray(values)]


__all__ = ["Cut", "Witness"]
