"""What runs in a forked process: the mutated module is put in place, the chosen tests run, the outcome is told.

The parent holds the third-party packages; this package itself is imported afresh in every child.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from .operators import apply, interpreted

#: Exit codes of a child; pytest's own are below 10.
SURVIVED, KILLED, BROKEN = 0, 1, 20
#: A test that takes this many times its usual CPU time, and at least the seconds, hangs.
HANGS = 10.0
HANGS_SECONDS = 10.0
#: A mutant that asks for more address space gets a MemoryError, bytes.
MEMORY = 8 << 30
#: Calls of one function in one test after which its lines are not recorded any more.
TRACED_CALLS = 30
#: The mutated part of the package; its compiled functions are interpreted.
SUBJECTS = ("claims", "shadow", "convex_set")

Lines = dict[str, set[int]]


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the subjects from their syntax trees, one of them changed."""

    def __init__(self, root: Path, path: str | None = None, number: int = 0) -> None:
        self.root, self.path, self.number = root, path, number
        self.mutated = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        parts = fullname.split(".")
        if parts[0] != "mtp_theory" or len(parts) < 2 or parts[1] not in [s.removesuffix(".py") for s in SUBJECTS]:
            return None
        folder = self.root.joinpath(*parts)
        file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        if not file.exists():
            return None
        places = [str(folder)] if folder.is_dir() else None
        return importlib.util.spec_from_file_location(fullname, file, loader=self, submodule_search_locations=places)

    def exec_module(self, module: types.ModuleType) -> None:
        file = Path(str(module.__file__))
        source = file.read_text(encoding="utf-8")
        relative = str(file.relative_to(self.root))
        self.mutated |= relative == self.path
        if relative == self.path:
            code = compile(interpreted(apply(source, self.number)), str(file), "exec")
        else:
            code = unmutated(str(file), source)
        exec(code, module.__dict__)


@cache
def unmutated(file: str, source: str) -> types.CodeType:
    """Compiled once in the parent where it asks for it, so that the forks only execute it."""
    return compile(interpreted(ast.parse(source)), file, "exec")


class Selection:
    """pytest plugin: the wanted tests in the wanted order, stopped at the first failure, each with its CPU limit."""

    def __init__(self, wanted: dict[str, float]) -> None:
        self.wanted = wanted
        self.killer = ""
        self.error = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep and order the tests."""
        rank = {name: k for k, name in enumerate(self.wanted)}
        items[:] = sorted((i for i in items if i.nodeid in rank), key=lambda i: rank[i.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """A hanging test ends the process by SIGPROF, whose default action is to end it."""
        signal.setitimer(signal.ITIMER_PROF, max(HANGS_SECONDS, HANGS * self.wanted[item.nodeid]))
        result = yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the test that fails."""
        if report.failed:
            self.killer = report.nodeid
            self.error = str(report.longrepr).strip().splitlines()[-1][-160:]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that does not import."""
        if report.failed:
            self.killer = self.killer or f"import of {report.nodeid}"


class Recorder:
    """pytest plugin: the lines of the subjects that each test reaches, its CPU time and its outcome."""

    def __init__(self, root: Path) -> None:
        self.prefix = str(root) + os.sep
        self.tests: dict[str, dict[str, Any]] = {}
        self.fixtures: dict[tuple[str, str], Lines] = {}
        self._lines: Lines = defaultdict(set)
        self._calls: dict[types.CodeType, int] = {}

    def _trace(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if not self._is_subject(code.co_filename):
            return None
        count = self._calls[code] = self._calls.get(code, 0) + 1
        if count > TRACED_CALLS:
            return None
        lines = self._lines[code.co_filename[len(self.prefix) :]]

        def local(frame: types.FrameType, event: str, argument: Any) -> Any:
            if event == "line":
                lines.add(frame.f_lineno)
            return local

        return local

    def _is_subject(self, file: str) -> bool:
        return file.startswith(self.prefix + "mtp_theory") and file[len(self.prefix) + 11 :].startswith(SUBJECTS)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[Any]:
        """What a shared fixture reaches belongs to every test that uses it."""
        if fixturedef.scope == "function":
            return (yield)
        outer, self._lines, self._calls = self._lines, defaultdict(set), {}
        try:
            return (yield)
        finally:
            self.fixtures[fixturedef.argname, fixturedef.baseid] = self._lines
            for path, found in self._lines.items():
                outer[path] |= found
            self._lines = outer

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Trace one test."""
        self._lines, self._calls = defaultdict(set), {}
        shared = any(d[-1].scope != "function" for d in vars(item)["_fixtureinfo"].name2fixturedefs.values())
        self.tests[item.nodeid] = {"passed": True, "shared": shared, "names": list(getattr(item, "fixturenames", ()))}
        start = time.process_time()
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.tests[item.nodeid] |= {"seconds": time.process_time() - start, "lines": self._lines}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails or is skipped without any mutant cannot kill one."""
        if not report.passed:
            self.tests[report.nodeid]["passed"] = False

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that does not import is no basis."""
        if report.failed:
            raise RuntimeError(f"{report.nodeid} does not import: {report.longrepr}")

    def table(self) -> dict[str, Any]:
        """Everything as JSON."""
        rows = {}
        for name, test in self.tests.items():
            lines: Lines = defaultdict(set)
            for path, found in test["lines"].items():
                lines[path] |= found
            for (argument, base), reached in self.fixtures.items():
                if argument in test["names"] and name.startswith(base):
                    for path, found in reached.items():
                        lines[path] |= found
            rows[name] = {
                "passed": test["passed"],
                "shared": test["shared"],
                "seconds": round(test["seconds"], 4),
                "lines": {path: sorted(found) for path, found in lines.items()},
            }
        return rows


def strays(root: Path) -> list[str]:
    """Modules of the package that came from elsewhere."""
    loaded = {n: str(m.__file__) for n, m in sys.modules.items() if n.split(".")[0] == "mtp_theory" and m.__file__}
    return [file for file in loaded.values() if not file.startswith(str(root))]


def run_pytest(root: Path, arguments: Sequence[str], plugin: object) -> int:
    """pytest in this process, on the tree at ``root``, silent; the same examples every time."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    for name in [n for n in sys.modules if n.split(".")[0] == "mtp_theory"]:
        del sys.modules[name]
    # Examples are found, not shrunk: only that a test fails matters. No database: mutants must not learn from others.
    settings.register_profile(
        "mutation",
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutation"]
    # pytest's rewriting of assertions would import the package itself, past the finder.
    options += ["--assert=plain"]
    if isinstance(plugin, Recorder):
        options.remove("-x")
    return int(pytest.main([*options, *arguments], plugins=[plugin]))


def in_child(work: Callable[[], tuple[int, Any]], log: Path, wall: float) -> tuple[int, Any]:
    """Run ``work`` in a fork; its exit code (negative: the signal that ended it) and what it returned."""
    read, write = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code: int = BROKEN
        with contextlib.suppress(BaseException):
            os.setsid()
            os.close(read)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            code, answer = work()
            with os.fdopen(write, "w", encoding="utf-8") as stream:
                json.dump(answer, stream)
            sys.stdout.flush()
        os._exit(code)
    os.close(write)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, wall)
    with os.fdopen(read, encoding="utf-8") as stream:
        text = stream.read()
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return os.waitstatus_to_exitcode(status), json.loads(text) if text else None


__all__ = [
    "BROKEN",
    "KILLED",
    "SUBJECTS",
    "SURVIVED",
    "Finder",
    "Recorder",
    "Selection",
    "in_child",
    "run_pytest",
    "strays",
]
