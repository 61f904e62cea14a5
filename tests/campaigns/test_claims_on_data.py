"""The claims' sentences on data say what the committed campaign found, and no number in them is typed."""

from __future__ import annotations

import ast
import copy
import json
from pathlib import Path

import pytest

from campaigns.claims_on_data import RESULTS, figures
from mtp_theory.claims import REGISTRY, statements
from mtp_theory.claims.engine import figures as module

SUBJECTS = json.loads(RESULTS.read_text(encoding="utf-8"))["subjects"]
MODULES = sorted(p for p in Path(statements.__file__).parent.glob("*.py") if p.stem != "__init__")


def test_the_packages_figures_are_those_of_the_campaign():
    assert json.loads(module.FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(figures(SUBJECTS)))
    moved = copy.deepcopy(SUBJECTS)
    moved["digits-1-7"]["faults"]["alpha_exact"] += 0.2
    assert figures(moved) != module.figures()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_no_number_is_typed(path):
    """A sentence is plain and without numbers, or goes through on_data, which refuses typed ones."""
    keywords = [
        k.value
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Claim"
        for k in call.keywords
        if k.arg == "on_data"
    ]
    for value in keywords:
        if isinstance(value, ast.Call):
            assert isinstance(value.func, ast.Name)
            assert value.func.id == "on_data"
            assert ast.literal_eval(value.args[0]).replace("-", "_") == path.stem
        else:
            assert module.typed_numbers(ast.literal_eval(value)) == []


@pytest.mark.parametrize("claim", module.figures())
def test_every_number_shown_comes_from_the_file(claim):
    """Each number of the finished sentence is one of the claim's figures, rounded as shown."""
    shown = module.typed_numbers(REGISTRY[claim].on_data)
    assert shown
    for number in (text.rstrip(".,") for text in shown):
        digits = len(number.partition(".")[2])
        assert any(abs(float(number) - v) <= 0.5 * 10**-digits for v in module.figures()[claim].values()), number


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("On digits-1-7 the regret is 29.9.", "29.9"),
        ("After {points} points, -3 more", "-3"),
        ("{regret:.1f} of it", "no figure 'regret'"),
    ],
)
def test_planted_sentences_are_refused(sentence, why):
    with pytest.raises(ValueError, match=why):
        module.on_data("remark-1", sentence)
    assert module.on_data("remark-1", "Theorem 2 on MNIST 1-7, $C_R=0.09$: {points}") == (
        "Theorem 2 on MNIST 1-7, $C_R=0.09$: 300"
    )
