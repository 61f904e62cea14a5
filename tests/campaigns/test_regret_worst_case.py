"""The regret bounds against PEPit's worst cases over all functions of their class."""

import pytest

pytest.importorskip("PEPit", reason="PEPit is not installed (pip install 'mtp-theory[test]')")
worst = pytest.importorskip("campaigns.regret_worst_case")


@pytest.mark.parametrize(("n", "rounds"), [(0, 2), (1, 1), (1, 3), (5, 2)])
def test_measured_gradients_give_the_worst_case_itself(n, rounds):
    row = worst.rows("strongly convex", n, rounds)
    assert row["holds"]
    assert row["ratios"]["sum of measured gradients"] == pytest.approx(1, abs=worst.SOLVER_TOLERANCE)
    # the planted bound, with N + j + 1 in place of N + j, lies below a worst case
    assert all(row["refuted"].values())


@pytest.mark.parametrize("name", ["three copies", "Lipschitz", "Lipschitz, l(0) = 1/4"])
def test_other_classes(name):
    for n, rounds in ((1, 1), (2, 2)):
        row = worst.rows(name, n, rounds)
        assert row["holds"]
        assert all(row["refuted"].values())


def test_committed_rows_come_out_again():
    import json

    stored = json.loads(worst.RESULTS.read_text())
    assert all(r["holds"] for r in stored["rows"])
    assert {r["class"] for r in stored["rows"]} == set(worst.CLASSES)
    row = next(r for r in stored["rows"] if (r["class"], r["N"], r["T"]) == ("Lipschitz", 2, 2))
    assert worst.rows("Lipschitz", 2, 2)["worst_case"] == pytest.approx(row["worst_case"], rel=worst.SOLVER_TOLERANCE)


def test_a_clean_model_is_needed():
    with pytest.raises(ValueError, match="at least 1"):
        worst.lipschitz(0, 1)
