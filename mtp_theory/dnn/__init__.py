"""Neural networks: the attack of the paper's Appendix F, for PyTorch models (optional extra ``dnn``).

.. code-block:: python

    import mtp_theory as mtp
    from mtp_theory import dnn

    clean, candidates = dnn.halves(mtp.load("mnist-1-7"), seed=0)
    problem = dnn.NetworkProblem.of(clean, dnn.Perceptron(), dnn.Training(seed=2021), weight_decay=0.2)
    target = dnn.flipped_target(problem, label=1, ratio=0.4, search=dnn.flipped(candidates, label=1))
    run = mtp.attack(target, "online", copies=10, epsilon=0.01, max_points=2400)

A network is a problem like any other: the loss of two-class softmax is the logistic loss of the difference of the two
outputs, the weight decay is C_R, and Algorithm 1 is the registered attack "online". What is convex elsewhere is not
here: theorems about the minimiser do not apply, and what needs one is refused.

Reading order: :mod:`.networks` (architectures), :mod:`.training`, :mod:`.problem` (the network as a learning problem),
:mod:`.candidates` and :mod:`.ascent` (searches for the next point), :mod:`.targets`, :mod:`.identity` (what needs no
convexity), :mod:`.last_layer` (the convex companion). Names load on first use, PyTorch with them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from .ascent import Ascent as Ascent
    from .candidates import Candidates as Candidates
    from .candidates import Lookup as Lookup
    from .candidates import flipped as flipped
    from .candidates import halves as halves
    from .identity import Ledger as Ledger
    from .last_layer import features as features
    from .last_layer import last_layer as last_layer
    from .last_layer import softmax_last_layer as softmax_last_layer
    from .networks import Convolutional as Convolutional
    from .networks import Perceptron as Perceptron
    from .problem import NetworkProblem as NetworkProblem
    from .targets import NetworkTarget as NetworkTarget
    from .targets import flipped_rows as flipped_rows
    from .targets import flipped_target as flipped_target
    from .training import Training as Training

#: Public names and the modules that define them.
_HOME = {
    "Ascent": "ascent",
    "Candidates": "candidates",
    "Convolutional": "networks",
    "Ledger": "identity",
    "Lookup": "candidates",
    "NetworkProblem": "problem",
    "NetworkTarget": "targets",
    "Perceptron": "networks",
    "Training": "training",
    "features": "last_layer",
    "flipped": "candidates",
    "flipped_rows": "targets",
    "flipped_target": "targets",
    "halves": "candidates",
    "last_layer": "last_layer",
    "softmax_last_layer": "last_layer",
}


def require_torch() -> None:
    """Raise InputError, saying what the extra adds, where PyTorch is not installed."""
    try:
        import_module("torch")
    except ImportError:
        raise InputError(
            "mtp_theory.dnn: PyTorch is not installed; `pip install mtp-theory[dnn]` adds it, and with it the attacks"
            " on neural networks (Appendix F); everything else works without"
        ) from None


if not TYPE_CHECKING:  # a type checker sees the imports above, and no other name

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        require_torch()
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


__all__ = [
    "Ascent",
    "Candidates",
    "Convolutional",
    "Ledger",
    "Lookup",
    "NetworkProblem",
    "NetworkTarget",
    "Perceptron",
    "Training",
    "features",
    "flipped",
    "flipped_rows",
    "flipped_target",
    "halves",
    "last_layer",
    "require_torch",
    "softmax_last_layer",
]
