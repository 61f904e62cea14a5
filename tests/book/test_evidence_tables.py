"""Tables of tightness and of faults on data, from results committed with the project and from small ones."""

from pathlib import Path

import pytest
from render.claims import errata_markdown
from render.on_data import FAULTS, fault_markdown, read_figures, verdicts_markdown
from render.tightness import (
    LOOSE,
    loose,
    reached,
    read_json,
    tightness_markdown,
    worst_case_markdown,
)

from mtp_theory.claims import REGISTRY
from mtp_theory.errors import InputError

RESULTS = Path(__file__).parents[2] / "campaigns" / "results"


def test_every_loose_bound_has_its_explanation_and_no_other():
    campaign = read_json(RESULTS / "random_instances.json")
    assert set(loose(campaign)) == set(LOOSE)
    text = tightness_markdown(campaign)
    assert text.count("**loose**") == len(LOOSE)
    for claim in REGISTRY.values():
        # a claim of which nothing holds has no bound that could be attained
        assert claim.id in text or not any(s.expected == "holds" for s in claim)


def test_a_bound_that_never_comes_near_is_called_loose():
    campaign = {
        "targeted": {"theorem-2 / repaired": {"best": 0.4}},
        "statements": {"theorem-2 / repaired": {"tightest": 0.6}},
    }
    assert reached(campaign, "theorem-2 / repaired") == 0.6
    assert loose(campaign) == ["theorem-2 / repaired"]
    assert reached({}, "theorem-2 / repaired") is None


def test_every_statement_that_holds_is_in_the_campaign():
    campaign = read_json(RESULTS / "random_instances.json")
    for claim in REGISTRY.values():
        for s in claim:
            row = campaign["statements"][f"{claim.id} / {s.label}"]
            # a statement that fails only at its counterexample may have no random instance
            assert row["instances"] >= 100 or str(s.expected) == "violated"
            if str(s.expected) == "holds":
                assert row["violations"] == row["undecided"] == 0
                assert f"{claim.id} / {s.label}" in campaign["targeted"]


def test_worst_cases_as_a_table():
    text = worst_case_markdown(read_json(RESULTS / "regret_worst_case.json"))
    assert "| strongly convex |" in text
    assert "sum with G = 2B" in text


def test_figures_on_data_fill_their_tables():
    subjects = read_figures(RESULTS / "claims_on_data.json")
    assert {"digits-1-7", "mnist-0.1", "adult-12"} <= set(subjects)
    for claim, fault in FAULTS.items():
        text = fault_markdown(claim, subjects)
        assert text.count("\n| ") == len(subjects) + 2
        for _, key in fault.columns:
            assert any({"points": r["points"], **r["faults"]}.get(key) is not None for r in subjects.values()), key
    assert fault_markdown("definition-1", subjects) == ""
    for row in subjects.values():
        assert not [v for v in row["verdicts"] if v["expected"] == "holds" and v["verdict"] == "violated"]
        assert (
            row["faults"]["epsilon_exact"] is None or row["faults"]["epsilon_exact"] >= row["faults"]["best_distance"]
        )
    for row in subjects.values():
        # what the words of appendix-c say, up to the accuracy of gamma
        assert row["loss"] != "hinge" or row["faults"]["appendix_c_if_used"] >= row["faults"]["gamma_lower"] - 1e-6
    # what the words of definition-2 say
    assert subjects["adult-17"]["faults"]["points_again_before_the_best"] > subjects["adult-17"]["points"] / 2
    text = verdicts_markdown(subjects, printed=True)
    assert "theorem-1-implications" in text
    assert "reach-frontier" in verdicts_markdown(subjects, printed=False)


def test_errata_show_the_figures_once_for_each_claim():
    from types import SimpleNamespace

    subjects = read_figures(RESULTS / "claims_on_data.json")
    entry = SimpleNamespace(result=lambda *key: None)
    text = errata_markdown(REGISTRY.values(), entry, "reading", subjects)
    assert text.count(FAULTS["theorem-1-implications"].words) == 1
    plain = errata_markdown(REGISTRY.values(), entry, "reading")
    assert FAULTS["theorem-1-implications"].words not in plain
    # the repair of the same variant is the one that is shown
    assert REGISTRY["corollary-3"].statement("repaired", "with a bias feature").words in text


@pytest.mark.parametrize("content", ["", "[]", '{"subjects": []}', "{}"])
def test_unusable_results_are_refused(tmp_path, content):
    path = tmp_path / "r.json"
    path.write_text(content)
    with pytest.raises(InputError, match="claims on data"):
        read_figures(path)
    if content in ("", "[]"):
        with pytest.raises(InputError, match="tightness"):
            read_json(path)
