"""Section 2: what the attack applies to, judged in words."""

from __future__ import annotations

from ..engine.model import Claim

CLAIM = Claim(
    id="multi-class-and-regression",
    title="Multi-class prediction and regression",
    source="Section 2",
    summary=(
        '"The poisoning attack proposed in this paper applies to multi-class prediction tasks or regression problems (by treating the response variable as '
        'an additional data feature)". The theorems behind the attack (lemma-2, theorem-1, theorem-2) name neither labels nor margins: they hold for any loss on any '
        "data space. What is special to two classes is how the maximal loss difference is found (shadow-maximum) and that no distance is negative "
        "(nonnegative-distance, which holds for softmax and Crammer-Singer losses too). The package builds two classes only."
    ),
)
