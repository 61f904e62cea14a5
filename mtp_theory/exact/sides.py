r"""What a finder's witness amounts to, reckoned exactly before a checker sees it.

N clean rows :math:`z = y(x, 1)`, a target :math:`\theta_p`, a radius :math:`\rho` within which the trained model may
lie: both sides of Theorem 2, the reach of a loss difference, and a bound of a model's distance from the optimum.
A checker evaluates the same inequalities on its own; a slip here costs a certificate, never a false one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq

from ..errors import UndecidedError
from .hull import Hull
from .numbers import Whole, dot, fraction, middle, rational, rationals, root, upper
from .rows import Rows
from .smooth import SMOOTH


@dataclass(frozen=True, eq=False)
class Part:
    """Rows with copies, and for the hinge loss the slopes of rows that are not those of their margins."""

    rows: Rows
    slopes: Mapping[int, Fraction]
    copies: Sequence[int]


@dataclass(frozen=True, eq=False)
class Sides:
    """The clean rows and the domain's hull with loss, C_R and target; ``radius``: of models near the target."""

    rows: Rows
    hull: Hull
    loss: str
    c_r: Fraction
    bias: bool
    target: tuple[Fraction, ...]
    radius: Fraction = Fraction(0)

    def height(self, form: Sequence[fmpq], y: int) -> fmpq:
        r"""Maximum of :math:`y\langle\text{form}, (x, 1)\rangle` over the hull."""
        signed = [y * w for w in form]
        constant = signed.pop() if self.bias else fmpq(0)
        return self.hull.support(signed) + constant

    def reach(self, model: Sequence[fmpq], mu: Mapping[int, Fraction], far: fmpq | int = 0) -> fmpq:
        r"""At least :math:`(1 - \langle\theta, z\rangle - e)_+ - (1 - \langle\theta_p, z\rangle - e)_+`, |e| <= far.

        Hinge: with a multiplier :math:`\mu_y\in[0,1]` for each label the difference is at most
        :math:`\max(0, (1-\mu)(1 + \mathrm{far}) + \langle\mu\theta_p - \theta, z\rangle)`.
        """
        p, best = rationals(self.target), fmpq(0)
        for y in (-1, 1):
            m = rational(mu[y])
            best = max(best, (1 - m) * (1 + far) + self.height([m * a - b for a, b in zip(p, model, strict=True)], y))
        return best

    def hinge(self, model: Sequence[Fraction], mu: Mapping[int, Fraction]) -> tuple[Fraction, Fraction]:
        """Numerator and denominator of Theorem 2 at ``model`` for every trained model within the radius."""
        p, theta, c, rho = rationals(self.target), rationals(model), rational(self.c_r), rational(self.radius)
        step = [a - b for a, b in zip(p, theta, strict=True)]
        square = dot(step, step)
        fall = dot(p, step) - rho * root(square) - square / 2
        at_target, at_model = self.rows.products([Whole.of(self.target), Whole.of(model)])
        gain = self.rows.n * c * fall
        for a, b, e in zip(at_target, at_model, self._shifts(), strict=True):
            # both margins move by the same amount, at most e; the difference is monotone in it: the worse end
            moved = e if a >= b else -e
            gain += max(fmpq(0), 1 - a + moved) - max(fmpq(0), 1 - b + moved)
        denominator = self.reach(theta, mu, rho * self.hull.largest_norm(self.bias)) - c * fall
        return fraction(gain), fraction(denominator)

    def _shifts(self) -> list[fmpq]:
        """How far the radius moves each row's margin."""
        rho = rational(self.radius)
        return [rho * root(s) for s in self.rows.squares()] if rho else [fmpq(0)] * self.rows.n

    def smooth(
        self, direction: Sequence[Fraction], q: Mapping[int, Fraction], reach: Fraction
    ) -> tuple[Fraction, Fraction]:
        """The limit of both sides at the target along ``direction``, smooth losses. Raises UndecidedError.

        Undecided where q does not show ``reach``, and where the radius is too large for the loss.
        """
        if not self.reach_holds(direction, q, reach):
            raise UndecidedError("lower bound: the reach of the direction is not confirmed")
        form, lam = SMOOTH[self.loss], rationals(direction)
        c, rho, length = rational(self.c_r), rational(self.radius), root(dot(lam, lam))
        fall = c * (dot(lam, rationals(self.target)) - rho * length)
        along, margins = self.rows.products([Whole.of(direction), Whole.of(self.target)])
        pull = upper(sum((form.slope(m) * arb(w) for w, m in zip(along, margins, strict=True)), arb(0)))
        blur = rho * length * form.bend * sum(self.rows.squares(), fmpq(0))
        gain = self.rows.n * fall - pull - blur
        far = rho * self.hull.largest_norm(self.bias)
        highest = max(fmpq(0), self.height(lam, 1), self.height(lam, -1))
        return fraction(gain), fraction(form.moved_reach(rational(reach), far, highest) - fall)

    def reach_holds(self, direction: Sequence[Fraction], q: Mapping[int, Fraction], reach: Fraction) -> bool:
        r"""Do the q show that ``reach`` is at least :math:`\langle\lambda, z\rangle\psi(\langle\theta_p, z\rangle)`?"""
        p, lam = rationals(self.target), rationals(direction)
        tops = {y: self.height([a - rational(q[y]) * b for a, b in zip(lam, p, strict=True)], y) for y in (1, -1)}
        return all(SMOOTH[self.loss].reaches(top, rational(q[y]), rational(reach)) for y, top in tops.items())

    def excess(self, model: Sequence[Fraction], parts: Sequence[Part]) -> fmpq:
        r"""At least :math:`2nC_R(F(\theta) - \min F)`, F the sum objective of all parts, n their number of points.

        Hinge: slopes s in [0, 1] are a dual point :math:`v = \sum s z`, so the excess is at most
        :math:`\sum(1-m)_+ - s(1-m) + |nC_R\theta - v|^2/(2nC_R)`. Smooth: at most
        :math:`|\nabla F|^2/(2nC_R)`, the slopes enclosed in balls.
        """
        n = sum(sum(part.copies) for part in parts)
        weight, at = n * rational(self.c_r), Whole.of(model)
        terms, blur, pulls = fmpq(0), fmpq(0), [fmpq(0)] * len(model)
        for part in parts:
            if part.rows.n == 0:
                continue
            (margins,) = part.rows.products([at])
            if self.loss == "hinge":
                given = {i: rational(s) for i, s in part.slopes.items()}
                slopes = [given.get(i, fmpq(int(m < 1))) for i, m in enumerate(margins)]
                for k, m, s in zip(part.copies, margins, slopes, strict=True):
                    terms += k * (max(fmpq(0), 1 - m) - s * (1 - m))
            else:
                balls = [SMOOTH[self.loss].slope(m) for m in margins]
                slopes = [middle(b) for b in balls]
                for k, b, s, square in zip(part.copies, balls, slopes, part.rows.squares(), strict=True):
                    blur += k * upper(abs(b - arb(s))) * root(square)
            pull = part.rows.combination([k * s for k, s in zip(part.copies, slopes, strict=True)])
            pulls = [a + b for a, b in zip(pulls, pull, strict=True)]
        off = [weight * t - v for t, v in zip(rationals(model), pulls, strict=True)]
        if self.loss == "hinge":
            return 2 * weight * terms + dot(off, off)
        return (root(dot(off, off)) + blur) ** 2

    def clean(self, slopes: Mapping[int, Fraction]) -> Part:
        """The clean rows, once each."""
        return Part(self.rows, slopes, [1] * self.rows.n)

    def away(self, model: Sequence[Fraction], slopes: Mapping[int, Fraction], added: Part) -> Fraction:
        """At least the distance from the target of the model trained on the clean rows and ``added``.

        ``model``: one near it; its objective's excess bounds how near, by strong convexity.
        """
        n = self.rows.n + sum(added.copies)
        square = self.excess(model, [self.clean(slopes), added])
        off = [a - b for a, b in zip(rationals(model), rationals(self.target), strict=True)]
        return fraction(root(square) / (n * rational(self.c_r)) + root(dot(off, off)))

    def gap(self, model: Sequence[Fraction], slopes: Mapping[int, Fraction], points: Rows) -> Fraction:
        """At least the primal-dual gap of the mean objective; ``slopes`` numbers the points after the clean rows."""
        n, total = self.rows.n, self.rows.n + points.n
        clean = self.clean({i: s for i, s in slopes.items() if i < n})
        added = Part(points, {i - n: s for i, s in slopes.items() if i >= n}, [1] * points.n)
        return fraction(self.excess(model, [clean, added]) / (2 * total * total * rational(self.c_r)))


__all__ = ["Part", "Sides"]
