"""`docs/contract.md` has every key of a contract, with the default the code has."""

import re
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.governance import Governance
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.contract.response import Response
from monitoring_tasks.contract.schedule import AssetSchedule, CronSchedule
from monitoring_tasks.contract.slos import Indicator, Slo
from monitoring_tasks.contract.sources import FileSource, SqlSource
from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import metrics_for
from monitoring_tasks.domain.problems import Problem
from tests.papers.pages import PACKAGE, cells, section, words

PAGE = "docs/contract.md"
UNWRITTEN = {"version_map"}
"""Keys that are made of others and not written."""
PARTS = {
    name: field.annotation
    for name, field in Policy.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}


def listed_keys(title: str) -> set[str]:
    """Return the keys of a section's tables, by their full name within it."""
    rows = cells(section(PAGE, title).split("\n### ")[0])
    return {key for row in rows for key in words(row[0])}


def keys_of(model: type[BaseModel]) -> set[str]:
    """Return the keys of a part of a contract."""
    return set(model.model_fields) - UNWRITTEN


@pytest.mark.parametrize(
    ("title", "models"),
    [
        ("Top level", (Contract,)),
        ("schedule", (CronSchedule, AssetSchedule)),
        ("columns", (Columns,)),
        ("value", (BusinessValue,)),
        ("governance", (Governance,)),
    ],
)
def test_every_key_is_described(
    title: str, models: tuple[type[BaseModel], ...]
) -> None:
    """The table has each key, and no other."""
    expected = set().union(*map(keys_of, models))
    assert listed_keys(title) - {"default"} == expected


def test_every_key_of_sources_is_described() -> None:
    """Files and SQL share some keys; the page has all of both."""
    keys = keys_of(FileSource) | keys_of(SqlSource)
    assert keys - {"kind"} <= listed_keys("sources") <= keys


def test_every_key_of_objectives_and_slos_is_described() -> None:
    """An indicator's keys stand with their prefix; realized metrics do not count."""
    objective = {row for row in listed_keys("objectives") if row in keys_of(Objective)}
    assert objective == keys_of(Objective)
    slo = {f"indicator.{key}" for key in keys_of(Indicator)}
    assert listed_keys("slos") == slo | (keys_of(Slo) - {"indicator"})


def test_every_limit_of_the_policy_is_described() -> None:
    """Plain keys in the section itself, parts in their own or with a dot."""
    listed = {key.split(".")[0] for key in listed_keys("policy")}
    parts = {name for name in PARTS if has_section(f"policy.{name}")}
    assert listed | parts == keys_of(Policy)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_key_of_a_part_is_described(name: str) -> None:
    """A part with a section lists each of its keys, and no other."""
    title = f"policy.{name}"
    expected = keys_of(PARTS[name])
    if has_section(title):
        listed = {key.split(".")[0] for key in listed_keys(title)}
    else:
        keys = listed_keys("policy")
        listed = {k.partition(".")[2] for k in keys if k.startswith(f"{name}.")}
        listed = listed or (expected if name in keys else set())
    assert listed == expected


def test_every_key_of_the_response_is_described() -> None:
    """A key may stand with one of its own below it."""
    listed = {key.split(".")[0] for key in listed_keys("response")}
    assert listed == keys_of(Response)


def has_section(title: str) -> bool:
    """Whether a part has a section of its own."""
    try:
        return bool(section(PAGE, title))
    except StopIteration:
        return False


def default_of(model: type[BaseModel], key: str) -> Any:  # noqa: ANN401 (any default)
    """Return the default of a key, of a part's part by a dotted name."""
    first, _, rest = key.partition(".")
    field = model.model_fields[first]
    if rest:
        assert isinstance(field.annotation, type)
        return default_of(field.annotation, rest)
    return field.default


@pytest.mark.parametrize(
    ("title", "model"),
    [
        *((f"policy.{name}", model) for name, model in sorted(PARTS.items())),
        ("policy", Policy),
        ("columns", Columns),
        ("response", Response),
    ],
)
def test_defaults_are_those_of_the_code(title: str, model: type[BaseModel]) -> None:
    """A number, word or yes-and-no in the column of defaults is what the code takes."""
    if not has_section(title):
        pytest.skip("its keys stand in the section of the policy")
    for row in cells(section(PAGE, title).split("\n### ")[0]):
        keys, stated = words(row[0]), words(row[1])
        if len(keys) != len(stated) or not keys:
            continue
        for key, text in zip(keys, stated, strict=True):
            default = default_of(model, key)
            if default is PydanticUndefined or isinstance(default, BaseModel | tuple):
                continue
            if isinstance(default, bool | str):
                assert str(default).lower() == text.lower(), key
            elif isinstance(default, int | float):
                assert float(text) == float(default), key


def test_every_metric_is_listed_for_its_source_and_problem() -> None:
    """The table under `objectives` is the table of metrics, no more and no less."""
    for row in cells(section(PAGE, "objectives")):
        match = re.fullmatch(r"`(\w+)`(?:, (\w+))?", row[0])
        if match is None or match[1] not in set(Kind):
            continue
        problem = match[2] or Problem.BINARY
        expected = {
            f"{m.name}<class>" if m.is_family else m.name
            for m in metrics_for(Kind(match[1]), problem)
        }
        ignored = {"segment: column=value", "segment: all", "all", "estimated_"}
        named = set(words(row[1])) - ignored
        if match[1] == Kind.FAIRNESS:
            named |= {name for name in expected if name.startswith("estimated_")}
        assert named == expected, row[0]


def test_every_key_has_a_module_of_its_name() -> None:
    """Where is a key? In the module that is called like it."""
    plain = {"owners", "problem", "alias", "tier", "timezone", "classes"}
    keys = (set(Contract.model_fields) - plain) | set(PARTS)
    modules = {path.stem for path in (PACKAGE / "contract").glob("*.py")}
    assert sorted(keys - modules - {"slow_persistence"}) == []
