"""The charts of the book's pages: what the plotting library is told, and what a browser draws."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from render.interactive import SCRIPT, figure_html, fragment, specification

from mtp_theory.experiments import default_folder
from mtp_theory.experiments.charts import LINE, MARKS, OWNERS, Chart, Panel, Series, chart
from mtp_theory.experiments.ours import Results

#: Figures whose results are committed: all but Dogfish's.
COMMITTED = [n for n, grid in OWNERS.items() if not grid.startswith("dogfish")]


@pytest.fixture(scope="module")
def results():
    return Results(default_folder())


@pytest.mark.parametrize("number", COMMITTED)
def test_every_committed_figure_is_told(results, number):
    made = chart(results, number)
    given = specification(made)
    assert len(given["data"]) == sum(len(p.series) for p in made.panels)
    for entry, s in zip(given["data"], (s for p in made.panels for s in p.series), strict=True):
        for short, full in zip(entry["y"], s.y, strict=True):
            assert short is None if np.isnan(full) else short == pytest.approx(full, rel=1e-4)


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


def test_without_results_the_page_says_so(tmp_path):
    assert "no results yet" in figure_html(Results(tmp_path), "5")


@pytest.mark.slow
def test_browser_draws_every_chart_offline(results, tmp_path):
    """Chromium with no way to a network: as many drawings as charts, and none where the library is cut out."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs Chromium")
    charts = [chart(results, n) for n in COMMITTED]

    def drawn(library: str) -> int:
        page = tmp_path / "page.html"
        body = "".join(fragment(c, "none") for c in charts)
        page.write_text(f"<!DOCTYPE html><html><head><script>{library}</script></head><body>{body}</body></html>")
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
    assert drawn(SCRIPT.read_text()) >= len(charts)
    assert not drawn("")


def test_rivals_are_marks():
    made = Chart("1", "t", (Panel("p", "y", (Series("a", (0.0,), (1.0,), MARKS, 1),)),))
    assert specification(made)["data"][0]["mode"] == "lines+markers"
