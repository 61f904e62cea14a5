"""Every number of the start page is the one of the page that its sentence links to."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from render import proofs, start
from render.claims import verdict_table
from render.names import target_name
from render.paper_sentences import judged, mnist_gap

from mtp_theory.experiments import compare

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
RESULTS = [
    {"claim": "lemma-1", "statement": "repaired", "verdict": "holds", "instances": 7, "arithmetic": "rational"},
    {"claim": "lemma-2", "statement": "extended", "verdict": "undecided", "instances": 20, "arithmetic": "float"},
    {"claim": "lemma-2", "statement": "printed", "verdict": "violated", "instances": 500, "arithmetic": "rational"},
]
ENTRY: Any = SimpleNamespace(
    results=[{**r, "grade": None, "expected": r["verdict"], "worst_slack": None} for r in RESULTS]
)


@cache
def numbers() -> dict[str, Any]:
    return start.numbers(ROOT, ENTRY)


@cache
def shown(page: str, cells: int) -> str:
    """What the first cells of a page show, as text."""
    pytest.importorskip("IPython")
    names: dict[str, object] = {}
    out = []
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    before = Path.cwd()
    os.chdir((BOOK / page).parent)
    try:
        for cell in re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text, flags=re.DOTALL)[:cells]:
            code = "\n".join(line for line in cell.splitlines() if not line.startswith(":tags:"))
            *body, last = ast.parse(code).body
            exec(compile(ast.Module(body, []), page, "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), page, "eval"), names)  # noqa: S307 (our own pages)
                out.append(str(getattr(value, "data", value)))
            else:
                exec(compile(ast.Module([last], []), page, "exec"), names)
    finally:
        os.chdir(before)
    return "\n".join(out)


def row(text: str, label: str) -> list[str]:
    """The cells of the one row of a table that begins with the label."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {label} |")]
    return [cell.strip() for cell in line.strip("| ").split("|")]


def test_status():
    n = numbers()
    rows = [line.split("|") for line in verdict_table(ENTRY, ["lemma-1", "lemma-2"]).splitlines()[2:]]
    mended = [r for r in rows if r[2].strip() in ("repaired", "extended")]
    assert (n["mended"], n["held"]) == (len(mended), sum(r[3].strip() == "holds" for r in mended)) == (2, 1)
    # the printed statement's 500 instances are not among them
    assert n["instances"] == sum(int(r[5]) for r in mended) == 27
    assert n["rational"] == sum(r[7].strip() == "rational" for r in mended) == 1


def test_proofs():
    text = proofs.counts_markdown()
    assert f"{numbers()['proved']} proved statements" in text
    assert f"{numbers()['refuted']} refutations" in text


def test_how_many_points():
    n = numbers()
    ended, _, text = shown("how-many-points", 2).partition("## (b)")
    _, _, _, points, _, bound, found, _ = row(ended, "MNIST 1-7, SVM, 5 %")
    assert (points, bound) == (f"{n['run_points']:,}", f"{n['run_bound']:,}")
    assert int(found.replace(",", "")) - n["run_bound"] <= n["sets_apart"]
    _, _, bound, found, _, _ = row(text, "digits 1-7, SVM")
    assert (bound, found) == (str(n["digits_bound"]), str(n["digits_set"]))
    # a rounded set is none that reaches the model, and only the data that are named have no other
    assert n["without_a_set"] == ["adult"]
    assert all(
        "(rounded)" in line for line in text.splitlines() if line.startswith("| Adult, SVM") and "bounds" in line
    )


def test_reach_frontier():
    n, text = numbers(), shown("reach-frontier", 1)
    for name, label in (("near", "MNIST 1-7, 5 %"), ("digits_near", "digits 1-7")):
        found = row(text, f"{label} | {n[f'{name}_epsilon']:g}")
        assert [found[3], found[4], found[6]] == [f"{n[f'{name}_{k}']:,}" for k in ("attack", "set", "bound")]


def test_experiments():
    n, text = numbers(), shown("experiments/index", 2)
    head, total = row(text, "numbers of"), row(text, "all")
    counted = dict(zip(head[1:], map(int, total[1:]), strict=True))
    assert counted == {
        "reproduced": n["reproduced"],
        "differs": n["differ"],
        "by construction": n["by_construction"],
        "not run": n["not_run"],
    }
    # what is marked in the file, not what a text says
    comparison = compare.Comparison(ROOT / "experiments" / "results")
    tables = [(r.paper.table, r.paper.target, r.paper.quantity) for r in comparison.unknown]
    assert [t for t in tables if t[0] != "figure-20"] == [("3", "10%", "lower_bound_for_kkt_induced_model")]
    assert n["unknown"] == len(tables)


def test_planted_unknown_causes_are_counted(monkeypatch):
    notes = compare.Notes.load()
    before = len(compare.Comparison(ROOT / "experiments" / "results").unknown)
    blind = compare.Notes(tuple(n for n in notes.patterns if not n.rows.startswith("4/")))
    monkeypatch.setattr(compare.Notes, "load", lambda: blind)
    # six counts of Table 4 have no note now
    assert len(compare.Comparison(ROOT / "experiments" / "results").unknown) == before + 6


def test_benchmarks():
    n, text = numbers(), shown("benchmarks", 2)
    ratios = {"svm": [], "logistic": []}
    for line in text.splitlines():
        if ratio := re.search(r"\*\*(\d+)\*\*", line):
            ratios["logistic" if "logistic" in line.split("|")[1] else "svm"].append(int(ratio[1]))
    for loss, values in ratios.items():
        assert (round(n[f"{loss}_min"]), round(n[f"{loss}_max"])) == (min(values), max(values))


def test_every_number_on_the_page_is_one_of_them():
    """Nothing is typed: with other numbers the page says other ones, and none of the old stays."""
    n = numbers()
    text = start.start_markdown(n)
    moved = {k: v + 3 if isinstance(v, int) else v + 1000.0 if isinstance(v, float) else v for k, v in n.items()}
    names = re.compile(r"MNIST 1-7(?:, 5 %)?|\{doc\}`[^`]*`")
    old, new = (re.findall(r"\d[\d,]*(?:\.\d+)?", names.sub("", t)) for t in (text, start.start_markdown(moved)))
    assert len(old) == len(new) > 20, (old, new)
    assert all(a != b for a, b in zip(old, new, strict=True))


def test_sets_of_our_own_run_have_one_count():
    """The counts of the attack on the bounds' and the frontier's pages are those of the tables' runs (hinge loss)."""
    folder = ROOT / "experiments" / "results"
    for r in json.loads((folder / "bounds" / "summary.json").read_text()):
        if r["loss"] == "hinge" and r["points_of_the_attack"] is not None:
            run = json.loads((folder / f"{r['run']}.json").read_text())
            assert r["points_of_the_attack"] == run["values"]["points"], r["name"]
    for r in json.loads((folder / "frontier" / "summary.json").read_text()):
        if r["name"] != "digits" and (r["name"], r["epsilon"]) in {
            (f"mnist-{g}", 0.1) for g in ("0.05", "0.1", "0.15")
        }:
            run = json.loads((folder / "mnist-svm" / f"online-{r['name'].removeprefix('mnist-')}.json").read_text())
            assert r["attack_points"] == run["values"]["points"], r["name"]


def test_one_name_for_each_target():
    assert target_name("adult-17") == target_name("adult-17-induced") == "Adult, cluster 0"
    assert target_name("adult-logistic-5") == "Adult, logistic, cluster 0"
    assert target_name("digits-1-7-logistic") == target_name("digits-logistic") == "digits 1-7, logistic"
    assert target_name("mnist-0.05") == "MNIST 1-7, 5 %"
    with pytest.raises(KeyError):
        target_name("adult-18")


def test_one_verdict_for_more_efficient_attacks(tmp_path):
    """The pages show the judged statement itself; without smaller sets, or where the gap is real, it is another."""
    folder = ROOT / "experiments" / "results"
    assert judged(folder, mnist_gap).verdict == "qualified"
    assert judged(tmp_path, mnist_gap).verdict == "not run"
    for page in ("how-many-points", "reach-frontier"):
        assert "judged(" in (BOOK / f"{page}.md").read_text(encoding="utf-8"), page
    rows = json.loads((folder / "frontier" / "summary.json").read_text())
    worse = copy.deepcopy(rows)
    for r in worse:
        r["constructed"] = 10_000
    (tmp_path / "frontier").mkdir()
    (tmp_path / "frontier" / "summary.json").write_text(json.dumps(worse))
    (tmp_path / "mnist-svm").symlink_to(folder / "mnist-svm")
    assert judged(tmp_path, mnist_gap).verdict == "not reproduced"
