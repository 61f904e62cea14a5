"""Architectures: what builds a network with two outputs. A call makes it anew, with weights from torch's generator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from ..errors import InputError


@dataclass(frozen=True)
class Perceptron:
    """Fully connected layers d - hidden - ... - 2 with ReLU and dropout after each hidden one.

    The defaults are the network of Appendix F's experiments: 784-364-52-2, dropout 0.5.
    """

    features: int = 784
    hidden: tuple[int, ...] = (364, 52)
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if self.features < 1 or not self.hidden or min(self.hidden) < 1:
            raise InputError(
                f"network: layers {(self.features, *self.hidden)}; give one hidden layer or more, each >= 1"
            )
        if not 0.0 <= self.dropout < 1.0:
            raise InputError(f"network: dropout = {self.dropout!r}; give a number in [0, 1)")

    def __call__(self) -> Any:
        """The network (k, d) -> (k, 2)."""
        layers: list[Any] = []
        for wide, narrow in zip((self.features, *self.hidden[:-1]), self.hidden, strict=True):
            layers += [torch.nn.Linear(wide, narrow), torch.nn.ReLU()]
            layers += [torch.nn.Dropout(self.dropout)] if self.dropout else []
        return torch.nn.Sequential(*layers, torch.nn.Linear(self.hidden[-1], 2))


@dataclass(frozen=True)
class Convolutional:
    """Two convolutions with ReLU and pooling, then a hidden layer with dropout: for square grey images, in rows.

    ``side``: pixels of a side; ``channels`` of the two convolutions.
    """

    side: int = 28
    channels: tuple[int, int] = (6, 16)
    hidden: int = 52
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if self.side < 4 or min(*self.channels, self.hidden) < 1:
            raise InputError(
                f"network: side {self.side}, channels {self.channels}, hidden {self.hidden}; give a side >= 4"
            )
        if not 0.0 <= self.dropout < 1.0:
            raise InputError(f"network: dropout = {self.dropout!r}; give a number in [0, 1)")

    def __call__(self) -> Any:
        """The network (k, side * side) -> (k, 2)."""
        first, second = self.channels
        nn = torch.nn
        return nn.Sequential(
            nn.Unflatten(1, (1, self.side, self.side)),
            nn.Conv2d(1, first, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(first, second, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(second * (self.side // 4) ** 2, self.hidden), nn.ReLU(), nn.Dropout(self.dropout),
            nn.Linear(self.hidden, 2),
        )  # fmt: skip


__all__ = ["Convolutional", "Perceptron"]
