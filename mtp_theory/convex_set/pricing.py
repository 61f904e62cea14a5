r"""How far K reaches in a direction: the support function of -K, label by label.

.. math:: U(d) = \max_{(x,y)} \max_{s \in -\partial\varphi(v)} s\,\langle d, y\bar x\rangle,
          \qquad v = y\langle\theta_p, \bar x\rangle.

It depends on x through two linear forms only, so :mod:`mtp_theory.shadow` finds it globally.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..domains import labelled
from ..losses import Array
from ..problem import Problem
from ..shadow import Maximiser
from ..shadow import price as shadow_price


@dataclass(frozen=True, eq=False)
class Price:
    """The maximisers of each allowed label, in the order -1, +1."""

    by_label: tuple[Maximiser, ...]

    @property
    def upper(self) -> float:
        """Upper bound of U(d): what a dual bound has to be built from."""
        return max(float(best.upper) for best in self.by_label)


def price(problem: Problem, target: Array, direction: Array, *, integral: bool = False) -> Price:
    """Price a direction (dim,) over X's relaxation, or over X itself if ``integral``."""
    domain = problem.domain if integral else problem.domain.relaxation
    return Price(
        tuple(
            shadow_price(problem.loss, domain, direction, target, bias=problem.bias, label=label)
            for label, _ in labelled(domain)
        )
    )


__all__ = ["Price", "price"]
