"""Appendix D.1: is the computed lower bound tight? Judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="appendix-d1-tightness",
    title="Is the computed lower bound tight?",
    source="Appendix D.1",
    summary=(
        '"it might be the case that the computed lower bound is already very tight, as we cannot improve the highest lower bound by running the attack for more iterations". '
        r"The inference does not hold: the bound is the highest at the models that the attack passed, and its supremum $t^*$ is approached elsewhere (tight-lower-bound). "
        r"tight-lower-bound has both on the paper's data."
    ),
)
