"""Figures: the charts hold the results, SVG and browser show the same chart, nothing leads to another machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

from mtp_theory.experiments import Result, Store, default_folder, expand, interactive, load_grid
from mtp_theory.experiments.charts import COLOURS, LEVEL, LINE, MARKS, OWNERS, Chart, Panel, Series, chart
from mtp_theory.experiments.figures import draw, figure_html, figures
from mtp_theory.experiments.interactive import fragment, script_file, specification, standalone
from mtp_theory.experiments.ours import Results

#: Figures whose results are committed: all but Dogfish's.
COMMITTED = [n for n, grid in OWNERS.items() if not grid.startswith("dogfish")]


@pytest.fixture(scope="module")
def results():
    return Results(default_folder())


def test_all_figures_of_the_paper_have_an_owner():
    assert sorted(map(int, OWNERS)) == list(range(1, 17))


@pytest.mark.parametrize("number", COMMITTED)
def test_every_committed_figure_is_drawn_both_ways(results, number):
    made = chart(results, number)
    drawn, given = draw(made), specification(made)
    assert len(drawn.axes) == len(made.panels)
    assert len(given["data"]) == sum(len(p.series) for p in made.panels)
    for ax, panel in zip(drawn.axes, made.panels, strict=True):
        lines = {line.get_label(): line for line in ax.lines}
        for s in panel.series:
            if s.style != LEVEL:
                np.testing.assert_array_equal(lines[s.name].get_ydata(), s.y)
        assert ax.get_xlabel()
    for entry, s in zip(given["data"], (s for p in made.panels for s in p.series), strict=True):
        for short, full in zip(entry["y"], s.y, strict=True):
            assert short is None if np.isnan(full) else short == pytest.approx(full, rel=1e-4)
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
    assert "no results yet" in figure_html(Results(tmp_path), "5")


def test_text_cannot_leave_its_place():
    sneaky = Series("</script><b>", (0.0, 1.0), (1.0, float("nan")), LINE)
    text = fragment(Chart("1", '"<i>', (Panel("</script>", "y", (sneaky,)),)), "none")
    assert text.count("</script>") == 1
    assert 'aria-label="&quot;&lt;i&gt;"' in text
    data = re.search(r"var f=(\{.*\}),e=", text)
    assert json.loads(data[1].replace("<\\/", "</"))["data"][0]["y"] == [1.0, None]


def test_pages_hold_the_svg_as_well(results):
    text = figure_html(results, "1")
    assert "data:image/svg+xml;base64," in text
    assert "http" not in re.sub(r"base64,[^\"]*", "", text)


def test_figures_are_written(results, tmp_path):
    assert figures(results, tmp_path, "mnist-svm") == 3
    names = {p.name for p in tmp_path.iterdir()}
    assert {"figure-2.svg", "figure-5.svg", "figure-7.svg"} <= names
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    figures(results, tmp_path, "mnist-svm")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_without_the_repositorys_library_there_are_svgs_alone(results, tmp_path, monkeypatch):
    monkeypatch.setattr(interactive, "experiments_folder", lambda: tmp_path / "experiments")
    assert script_file() is None
    assert figures(results, tmp_path, "table-3") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["figure-9.svg"]


@pytest.mark.slow
def test_browser_draws_every_chart_offline(results, tmp_path):
    """Chromium with no way to a network: as many drawings as charts, and none where the library is cut out."""
    browser, script = shutil.which("chromium"), script_file()
    if browser is None or script is None:
        pytest.skip("needs Chromium and the repository's copy of plotly.js")
    charts = [chart(results, n) for n in COMMITTED]

    def drawn(library: str) -> int:
        page = tmp_path / "page.html"
        page.write_text(standalone(charts, library))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
        done = subprocess.run(
            [browser, *options, "--virtual-time-budget=20000", "--dump-dom", page.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return done.stdout.count('class="js-line"') > 0 and done.stdout.count("js-plotly-plot")

    # the library's own style sheet names the class as well, outside class attributes
    assert drawn(script.read_text()) >= len(charts)
    assert not drawn("")


def test_colours_differ_and_marks_are_for_rivals():
    assert len(set(COLOURS)) == len(COLOURS)
    made = Chart("1", "t", (Panel("p", "y", (Series("a", (0.0,), (1.0,), MARKS, 1),)),))
    assert specification(made)["data"][0]["mode"] == "lines+markers"
