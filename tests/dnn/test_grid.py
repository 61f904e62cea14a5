"""The reduced grid: every kind of run about networks, small enough for continuous integration."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is absent: pip install mtp-theory[dnn]")

from mtp_theory import dnn, load  # noqa: E402
from mtp_theory.experiments import Store, expand, load_grid, run  # noqa: E402

#: The identity's residual relative to its terms: outputs are float32.
FLOAT32 = 1e-4


@pytest.mark.slow
def test_small_grid(tmp_path):
    """Runs, and says what the runs of other code would: chosen points, identity, equivalence of the last layer."""
    grid = load_grid("networks-small")
    outcome = run(grid, folder=tmp_path)
    assert outcome.complete, outcome.failed
    store = Store(tmp_path)
    results = {r.name: store.read(r) for r in expand(grid)}
    lookup = results["lookup"]
    chosen = np.array(lookup.models["chosen"], dtype=int)
    candidates = dnn.flipped(dnn.halves(load("digits-1-7"), 0)[1], 1)
    assert len(chosen) == lookup.values["points"] == 80
    assert chosen.max() < len(candidates.y) == lookup.values["candidates"]
    for name, found in results.items():
        if "identity" in found.values:
            terms = found.values["identity"]
            assert abs(terms["residual"]) < FLOAT32 * (abs(terms["gains"]) + abs(terms["regret"])), name
    assert lookup.rows[-1][1] < lookup.rows[0][1]
    last = results["last-layer"].values
    assert last["softmax_difference"] < 1e-5
    assert last["target"]["lower"] <= last["flips"]
    assert last["candidates"]["induced"]["lower"] <= last["candidates"]["points"]
    assert set(results["victims"].values["points"]) == {"20", "40"}
    assert len(results["variance"].values["seeds"]["24"]) == 2
