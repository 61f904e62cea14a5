"""Theory checking and verification for model-targeted data poisoning.

.. code-block:: python

    import mtp_theory as mtp

    data = mtp.load("digits-1-7")
    problem = data.problem("hinge", c_r=0.09)
    target = problem.target(theta)
    answer = mtp.bound(target)

Everything an attacker may want is a :class:`Goal`, and ``bound(goal)`` says how many points it takes; everything that
finds points is an attack, and ``attack(goal, method)`` runs it. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .attacks.base import Attack as Attack
    from .attacks.registry import attack as attack
    from .attacks.run import AttackRun as AttackRun
    from .datasets import load as load
    from .datasets.dataset import Dataset as Dataset
    from .domains import Domain as Domain
    from .door import bound as bound
    from .door import check as check
    from .door import distance as distance
    from .door import gamma as gamma
    from .errors import InputError as InputError
    from .errors import MtpError as MtpError
    from .errors import UndecidedError as UndecidedError
    from .goal import Goal as Goal
    from .goal import Target as Target
    from .losses import MarginLoss as MarginLoss
    from .problem import Problem as Problem
    from .result import Enclosure as Enclosure
    from .verdict import verify as verify

__version__ = "0.1.0"

#: Public names and the modules that define them.
_HOME = {
    "Attack": "attacks.base",
    "AttackRun": "attacks.run",
    "Dataset": "datasets.dataset",
    "Domain": "domains",
    "Enclosure": "result",
    "Goal": "goal",
    "InputError": "errors",
    "MarginLoss": "losses",
    "MtpError": "errors",
    "Problem": "problem",
    "Target": "goal",
    "UndecidedError": "errors",
    "attack": "attacks.registry",
    "bound": "door",
    "check": "door",
    "distance": "door",
    "gamma": "door",
    "load": "datasets",
    "verify": "verdict",
}


if not TYPE_CHECKING:  # a type checker sees the imports above, and no other name

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


__all__ = [
    "Attack",
    "AttackRun",
    "Dataset",
    "Domain",
    "Enclosure",
    "Goal",
    "InputError",
    "MarginLoss",
    "MtpError",
    "Problem",
    "Target",
    "UndecidedError",
    "attack",
    "bound",
    "check",
    "distance",
    "gamma",
    "load",
    "verify",
]
