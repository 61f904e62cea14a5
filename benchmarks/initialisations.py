"""Train one perceptron from ten initialisations: one after the other, and all at once by torch.func.vmap.

python -m benchmarks.initialisations [--out FILE]

CPU seconds on one thread, random rows of each size; both ways make the same networks where there is no dropout.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.func import functional_call, grad, stack_module_state, vmap

from mtp_theory.dnn import Perceptron
from mtp_theory.evidence.machine import environment

RESULTS = Path(__file__).parent / "results" / "initialisations.json"
SEEDS = range(10)
RATE, DECAY = 5e-3, 0.2
#: Name, rows, layers, dropout, epochs: digits 1-7, a tenth of MNIST 1-7, the half of it that the experiments train on.
CASES = (
    ("180 rows, 64-32-8-2", 180, Perceptron(64, (32, 8), 0.0), 40),
    ("650 rows, 784-364-52-2", 650, Perceptron(784, (364, 52), 0.0), 4),
    ("6503 rows, 784-364-52-2", 6503, Perceptron(784, (364, 52), 0.0), 2),
    ("6503 rows, 784-364-52-2, dropout", 6503, Perceptron(784, (364, 52), 0.5), 2),
)


def build(architecture: Perceptron, seed: int) -> Any:
    """The network with the initial weights of a seed."""
    torch.manual_seed(seed)
    return architecture()


def one_by_one(X: Any, y: Any, architecture: Perceptron, epochs: int) -> Any:
    """Parameters of every network, (seeds, dim)."""
    out = []
    for seed in SEEDS:
        network = build(architecture, seed)
        adam = torch.optim.Adam(network.parameters(), lr=RATE, weight_decay=DECAY)
        for _ in range(epochs):
            adam.zero_grad()
            torch.nn.functional.cross_entropy(network(X), y).backward()
            adam.step()
        out.append(torch.nn.utils.parameters_to_vector(network.parameters()).detach())
    return torch.stack(out)


def at_once(X: Any, y: Any, architecture: Perceptron, epochs: int) -> Any:
    """The same by one mapped gradient; Adam works element by element, so it takes the stacked parameters."""
    networks = [build(architecture, seed) for seed in SEEDS]
    stacked, _ = stack_module_state(networks)
    adam = torch.optim.Adam(list(stacked.values()), lr=RATE, weight_decay=DECAY)

    def loss(parameters: dict[str, Any]) -> Any:
        return torch.nn.functional.cross_entropy(functional_call(networks[0], parameters, (X,)), y)

    gradients = vmap(grad(loss), randomness="different")
    for _ in range(epochs):
        for name, value in gradients({k: v.detach() for k, v in stacked.items()}).items():
            stacked[name].grad = value
        adam.step()
    return torch.cat([v.detach().reshape(len(SEEDS), -1) for v in stacked.values()], dim=1)


def timed(way: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What it returns, and its CPU seconds."""
    start = time.process_time()
    found = way(*arguments)
    return found, time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=RESULTS)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    rows = []
    for name, n, architecture, epochs in CASES:
        torch.manual_seed(0)
        X, y = torch.rand(n, architecture.features), torch.randint(0, 2, (n,))
        at_once(X, y, architecture, 1)
        (slow, before), (fast, after) = (timed(way, X, y, architecture, epochs) for way in (one_by_one, at_once))
        difference = None if architecture.dropout else float((slow - fast).abs().max())
        rows.append({"case": name, "one_by_one": before, "at_once": after, "largest_difference": difference})
        print(f"{name}: {before:.2f} and {after:.2f} CPU seconds, {before / after:.2f} times as fast", flush=True)
    out.write_text(json.dumps({"seeds": len(SEEDS), "environment": environment(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
