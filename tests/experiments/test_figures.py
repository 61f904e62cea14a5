"""Figures: the charts hold the results, SVG and browser show the same chart, nothing leads to another machine."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.experiments import Result, Store, default_folder, expand, load_grid
from mtp_theory.experiments.charts import COLOURS, LEVEL, OWNERS, chart
from mtp_theory.experiments.figures import draw, figures
from mtp_theory.experiments.ours import Results

#: Figures whose results are committed: all but Dogfish's.
COMMITTED = [n for n, grid in OWNERS.items() if not grid.startswith("dogfish")]


@pytest.fixture(scope="module")
def results():
    return Results(default_folder())


def test_all_figures_of_the_paper_have_an_owner():
    assert sorted(map(int, OWNERS)) == list(range(1, 21))


@pytest.mark.parametrize("number", COMMITTED)
def test_every_committed_figure_is_drawn(results, number):
    made = chart(results, number)
    drawn = draw(made)
    assert len(drawn.axes) == len(made.panels)
    for ax, panel in zip(drawn.axes, made.panels, strict=True):
        lines = {line.get_label(): line for line in ax.lines}
        for s in panel.series:
            if s.style != LEVEL:
                np.testing.assert_array_equal(lines[s.name].get_ydata(), s.y)
        assert ax.get_xlabel()
    # each curve of a panel has its own look
    for panel in made.panels:
        assert len({(s.style, s.colour) for s in panel.series}) == len(panel.series)


def test_charts_hold_the_results(results):
    made = chart(results, "13")
    assert [p.title for p in made.panels] == ["Cluster 0", "Cluster 1", "Cluster 2"]
    run, rival = results.get("adult-lr", "online-0"), results.get("adult-lr", "kkt-correct-0")
    attack, _, corrected, target = made.panels[1].series
    assert attack.x[-1] == run.values["points"]
    assert attack.y[-1] == pytest.approx(run.values["accuracy"]["subpopulation"]["1"], rel=1e-5)
    assert corrected.y == tuple(f["subpopulation"] for f in rival.values["fractions"].values())
    assert set(target.y) == {run.values["target"]["subpopulation"]}


def test_best_bound_so_far_never_falls_and_stays_below_t_star(results):
    for panel in chart(results, "7").panels:
        each, best, level = panel.series
        assert np.all(np.diff(best.y) >= 0)
        assert best.y[-1] == max(each.y)
        assert best.y[-1] <= level.y[0]


def test_planted_result_is_seen(tmp_path):
    """Another accuracy in the result is another ordinate: charts are made from results, not typed."""
    runs = {r.name: r for r in expand(load_grid("adult-svm"))}
    store = Store(tmp_path)
    columns = ("points", "distance", "euclidean", "test_pct", "subpopulation_pct", "bound_exact", "bound_relaxed")
    for case in ("17", "12", "19"):
        rows = ((0.0, 1.0, 1.0, 78.0, 100.0, None, None), (5.0, 0.5, 0.5, 77.0, 12.5, None, None))
        values = {"target": {"subpopulation": 3.0}}
        store.write(runs[f"online-{case}"], Result(values, {}, columns, rows), {}, 0.0)
    made = chart(Results(tmp_path), "4")
    assert [p.series[0].y for p in made.panels] == [(100.0, 12.5)] * 3
    assert chart(Results(tmp_path), "5") is None


def test_figures_are_written(results, tmp_path):
    assert figures(results, tmp_path, "mnist-svm") == 3
    names = {p.name for p in tmp_path.iterdir()}
    assert {"figure-2.svg", "figure-5.svg", "figure-7.svg"} <= names
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    figures(results, tmp_path, "mnist-svm")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_colours_differ():
    assert len(set(COLOURS)) == len(COLOURS)
