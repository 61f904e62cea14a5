"""The fuzzer: inputs are made from their seeds, and it sees a crash, a hang, a traceback and disagreement."""

from __future__ import annotations

import json

import pytest
from reference.certificate_instances import make

from campaigns.fuzz import __main__ as watcher
from campaigns.fuzz import worker
from campaigns.fuzz.inputs import hostile
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as second


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder as the watcher prepares it, with two kinds of certificates."""
    folder = tmp_path_factory.mktemp("fuzz")
    cases, tops = {}, {}
    for kind in ("lower_bound", "epsilon_lower_bound"):
        case = make(kind, folder)
        path = folder / f"{kind}.json"
        path.write_text(write.text(case.top))
        cases[kind], tops[kind] = {"certificate": str(path), "data": str(case.data), "points": None}, case.top
    (folder / "cases.json").write_text(json.dumps(cases))
    return folder, cases, tops


def test_inputs_are_those_of_their_seeds_and_of_every_kind(served):
    _, _, tops = served
    first = [hostile(seed, tops) for seed in range(40)]
    assert first == [hostile(seed, tops) for seed in range(40)]
    assert {item.kind for item in first} == set(worker.TRIES)


def test_a_few_inputs_of_each_kind_are_refused_or_judged(served):
    folder, cases, tops = served
    for seed in range(20):
        item = hostile(seed, tops)
        verdict, text = worker.TRIES[item.kind](item, folder, cases)
        assert verdict in ("valid", "invalid", "refused"), (seed, item.recipe, text)


def test_what_counts_as_a_finding():
    calm = {"verdict": "refused", "megabytes": 1.0, "seconds": 0.1}
    assert watcher.found(calm) is None
    for change, why in (
        ({"verdict": "fault"}, "fault"),
        ({"verdict": "crash"}, "crash"),
        ({"megabytes": watcher.MEGABYTES + 1.0}, "memory"),
        ({"seconds": watcher.SECONDS + 1.0}, "time"),
    ):
        assert watcher.found({**calm, **change}) == why


def test_a_traceback_and_a_disagreement_are_faults(served, monkeypatch):
    folder, cases, tops = served
    item = next(i for i in (hostile(s, tops) for s in range(500)) if i.kind == "certificate")

    def broken(*arguments):
        raise RecursionError("planted")

    monkeypatch.setattr(second, "verify", broken)
    assert worker.try_certificate(item, folder, cases)[0] == "fault"
    monkeypatch.setattr(second, "verify", lambda *a: {"valid": True})
    monkeypatch.setattr(checker, "verify", lambda *a: {"valid": False})
    verdict, text = worker.try_certificate(item, folder, cases)
    assert verdict == "fault"
    assert "disagree" in text
