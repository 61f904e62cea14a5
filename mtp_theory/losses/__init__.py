r"""Margin losses :math:`\ell(\theta; x, y) = \varphi(y\langle\theta, (x, 1)\rangle)`, one to a file.

A loss owns what belongs to it: its conjugate, its kernel's number, its exact form, the certificates that there are. A
loss of one's own subclasses :class:`MarginLoss` (:mod:`.base`) and goes through the general paths; the functions of
:mod:`mtp_theory.testing` check that it is what it claims to be.
"""

from __future__ import annotations

from ..inputs import one_of
from .base import Array, MarginLoss
from .exponential import Exponential
from .hinge import Hinge
from .logistic import Logistic
from .piecewise_linear import PiecewiseLinear
from .squared_hinge import SquaredHinge

#: Built-in losses by key, one shared instance each.
LOSSES: dict[str, MarginLoss] = {
    loss.key: loss
    for loss in (
        Hinge(),
        SquaredHinge(),
        Logistic(),
        Exponential(),
    )
}


def get_loss(loss: str | MarginLoss) -> MarginLoss:
    """The built-in loss of that key, or the loss itself. Raises InputError with the nearest key."""
    if isinstance(loss, MarginLoss):
        return loss
    return LOSSES[one_of("loss", loss, LOSSES)]


__all__ = [
    "LOSSES",
    "Array",
    "Exponential",
    "Hinge",
    "Logistic",
    "MarginLoss",
    "PiecewiseLinear",
    "SquaredHinge",
    "get_loss",
]
