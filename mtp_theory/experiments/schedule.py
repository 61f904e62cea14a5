"""Running a grid: joblib on one machine, dask.distributed on many.

Workers get a record and the results it refers to and return what they found; this process alone writes. So a worker
that dies loses its own run only, and a process that is killed goes on with the runs that have no result yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import InputError, UndecidedError
from ..evidence.machine import environment
from .grid import Grid, Run, expand, experiments_folder
from .kinds import execute
from .spec import Spec
from .store import Result, Store

#: How often a run is tried anew after its dask worker died.
RETRIES = 3
#: Seconds to wait for a dask scheduler.
CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Finished:
    """What a worker returns: a result, or the one line that says why there is none."""

    key: str
    result: Result | None
    seconds: float
    cpu_seconds: float
    environment: dict[str, Any]
    failure: str = ""


@dataclass
class Outcome:
    """Names of the runs: done now, skipped (had a result), failed and why, blocked by a failed one."""

    done: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    blocked: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Does every run have a result?"""
        return not (self.failed or self.blocked)


def default_folder() -> Path:
    """Where results are kept unless a folder is given."""
    return experiments_folder() / "results"


def run(
    grid: Grid,
    *,
    folder: Path | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    replace_results: bool = False,
    data_dir: str | None = None,
    on_run: Callable[[str, float], None] | None = None,
) -> Outcome:
    """Do every run of the grid that has no result of its configuration yet; one of another is replaced.

    ``jobs``: processes on this machine; ``scheduler``: address of a dask scheduler instead. ``replace_results``: do all
    of them anew. ``on_run(name, seconds)`` is called after each. Runs that end in InputError or UndecidedError
    are reported and block those that need them; everything else goes on. Raises InputError: a result that is damaged or
    of another format (nothing is overwritten), another process running this grid here.
    """
    from filelock import FileLock, Timeout

    runs = expand(grid)
    store = Store(default_folder() if folder is None else folder)
    store.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store.folder / f".{grid.name}.lock")
    try:
        with lock.acquire(timeout=0):
            store.clean()
            return _Campaign(runs, store, jobs, scheduler, replace_results, data_dir, on_run).run()
    except Timeout:
        raise InputError(
            f"grid {grid.name!r}: another process is running it in {store.folder}; wait for it, or give another --out"
        ) from None


def status(grid: Grid, folder: Path | None = None) -> list[dict[str, Any]]:
    """For each run: name, key, kind, state; where done its times and version.

    States: "done", "missing", "outdated" (a result of another configuration) and "damaged".
    """
    store = Store(default_folder() if folder is None else folder)
    return [_state(r, store) for r in expand(grid)]


def _state(run: Run, store: Store) -> dict[str, Any]:
    row: dict[str, Any] = {"run": run.name, "grid": run.grid, "kind": run.spec.kind, "key": run.key, "state": "missing"}
    if store.outdated(run):
        return {**row, "state": "outdated", "reason": f"{store.path(run)}: made by another configuration of this run"}
    if store.has(run):
        try:
            record = store.read(run).record
        except InputError as error:
            return {**row, "state": "damaged", "reason": str(error)}
        row |= {
            "state": "done",
            "seconds": record["seconds"],
            "cpu_seconds": record["cpu_seconds"],
            "version": record["version"],
        }
    return row


class _Campaign:
    def __init__(
        self,
        runs: Sequence[Run],
        store: Store,
        jobs: int,
        scheduler: str | None,
        again: bool,
        data_dir: str | None,
        on_run: Callable[[str, float], None] | None,
    ) -> None:
        if jobs < 1:
            raise InputError(f"jobs = {jobs}; give an integer >= 1")
        self.store, self.jobs, self.scheduler = store, jobs, scheduler
        self.data_dir, self.on_run = data_dir, on_run
        self.outcome = Outcome()
        self.results: dict[str, Result] = {}
        # one configuration may stand under several names: it is done once and written under each
        self.lacking: dict[str, list[Run]] = {}
        for r in runs:
            if store.has(r) and not again:
                # read now: a damaged result must stop the campaign before work is done on top of it
                self.results[r.key] = store.read(r)
                self.outcome.skipped.append(r.name)
            else:
                self.lacking.setdefault(r.key, []).append(r)
        for key in self.results.keys() & self.lacking.keys():
            self._write(key, self.results[key])
        self.results = {key: slim(result) for key, result in self.results.items()}
        self.waiting = {key: named[0] for key, named in self.lacking.items()}

    def run(self) -> Outcome:
        if self.scheduler is not None:
            self._on_dask(self.scheduler)
        else:
            while ready := self._ready():
                for finished in self._on_this_machine(ready):
                    self._take(finished)
        self.outcome.blocked += [r.name for key in self.waiting for r in self.lacking[key]]
        return self.outcome

    def _ready(self) -> list[Run]:
        """Take the waiting runs whose inputs are all there."""
        ready = [r for r in self.waiting.values() if all(k in self.results for k in r.needs)]
        for r in ready:
            del self.waiting[r.key]
        return ready

    def _inputs(self, run: Run) -> dict[str, Result]:
        return {k: self.results[k] for k in run.needs}

    def _take(self, finished: Finished) -> None:
        """Write what a worker returned."""
        if finished.result is None:
            self.outcome.failed |= {r.name: finished.failure for r in self.lacking[finished.key]}
            return
        record = {
            "environment": finished.environment,
            "seconds": finished.seconds,
            "cpu_seconds": finished.cpu_seconds,
        }
        self._write(finished.key, replace(finished.result, record=record))
        self.results[finished.key] = slim(finished.result)

    def _write(self, key: str, result: Result) -> None:
        """Write a result under every name that lacks it."""
        record = result.record
        for run in self.lacking.pop(key):
            self.store.write(run, result, record["environment"], record["seconds"], record["cpu_seconds"])
            self.outcome.done.append(run.name)
            if self.on_run is not None:
                self.on_run(run.name, record["seconds"])

    def _on_this_machine(self, ready: Sequence[Run]) -> Iterator[Finished]:
        import joblib

        work = [(r.key, r.spec, self._inputs(r), self.data_dir) for r in ready]
        if self.jobs == 1 or len(work) == 1:
            for arguments in work:
                yield perform(*arguments)
            return
        # one thread for each process: the compiled loops and small matrices gain nothing from more
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            yield from joblib.Parallel(n_jobs=self.jobs, return_as="generator_unordered", batch_size=1)(
                joblib.delayed(perform)(*arguments) for arguments in work
            )

    def _on_dask(self, address: str) -> None:
        try:
            from distributed import Client, KilledWorker, as_completed
        except ImportError:
            raise InputError("--scheduler needs dask.distributed; install mtp-theory[grid]") from None
        try:
            client = Client(address, set_as_default=False, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise InputError(f"scheduler {address!r}: no answer ({error}); check the address") from None

        def submit() -> list[Any]:
            return [
                # keys of ours, so that a run that two processes ask for is done once
                client.submit(perform, r.key, r.spec, self._inputs(r), self.data_dir, key=r.key, retries=RETRIES)
                for r in self._ready()
            ]

        with client:
            pending = as_completed(submit(), loop=client.loop)
            for future in pending:
                try:
                    finished = future.result()
                except KilledWorker as error:
                    finished = Finished(future.key, None, 0.0, 0.0, {}, f"its worker died {RETRIES + 1} times: {error}")
                self._take(finished)
                pending.update(submit())


def perform(key: str, spec: Spec, inputs: Mapping[str, Result], data_dir: str | None) -> Finished:
    """One run, in whatever process: never raises for bad input or an undecided outcome.

    CPU seconds are the process's: where a dask worker has several threads, those of runs beside this one are in them.
    """
    start, cpu = time.perf_counter(), time.process_time()
    result, failure = None, ""
    try:
        result = execute(spec, inputs, data_dir)
    except (InputError, UndecidedError) as error:
        failure = f"{type(error).__name__}: {error}"
    return Finished(key, result, time.perf_counter() - start, time.process_time() - cpu, environment(), failure)


def slim(result: Result) -> Result:
    """Without its table, which no other run reads."""
    return replace(result, columns=(), rows=())


__all__ = ["RETRIES", "Finished", "Outcome", "default_folder", "perform", "run", "status"]
