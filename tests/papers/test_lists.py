"""Lists in the documents hold what the code holds: nothing less, nothing else."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator

import typer
from click import Command

from monitoring_tasks import errors
from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.settings import Settings
from monitoring_tasks.store.schema import METADATA
from tests.papers.pages import PACKAGE, PAGES, ROOT, cells, page, section, words

ARCHITECTURE, OPERATIONS, MAP = (
    "docs/architecture.md",
    "docs/operations.md",
    "docs/map.md",
)


def error_tree(base: type, depth: int = 0) -> Iterator[tuple[int, str]]:
    """List a class and all that derive from it, each with its depth."""
    yield depth, base.__name__
    for derived in base.__subclasses__():
        if derived.__module__ == errors.__name__:
            yield from error_tree(derived, depth + 1)


def test_error_tree_is_drawn_as_it_is() -> None:
    """Every error stands in the drawing below its base, in the order of the file."""
    drawn = re.findall(
        r"^([│├└─ ]*)(\w+Error)\b", errors.__doc__ or "", flags=re.MULTILINE
    )
    assert [(len(lead) // 4, name) for lead, name in drawn] == [
        *error_tree(errors.MonitoringError)
    ]


def test_errors_named_in_the_pages_exist() -> None:
    """No page speaks of an error that is gone."""
    named = {
        name
        for path in PAGES
        for name in words(path.read_text(encoding="utf-8"))
        if re.fullmatch(r"[A-Z]\w+Error", name)
    }
    assert named
    assert [name for name in sorted(named) if not hasattr(errors, name)] == []


def dag_ids() -> set[str]:
    """Return the id of every DAG of `dags/`: the function's name unless it says one."""
    ids = set()
    for path in (ROOT / "dags").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "dag":
                    stated = {k.arg: ast.unparse(k.value) for k in mark.keywords}
                    ids.add(stated.get("dag_id", node.name))
    return {re.sub(r"^f'(.*)\{.*\}'$", r"\1<model>", one) for one in ids}


def test_every_dag_is_listed() -> None:
    """The table of DAGs of the operations page has each, once."""
    listed = [row[0] for row in cells(section(OPERATIONS, "An Airflow of your own"))]
    assert sorted(listed) == sorted(f"`{name}`" for name in dag_ids())


def commands(command: Command, name: str = "") -> Iterator[str]:
    """List the commands of a group by the words one types."""
    for word, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{name} {word}".strip())
    if not hasattr(command, "commands"):
        yield name


def test_every_command_is_described() -> None:
    """Whoever looks for a command finds it on the first page or the operations page."""
    text = page("README.md") + page(OPERATIONS)
    found = set(re.findall(r"\b(?:daywatch|make) ([a-z][a-z-]*)", text))
    found |= {
        word
        for line in text.splitlines()
        if "daywatch" in line
        for word in re.findall(r"`([a-z][a-z-]*)(?: [A-Z]+)?`", line)
    }
    names = {name.split()[0] for name in commands(typer.main.get_command(app))}
    assert sorted(names - found) == []


def test_commands_in_the_pages_exist() -> None:
    """What a page tells people to type is there."""
    group = typer.main.get_command(app)
    known = {name.split()[0] for name in commands(group)} | {"help"}
    for path in PAGES:
        typed = re.findall(
            r"(?:`|^ {4})daywatch ([a-z][a-z-]*)", path.read_text(), re.MULTILINE
        )
        assert sorted(set(typed) - known) == [], path.name


def test_every_cause_has_its_row() -> None:
    """The order of causes names each of them, and only those there are."""
    rows = [
        row
        for row in cells(section(ARCHITECTURE, "From a verdict to an action"))
        if len(row) == 2
    ]
    named = {words(row[1])[0] for row in rows if words(row[1])}
    assert named == {cause.value for cause in Cause}


def test_glossary_lists_every_cause() -> None:
    """What the glossary says a cause may be is what there is."""
    meanings = {row[0]: row[1] for row in cells(section(ARCHITECTURE, "Glossary"))}
    assert words(meanings["cause"]) == [cause.value for cause in Cause]


def test_severities_and_verdicts_are_listed() -> None:
    """Each verdict has its row; the table of severities has a column for each."""
    verdicts = [words(row[0])[0] for row in cells(section(ARCHITECTURE, "Verdicts"))]
    assert set(verdicts) == {verdict.value for verdict in Verdict}
    head = "| row | " + " | ".join(severity.value for severity in Severity) + " |"
    assert head in page(ARCHITECTURE)


def test_every_mode_is_listed() -> None:
    """The table of modes has each."""
    listed = [words(row[0])[0] for row in cells(section(ARCHITECTURE, "Modes"))]
    assert sorted(listed) == sorted(mode.value for mode in Mode)


def test_every_table_of_the_store_is_listed() -> None:
    """What the store holds is described, table by table."""
    rows = cells(section(ARCHITECTURE, "What is stored where"))
    listed = {words(row[0])[0] for row in rows if len(row) == 3 and words(row[0])}
    tables = set(METADATA.tables) | {"daywatch_schema"}
    assert tables <= listed
    assert {name for name in listed if re.fullmatch(r"[a-z_]+", name)} <= tables


def test_every_setting_is_listed_with_its_variable() -> None:
    """The table of settings has each, the environment's name beside it."""
    rows = cells(section(OPERATIONS, "Settings"))
    listed = {words(row[0])[0]: words(row[1]) for row in rows if words(row[0])}
    assert set(listed) == set(Settings.model_fields) - {"home"}
    for name, variables in listed.items():
        assert variables == [f"DAYWATCH_{name.upper()}"]


def test_layers_are_drawn_as_they_are_kept() -> None:
    """The drawing of the layers is the one import-linter holds."""
    rules = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [rule["layers"] for rule in rules if rule["type"] == "layers"]
    drawn = "\n".join(f"    {layer}" for layer in layers)
    assert drawn in page(ARCHITECTURE)


def test_every_rule_of_imports_is_listed() -> None:
    """The table of import contracts names each."""
    rules = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    listed = [row[0] for row in cells(section(ARCHITECTURE, "Layers"))]
    assert sorted(listed) == sorted(rule["name"] for rule in rules)


def test_every_folder_is_on_the_map() -> None:
    """The map has a line for each folder and each module beside them."""
    folders = {
        f"{path.relative_to(PACKAGE).as_posix()}/"
        for path in PACKAGE.rglob("*")
        if path.is_dir() and (path / "__init__.py").exists()
    }
    modules = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}
    listed = [words(row[0])[0] for row in cells(section(MAP, "The folders"))]
    inside = [name for name in listed if not name.startswith("../")]
    assert sorted(inside) == sorted(folders | modules)


def test_files_named_in_the_pages_exist() -> None:
    """A path in backticks leads to a file or folder of the project."""
    lost = []
    for path in [*PAGES, *ROOT.glob("docs/decisions/*.md")]:
        if path.name == "CHANGELOG.md" or "superseded" in path.read_text()[:200]:
            continue
        for name in words(path.read_text(encoding="utf-8")):
            if not re.fullmatch(r"[a-z_]+(/[a-z_]+)*/[a-z_]+\.py", name):
                continue
            roots = (ROOT, PACKAGE, ROOT / "dags")
            if not any((root / name).exists() for root in roots):
                lost.append(f"{path.relative_to(ROOT)}: {name}")
    assert lost == []


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link has its file, and its heading."""
    lost = []
    for path in [*PAGES, *ROOT.glob("docs/decisions/*.md")]:
        for target in re.findall(r"\]\((?!http)([^)\s]+)\)", path.read_text()):
            name, _, anchor = target.partition("#")
            aim = (path.parent / name) if name else path
            if not aim.exists() or (anchor and anchor not in anchors(aim.read_text())):
                lost.append(f"{path.relative_to(ROOT)}: {target}")
    assert lost == []


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


def test_errors_have_one_sentence_each() -> None:
    """Each error says in its docstring when it is raised."""
    for _, name in error_tree(errors.MonitoringError):
        assert inspect.getdoc(getattr(errors, name)), name
