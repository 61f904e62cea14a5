"""The instance that examples, tests and pages share."""

from __future__ import annotations

import os

from ..datasets import load
from ..losses import MarginLoss
from ..problem import Problem
from ..training import Fit
from .pool import FlipPool, highest_loss_copies

#: The regularisation weight of the paper's SVM on MNIST and Adult.
CANONICAL_C_R = 0.09
#: Share of the rows that the target's label flips touch, and how often each is added.
FLIPPED_SHARE = 0.05
FLIPPED_COPIES = 2


def canonical(
    name: str | os.PathLike[str] = "digits-1-7",
    loss: str | MarginLoss = "hinge",
    c_r: float = CANONICAL_C_R,
    *,
    bias: bool = True,
) -> tuple[Problem, Fit]:
    """The clean problem on a data set and its target model, a label-flipping attack on the training rows.

    Target: train on the clean rows; add the floor(0.05 N) rows of highest clean loss (on a tie the smaller
    index), each twice and with its label flipped; train again. The Fit is that of the second training.
    """
    pool = FlipPool(load(name), loss, c_r, bias=bias, from_training=True)
    margins = pool.margins(pool.clean_fit.theta)
    return pool.clean, pool.fit(highest_loss_copies(margins, pool.clean.loss, FLIPPED_SHARE, FLIPPED_COPIES))


__all__ = ["CANONICAL_C_R", "FLIPPED_COPIES", "FLIPPED_SHARE", "canonical"]
