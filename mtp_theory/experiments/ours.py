"""Our value for every number of the paper, from the results of the grids."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..datasets import PAPER_CLUSTERS
from ..errors import InputError
from . import network_numbers
from .grid import Run, expand, load_grid
from .paper import PaperNumber, primary
from .store import Missing, Result, Store

#: Names of loss and data set in the paper's rows and in ours.
LOSSES = {"svm": "hinge", "lr": "logistic"}
PREFIX = {"adult": "adult", "mnist17": "mnist", "dogfish": "dogfish"}
GOALS = {"5%": "0.05", "10%": "0.1", "15%": "0.15", "20%": "0.2", "30%": "0.3"}


class Results:
    """The results of a folder by grid and run name; None where a run has none."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self._runs: dict[str, dict[str, Run]] = {}
        self._read: dict[str, Result] = {}

    def get(self, grid: str, run: str) -> Result | None:
        """Raises InputError for a damaged result and for names that do not exist."""
        if grid not in self._runs:
            self._runs[grid] = {r.name: r for r in expand(load_grid(grid))}
        if run not in self._runs[grid]:
            raise InputError(f"grid {grid!r} has no run {run!r}")
        found = self._runs[grid][run]
        if found.key not in self._read:
            if not self.store.has(found):
                return None
            self._read[found.key] = self.store.read(found)
        return self._read[found.key]


class Ours:
    """Our value for a number of the paper."""

    def __init__(self, results: Results) -> None:
        self.results = results

    def value(self, n: PaperNumber) -> tuple[float, str]:
        """The value and a remark. Raises Missing where a run lacks, InputError for a row it does not know."""
        for pattern, method in _SOURCES:
            if fnmatchcase(f"{n.table}/{n.quantity}", pattern):
                return method(self, n)
        raise InputError(f"no source for {n.table}/{n.quantity}")

    def result(self, grid: str, run: str) -> Result:
        """Raises Missing, with the command to run."""
        found = self.results.get(grid, run)
        if found is None:
            raise Missing(f"`mtp-theory experiment run {grid}`")
        return found

    def grid(self, n: PaperNumber) -> str:
        return f"{PREFIX[n.dataset]}-{n.model or 'svm'}"

    def case(self, n: PaperNumber) -> str:
        """The run's suffix: the cluster's number, or the goal."""
        if n.target.startswith("cluster"):
            return str(PAPER_CLUSTERS[LOSSES[n.model]][int(n.target[-1])])
        return GOALS[n.target]

    def targets(self, n: PaperNumber) -> tuple[Result, str]:
        """The search for targets and the text of the goal."""
        if n.dataset == "adult":
            cluster = (
                self.case(n) if n.target.startswith("cluster") else str(PAPER_CLUSTERS[LOSSES[n.model or "svm"]][0])
            )
            return self.result(self.grid(n), f"targets-{cluster}"), "1.0"
        return self.result(self.grid(n), "targets"), GOALS.get(n.target, "")

    def clean_accuracy(self, n: PaperNumber) -> tuple[float, str]:
        return self.targets(n)[0].values["clean"]["test"], ""

    def size(self, n: PaperNumber) -> tuple[float, str]:
        return float(self.targets(n)[0].values[n.quantity]), ""

    def epsilon(self, n: PaperNumber) -> tuple[float, str]:
        first = {"adult": str(PAPER_CLUSTERS[LOSSES[n.model]][0]), "mnist17": "0.05", "dogfish": "0.1"}[n.dataset]
        return self.result(self.grid(n), f"online-{first}").record["config"]["epsilon"], "the setting we ran with"

    def target_accuracy(self, n: PaperNumber) -> tuple[float, str]:
        found, goal = self.targets(n)
        return found.values["goals"][goal]["subpopulation" if "subpop" in n.quantity else "test"], ""

    def clean_part(self, n: PaperNumber) -> tuple[float, str]:
        return self.targets(n)[0].values["clean"]["subpopulation"], ""

    def two_copies(self, n: PaperNumber) -> tuple[float, str]:
        """Largest loss of attack success at the same number of points, over targets and the five fractions."""
        drops = []
        for grid in ("mnist-svm", "mnist-lr"):
            for goal in ("0.05", "0.1", "0.15"):
                one, two = (self.result(grid, f"{name}-{goal}") for name in ("online", "two-copies"))
                for share, accuracy in one.values["accuracy"]["test"].items():
                    drop = _test_at(two, float(share) * one.values["points"]) - accuracy
                    drops.append((drop, f"{grid}, goal {goal}, {share} n_p"))
        worst, where = max(drops)
        within = sum(drop <= n.value for drop, _ in drops)
        return worst, f"at most {n.value} at {within} of {len(drops)} places; largest at {where}"

    def points(self, n: PaperNumber) -> tuple[float, str]:
        found = self.result(self.grid(n), f"online-{self.case(n)}")
        remark = self.spread(n, lambda v: f"{v['least']} to {v['most']}")
        return float(found.values["points"]), "; ".join(filter(None, (remark, self.seeds(n))))

    def lower_bound(self, n: PaperNumber) -> tuple[float, str]:
        found = self.result(self.grid(n), f"bound-{self.case(n)}").values["bounds"]
        note = f"at {found['exact']['at']} points"
        if "relaxed" in found:
            note += f"; {found['relaxed']['value']:.1f} with integer features relaxed"
        tight = self.results.get(self.grid(n), f"minimum-{self.case(n)}")
        if tight is not None and tight.values["lower"] is not None:
            note += f"; t* of the same model {tight.values['lower']:.1f}"
        return found["exact"]["value"], note

    def accuracy(self, n: PaperNumber) -> tuple[float, str]:
        """Ours at a share of n_p."""
        share = _fraction(n)
        found = self.result(self.accuracy_grid(n), f"online-{self.case(n)}")
        value = found.values["accuracy"][primary(n)][share]
        if self.accuracy_grid(n) != self.grid(n):
            first = self.result(self.grid(n), f"online-{self.case(n)}").values["accuracy"][primary(n)][share]
            return value, self.other_target(n, first)
        return value, self.spread(n, lambda v: "{:.1f} to {:.1f}".format(*v[f"accuracy@{share}"]))

    def accuracy_grid(self, n: PaperNumber) -> str:
        """Where the row's accuracies come from: for the SVM on MNIST 1-7 not the targets that its n_p belongs to."""
        return "mnist-svm-released" if self.grid(n) == "mnist-svm" else self.grid(n)

    def other_target(self, n: PaperNumber, first: float) -> str:
        """The target behind the accuracies, and what the one that the row's n_p belongs to gives (``first``)."""
        grid = self.accuracy_grid(n)
        goal = self.result(grid, "targets").values["goals"][self.case(n)]
        points = self.result(grid, f"online-{self.case(n)}").values["points"]
        return (
            f"target of the released grid (quantile {goal['value']:g}, {goal['copies']} copies, n_p {points});"
            f" {first:.1f} with the target of mid 2020"
        )

    def seeds(self, n: PaperNumber) -> str:
        """n_p as the authors train (SVM) or search (logistic regression): least and most over the seeds run."""
        if n.dataset == "dogfish":
            return ""
        if n.model == "lr":
            grid, start, word = "lr-seeds", f"{self.grid(n)}-{self.case(n)}-", "the authors' Adam"
        else:
            grid, start, word = f"{self.grid(n)}-seeds", f"authors-{self.case(n)}-", "liblinear"
        runs = [name for name in load_grid(grid).entries if name.startswith(start)]
        points = [r.values["points"] for r in (self.results.get(grid, name) for name in runs) if r is not None]
        if not points:
            return ""
        span = f"{min(points)} to {max(points)}" if min(points) < max(points) else f"{points[0]}"
        return f"{span} with {word}, {len(points)} seed{'s' if len(points) > 1 else ''}"

    def spread(self, n: PaperNumber, words: Callable[[dict[str, Any]], str]) -> str:
        """What the sensitivity runs found, where there is one for this target."""
        run = f"{PREFIX[n.dataset]}-{self.case(n)}"
        if n.model != "svm" or run not in _SENSITIVITY:
            return ""
        found = self.results.get("sensitivity", run)
        return "" if found is None else f"{words(found.values)} with noise of 1e-6 in the target"

    def kkt(self, n: PaperNumber) -> tuple[float, str]:
        """The baseline as published: 0/1 features on Adult with SVM, the authors' sign for logistic regression."""
        name = {"adult-svm": "kkt-integer", "adult-lr": "kkt-authors", "mnist-lr": "kkt-authors"}.get(
            self.grid(n), "kkt"
        )
        name = "kkt-authors" if self.grid(n) == "dogfish-lr" else name
        found = self.result(self.accuracy_grid(n), f"{name}-{self.case(n)}").values["fractions"][_fraction(n)]
        value, note = found[primary(n)], ""
        if self.accuracy_grid(n) != self.grid(n):
            first = self.result(self.grid(n), f"{name}-{self.case(n)}").values["fractions"][_fraction(n)]
            return value, self.other_target(n, first[primary(n)])
        if n.model == "lr":
            value, note = self._over_starts(n, value)
            right = self.results.get(self.grid(n), f"kkt-correct-{self.case(n)}")
            if right is not None:
                corrected = right.values["fractions"][_fraction(n)][primary(n)]
                note = "; ".join(filter(None, (note, f"{corrected:.1f} with the regulariser's sign corrected")))
        elif n.dataset == "adult":
            others = [(d, self.results.get(self.grid(n), f"kkt-{d}-{self.case(n)}")) for d in ("groups", "box")]
            words = {"groups": "with six one-hot groups", "box": "on the box"}
            parts = [f"{r.values['fractions'][_fraction(n)][primary(n)]:.1f} {words[d]}" for d, r in others if r]
            papers = {"cluster1": "kkt-integer-12-2097", "cluster2": "kkt-integer-19-2163"}
            if n.target in papers and (again := self.results.get(self.grid(n), papers[n.target])) is not None:
                parts.append(f"{again.values['fractions'][_fraction(n)][primary(n)]:.1f} with the paper's n_p")
            note = "; ".join(parts)
        return value, note

    def _over_starts(self, n: PaperNumber, first: float) -> tuple[float, str]:
        """Mean over the repeats with other random starts, where they were run."""
        if n.dataset != "adult":
            return first, ""
        more = [self.results.get(self.grid(n), f"kkt-authors-{self.case(n)}-{r}") for r in (1, 2, 3)]
        every = [first, *(r.values["fractions"][_fraction(n)][primary(n)] for r in more if r is not None)]
        mean = sum(every) / len(every)
        if len(every) == 1:
            return first, ""
        return mean, f"mean of {len(every)} sets of starts, {min(every):.1f} to {max(every):.1f}"

    def kkt_points(self, n: PaperNumber) -> tuple[float, str]:
        return float(self.result("mnist-svm", f"online-{self.case(n)}").values["points"]), "n_p of the online attack"

    def kkt_bound(self, n: PaperNumber) -> tuple[float, str]:
        found = self.result("table-3", f"bound-kkt-{self.case(n)}").values["bounds"]["exact"]
        tight = self.results.get("table-3", f"minimum-kkt-{self.case(n)}")
        note = f"at {found['at']} points"
        if tight is not None and tight.values["lower"] is not None:
            note += f"; t* of the same model {tight.values['lower']:.1f}"
        if n.target == "10%" and (again := self.results.get("table-3", "bound-kkt-0.1-5458")) is not None:
            note += f"; {again.values['bounds']['exact']['value']:.1f} with the paper's n_p"
            pairs = [self.results.get("table-3", f"bound-kkt-0.1-5458-pair-{p}") for p in ("0.06", "0.065", "0.075")]
            beside = [r.values["bounds"]["exact"]["value"] for r in pairs if r is not None]
            if beside:
                note += f", {min(beside):.1f} to {max(beside):.1f} for the next best pairs of shares"
        if (other := self.results.get("mnist-svm-released", f"bound-kkt-{self.case(n)}")) is not None:
            note += f"; {other.values['bounds']['exact']['value']:.1f} with the target of the released grid"
        return found["value"], note

    def table_4(self, n: PaperNumber) -> tuple[float, str]:
        improved = n.quantity.endswith("improved")
        if n.quantity.startswith("np_"):
            grid, run = ("table-4", "improved") if improved else ("mnist-svm", "online")
            one = self.result(grid, f"{run}-{self.case(n)}").values["points"]
            if improved:
                two = self.results.get("table-4", f"improved-two-copies-{self.case(n)}")
            else:
                two = self.results.get("mnist-svm", f"two-copies-{self.case(n)}")
            return float(one), "" if two is None else f"{two.values['points']} with two copies of each point"
        grid, run = ("table-4", "targets-improved") if improved else ("mnist-svm", "targets")
        goal = self.result(grid, run).values["goals"][self.case(n)]
        return goal["test" if "acc" in n.quantity else "clean_loss_sum"], ""

    def flips(self, n: PaperNumber) -> tuple[float, str]:
        goal = self.result("mnist-svm", "targets").values["goals"][self.case(n)]
        return float(goal["points"]), f"quantile {goal['value']:g}, {goal['copies']} copies"

    def table_6(self, n: PaperNumber) -> tuple[float, str]:
        name, _, share = n.quantity.partition("@")
        attack = _TABLE_6[name.removesuffix("_test_acc_pct")]
        run = f"ours-{n.model}" if attack == "ours" else attack
        found = self.result("table-6", f"{run}-{int(share.rstrip('%')) / 100:g}")
        config, note = found.record["config"], f"{found.values['points']} points"
        if config["copies"]:
            note += f", {config['copies']} copies of each"
        if config["rounds"]:
            note += f", at most {config['rounds']} moves"
        return found.values["accuracy"]["test"], note

    def table_7(self, n: PaperNumber) -> tuple[float, str]:
        case = f"{n.model}-{self.case(n)}"
        if n.quantity == "label_flip_subpop_test_acc_pct":
            found = self.result("table-7", f"label-flip-{case}").values
            spread = found["fractions"]["1"]["subpopulation"]
            note = f"{found['points']} flips; s.d. {spread['std']:.1f} over {len(spread['each'])} draws"
            printed = self.results.get("table-7", f"label-flip-printed-{case}")
            if printed is not None:
                again = printed.values["fractions"]["1"]["subpopulation"]["mean"]
                note += f"; {again:.1f} with the {printed.values['points']} flips of the table"
            return spread["mean"], note
        run = self.result("table-7", f"candidates-{case}")
        found = run.values
        if n.quantity == "num_poisons":
            if found["points"] is None:
                raise Missing("no target of the grid reaches 0 % within the budget")
            return float(
                found["points"]
            ), f"fewest over {found['eligible']} targets of the grid; {nearest_target(run, n.value)}"
        return 0.0 if found["points"] is not None else 100.0, "the stopping rule of the run"


#: Runs of the grid "sensitivity".
_SENSITIVITY = ("adult-17", "adult-12", "adult-19", "mnist-0.05", "mnist-0.1")

#: Table 6's attacks: the quantity's beginning, and the runs' in the grid.
_TABLE_6 = {
    "minmax_steinhardt2017": "min-max",
    "biggio2011": "svm-gradient",
    "koh_liang2017": "influence",
    "demontis2019": "logistic-gradient",
    "ours": "ours",
}

_SOURCES: tuple[tuple[str, Callable[[Ours, PaperNumber], tuple[float, str]]], ...] = (
    ("text/test_acc_pct", Ours.clean_accuracy),
    ("text/n_*", Ours.size),
    ("text/dim", Ours.size),
    ("text/stop_epsilon", Ours.epsilon),
    ("text/target_*", Ours.target_accuracy),
    ("text/clean_subpop*", Ours.clean_part),
    ("text/max_attack_success_drop*", Ours.two_copies),
    ("[12]/np", Ours.points),
    ("[12]/lower_bound", Ours.lower_bound),
    ("[12]/ours_acc_pct@*", Ours.accuracy),
    ("[12]/kkt_acc_pct@*", Ours.kkt),
    ("3/kkt_num_poisons", Ours.kkt_points),
    ("3/lower_bound*", Ours.kkt_bound),
    ("4/*", Ours.table_4),
    ("5/label_flip_num_poisons", Ours.flips),
    ("5/ours_num_poisons", Ours.points),
    ("6/*", Ours.table_6),
    ("7/*", Ours.table_7),
    ("figure-18/*", lambda ours, n: network_numbers.direct(ours.result)),
    ("figure-20/*", lambda ours, n: network_numbers.transfer(ours.result, n)),
)


def _test_at(run: Result, points: float) -> float:
    """Test accuracy of the last stored model with at most ``points`` points (trajectories are thinned evenly)."""
    count, test = run.columns.index("points"), run.columns.index("test_pct")
    return float([row[test] for row in run.rows if (row[count] or 0.0) <= points][-1] or 0.0)


def nearest_target(run: Result, points: float) -> str:
    """The target of a search whose attack needs the number of points nearest to the paper's."""
    rows = [dict(zip(run.columns, row, strict=True)) for row in run.rows]
    best = min((r for r in rows if r["reached"]), key=lambda r: abs((r["points"] or 0.0) - points))
    return f"nearest to the paper's {best['points']:.0f} (quantile {best['value']:g}, {best['copies']:.0f} copies)"


def _fraction(n: PaperNumber) -> str:
    return f"{float(n.quantity.rpartition('@')[2].removesuffix('np')):g}"


__all__ = ["LOSSES", "Missing", "Ours", "Results", "nearest_target"]
