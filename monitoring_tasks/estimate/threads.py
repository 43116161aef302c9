"""How many threads linear algebra and tree building may take."""

import sys
from contextlib import AbstractContextManager
from functools import cache

import threadpoolctl  # type: ignore[import-untyped]  # no stubs

THREADS = 1
"""A day's rows are few: more threads wait for each other, and for other processes."""

LIBRARIES = ("nannyml", "sklearn", "lightgbm")
"""Loading one of them brings pools of threads that were not there before."""


def one_thread() -> AbstractContextManager[object]:
    """Keep BLAS and OpenMP to one thread while the context is open.

    They take every core they see otherwise, in every process of a worker at once.
    Results do not depend on the machine's cores then. Import what brings such a library
    (NannyML, scikit-learn, LightGBM) before the call: what is loaded while the context
    is open is not known to it.
    """
    loaded = tuple(name in sys.modules for name in LIBRARIES)
    limits: AbstractContextManager[object] = _pools(loaded).limit(limits=THREADS)
    return limits


@cache
def _pools(_loaded: tuple[bool, ...]) -> threadpoolctl.ThreadpoolController:
    """Find the libraries once: looking for them takes longer than a small day."""
    return threadpoolctl.ThreadpoolController()
