r"""Training from scratch: Adam on the mean cross-entropy, on all rows at once unless a batch size is given.

Adam's weight decay c adds :math:`c\,\theta` to the gradient, so what it descends is
:math:`\frac1n\sum_i \ell(\theta; z_i) + \frac c2|\theta|_2^2`: equation (1) with :math:`C_R = c`, all weights and
biases regularised (with dropout, in expectation over its masks). It stops after a number of epochs, near no minimiser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from ..errors import InputError, unknown_name

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Training:
    """How a network is trained; one seed gives one model, bit for bit, on one machine and number of threads.

    ``seed``: of the initial weights, set just before the network is built; what is random later (order of batches,
    dropout) goes on from there, or from ``order_seed`` where it is given. ``batch_size``: None for all rows at once.
    ``device``: "auto" takes CUDA where there is one.
    """

    seed: int = 0
    epochs: int = 20
    learning_rate: float = 5e-3
    batch_size: int | None = None
    order_seed: int | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        for name in ("seed", "order_seed"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int | np.integer) and 0 <= value < 2**63):
                raise InputError(f"training: {name} = {value!r}; give an integer >= 0")
        if self.epochs < 1:
            raise InputError(f"training: epochs = {self.epochs}; give an integer >= 1")
        if not (np.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise InputError(f"training: learning_rate = {self.learning_rate!r}; give a finite number > 0")
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"training: batch_size = {self.batch_size}; give an integer >= 1, or None for all rows")
        if self.device not in DEVICES:
            raise unknown_name("device", self.device, DEVICES)

    def on(self) -> Any:
        """The device that is meant here. Raises InputError for CUDA where there is none."""
        if self.device == "cuda" and not torch.cuda.is_available():
            raise InputError("training: device 'cuda', but no such device is here; give 'cpu' or 'auto'")
        return torch.device("cuda" if self.device != "cpu" and torch.cuda.is_available() else "cpu")


def train(
    architecture: Callable[[], Any], X: Any, classes: Any, counts: Any, weight_decay: float, how: Training
) -> Any:
    """The network after training on the rows X (n, d), float32, each ``counts`` (n,) times, and their classes, 0 or 1.

    In evaluation mode. Copies are rows of their own: each has its own dropout. The state of torch's own generator is
    left as it was.
    """
    device = how.on()
    rows, labels = X.to(device), classes.to(device).repeat_interleave(counts.to(device))
    with torch.random.fork_rng(devices=[] if device.type == "cpu" else None):
        torch.manual_seed(how.seed)
        network = architecture().to(device)
        if how.order_seed is not None:
            torch.manual_seed(how.order_seed)
        adam = torch.optim.Adam(network.parameters(), lr=how.learning_rate, weight_decay=weight_decay)
        network.train()
        if how.batch_size is None:
            outputs = _whole(network, rows, counts.to(device))
            for _ in range(how.epochs):
                _step(adam, outputs, labels)
        else:
            rows = rows.repeat_interleave(counts.to(device), dim=0)
            for _ in range(how.epochs):
                for batch in torch.randperm(len(labels)).split(how.batch_size):
                    _step(adam, partial(network, rows[batch]), labels[batch])
    return network.eval()


def _step(adam: Any, outputs: Callable[[], Any], labels: Any) -> None:
    adam.zero_grad()
    torch.nn.functional.cross_entropy(outputs(), labels).backward()
    adam.step()


def _whole(network: Any, rows: Any, counts: Any) -> Callable[[], Any]:
    """The outputs for all rows with their copies, as a function of the parameters.

    Where a linear layer comes first, it multiplies each row once, whatever its copies, and no column that is 0 in all
    rows: the same function, in half the time on MNIST 1-7.
    """
    first = network[0] if isinstance(network, torch.nn.Sequential) else None
    if not isinstance(first, torch.nn.Linear):
        return partial(network, rows.repeat_interleave(counts, dim=0))
    used = (rows != 0).any(dim=0).nonzero()[:, 0]
    dense = rows[:, used].contiguous()
    # the rows before the first one with copies, or with none at all: the clean ones
    single = int((counts == 1).long().cumprod(0).sum())
    rest, copies = network[1:], counts[single:]

    def outputs() -> Any:
        hidden = torch.nn.functional.linear(dense, first.weight[:, used], first.bias)
        return rest(torch.cat([hidden[:single], hidden[single:].repeat_interleave(copies, dim=0)]))

    return outputs


__all__ = ["DEVICES", "Training", "train"]
