r"""The convex companion: the last layer alone, on features that stay as they are.

With features :math:`h(x)` frozen, two-class softmax with weight decay c on both rows of weights,

.. math:: \min_{w_0,w_1}\frac1n\sum_i\log(1+e^{-y_i\langle w_0-w_1,(h_i,1)\rangle})+\frac c2(|w_0|^2+|w_1|^2),

has its minimum at :math:`w_0=-w_1=\theta/2`, where :math:`\theta` is binary logistic regression's with :math:`C_R=c/2`:
of all pairs with :math:`w_0-w_1=\theta` this one has the least norm, :math:`|\theta|^2/2`. So everything about linear
models applies, over the box of the features' ranges: distances, gamma, certified bounds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..domains import Box
from ..errors import InputError
from ..losses import Array, Logistic
from ..problem import Problem
from .candidates import Candidates
from .problem import BATCH, NetworkProblem


def features(problem: NetworkProblem, theta: Array, X: Any, scale: float = 1.0) -> Array:
    """Inputs of the last layer for rows X (k, d), shape (k, width). InputError where the network has no such layer."""
    network = problem.at(theta)
    modules = list(network.children())
    last = modules[-1] if modules else None
    if not isinstance(network, torch.nn.Sequential) or not isinstance(last, torch.nn.Linear):
        raise InputError("last layer: the network is no torch.nn.Sequential that ends with a Linear; give such a one")
    before = torch.nn.Sequential(*modules[:-1]).eval()
    rows, parts = np.asarray(X), []
    with torch.no_grad():
        for start in range(0, len(rows), BATCH):
            block = problem.tensor(rows[start : start + BATCH], scale).to(problem.training.on())
            parts.append(before(block).cpu().double().numpy())
    return np.concatenate(parts)


def last_layer(problem: NetworkProblem, theta: Array, candidates: Candidates) -> tuple[Problem, Candidates]:
    """The last layer's problem with frozen features of the network ``theta``, and the candidates' features.

    The domain is the box of the features' ranges over clean rows and candidates; features that are 0 everywhere stay,
    with a range of one value.
    """
    clean = features(problem, theta, problem.X, problem.scale)
    others = features(problem, theta, candidates.X, candidates.scale)
    both = np.vstack([clean, others])
    box = Box(both.min(axis=0), both.max(axis=0))
    companion = Problem(clean, problem.y, Logistic(), problem.c_r / 2, box, counts=problem.counts)
    return companion, Candidates(others, candidates.y)


def softmax_last_layer(problem: Problem, weight_decay: float, steps: int = 200) -> Array:
    """w_0 - w_1 of the two-class softmax on the problem's rows, by torch's L-BFGS in float64: an independent check."""
    rows = torch.from_numpy(np.column_stack([problem.X, np.ones(len(problem.y))]))
    classes = torch.from_numpy((problem.y < 0).astype(np.int64))
    weights = torch.zeros(2, rows.shape[1], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS(
        [weights], max_iter=steps, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def objective() -> Any:
        solver.zero_grad()
        value = torch.nn.functional.cross_entropy(rows @ weights.T, classes) + weight_decay / 2 * (weights**2).sum()
        value.backward()
        return value

    solver.step(objective)
    found = weights.detach().numpy()
    return np.asarray(found[0] - found[1])


__all__ = ["features", "last_layer", "softmax_last_layer"]
