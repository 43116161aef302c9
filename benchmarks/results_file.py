"""Figures of a benchmark kept beside its code: part by part, with when and where."""

import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def measured_part(figures: Figures) -> Figures:
    """Return the figures of a part with the machine and the day they were measured on.

    Args:
        figures: What was measured.
    """
    return {
        "measured_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        # What others had running at the end of it: CPU seconds suffer from that too.
        "load": [round(load, 1) for load in os.getloadavg()],
        **figures,
    }


def keep_parts(path: Path, parts: Figures) -> None:
    """Write parts into a file of results; those that were not measured stay.

    Args:
        path: The file; made if it is not there.
        parts: Figures by part.
    """
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(kept | parts, indent=2) + "\n", encoding="utf-8")


def say(sentence: str) -> None:
    """Tell whoever waits what is being done, with the time.

    Args:
        sentence: What.
    """
    clock = time.strftime("%H:%M:%S", time.gmtime())
    print(f"{clock} {sentence}", file=sys.stderr, flush=True)  # noqa: T201 (progress)
