"""The comparison: every number of the tables once, verdicts by the tolerances, committed results intact."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io

import pytest

from mtp_theory.experiments import Result, Store, default_folder, expand, load_grid
from mtp_theory.experiments import ours as module
from mtp_theory.experiments import report as report_module
from mtp_theory.experiments.compare import Comparison, tolerance
from mtp_theory.experiments.paper import paper_numbers
from mtp_theory.experiments.report import Layout, comparison_csv, layouts, write_report


def test_numbers_of_the_tables():
    numbers = paper_numbers()
    assert len(numbers) == 319 + 19  # the tables, and Figures 18 and 20
    names = [(n.table, n.dataset, n.model, n.target, n.quantity) for n in numbers]
    assert len(set(names)) == len(names)
    assert sum(n.dataset == "dogfish" for n in numbers) == 82


def test_every_number_has_a_source_and_a_run_of_a_grid(monkeypatch):
    """Each number asks for a run that its grid has: no name is misspelt."""
    found = {"reached": 0}

    def get(self, grid, run):
        names = {r.name for r in self.runs(grid)}
        assert run in names, (grid, run)
        found["reached"] += 1
        raise module.Missing("made up")

    expanded = functools.cache(lambda grid: expand(load_grid(grid)))
    monkeypatch.setattr(module.Results, "runs", lambda self, grid: expanded(grid), raising=False)
    monkeypatch.setattr(module.Results, "get", get)
    rows = Comparison(default_folder()).rows
    assert len(rows) == 338
    assert {r.verdict for r in rows} == {"not run"}
    assert found["reached"] == 338


@pytest.mark.parametrize(
    ("quantity", "value", "limit"),
    [
        ("np", 1866.0, 18.66),
        ("np_original", 2170.0, 21.7),
        ("num_poisons", 1252.0, 12.52),
        ("lower_bound", 1667.0, 33.34),
        ("lower_bound_for_kkt_induced_model", 856.0, 17.12),
        ("target_loss_on_clean_original", 2254.6, 2.2546),
        ("label_flip_num_poisons", 6510.0, 0.0),
        ("n_train", 15682.0, 0.0),
        ("target_test_acc_pct", 94.0, 0.5),
        ("ours_acc_pct@0.2np", 98.4, 2.0),
        ("label_flip_subpop_test_acc_pct", 31.4, 2.0),
    ],
)
def test_tolerances(quantity, value, limit):
    number = dataclasses.replace(paper_numbers()[60], quantity=quantity, value=value, table="2")
    assert tolerance(number)[0] == pytest.approx(limit)


def test_planted_wrong_result_is_a_difference(tmp_path):
    """A result moved by one step beyond the tolerance changes its verdict, by less does not."""
    runs = {r.name: r for r in expand(load_grid("adult-svm"))}

    def verdict(points):
        store = Store(tmp_path / str(points))
        shares = {"subpopulation": dict.fromkeys(("0.2", "0.4", "0.6", "0.8", "1"), 50.0)}
        store.write(runs["online-17"], Result({"points": points, "accuracy": shares}, {}), {}, 0.0)
        rows = Comparison(store.folder).rows
        return next(r.verdict for r in rows if r.paper.table == "1" and r.paper.quantity == "np")

    assert [verdict(p) for p in (1847, 1848, 1866, 1884, 1885)] == [
        "differs",
        "reproduced",
        "reproduced",
        "reproduced",
        "differs",
    ]


def test_committed_results_are_intact_and_belong_to_the_grids():
    """Every committed file is readable, undamaged, of this format and of a run of a committed grid."""
    from mtp_theory.experiments import grid_names

    store = Store(default_folder())
    known = {store.path(r): r for name in grid_names() for r in expand(load_grid(name))}
    files = sorted(p for name in grid_names() for p in (store.folder / name).glob("*.json"))
    assert files
    for path in files:
        assert path in known, f"{path.name} belongs to no grid"
        store.read(known[path])
    tables = {p.with_suffix(".json") for name in grid_names() for p in (store.folder / name).glob("*.csv")}
    assert tables <= set(files)
    folders = {p.name for p in store.folder.iterdir() if p.is_dir()}
    assert folders <= {*grid_names(), "bounds", "frontier", "goals"}


def test_every_quantity_has_words_and_counts_are_whole():
    quantities = {n.quantity.partition("@")[0] for n in paper_numbers()}
    assert quantities == set(report_module.WORDS)
    assert set(report_module.COUNTS) <= quantities
    assert report_module.words("kkt_acc_pct@0.2np") == "KKT, accuracy in %, at 0.2 n_p"
    number = report_module.number
    assert [number(v, "np") for v in (57.0, 1831.4, None)] == ["57", "1831.4", "-"]
    assert [number(v, "ours_acc_pct@1.0np") for v in (0.0, 57.0, 95.55)] == ["0.0", "57.0", "95.5"]
    assert number(0.05, "stop_epsilon") == "0.05"


def test_layout_renders():
    layout = Layout("T", ("n_p", "accuracy %"), (("1 (2) *", "50%"),))
    assert layout.markdown().splitlines()[-1] == "| 1 (2) * | 50% |"
    assert r"$n_p$ & accuracy \%" in layout.latex()
    assert list(csv.reader(io.StringIO(layout.csv())))[1] == ["1 (2) *", "50%"]


def test_report_of_committed_results(tmp_path):
    counts = write_report(default_folder(), tmp_path)
    comparison = Comparison(default_folder())
    lines = list(csv.DictReader(io.StringIO((tmp_path / "comparison.csv").read_text())))
    assert len(lines) == 338
    assert sum(row["verdict"] == "reproduced" for row in lines) == counts["reproduced"]
    assert comparison_csv(comparison.rows) == (tmp_path / "comparison.csv").read_text()
    for table in layouts(comparison):
        name = f"table-{table}" if table.isdigit() else table
        assert (tmp_path / "tables" / f"{name}.tex").read_text().startswith("%")
    drawn = sorted((tmp_path / "figures").glob("*.svg"))
    assert len(drawn) == counts["figures"] > 0
    again = tmp_path / "again"
    write_report(default_folder(), again, "figure-16")
    for path in (again / "figures").glob("*.svg"):
        assert path.read_bytes() == (tmp_path / "figures" / path.name).read_bytes()
    # one grid alone writes only what shows it
    write_report(default_folder(), tmp_path / "one", "table-3")
    assert [p.name for p in (tmp_path / "one" / "tables").glob("*.csv")] == ["table-3.csv"]
    assert report_module.GRIDS["3"] == ("table-3",)
