"""Mutation testing: the operators, and the harness on a planted falsehood and on a mutant that changes nothing."""

import ast
import json
import sys
from pathlib import Path

import pytest

from campaigns.mutation import campaign, child, operators

ROOT = Path(__file__).parents[2]

SOURCE = '''"""Docstring 1."""
from numba import njit
LIMIT: int = 3
__all__ = ["clip"]

@njit(cache=True)
def clip(x: float, low: float, high: float = 1.0) -> float:
    """Never 2."""
    if x < low and high > 0:
        raise ValueError(f"{x + 1} is below {low}", 5)
    for i in range(LIMIT):
        x += i
        if x == 0:
            break
    return max(x, low) - high * x[1:LIMIT]
'''

#: A package in miniature: ``shadow`` is the part that is mutated.
PACKAGE = {
    "mtp_theory/__init__.py": "",
    # pytest loads this one by its entry point
    "mtp_theory/testing/__init__.py": "",
    "mtp_theory/testing/plugin.py": "",
    "mtp_theory/shadow/__init__.py": "from .area import area\n",
    "mtp_theory/shadow/area.py": (
        "from numba import njit\n\n\n@njit(cache=True)\ndef area(a, b):\n"
        "    total = 0\n    while a > 0:\n        a -= 1\n        total += b\n    return max(0, total)\n"
    ),
    "tests/test_area.py": (
        "import pytest\nfrom mtp_theory.shadow import area\n\n\n@pytest.fixture(scope='module')\ndef known():\n"
        "    return area(3, 4)\n\n\ndef test_area(known):\n    assert known == 12\n\n\n"
        "def test_red():\n    assert area(1, 1) == 2\n"
    ),
    "pyproject.toml": "",
}


def changes(source=SOURCE):
    return {(m.operator, m.before, m.after) for m in operators.mutants("m.py", source)}


def test_operators_reach_every_kind_of_place():
    found = changes()
    for expected in (
        ("comparison", "x < low", "x <= low"),
        ("comparison", "x < low", "x > low"),
        ("arithmetic", "high * x[1:LIMIT]", "high / x[1:LIMIT]"),
        ("dropped term", "max(x, low) - high * x[1:LIMIT]", "-(high * x[1:LIMIT])"),
        ("opposite", "max(x, low)", "min(x, low)"),
        ("constant", "3", "4"),
        ("and / or", "x < low and high > 0", "x < low or high > 0"),
        ("dropped condition", "x < low and high > 0", "high > 0"),
        ("slice off by one", "1:LIMIT", "1:LIMIT + 1"),
        ("dropped statement", "x += i", ""),
        ("break / continue", "break", "continue"),
    ):
        assert expected in found
    assert any(operator == "negated condition" for operator, _, _ in found)
    returned = changes("def f(low, lower):\n    return low\n\ndef g(a, b):\n    return g(a, -np.inf)")
    assert ("sibling returned", "return low", "return lower") in returned
    assert ("swapped arguments", "g(a, -np.inf)", "g(-np.inf, a)") in returned
    assert ("sign of infinity", "np.inf", "-np.inf") in returned


def test_text_and_types_are_left_alone():
    untouched = ("Docstring", "Never", "ValueError", "clip", "float", "int", "njit", "is below")
    assert not [m for m in changes() if any(word in m[1] for word in untouched) and m[0] != "negated condition"]


def test_every_mutant_is_a_different_module_with_a_name_of_its_own():
    found = operators.mutants("m.py", SOURCE)
    original = ast.dump(ast.parse(SOURCE))
    assert len({m.id for m in found}) == len(found)
    for m in found:
        assert ast.dump(operators.apply(SOURCE, m.number)) != original
        compile(operators.apply(SOURCE, m.number), "m.py", "exec")
    assert "njit(" not in ast.unparse(operators.interpreted(ast.parse(SOURCE)))


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutation") / "tree"
    for name, text in PACKAGE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def in_fresh_process(tree):
    """The harness forks a process that does not hold the package; here that is a second interpreter."""
    import subprocess

    code = """
import json, sys
from pathlib import Path
from campaigns.mutation import campaign, child
child.HANGS_SECONDS = 1.0
tree = Path(sys.argv[1])
table = campaign.baseline(tree, ("tests",))
everything = campaign.mutants("mtp_theory/shadow/area.py", (tree / "mtp_theory/shadow/area.py").read_text())
tried = {}
for m in everything:
    wanted = {("a -= 1", ""), ("total += b", "total -= b"), ("a > 0", "a >= 0"), ("0", "-1")}
    if (m.before, m.after) in wanted:
        tried[f"{m.line} {m.before} -> {m.after}"] = campaign.try_mutant(tree, m, campaign.selection(table, m)).status
print(json.dumps({"table": table, "tried": tried}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tree)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_lines_and_outcomes_without_a_mutant(in_fresh_process):
    table = in_fresh_process["table"]
    good, red = table["tests/test_area.py::test_area"], table["tests/test_area.py::test_red"]
    # The fixture is shared: its lines belong to the test that uses it.
    assert good["passed"]
    assert good["shared"]
    assert set(good["lines"]["mtp_theory/shadow/area.py"]) >= {6, 7, 8, 9, 10}
    # Red without any mutant: it may kill none.
    assert not red["passed"]
    mutant = operators.mutants("mtp_theory/shadow/area.py", PACKAGE["mtp_theory/shadow/area.py"])[0]
    assert [name for name, _ in campaign.selection(table, mutant)] == ["tests/test_area.py::test_area"]


def test_planted_mutants_are_killed_an_equivalent_one_survives_a_hang_is_seen(in_fresh_process):
    assert in_fresh_process["tried"] == {
        "7 a > 0 -> a >= 0": "killed",
        "7 0 -> -1": "killed",
        "9 total += b -> total -= b": "killed",
        # max(-1, 12) is max(0, 12)
        "10 0 -> -1": "survived",
        "6 0 -> -1": "killed",
        "8 a -= 1 -> ": "timeout",
    }


def test_the_tree_is_never_written(tree, in_fresh_process):
    for name, text in PACKAGE.items():
        assert (tree / name).read_text(encoding="utf-8") == text


def test_interval_is_clopper_and_pearsons():
    low, high = campaign.interval(0, 10)
    assert (low, high) == (0.0, pytest.approx(1 - 0.025**0.1))
    low, high = campaign.interval(10, 10)
    assert (low, high) == (pytest.approx(0.025**0.1), 1.0)
    # Clopper and Pearson 1934: 95 % for 380 of 400
    low, high = campaign.interval(380, 400)
    assert 0.923 < low < 0.95 < high < 0.970


def test_score_counts_a_hang_as_killed():
    counted = campaign.score(["killed"] * 7 + ["timeout"] + ["survived"] * 2)
    assert (counted["mutants"], counted["killed"], counted["timeout"], counted["survived"]) == (10, 7, 1, 2)
    assert counted["score"] == 0.8


def test_sample_is_seeded_and_has_every_part(tmp_path):
    everything = campaign.population(ROOT)
    assert set(everything) == {s.removesuffix(".py") for s in child.SUBJECTS}
    first = campaign.draw(ROOT, everything, 8, 3)
    assert [m.id for m in first] == [m.id for m in campaign.draw(ROOT, everything, 8, 3)]
    assert {m.path.split("/")[1].removesuffix(".py") for m in first} == set(everything)


def test_committed_result():
    """Whole, without a path of some machine; every survivor explained, the score as counted from the rows."""
    text = campaign.RESULTS.read_text(encoding="utf-8")
    record = json.loads(text)
    statuses = [m["status"] for m in record["mutants"]]
    assert len(statuses) >= 400
    assert campaign.score(statuses) == record["first_pass"]["all"]
    survivors = {m["id"] for m in record["mutants"] if m["status"] == "survived"}
    assert survivors == {s["id"] for s in record["survivors"]}
    assert record["after"]["all"]["survived"] == sum(s["status_after"] == "survived" for s in record["survivors"])
    for row in record["survivors"]:
        assert row["explanation"] or row["status_after"] != "survived", row["id"]
    assert "/work" not in text
    assert "/home" not in text
