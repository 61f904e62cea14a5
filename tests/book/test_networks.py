"""The page on neural networks: its judgements follow the numbers, planted results change them."""

from __future__ import annotations

import dataclasses

import pytest
from render import networks
from render.networks import points_to_half, rises

from mtp_theory.experiments import Result, default_folder
from mtp_theory.experiments.network_numbers import largest_drop, transfer
from mtp_theory.experiments.ours import Ours, Results
from mtp_theory.experiments.paper import paper_numbers

COLUMNS = ("points", "distance", "subpopulation_pct")


def curve(*accuracies: float) -> Result:
    rows = tuple((10.0 * k, 1.0 / (k + 1), a) for k, a in enumerate(accuracies))
    values = {"points": 10 * len(rows) - 10, "rounds": len(rows) - 1, "n_train": 100}
    return Result(values, {}, COLUMNS, rows, {"cpu_seconds": 10.0})


def test_readings_of_a_curve():
    assert points_to_half(curve(99.0, 60.0, 50.0, 70.0)) == 20.0
    assert points_to_half(curve(99.0, 60.0)) is None
    assert rises(curve(99.0, 60.0, 65.0, 50.0, 51.0)) == 6.0
    assert rises(curve(99.0, 50.0, 50.0, 0.0)) == 0.0
    assert largest_drop(curve(99.0, 90.0, 95.0)) == 9.0


def planted(**runs: Result):
    return lambda grid, run: runs.get(run.replace("-", "_"), runs.get("other"))


def test_copies_are_judged_by_time_and_by_the_curve():
    one = dataclasses.replace(curve(99.0, *[60.0] * 8, 40.0), record={"cpu_seconds": 100.0})
    same, late = curve(99.0, *[60.0] * 8, 40.0), curve(99.0, *[60.0] * 12, 40.0)
    get = {"copies_1": one, "copies_5": same, "copies_10": same}
    assert networks.ten_copies(planted(**get))[0] == "confirmed"
    assert networks.ten_copies(planted(**{**get, "copies_10": late}))[0] == "qualified"
    slow = dataclasses.replace(same, record={"cpu_seconds": 60.0})
    assert networks.ten_copies(planted(**{**get, "copies_10": slow}))[0] == "not reproduced"


def test_direct_optimisation_is_judged_by_the_fall():
    lookup, none, some, all_ = curve(99.0, 10.0), curve(99.0, 98.5), curve(99.0, 70.0), curve(99.0, 20.0)
    for strong, mild, verdict in (
        (none, none, "confirmed"), (some, none, "qualified"), (some, some, "qualified"), (all_, some, "not reproduced"),
    ):  # fmt: skip
        get = planted(ascent=strong, ascent_mild=mild, filter_flipped=lookup)
        assert networks.direct_optimisation(get)[0] == verdict


def test_instability_is_judged_by_the_rises():
    smooth, erratic, mixed = curve(99.0, 50.0, 51.0), curve(99.0, 40.0, 90.0), curve(99.0, 50.0, 50.5)
    names = [f"convolutional_{seed}" for seed in networks.SEEDS["convolutional"]]

    def verdict(*each: Result) -> str:
        return networks.convolutional(planted(**dict(zip(names, each, strict=True)), other=smooth))[0]

    assert verdict(*[erratic] * len(names)) == "confirmed"
    assert verdict(erratic, *[mixed] * (len(names) - 1)) == ("qualified" if len(names) > 1 else "confirmed")
    assert verdict(*[mixed] * len(names)) == "not reproduced"


def test_tables_of_the_page_come_from_the_results(tmp_path):
    results = Results(default_folder())
    assert "| 10 |" in networks.copies_markdown(results)
    run = results.get("networks-reduced", "copies-10")
    assert f"| {run.values['rounds']} |" in networks.copies_markdown(results)
    assert "digit 7 labelled 1" in networks.readings_markdown(results)
    empty = Results(tmp_path)
    for table in (networks.copies_markdown, networks.readings_markdown, networks.last_layer_markdown):
        assert table(empty) == "No results yet."


def test_figure_20_is_compared_at_its_numbers_of_points():
    numbers = [n for n in paper_numbers() if n.table == "figure-20"]
    assert len(numbers) == 18
    get = Ours(Results(default_folder())).result
    number = next(n for n in numbers if n.quantity == "ours_acc_pct@2380points")
    each = get("networks", "victims-2380").values["points"]["2380"]["each"]
    assert transfer(get, number)[0] == pytest.approx(sum(each) / 10)
