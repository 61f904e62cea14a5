"""The book's pages on the experiments: every cell runs from the committed results; statements judge as they say."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from render.paper_sentences import STATEMENTS, judge
from render.tables import (
    differences_markdown,
    minutes,
    span,
    summary_markdown,
)

from mtp_theory.experiments import Result, default_folder, load_grid
from mtp_theory.experiments.cases import CASES, case_name
from mtp_theory.experiments.compare import Comparison
from mtp_theory.experiments.ours import Missing, Results, nearest_target
from mtp_theory.experiments.setting import share_of
from mtp_theory.experiments.shares import markdown_table, shares_markdown

BOOK = Path(__file__).parents[2] / "book"
#: Pages that read committed results alone.
PAGES = [
    *sorted((BOOK / "experiments").glob("*.md")),
    *(BOOK / f"{p}.md" for p in ("mutation", "on-data", "reliability", "tightness")),
]
SVM_5 = ("2", "svm", "5%", "np")
VERDICTS = {"confirmed", "qualified", "not reproduced", "not run"}


@cache
def committed() -> Comparison:
    """The comparison of the committed results."""
    return Comparison(default_folder())


def cells(page: Path) -> list[str]:
    """The code of the page's cells, without their options."""
    found = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return ["\n".join(line for line in text.splitlines() if not line.startswith(":tags:")) for text in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_cells_run(page, monkeypatch):
    """Each cell runs; one that ends in a value shows something."""
    pytest.importorskip("IPython")
    monkeypatch.chdir(page.parent)
    names: dict[str, object] = {}
    code = cells(page)
    assert code
    for text in code:
        *body, last = ast.parse(text).body
        exec(compile(ast.Module(body, []), str(page), "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), str(page), "eval"), names)  # noqa: S307 (our own pages)
            shown = getattr(value, "data", value)
            assert shown
        else:
            exec(compile(ast.Module([last], []), str(page), "exec"), names)


def test_every_statement_is_judged():
    judged = judge(default_folder())
    assert len(judged) == len(STATEMENTS)
    for j in judged:
        assert j.verdict in VERDICTS
        assert j.evidence
        assert j.verdict == "not run" or re.search(r"\d", j.evidence)


def test_statements_without_results_are_not_run(tmp_path):
    assert {j.verdict for j in judge(tmp_path)} == {"not run"}


@pytest.mark.parametrize(
    ("name", "change", "verdict"),
    [
        ("two_per_cent", {}, "qualified"),
        ("two_per_cent", {"distance": 100.0}, "not reproduced"),
        ("nearly_optimal", {}, "confirmed"),
        ("nearly_optimal", {"points": 10_000}, "not reproduced"),
        ("subpopulations", {}, "qualified"),
        ("subpopulations", {"clean": {"subpopulation": 90.0}}, "not reproduced"),
        ("subpopulations", {"clean": {"subpopulation": 100.0}}, "confirmed"),
    ],
)
def test_planted_results_change_the_verdict(name, change, verdict):
    """A verdict follows the numbers: with others it is another one."""
    import dataclasses

    from render.paper_sentences import Evidence

    class Changed(Evidence):
        def __call__(self, grid, run):
            found = super().__call__(grid, run)
            if run.startswith(("online", "targets")):
                return dataclasses.replace(found, values={**found.values, **change})
            return found

    function = next(f for _, _, f in STATEMENTS if f.__name__ == name)
    try:
        assert function(Changed(default_folder()))[0] == verdict
    except Missing as missing:
        pytest.fail(f"committed results lack a run: {missing}")


def test_summary_adds_up():
    comparison = committed()
    last = summary_markdown(comparison).splitlines()[-1]
    numbers = [int(v) for v in re.findall(r"\d+", last)]
    assert sum(numbers) == len(comparison.rows)


def test_differences_have_explanations():
    """No number of the committed comparison differs without a word why."""
    unexplained = [
        "/".join((r.paper.table, r.paper.dataset, r.paper.model, r.paper.target, r.paper.quantity))
        for r in committed().rows
        if r.verdict == "differs" and not r.explanation
    ]
    assert not unexplained


def test_table_7_notes_say_what_the_grid_holds():
    """Some target of the grid needs the printed number of points within 1 %, but for the cluster in the notes."""
    near = {}
    for r in committed().rows:
        if (r.paper.table, r.paper.quantity) == ("7", "num_poisons") and r.verdict != "not run":
            nearest = int(re.search(r"nearest to the paper's (\d+)", r.remark)[1])
            near[r.paper.model, r.paper.target] = abs(nearest - r.paper.value) <= 0.01 * r.paper.value
    assert len(near) == 6
    assert [case for case, close in near.items() if not close] == [("svm", "cluster1")]


def test_printed_numbers_of_flips_give_the_printed_accuracies():
    """What explains Table 7's one different accuracy of label flips: with the table's counts all six agree."""
    found = []
    for r in committed().rows:
        if r.paper.quantity == "label_flip_subpop_test_acc_pct":
            again = float(re.search(r"([\d.]+) with the \d+ flips of the table", r.remark)[1])
            found.append(abs(again - r.paper.value))
    assert len(found) == 6
    assert max(found) <= 2.0


def test_the_authors_search_gives_their_number_of_points():
    """What explains n_p of logistic regression on MNIST 1-7, 5 %: with Adam it is the paper's within the tolerance."""
    rows = committed().rows
    row = next(
        r for r in rows if (r.paper.table, r.paper.model, r.paper.target, r.paper.quantity) == ("2", "lr", "5%", "np")
    )
    adam = [int(v) for v in re.match(r"(\d+) to (\d+) with the authors' Adam, 4 seeds", row.remark).groups()]
    assert row.verdict == "differs"
    near = [abs(points - row.paper.value) <= 0.01 * row.paper.value for points in adam]
    assert all(near)
    assert abs(row.ours - row.paper.value) > 0.01 * row.paper.value


@pytest.mark.parametrize(("target", "case"), [("5%", "0.05"), ("10%", "0.1")])
def test_two_searches_for_targets_are_behind_the_svm_rows_of_table_2(target, case):
    """Accuracies: those of the released grid's target. Points and bound: those of mid 2020, and not the other way."""
    results = Results(default_folder())
    paper = {
        r.paper.quantity: r.paper.value
        for r in committed().rows
        if (r.paper.table, r.paper.dataset, r.paper.model, r.paper.target) == ("2", "mnist17", "svm", target)
    }
    shares = ("0.2", "0.4", "0.6", "0.8", "1")
    away = {}
    for grid in ("mnist-svm", "mnist-svm-released"):
        ours = results.get(grid, f"online-{case}").values
        away[grid] = max(abs(ours["accuracy"]["test"][f] - paper[f"ours_acc_pct@{float(f):.1f}np"]) for f in shares)
        points = ours["points"] / paper["np"] - 1
        bound = results.get(grid, f"bound-{case}").values["bounds"]["exact"]["value"] / paper["lower_bound"] - 1
        if grid == "mnist-svm":
            assert abs(points) < 0.03
            # 2 % is the comparison's tolerance for bounds; the run behind this one turns on near-ties.
            assert abs(bound) < 0.02
        else:
            assert points < -0.2
            assert abs(bound) > 0.03
    assert away["mnist-svm-released"] < 0.11 < 0.4 < away["mnist-svm"]


def test_the_authors_trainer_gives_the_printed_points_of_the_5_per_cent_target():
    """n_p of the SVM on MNIST 1-7, 5 %: the paper's within the tolerance, with every seed of liblinear.

    The exact trainer's is decided by near-ties: within 3 %, and within what noise of 1e-6 does to it.
    """
    row = next(r for r in committed().rows if (r.paper.table, r.paper.model, r.paper.target, r.paper.quantity) == SVM_5)
    found = [committed().results.get("mnist-svm-seeds", name) for name in load_grid("mnist-svm-seeds").entries]
    points = [r.values["points"] for r in found if r is not None and r.record["name"].startswith("authors-0.05")]
    assert points
    assert all(abs(p - row.paper.value) <= 0.01 * row.paper.value for p in points)
    noise = committed().results.get("sensitivity", "mnist-0.05").values
    assert abs(row.ours - row.paper.value) <= min(0.03 * row.paper.value, noise["most"] - row.paper.value)


def test_no_seed_of_the_authors_trainer_gives_the_printed_points_of_cluster_1():
    """What the note on cluster 1 says: its seeds leave the paper's number out, noise in the target does not."""
    row = next(
        r
        for r in committed().rows
        if (r.paper.table, r.paper.model, r.paper.target, r.paper.quantity) == ("1", "svm", "cluster1", "np")
    )
    results = Results(default_folder())
    seeds = [results.get("adult-svm-seeds", f"authors-12-{s}").values["points"] for s in (12, 23, 34, 45)]
    noise = results.get("sensitivity", "adult-12").values
    assert not min(seeds) <= row.paper.value <= max(seeds)
    assert noise["least"] <= row.paper.value <= noise["most"]
    assert set(seeds) == {int(row.ours)}


def test_nearest_target_is_the_nearest():
    columns = ("value", "copies", "points", "reached")
    rows = ((0.3, 5.0, 90.0, 1.0), (0.4, 8.0, 101.0, 1.0), (0.5, 9.0, 100.0, 0.0))
    text = nearest_target(Result({}, {}, columns, rows), 100.0)
    assert text == "nearest to the paper's 101 (quantile 0.4, 8 copies)"


def test_minutes_count_what_has_no_cpu_time():
    records = [{"seconds": 60.0, "cpu_seconds": 30.0}, {"seconds": 60.0, "cpu_seconds": None}]
    done = [Result({}, record=r) for r in records]
    assert minutes(done) == ("2.0", "0.5 (without 1)")
    assert minutes(done[:1]) == ("1.0", "0.5")
    assert minutes(done[1:]) == ("1.0", "")


def test_span_counts_the_time_in_which_a_run_went_on_once():
    """Two that overlap, one within them, one after a pause."""
    stamps = (("10:05", 60.0), ("10:07", 240.0), ("10:06", 30.0), ("12:00", 120.0))
    records = [{"time": f"2026-01-01T{t}:00+00:00", "seconds": s} for t, s in stamps]
    assert span([Result({}, {}, record=r) for r in records]) == 6.0


@pytest.mark.parametrize("grid", ["adult-svm", "adult-lr", "mnist-svm", "mnist-lr"])
def test_the_minimum_attack_is_no_further_than_the_online_one(grid):
    """At every share the set's model is as close as the online attack's, to the trainers' gaps, with no more points."""
    results, dim = Results(default_folder()), 58 if grid.startswith("adult") else 785
    for case in CASES[grid]:
        least, whole = (
            results.get("minimum-attack", f"{grid}-{case}"),
            results.get(grid, f"online-{case}").values["points"],
        )
        for share, row in least.values["fractions"].items():
            # Each model is within sqrt(2 gap / C_R) of its minimum; D changes by |(x, 1)| <= sqrt(dim) times that. The
            # start's gap is not in the results: the same engine, the same tolerance.
            away = 2.0 * (2.0 * max(row["gap"], 1e-15) / 0.09) ** 0.5 * dim**0.5
            assert row["distance_upper"] <= row["start_distance"] + away
            assert row["points"] <= share_of(float(share), whole)


@pytest.mark.parametrize("grid", ["adult-svm", "adult-lr", "mnist-svm", "mnist-lr"])
def test_shares_stand_beside_the_attack(grid):
    """Each target has the attack, KKT and label flips with five numbers, those of the results."""
    results = Results(default_folder())
    lines = [line.strip("| ").split(" | ") for line in shares_markdown(results, grid).splitlines()[2:]]
    assert {len(line) for line in lines} == {7}
    for case in CASES[grid]:
        own = [line for line in lines if line[0] == case_name(grid, case)]
        words = " ".join(line[1] for line in own)
        assert all(word in words for word in ("online attack", "KKT", "minimum attack", "random flips"))
        what = "subpopulation" if grid.startswith("adult") else "test"
        attack = results.get(grid, f"online-{case}").values["accuracy"][what].values()
        assert own[0][2:] == [f"{v:.1f}" for v in attack]


def test_markdown_of_nothing():
    assert markdown_table(("a",), []) == "No results yet."
    assert differences_markdown(committed(), "none") == "Every number of this table is reproduced."
