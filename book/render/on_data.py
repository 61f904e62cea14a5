"""What the faults of printed statements amount to on the paper's data, as tables from a committed result.

The result is that of ``campaigns/claims_on_data.py``: one attack for each data set and target, every statement's
verdict on it, and the figures behind the printed statements that need a hypothesis, carry a slip or depend on the
reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtp_theory.errors import InputError

from .names import target_name


@dataclass(frozen=True)
class Fault:
    """What to show for a claim: a sentence, and columns as (heading, name of the figure)."""

    words: str
    columns: tuple[tuple[str, str], ...]


FAULTS: dict[str, Fault] = {
    "nonnegative-distance": Fault(
        "Margin losses and both labels: no distance is negative, whatever is attainable.",
        (("least distance of the run", "least_distance"),),
    ),
    "definition-2": Fault(
        "With set union a point that is chosen again would not be added, and the attack would stay where it is. On the "
        "continuous features of the images it hardly matters; on Adult's integer ones many points are chosen again.",
        (
            ("points", "points"),
            ("different ones", "distinct_points"),
            ("again before the best model", "points_again_before_the_best"),
        ),
    ),
    "lemma-2": Fault(
        r"The targets survive a larger weight than $C_R$, so $\gamma>0$; the strictness changes nothing.",
        ((r"$\gamma$, proved", "gamma_lower"), (r"$C=\lambda^*$", "lambda_star")),
    ),
    "theorem-1": Fault(
        r"The main text leaves out $NC_R(R(\theta_p)-R(\theta_c))$. Both bounds with the exact regret, beside the "
        "distance of the best model and of the last one.",
        (
            ("left-out term", "regulariser_term"),
            ("$D_0$", "D0"),
            (r"$\epsilon$, main text", "epsilon_main_text_exact"),
            (r"$\epsilon$, appendix", "epsilon_exact"),
            ("best distance", "best_distance"),
            ("last distance", "last_distance"),
        ),
    ),
    "theorem-1-implications": Fault(
        "Single rounds take the model away from the target; the best so far and the bound fall.",
        (
            ("rounds", "points"),
            ("of these back", "rounds_that_went_back"),
            ("best", "best_distance"),
            ("last", "last_distance"),
        ),
    ),
    "remark-1": Fault(
        r"$\alpha(T)$ by the appendix's formula with the loss's Lipschitz constant alone, by the sharper logarithm "
        r"with a $G$ that holds, from measured gradients, and exactly: $1+\log T$ for $\log(1+T/N)$ hides the fault.",
        (
            ("printed", "alpha_printed"),
            ("sharper logarithm", "alpha_logarithm"),
            ("measured gradients", "alpha_measured"),
            ("exact regret", "alpha_exact"),
        ),
    ),
    "corollary-1": Fault(
        "With k of corollary-3 (with a bias feature) and the distance that the run reached, the points that each "
        "version asks for; a negative number asks for none.",
        (
            ("k", "k"),
            ("printed", "corollary_1"),
            ("with the proof's sign", "corollary_1_proof_sign"),
            ("without $R^*$", "corollary_1_no_bound"),
            ("half of $R$", "corollary_1_half"),
        ),
    ),
    "theorem-2": Fault(
        "At the run's models, and the supremum over all models.",
        (("Theorem 2", "theorem_2"), ("linearised", "theorem_2_linearised"), ("$t^*$", "t_star_lower")),
    ),
    "corollary-3": Fault(
        "The printed factor does not apply to models with a bias; the repaired one does.", (("k, repaired", "k"),)
    ),
    "appendix-c": Fault(
        r"The closed form is for models without a bias. For the hinge loss it is never below $\gamma$, with a bias or "
        "without ({doc}`claims/exact-gamma`, hinge loss, from above).",
        ((r"$1-2C_RR(\theta_p)$", "appendix_c_if_used"), (r"$\gamma$, proved", "gamma_lower")),
    ),
}


def read_figures(path: Path) -> dict[str, Any]:
    """The result's subjects by name. Raises InputError where the file cannot be read or is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        subjects = content["subjects"]
        if not isinstance(subjects, dict):
            raise ValueError("subjects is not an object")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"claims on data: {path} cannot be read ({error}); run campaigns/claims_on_data.py") from error
    return subjects


def fault_markdown(claim: str, subjects: Mapping[str, Any]) -> str:
    """What the claim's fault does on each subject, as a sentence and a table; "" for claims without figures."""
    fault = FAULTS.get(claim)
    if fault is None:
        return ""
    lines = [
        "| data and target | " + " | ".join(heading for heading, _ in fault.columns) + " |",
        "| --- |" + " ---: |" * len(fault.columns),
    ]
    for name, row in subjects.items():
        figures = {"points": row["points"], **row["faults"]}
        lines.append(
            f"| {target_name(name)} | " + " | ".join(_cell(figures.get(key)) for _, key in fault.columns) + " |"
        )
    return fault.words + "\n\n" + "\n".join(lines)


def verdicts_markdown(subjects: Mapping[str, Any], *, printed: bool) -> str:
    """Verdicts of the printed (or of the other) statements on every subject; those that apply nowhere are counted."""
    names = list(subjects)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, row in subjects.items():
        for v in row["verdicts"]:
            if v["statement"].startswith("printed") == printed:
                found.setdefault((v["id"], v["statement"]), {})[name] = str(v["verdict"])
    lines = [
        "| claim | statement | " + " | ".join(map(target_name, names)) + " |",
        "| --- | --- |" + " --- |" * len(names),
    ]
    nowhere = 0
    for (claim, statement), verdicts in found.items():
        if set(verdicts.values()) == {"not_applicable"}:
            nowhere += 1
            continue
        cells = ("" if verdicts.get(n) in (None, "not_applicable") else verdicts[n] for n in names)
        lines.append(f"| {claim} | {statement.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return (
        "\n".join(lines)
        + f"\n\n{nowhere} further statements apply to none of these (no bias, one dimension, other losses)."
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.4g}"


__all__ = ["FAULTS", "Fault", "fault_markdown", "read_figures", "verdicts_markdown"]
