from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.schedule import AssetSchedule, CronSchedule
from monitoring_tasks.contract.sources import FileSource, SqlSource
from monitoring_tasks.domain.findings import Kind
from tests.builders import (
    COLUMNS,
    FILES,
    make_columns,
    make_contract,
    make_measurement,
    raw_contract,
)

SQL = {"kind": "sql", "connection": "warehouse", "table": "scores"}
FACTS = {"freeze": "facts"}
OBJECTIVE = {"metric": "f1", "source": "realized"}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param({"ownr": 1}, "Extra inputs", id="unknown key"),
        *(
            pytest.param(
                {"sources": {"predictions": FILES, "labels": FILES} | parts},
                says,
                id=f"facts: {says}",
            )
            for parts, says in (
                ({"labels": FILES | FACTS}, "their rows are always copied"),
                ({"predictions": FILES | FACTS | {"format": "csv"}}, "says no types"),
                (
                    {"predictions": SQL | FACTS | {"connection": "sqlite:///a.db"}},
                    "'sqlite' cannot: Postgres and Parquet files can",
                ),
                (
                    {"predictions": SQL | FACTS | {"connection": "mysql+x://a/b"}},
                    "'mysql' cannot",
                ),
                ({"predictions": FILES | {"freeze": "row"}}, "'rows' or 'facts'"),
            )
        ),
        pytest.param({"policy": {"min_row": 1}}, "Extra inputs", id="nested"),
        pytest.param({"owners": []}, "at least 1", id="nobody to tell"),
        pytest.param({"model": "a/b"}, "model: letters, digits, _ and", id="model"),
        pytest.param({"model": ""}, "model: letters, digits, _ and", id="no model"),
        pytest.param({"tier": 4}, "1, 2 or 3", id="tier"),
        pytest.param({"problem": "ranking"}, "'binary'", id="problem"),
        pytest.param({"alias": "Latest"}, "reserved by MLflow", id="alias latest"),
        pytest.param({"alias": "v12"}, "reserved by MLflow", id="alias of a version"),
        pytest.param({"timezone": "Mars/Olympus"}, "IANA", id="zone"),
        pytest.param({"schedule": {"cron": "0 6 * *"}}, "every day", id="cron"),
        pytest.param({"schedule": {"cron": "0 * * * *"}}, "every day", id="hourly"),
        pytest.param({"schedule": {"assets": []}}, "at least 1", id="no asset"),
        pytest.param({"response": {"mode": "loud"}}, "'observe'", id="mode"),
        pytest.param({"objectives": [OBJECTIVE]}, "at least one of", id="no limit"),
        pytest.param(
            {"objectives": [OBJECTIVE | {"min": 2, "max": 1}]}, "lies above", id="empty"
        ),
        pytest.param(
            {"objectives": [OBJECTIVE | {"max_drop": 0}]}, "greater than 0", id="drop"
        ),
        pytest.param(
            {"policy": {"persistence": {"bad_days": 4, "of_days": 3}}},
            "cannot happen",
            id="k of n",
        ),
        pytest.param({"policy": {"confidence": 1}}, "less than 1", id="confidence"),
        pytest.param({"policy": {"label_coverage": 1.1}}, "less than or", id="ratio"),
        pytest.param({"policy": {"min_rows": 0}}, "greater than or", id="rows"),
        pytest.param(
            {"columns": COLUMNS | {"continuous": ["a"], "categorical": ["a"]}},
            "more than once: a",
            id="two roles",
        ),
        pytest.param({"model": "prod..loan"}, "joined by single dots", id="two dots"),
        pytest.param({"model": "m" * 201}, "at most 200", id="long model name"),
        pytest.param({"alias": "a.b"}, "no name for an alias: letters", id="alias"),
        *(
            pytest.param(
                {"columns": COLUMNS | {role: [COLUMNS["label"]]}},
                f"the label '{COLUMNS['label']}' is also declared",
                id=f"label as {role}",
            )
            for role in ("continuous", "categorical", "calendar", "segments")
        ),
        pytest.param(
            {"columns": COLUMNS | {"continuous": [COLUMNS["score"]]}},
            f"as a feature: {COLUMNS['score']}; what a version gives",
            id="score as a feature",
        ),
        pytest.param(
            {"columns": COLUMNS | {"score": None}}, "a binary model needs", id="score"
        ),
        pytest.param(
            {"columns": COLUMNS | {"score": {"a": "s"}}},
            "a binary model needs",
            id="binary with several scores",
        ),
    ],
)
def test_contract_is_refused_when_a_rule_is_broken(
    parts: dict[str, Any], says: str
) -> None:
    """Nothing is guessed: what is wrong or unknown is refused with a reason."""
    with pytest.raises(ValidationError, match=says):
        make_contract(**parts)


@pytest.mark.parametrize("key", sorted(raw_contract()))
def test_contract_is_refused_when_a_required_key_is_missing(key: str) -> None:
    """Model, problem, owners, sources and columns have no default."""
    raw = raw_contract()
    del raw[key]
    with pytest.raises(ValidationError, match=f"{key}\n.*Field required"):
        Contract.model_validate(raw)


@pytest.mark.parametrize(
    ("score", "classes", "says"),
    [
        pytest.param("s", ["a", "b"], "{class: column}", id="one column"),
        pytest.param({"a": "s"}, ["a", "b"], "exactly the classes", id="too few"),
        pytest.param({"a": "s", "c": "t"}, ["a", "b"], "exactly", id="other names"),
    ],
)
def test_multiclass_contract_needs_one_score_a_class(
    score: object, classes: list[str], says: str
) -> None:
    """The scores of a multiclass model name exactly its classes."""
    with pytest.raises(ValidationError, match=says):
        make_contract(
            problem="multiclass", classes=classes, columns=COLUMNS | {"score": score}
        )


def test_contract_of_every_problem_is_accepted() -> None:
    """Multiclass has a score a class, regression none."""
    scores = {"a": "score_a", "b": "score_b"}
    many = make_contract(
        problem="multiclass", classes=["a", "b"], columns=COLUMNS | {"score": scores}
    )
    value = make_contract(problem="regression", columns=COLUMNS | {"score": None})
    assert many.columns.scores == ("score_a", "score_b")
    assert value.columns.scores == ()


@pytest.mark.parametrize(
    ("connection", "allowed"),
    [
        ("warehouse", True),
        ("postgresql://host/db", True),
        ("postgresql://host:5432/db", True),
        ("postgresql://user@host/db", True),
        ("sqlite:////data/rows.db", True),
        ("postgresql://user:secret@host/db", False),
        ("postgresql://:secret@host/db", False),
        ("postgresql://user:sec/ret@host/db", False),
        ("postgresql://user:sec ret@host/db", False),
        ("postgresql://host/db?user=u&password=secret", False),
    ],
)
def test_sql_source_refuses_a_password(connection: str, *, allowed: bool) -> None:
    """A contract is read by many; secrets live with the connection."""
    raw = SQL | {"connection": connection}
    if allowed:
        assert SqlSource.model_validate(raw).connection == connection
        return
    with pytest.raises(ValidationError, match="a password does not belong"):
        SqlSource.model_validate(raw)


def test_source_is_chosen_by_its_kind() -> None:
    """`kind` says whether rows lie in files or in a table."""
    contract = make_contract(sources={"predictions": FILES, "labels": SQL})
    assert isinstance(contract.sources.predictions, FileSource)
    assert isinstance(contract.sources.labels, SqlSource)


@pytest.mark.parametrize(
    ("schedule", "kind"),
    [
        ({}, CronSchedule),
        ({"cron": "5 4 * * *"}, CronSchedule),
        ({"assets": ["scores"]}, AssetSchedule),
    ],
)
def test_schedule_is_a_clock_or_assets(
    schedule: dict[str, Any], kind: type[object]
) -> None:
    """The clock is the default; naming assets makes it asset-driven."""
    assert isinstance(make_contract(schedule=schedule).schedule, kind)


def test_columns_are_listed_once_in_order() -> None:
    """A column with several roles is read once."""
    columns = make_columns(
        continuous=["x", "y"],
        categorical=["c"],
        calendar=["w"],
        segments=["c"],
        protected=["c", "z"],
        latency="t",
    )
    assert columns.features == ("x", "y", "c", "w")
    assert columns.of_predictions == (
        *("id", "at", "version", "score", "prediction"),
        *("x", "y", "c", "w", "t", "z"),
    )


def test_contract_cannot_be_changed() -> None:
    """A contract that was read stays as it was read."""
    contract = make_contract()
    with pytest.raises(ValidationError, match="frozen"):
        contract.tier = 1
    assert contract.zone.key == "UTC"


def test_model_may_be_called_as_in_unity_catalog() -> None:
    """Catalog, schema and model, joined by dots."""
    contract = make_contract(model="prod.risk.loan")
    assert contract.model == "prod.risk.loan"


def test_version_column_may_say_what_its_values_mean() -> None:
    """Numbers that YAML read as such are taken as the text they are."""
    declared = {"column": "version", "map": {"v1": 1, 2.0: "2"}}
    columns = make_contract(columns=COLUMNS | {"model_version": declared}).columns
    assert columns.model_version == "version"
    assert columns.version_map == {"v1": "1", "2.0": "2"}


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        pytest.param({"column": "version"}, "map: {VALUE: VERSION}", id="no map"),
        pytest.param(
            {"column": "version", "map": {"v1": "first"}},
            "'first' is no version",
            id="no number",
        ),
    ],
)
def test_version_column_with_half_a_map_is_refused(
    declared: dict[str, object], said: str
) -> None:
    """The error says how it is written."""
    with pytest.raises(ValueError, match=said):
        make_contract(columns=COLUMNS | {"model_version": declared})


@pytest.mark.parametrize(
    "source",
    [FILES, SQL, SQL | {"connection": "postgresql+psycopg://host/base"}],
    ids=["parquet", "a name", "postgres"],
)
def test_rows_may_stay_where_an_engine_counts_them(source: dict[str, Any]) -> None:
    """In Parquet files and in Postgres; what a name stands for is not known here."""
    sources = {"predictions": source | FACTS, "labels": FILES}
    assert make_contract(sources=sources).sources.predictions.freeze == "facts"
    assert make_contract().sources.predictions.freeze == "rows"


def test_as_many_rows_are_kept_as_any_measuring_row_by_row_takes() -> None:
    """A search for weak segments may take more than the others."""
    policy = {"sample_rows": 300, "weak_segments": {"sample_rows": 500}}
    assert make_contract(policy=policy).kept_rows == 500


@pytest.mark.parametrize(
    ("parts", "past"),
    [
        ({"value": 0.5, "lower": 0.4, "upper": 0.5999}, True),
        ({"value": 0.5, "lower": 0.4, "upper": 0.6}, False),
        ({"value": 0.59}, True),
        ({"value": None}, False),
        ({"value": 0.5, "metric": "f1"}, False),
        ({"value": 0.5, "segment": "sex=f"}, False),
    ],
)
def test_hard_limit_is_passed_by_the_whole_interval(
    parts: dict[str, Any], *, past: bool
) -> None:
    """Of the very number it was stated for; an absent number passes nothing."""
    stated = {"metric": "roc_auc", "source": "realized", "min": 0.7, "hard_min": 0.6}
    contract = make_contract(objectives=[stated])
    assert contract.is_past_hard(make_measurement(**parts)) is past


def test_hard_limit_from_above() -> None:
    """A gap is too large, not too small."""
    gap = {"metric": "equal_opportunity_gap", "column": "sex"}
    stated = gap | {"source": "fairness", "max": 0.1, "hard_max": 0.2}
    columns = make_columns(protected=["sex"]).model_dump()
    contract = make_contract(objectives=[stated], columns=columns)
    for lower, past in ((0.2001, True), (0.2, False)):
        number = make_measurement(kind=Kind.FAIRNESS, **gap, lower=lower, upper=0.5)
        assert contract.is_past_hard(number) is past
