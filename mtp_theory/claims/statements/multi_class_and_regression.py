"""Section 2: what the attack applies to besides two classes."""

from __future__ import annotations

from ..engine.model import Claim, Grade, Statement, Version
from .theorem_1 import REPAIRED, cases

CLAIM = Claim(
    id="multi-class-and-regression",
    title="Multi-class prediction and regression",
    source="Section 2",
    summary=(
        "The theorems behind the attack (lemma-2, theorem-1, theorem-2) name neither labels nor margins: they hold for any loss on any data space. What is special to two classes is how the "
        "maximal loss difference is found (shadow-maximum) and that no distance is negative (nonnegative-distance, which holds for softmax and Crammer-Singer losses too). The "
        "package's attacks on data take two classes; the regression here is exact, with one feature."
    ),
    statements=(
        Statement(
            version=Version.PRINTED,
            words=r"Algorithm 1 on a regression task (squared loss, the response as one more feature of the data) has theorem-1's guarantee:",
            inequality=REPAIRED,
            hypotheses=(
                r"$\theta_p$ is attainable at a weight $\lambda>C_R$, $\gamma=1-C_R/\lambda$",
                r"exact training from $\theta_c$, points of maximal loss difference, the regret's exact value for $\alpha(T)$",
            ),
            cases=cases,
            kind="regression",
            grade=Grade.STANDS,
            quote=(
                "The poisoning attack proposed in this paper applies to multi-class prediction tasks or regression problems (by treating the response variable as an additional data feature)"
            ),
            theorem="MTP.theorem_1.theorem_1_repaired",
            note="The theorem is about any loss and any points; several classes are no other case for it.",
        ),
    ),
    code="mtp_theory.attacks.online",
)
