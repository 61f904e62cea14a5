"""The campaign of honest problems: resumed where it stopped, cut off where a problem takes long, findings seen."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings

import pytest

from campaigns import honest_bounds as campaign
from mtp_theory.errors import UndecidedError


def run(monkeypatch, results, *options):
    monkeypatch.setattr(sys, "argv", ["honest_bounds", "--results", str(results), *options])
    return campaign.main()


def test_a_run_goes_on_where_it_stopped(monkeypatch, tmp_path):
    tried = []
    monkeypatch.setattr(campaign, "one", lambda seed, folder: tried.append(seed) or ("bounds", ""))
    monkeypatch.setattr(campaign, "EVERY", 3)
    results = tmp_path / "r.json"
    assert run(monkeypatch, results, "--problems", "4") == 0
    assert run(monkeypatch, results, "--problems", "7") == 0
    assert tried == list(range(7))
    figures = json.loads(results.read_text())
    assert figures["problems"] == 7
    assert figures["outcomes"] == {"bounds": 7}
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


def test_findings_are_seen_and_tried_again_after_a_mending(monkeypatch, tmp_path):
    def planted(seed, folder):
        if seed == 1:
            raise ZeroDivisionError("planted")
        if seed == 2:
            raise UndecidedError("said")
        return ("finding: lower above upper", "planted") if seed == 3 else ("bounds", "")

    monkeypatch.setattr(campaign, "one", planted)
    results = tmp_path / "r.json"
    assert run(monkeypatch, results, "--problems", "5") == 1
    assert [f["seed"] for f in json.loads(results.read_text())["findings"]] == [1, 3]
    monkeypatch.setattr(campaign, "one", lambda seed, folder: ("optimal", ""))
    assert run(monkeypatch, results, "--again") == 0
    figures = json.loads(results.read_text())
    assert figures["outcomes"] == {"bounds": 2, "optimal": 2, "undecided": 1}
    assert [m["seed"] for m in figures["mended"]] == [1, 3]


def test_a_long_problem_is_cut_off_even_where_errors_are_swallowed(monkeypatch, tmp_path):
    def long(seed, folder):
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    monkeypatch.setattr(campaign, "one", long)
    monkeypatch.setattr(campaign, "CPU_SECONDS", 0.05)
    assert campaign.judged(0, tmp_path) == ("cut off", "")


def test_a_bound_of_zero_is_certified_or_has_no_certificate():
    """With radius 0.5 the logistic slope is not enclosed: the checker refuses even the bound 0."""
    _, problem, *_ = campaign.drawn(19)
    answer = campaign.mtp.bound(problem.target(campaign.train(problem).theta), radius=0.5, search=False)
    assert answer.lower == 0
    assert answer.certificate is None
    assert "does not close" in answer.reason


@pytest.mark.parametrize("loss", campaign.LOSSES)
def test_a_bound_above_what_suffices_is_a_finding(monkeypatch, tmp_path, loss):
    class Answer:
        lower, upper, status, certificate = 5, 5, "bounds", None

    seen = {}
    monkeypatch.setattr(campaign.mtp, "bound", lambda goal, **options: seen.update(options) or Answer)
    for seed in (s for s in range(300) if campaign.drawn(s)[3:5] == (loss, "clean")):
        seen.clear()
        outcome, _ = campaign.one(seed, tmp_path)
        if seen.get("mode") is None and seen.get("radius") != 0.0:
            break
    assert outcome == "finding: above what suffices"


#: Problems that the campaign found, and what was wrong with them.
MENDED = {
    206: "hinge, groups: square roots to 60 bits after the point were too coarse for the first checker",
    309: "features of 1e-6: the same",
    480: "logistic, margins above 700: e^v overflowed in the search for a tangent point",
    554: "a radius times |z| of exactly 1 was rounded up by one checker and not by the other",
}


@pytest.mark.parametrize("seed", MENDED)
def test_what_was_found_stays_mended(tmp_path, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome, about = campaign.judged(seed, tmp_path)
    assert outcome.startswith("bounds"), about
