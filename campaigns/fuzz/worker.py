"""Gives one input after another to the readers and says what came of it: a process that may be killed.

``python -m campaigns.fuzz.worker FOLDER``: seeds on stdin, one a line; answers on stdout, one JSON object a line. The
folder holds ``cases.json``: certificates by kind, with their data and points files.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from mtp_theory import datasets
from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as second
from mtp_theory.cli import main
from mtp_theory.errors import InputError
from mtp_theory.experiments.grid import expand, load_grid

from .inputs import Hostile, hostile

#: Longest error line.
LINE = 600


def judged(act: Callable[[], Any]) -> tuple[str, str]:
    """valid, invalid, refused (one clear line), or "fault" with what went wrong."""
    try:
        result = act()
    except (checker.Malformed, InputError) as error:
        text = str(error)
        if not text or "\n" in text or len(text) > LINE:
            return "fault", f"a message of {len(text)} characters: {text[:100]!r}"
        return "refused", text
    except BaseException as error:
        return "fault", f"{type(error).__name__}: {str(error)[:200]}"
    if isinstance(result, dict):
        return ("valid" if result["valid"] else "invalid"), str(result.get("reason"))
    return "valid", ""


def try_certificate(item: Hostile, folder: Path, cases: dict[str, Any]) -> tuple[str, str]:
    """Both checkers, which must agree."""
    path = folder / "hostile.json"
    path.write_bytes(item.raw)
    case = cases.get(item.recipe.split(":")[0], next(iter(cases.values())))
    verdicts = [
        judged(lambda c=c: c.verify(str(path), case["data"], case["points"]))  # type: ignore[misc]
        for c in (checker, second)
    ]
    for verdict, text in verdicts:
        if verdict == "fault":
            return verdict, text
    if len({v for v, _ in verdicts}) > 1:
        return "fault", f"the checkers disagree: {verdicts}"[:400]
    return verdicts[0]


def try_archive(item: Hostile, folder: Path, cases: dict[str, Any]) -> tuple[str, str]:
    """Every reader of archives; the package's data reader and the two checkers must agree."""
    path = folder / "hostile.npz"
    path.write_bytes(item.raw)
    case = cases["lower_bound"]
    identities: dict[str, Any] = {}

    def package() -> None:
        identities["package"] = datasets.read_dataset(path).identity

    def standalone() -> None:
        identities["checker"] = checker.Data(str(path)).identity()

    certificate, data = case["certificate"], case["data"]
    acts = {
        "package": package,
        "checker": standalone,
        "points": lambda: checker.verify(certificate, data, str(path)),
        "second points": lambda: second.verify(certificate, data, str(path)),
        "model": lambda: datasets.load_model(path, 4),
    }
    verdicts = {name: judged(act) for name, act in acts.items()}
    for name, (verdict, text) in verdicts.items():
        if verdict == "fault":
            return "fault", f"{name}: {text}"
    if "package" in identities and identities.get("checker") != identities["package"]:
        return "fault", f"the package reads {identities}, the checker: {verdicts['checker']}"
    if (verdicts["points"][0] == "refused") != (verdicts["second points"][0] == "refused"):
        return "fault", f"points: {verdicts['points']}, {verdicts['second points']}"[:400]
    return verdicts["package"]


def try_grid(item: Hostile, folder: Path, cases: dict[str, Any]) -> tuple[str, str]:
    """The grid's reader."""
    path = folder / "hostile.yaml"
    path.write_bytes(item.raw)
    return judged(lambda: expand(load_grid(path)))


def try_arguments(item: Hostile, folder: Path, cases: dict[str, Any]) -> tuple[str, str]:
    """The command line: exit 0, 1, 2 or 3, one line on stderr where it is 2, JSON alone on stdout."""
    out, err = io.StringIO(), io.StringIO()
    arguments = [*item.raw.decode("utf-8", "replace").split("\n"), "--json"]
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", ["mtp-theory", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code: Any = 0
        except SystemExit as stop:
            code = stop.code
        except BaseException as error:
            return "fault", f"{arguments[:3]}: {type(error).__name__}: {str(error)[:200]}"
    if code not in (0, 1, 2, 3):
        return "fault", f"{arguments[:3]}: exit {code}"
    if code == 2 and (not err.getvalue().strip() or err.getvalue().strip().count("\n")):
        return "fault", f"{arguments[:3]}: stderr {err.getvalue()[:200]!r}"
    return ("refused" if code == 2 else "valid"), err.getvalue()[:200]


TRIES = {"certificate": try_certificate, "archive": try_archive, "grid": try_grid, "arguments": try_arguments}


def serve(folder: Path) -> None:
    """One answer for each seed."""
    cases = json.loads((folder / "cases.json").read_text())
    tops = {kind: json.loads(Path(case["certificate"]).read_text()) for kind, case in cases.items()}
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        seed = int(line)
        item = hostile(seed, tops)
        before, start = _peak(), time.process_time()
        verdict, text = TRIES[item.kind](item, folder, cases)
        answer = {
            "seed": seed,
            "kind": item.kind,
            "verdict": verdict,
            "text": text,
            "recipe": item.recipe[:300],
            "seconds": time.process_time() - start,
            "megabytes": (_peak() - before) / 1024,
        }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _peak() -> int:
    """Largest resident size so far, KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
