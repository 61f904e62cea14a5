"""Machine code of the kernels that comes with a wheel, so that a first command does not wait for a compiler.

A wheel built by ``release/wheel.py`` holds, in this folder, what numba would keep in its cache after the commands of
the first minute. An entry is used where it is the code that this process would get from the sources beside it:

* the same numba, Python version and system (numba's index file and the triple name them);
* the same sources: the entry is stamped with a hash of every module of the package;
* a processor with the instructions of :data:`CPU`, for which all of it was compiled.

Everything else is compiled at its first call and kept in numba's own cache, as without such a wheel. A kernel's sums
may be reordered where its error bound covers it, so another processor's own code may differ in last bits, as that of
any two processors may; what is certified does not rest on them.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

#: The processor that prebuilt code is made for: x86-64 with AVX2 and FMA, from about 2013 on.
CPU = "x86-64-v3"

#: What llvmlite calls the instructions of ``CPU``.
FEATURES = ("avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "popcnt", "sse4.2")

#: Names the folder to fill; set by ``release/wheel.py`` alone.
WRITE_TO = "MTP_THEORY_PREBUILT"


@cache
def sources() -> str:
    """A hash of the package's modules: code made from other sources is not used."""
    from hashlib import sha256

    root = FOLDER.parent
    whole = sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@cache
def usable() -> bool:
    """Does this folder hold code, and has this processor its instructions?"""
    if WRITE_TO in os.environ or not any(FOLDER.glob("*.nbi")):
        return False
    from llvmlite import binding

    host = binding.get_host_cpu_features()
    return all(host.get(name) for name in FEATURES)


def cached(dispatcher: Any) -> Any:
    """``dispatcher`` with the wheel's code, and numba's own cache behind it where a folder for that can be written."""
    from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache
    from numba.core.compiler import CompileResult

    function = dispatcher.py_func

    class Prebuilt(NullCache):  # type: ignore[misc]
        """What numba asks before it compiles and tells after."""

        #: What ``_index_key`` reads.
        _py_func = function

        def __init__(self) -> None:
            try:
                self.behind = FunctionCache(function)
            except RuntimeError:
                self.behind = NullCache()

        @property
        def cache_path(self) -> Any:
            return self.behind.cache_path

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            if usable():
                target_context.refresh()
                payload = self.entries(FOLDER).load(self.key(sig, target_context.codegen()))
                if payload is not None:
                    return CompileResult._rebuild(target_context, *payload)
            return self.behind.load_overload(sig, target_context)

        def save_overload(self, sig: Any, data: Any) -> None:
            folder = os.environ.get(WRITE_TO)
            if folder is None:
                self.behind.save_overload(sig, data)
            elif self.behind._impl.check_cachable(data):
                self.entries(Path(folder)).save(self.key(sig, data.codegen), data._reduce())

        def key(self, sig: Any, codegen: Any) -> Any:
            """Numba's key without the processor's name and features, for which those of ``CPU`` stand."""
            signature, (triple, *_), code = FunctionCache._index_key(self, sig, codegen)
            return signature, triple, code

        def entries(self, folder: Path) -> Any:
            name = f"{function.__module__}.{function.__qualname__}-py{sys.version_info[0]}{sys.version_info[1]}"
            return IndexDataCacheFile(str(folder), name.replace("<", "").replace(">", ""), sources())

    dispatcher._cache = Prebuilt()
    return dispatcher
