"""The decorator of all compiled functions: numba's, with what keeps the first compilation short.

A wheel may bring machine code with it (:mod:`mtp_theory.prebuilt`). What is compiled here is kept on disk: beside the
package, where that cannot be written in the user's cache folder, or where ``NUMBA_CACHE_DIR`` says; where no folder can
be written every process compiles for itself. Entries that nobody uses
are not compiled: that for C callbacks never, that from Python not for functions which other kernels alone call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

#: Called once for a process that must compile, before it does; the command line says so to its user.
announce: Callable[[], object] | None = None


def kernel(*, inner: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile at the first call of each signature; ``options``: numba's.

    ``inner``: other kernels alone call it. It has no entry from Python, where it stays the Python function that it is.
    """
    from numba import njit
    from numba.extending import register_jitable

    from .prebuilt import cached

    _listen()
    options |= {"no_cfunc_wrapper": True}
    if inner:
        decorator: Callable[[Callable[..., Any]], Any] = register_jitable(**options)
        return decorator

    def decorate(function: Callable[..., Any]) -> Any:
        return cached(njit(**options)(function))

    return decorate


@cache
def _listen() -> None:
    """Have numba tell of the first compilation, of which code from the cache is none."""
    from numba.core import event

    class Once(event.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            global announce
            if announce is not None:
                announce()
                announce = None

        def on_end(self, event: Any) -> None:
            pass

    event.register("numba:compile", Once())


__all__ = ["kernel"]
