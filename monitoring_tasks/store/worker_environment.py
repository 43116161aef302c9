"""How a program that loads models is started: its interpreter and environment."""

import os
import site
import sys
from pathlib import Path

from monitoring_tasks.settings import QUIET, TELEMETRY_OFF

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
)
_PACKAGE_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")


def command(program: Path, python: str = "") -> list[str]:
    """The command that runs a file of ours, which needs nothing else of Daywatch.

    Args:
        program: The file.
        python: Another interpreter than this one. It is isolated (`-I`): it takes its
            own packages, and none from our search path or the user's.
    """
    if is_other(python):
        return [python, "-I", "-B", str(program)]
    # Without `-P` the file's own folder, full of our modules, is searched first.
    return [sys.executable, "-P", str(program)]


def is_other(python: str) -> bool:
    """Whether this is another interpreter than the one that runs; empty is this one."""
    return python not in {"", sys.executable}


def stripped_environment(
    threads: int, scratch: str, python: str = ""
) -> dict[str, str]:
    """Return the environment of a child: what Python and its libraries need, no more.

    No password, token or address: only what is named here is passed on.

    Args:
        threads: Threads a version may use.
        scratch: An empty folder: its home, and where temporary files go.
        python: The interpreter; another than this one gets no search path of ours.
    """
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **kept,
        **TELEMETRY_OFF,
        **QUIET,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        **({} if is_other(python) else _search_paths()),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "HOME": scratch,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": scratch,
    }


def _search_paths() -> dict[str, str]:
    path = [str(_PACKAGE_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        "PYTHONPATH": os.pathsep.join(
            str(Path(part).resolve()) for part in path if part
        ),
        "PYTHONUSERBASE": site.getuserbase(),
    }
