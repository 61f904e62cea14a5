"""The campaign: a fixed tree, the tests that reach each line, a seeded sample, one fork per mutant, the result."""

from __future__ import annotations

import io
import json
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from scipy.stats import beta

from .child import (
    BROKEN,
    KILLED,
    SUBJECTS,
    SURVIVED,
    Finder,
    Recorder,
    Selection,
    in_child,
    run_pytest,
    strays,
    unmutated,
)
from .operators import Mutant, apply, interpreted, mutants

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "campaigns" / "results" / "mutation.json"
EXPLANATIONS = Path(__file__).with_name("explanations.yaml")
#: What the tests need of the checkout.
PARTS = ("mtp_theory", "tests", "proofs", "campaigns", "pyproject.toml")
#: The default tests of the subjects and of what stands directly on them.
TESTS = (
    "tests/shadow",
    "tests/convex_set",
    "tests/claims",
    "tests/campaigns/test_rational_kernel.py",
    "tests/campaigns/test_regret_worst_case.py",
    "tests/bounds",
    "tests/testing",
    "tests/planted/test_claims_planted.py",
    "tests/planted/test_shadow_planted.py",
    "tests/planted/test_convex_set_planted.py",
    "tests/attacks/test_online.py",
)
#: CPU seconds of tests that a mutant gets in the first round; who survives them gets all tests that reach its file.
FIRST_ROUND = 4.0
#: Wall seconds for one mutant, whatever happens.
WALL = 600.0
BASELINE_WALL = 3600.0
#: At least this many mutants of each part, or all that it has.
LEAST = 15
CONFIDENCE = 0.95

Table = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: killed, timeout (a test hung or the memory limit ended it) or survived."""

    status: str
    by: str
    why: str
    seconds: float
    tests: int


def checkout(revision: str, parts: tuple[str, ...], into: Path) -> None:
    """The revision's files under ``parts``."""
    packed = subprocess.run(["git", "archive", revision, *parts], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")


def commit_of(revision: str) -> str:
    """Its full name."""
    found = subprocess.run(["git", "rev-parse", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return found.stdout.strip()


def baseline(tree: Path, tests: tuple[str, ...]) -> Table:
    """Every test with its outcome, its CPU time and the lines that it reaches, without any mutant."""

    def work() -> tuple[int, Table]:
        sys.meta_path.insert(0, Finder(tree))
        recorder = Recorder(tree)
        run_pytest(tree, tests, recorder)
        return BROKEN if strays(tree) else 0, recorder.table()

    log = tree.parent / "baseline.log"
    code, table = in_child(work, log, BASELINE_WALL)
    if code != 0 or not table:
        raise RuntimeError(f"the tests without a mutant ended with {code}: see {log}")
    found: Table = table
    return found


def subjects(tree: Path) -> dict[str, list[Path]]:
    """Part -> its files."""
    parts: dict[str, list[Path]] = {}
    for name in SUBJECTS:
        place = tree / "mtp_theory" / name
        parts[name.removesuffix(".py")] = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return parts


def population(tree: Path) -> dict[str, list[Mutant]]:
    """Every mutant of every part."""
    return {
        part: [m for f in files for m in mutants(str(f.relative_to(tree)), f.read_text(encoding="utf-8"))]
        for part, files in subjects(tree).items()
    }


def draw(tree: Path, everything: dict[str, list[Mutant]], size: int, seed: int) -> list[Mutant]:
    """A sample in proportion to the parts, at least ``LEAST`` of each; a mutant with the same bytecode is redrawn."""
    generator = random.Random(seed)
    total = sum(len(m) for m in everything.values())
    chosen: list[Mutant] = []
    for part in sorted(everything):
        pool = list(everything[part])
        generator.shuffle(pool)
        wanted = min(len(pool), max(LEAST, round(size * len(pool) / total)))
        kept: list[Mutant] = []
        while pool and len(kept) < wanted:
            candidate = pool.pop()
            if _differs(tree, candidate):
                kept.append(candidate)
        chosen += kept
    generator.shuffle(chosen)
    return chosen


def _differs(tree: Path, mutant: Mutant) -> bool:
    file = tree / mutant.path
    source = file.read_text(encoding="utf-8")
    changed = compile(interpreted(apply(source, mutant.number)), str(file), "exec")
    return changed != unmutated(str(file), source)


def selection(table: Table, mutant: Mutant) -> list[tuple[str, float]]:
    """Tests with their CPU seconds: those that reach the changed lines, then those that reach the file."""
    lines = set(range(mutant.line, mutant.last_line + 1))
    near: list[str] = []
    far: list[str] = []
    for name, row in table.items():
        reached = row["lines"].get(mutant.path)
        if not row["passed"] or (reached is None and mutant.function):
            continue
        # Lines at the level of the module run at import: any test of the file may notice, and any user of its names.
        close = reached is not None and (not mutant.function or bool(lines & set(reached)))
        (near if close else far).append(name)
    return [*_ordered(table, near), *_ordered(table, far)]


def _ordered(table: Table, names: list[str]) -> list[tuple[str, float]]:
    """Cheapest first; the tests of a file that share a fixture stay together."""
    units: dict[str, list[str]] = defaultdict(list)
    for name in names:
        units[name.split("::")[0] if table[name]["shared"] else name].append(name)
    cost = {u: sum(table[n]["seconds"] for n in members) for u, members in units.items()}
    return [(n, table[n]["seconds"]) for u in sorted(units, key=lambda u: cost[u]) for n in units[u]]


def try_mutant(tree: Path, mutant: Mutant, tests: list[tuple[str, float]]) -> Outcome:
    """Run the tests against the mutant, in a fork."""
    start = time.monotonic()
    if not tests:
        return Outcome("survived", "", "no test reaches the file", 0.0, 0)
    code, answer = in_child(partial(_child, tree, mutant, tests), tree.parent / "mutant.log", WALL)
    seconds = round(time.monotonic() - start, 2)
    if code in (-signal.SIGPROF, -signal.SIGKILL, -signal.SIGSEGV):
        return Outcome("timeout", "", f"ended by {signal.Signals(-code).name}", seconds, len(tests))
    if code not in (SURVIVED, KILLED):
        raise RuntimeError(f"the run of {mutant.id} ended with {code} {answer}: see {tree.parent / 'mutant.log'}")
    return Outcome("killed" if code == KILLED else "survived", answer[0], answer[1], seconds, len(tests))


def _child(tree: Path, mutant: Mutant, tests: list[tuple[str, float]]) -> tuple[int, list[str]]:
    finder = Finder(tree, mutant.path, mutant.number)
    sys.meta_path.insert(0, finder)
    plugin = Selection(dict(tests))
    files = list(dict.fromkeys(name.split("::")[0] for name, _ in tests))
    try:
        code = run_pytest(tree, files, plugin)
    except BaseException as error:  # the mutant may end the import of the package, and with it pytest
        return KILLED, ["import of the package", repr(error)[:160]]
    if not finder.mutated or strays(tree):
        return BROKEN, ["", f"mutated module imported: {finder.mutated}; from elsewhere: {strays(tree)}"]
    # 1: a test failed; 2, 3 and 4: a file of tests, or pytest's plugin of this package, does not import.
    return SURVIVED if code == 0 else KILLED if code in (1, 2, 3, 4) else BROKEN, [plugin.killer, plugin.error]


def prepare(tree: Path) -> None:
    """Compile every subject once, so that the forks only execute them."""
    for file in (f for files in subjects(tree).values() for f in files):
        unmutated(str(file), file.read_text(encoding="utf-8"))


def run(tree: Path, table: Table, sample: list[Mutant], state: Path, *, stop: float, deep: bool) -> dict[str, Outcome]:
    """Every mutant of the sample that ``state`` (JSON lines) does not hold yet; stops at the time ``stop``."""
    prepare(tree)
    done = {}
    if state.exists():
        for line in state.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            name = row.pop("id")
            done[name] = Outcome(**row)
    for k, mutant in enumerate(sample):
        known = done.get(mutant.id)
        if time.time() > stop:
            break
        if known is not None and not (deep and known.status == "survived" and not known.why.startswith("all")):
            continue
        tests = selection(table, mutant)
        first: list[tuple[str, float]] = []
        spent = 0.0
        for name, seconds in tests:
            spent += seconds
            if spent > FIRST_ROUND and first:
                break
            first.append((name, seconds))
        outcome = try_mutant(tree, mutant, tests[len(first) :] if known is not None else first)
        if outcome.status == "survived":
            remaining = len(first) < len(tests) and known is None
            note = f"{len(first)} of {len(tests)} tests" if remaining else f"all {len(tests)} tests"
            outcome = Outcome("survived", "", note, outcome.seconds, outcome.tests)
        done[mutant.id] = outcome
        with state.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"id": mutant.id, **asdict(outcome)}) + "\n")
        print(
            f"{k + 1:4} {outcome.status:8} {outcome.seconds:6.1f} s  {mutant.line:4} {mutant.id[11:150]!r}", flush=True
        )
    return done


def interval(killed: int, total: int) -> tuple[float, float]:
    """Clopper and Pearson's confidence interval of the share."""
    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(beta.ppf(tail, killed, total - killed + 1)) if killed else 0.0
    high = float(beta.ppf(1.0 - tail, killed + 1, total - killed)) if killed < total else 1.0
    return low, high


def score(statuses: list[str]) -> dict[str, Any]:
    """Counts, share and interval; a hang counts as killed."""
    counts = Counter(statuses)
    total = len(statuses)
    killed = counts["killed"] + counts["timeout"]
    low, high = interval(killed, total)
    return {
        "mutants": total, "killed": counts["killed"], "timeout": counts["timeout"], "survived": counts["survived"],
        "score": killed / total, "low": low, "high": high,
    }  # fmt: skip


def explanations() -> dict[str, dict[str, str]]:
    """Mutant -> its class and the reason, written by people."""
    if not EXPLANATIONS.exists():
        return {}
    found: dict[str, dict[str, str]] = yaml.safe_load(EXPLANATIONS.read_text(encoding="utf-8")) or {}
    return found


def moved(mutant: Mutant, candidates: list[Mutant]) -> Mutant | None:
    """The same change in a function of the same name elsewhere, where there is one only."""

    def key(m: Mutant) -> tuple[str, ...]:
        return (m.function.rsplit(".", 1)[-1], m.operator, m.before, m.after, str(m.occurrence))

    same = [m for m in candidates if mutant.function and key(m) == key(mutant)]
    return same[0] if len(same) == 1 else None


def rerun(
    work: Path,
    table: Table,
    sample: list[Mutant],
    outcomes: dict[str, Outcome],
    revision: str,
    tests: tuple[str, ...],
    stop: float,
) -> tuple[str, dict[str, Outcome]]:
    """The survivors in the package of a later commit, against ``tests``, else the files that the first pass had not.

    Those that are explained are not tried again. Returns the commit and the outcomes; "gone" where the later code does
    not hold the changed place any more.
    """
    tree, record = work / "later" / "tree", work / "after.json"
    known: dict[str, Any] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    if revision and commit_of(revision) != known.get("revision"):
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        known = {"revision": commit_of(revision), "outcomes": known.get("outcomes", {})}
        checkout(known["revision"], PARTS, tree)
        before = {name.split("::")[0] for name in table}
        files = [f for t in TESTS for f in ([tree / t] if (tree / t).is_file() else (tree / t).glob("test_*.py"))]
        fresh = sorted({str(f.relative_to(tree)) for f in files} - before)
        known["table"] = baseline(tree, tests or tuple(fresh))
        record.write_text(json.dumps(known), encoding="utf-8")
    prepare(tree)
    places = {m.id: m for found in population(tree).values() for m in found}
    explained = explanations()
    for mutant in sample:
        if mutant.id not in outcomes or outcomes[mutant.id].status != "survived" or time.time() > stop:
            continue
        if known["outcomes"].get(mutant.id, {}).get("status") in ("killed", "timeout", "gone"):
            continue
        outcome = Outcome("gone", "", "", 0.0, 0)
        later = places.get(mutant.id) or moved(mutant, list(places.values()))
        if later is not None and mutant.id in explained:
            continue
        if later is not None:
            outcome = try_mutant(tree, later, selection(known["table"], later))
        known["outcomes"][mutant.id] = asdict(outcome)
        record.write_text(json.dumps(known), encoding="utf-8")
        print(f"{outcome.status:8} {mutant.line:4} {mutant.id[11:150]!r} {outcome.by}", flush=True)
    return known["revision"], {name: Outcome(**row) for name, row in known["outcomes"].items()}


__all__ = ["RESULTS", "Outcome", "baseline", "checkout", "draw", "interval", "population", "rerun", "run", "score"]
