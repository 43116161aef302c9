"""Which libraries the scoring process needs and this interpreter lacks.

Run as a program by `interpreters.interpreter_fault`: it needs nothing of Daywatch.
"""

import importlib.util
import json
import sys

NEEDED = ("mlflow", "pandas", "pyarrow")


def main() -> None:
    """Print the absent ones as JSON."""
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    sys.stdout.write(json.dumps({"absent": absent}))


if __name__ == "__main__":
    main()
