"""Figures of the house: sizes, names, types, doors and words of the package.

    python -m benchmarks.house            # a table
    python -m benchmarks.house --json
    python -m benchmarks.house --root OTHER_CHECKOUT

Counts what makes code hard to read for a stranger, so that a change can be held against
what stood before. Nothing is imported: the sources are parsed.
"""

import argparse
import ast
import io
import json
import re
import statistics
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "monitoring_tasks"
STEPS = ("extract", "validate", "estimate", "compare", "decide", "respond", "learn")
FLOW = (*STEPS, "workspace", "rows", "statistics", "domain", "daily.py", "wiring")
"""Where a day flows; `store`, `report`, `cli` and `contract` border on JSON."""
WITHOUT_CONTENT = frozenset(
    {
        "space", "found", "known", "one", "told", "mine", "asked", "place", "thing",
        "stuff", "data", "tmp", "temp", "obj", "item", "value_", "res", "ret",
        "look", "looks", "wish", "whole", "rest", "what", "seen", "said",
        "answer_", "theirs", "ours", "other_", "more",
    }
)  # fmt: skip
"""Names that say nothing of what they hold."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    options = parser.parse_args()
    figures = measure(options.root / PACKAGE)
    if options.json:
        print(json.dumps(figures, indent=2))  # noqa: T201 (a script's output)
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), str(value))
    Console().print(table)


def measure(package: Path) -> dict[str, Any]:
    """All figures of a package's sources, by name."""
    paths = sorted(p for p in package.rglob("*.py") if "migrations" not in p.parts)
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    lines = [text.count("\n") for path, text in texts.items() if text.count("\n") > 1]
    functions = [f for tree in trees.values() for f in functions_in(tree)]
    sizes = [code_lines(f) for f in functions]
    names = [name for tree in trees.values() for name in named_in(tree)]
    empty = [name for name in names if name in WITHOUT_CONTENT]
    comments = sum(comment_count(text) for text in texts.values())
    public = [f for f in functions if not f.name.startswith("_")]
    several = [f for f in public if parameters(f) >= 2]
    docs = [doc for f in functions if (doc := ast.get_docstring(f))]
    flow = [p for p in paths if is_in(p.relative_to(package), FLOW)]
    doors = [
        path.relative_to(package).as_posix()
        for path, tree in trees.items()
        if imports_workspace(tree)
    ]
    return {
        "files": len(lines),
        "lines": sum(lines),
        "file_lines_median": round(statistics.median(lines)),
        "file_lines_p90": quantile(lines, 0.9),
        "file_lines_max": max(lines),
        "functions": len(functions),
        "function_lines_median": round(statistics.median(sizes)),
        "function_lines_p95": quantile(sizes, 0.95),
        "function_lines_max": max(sizes),
        "names_without_content_percent": percent(len(empty), len(names)),
        "dict_str_any_in_the_flow": sum(
            len(re.findall(r"dict\[str, Any\]|Mapping\[str, Any\]", texts[p]))
            for p in flow
        ),
        "files_importing_the_workspace_in_steps": sum(
            is_in(Path(d), STEPS) for d in doors
        ),
        "files_importing_the_workspace": len(doors),
        "lines_per_comment": round(sum(lines) / max(1, comments)),
        "public_functions_of_two_or_more_parameters_with_args_percent": percent(
            sum("Args:" in (ast.get_docstring(f) or "") for f in several), len(several)
        ),
        "docstrings_beginning_with_give": sum(d.startswith("Give ") for d in docs),
    }


def is_in(path: Path, rooms: Iterable[str]) -> bool:
    """Whether a path below the package lies in one of the rooms."""
    return path.parts[0] in rooms


def functions_in(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    return (n for n in ast.walk(tree) if isinstance(n, Function))


def code_lines(function: Function) -> int:
    """Lines of a function's body, its docstring aside."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def named_in(tree: ast.AST) -> Iterator[str]:
    """Every assigned name and every parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def parameters(function: Function) -> int:
    """How many parameters a function has, `self` and `cls` aside."""
    args = function.args
    named = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def imports_workspace(tree: ast.AST) -> bool:
    """Whether a module imports the workspace itself."""
    return any(
        (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").endswith("workspace.workspace")
        )
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == f"{PACKAGE}.wiring.workspace"
        )
        for node in ast.walk(tree)
    )


def comment_count(text: str) -> int:
    """Comments that explain: marks for tools do not count."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    marks = ("# noqa", "# type:", "# fmt:", "# pragma")
    return sum(
        token.type == tokenize.COMMENT and not token.string.startswith(marks)
        for token in tokens
    )


def quantile(values: list[int], share: float) -> int:
    """The value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def percent(part: int, whole: int) -> float:
    """A share in percent, to one decimal."""
    return round(100 * part / whole, 1) if whole else 0.0


if __name__ == "__main__":
    main()
