"""A store with years of many models, made by the database itself in a few statements.

Rows have the sizes of real ones; what they hold is the same over and over.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import Table, table_of
from monitoring_tasks.store.schema import (
    BatchSummaryRow,
    EvaluationRow,
    FindingRow,
    LabelRoundRow,
    PartitionRow,
    ProfileRow,
)

LAST_DAY = date(2026, 10, 31)
VERSION = "7"
SEGMENTS = ("all", "region=north")
EVIDENCE = {
    "machine": {"columns": [f"column_{n}" for n in range(40)]},
    "text": "x" * 900,
}
CHECKS = [
    asdict(
        Check(
            gate="reference",
            name=f"expect_column_{n}_to_be_usual",
            status="passed",
            severity="warning",
            column="amount",
        )
    )
    for n in range(12)
]
DIGEST = "0123456789abcdef" * 4
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is made.

    Attributes:
        models: Models.
        days: Days of each.
        profile_bytes: Size of a day's counts.
    """

    models: int
    days: int
    profile_bytes: int

    @property
    def first_day(self) -> date:
        """The first of the days."""
        return LAST_DAY - timedelta(days=self.days - 1)


def model_name(number: int) -> str:
    """Return the name of a made model."""
    return f"model_{number:04d}"


def unit_of(model: str, day: date) -> Unit:
    """Return the one look there is at a day."""
    instant = datetime.combine(day + timedelta(days=1), time(6), UTC)
    return Unit(model=model, day=day, as_of=instant, mode=Mode.LIVE)


def fill(database: Database, size: Size, progress: Progress) -> None:
    """Fill an empty store with days; incidents come after, see `made_incidents`.

    Args:
        database: The store.
        size: How much is made.
        progress: Told what is made next.
    """
    with database.transaction() as connection:
        seeds = _seeds(connection, size)
    models, days, numbers = seeds
    # Day after day, as it comes in time: the rows of a model lie far apart.
    every = days.join(models, sa.true())
    for name, table, values, joined in _rows(size, models, days, numbers):
        progress(name)
        with database.transaction() as connection:
            _insert(connection, table, values, every if joined is None else joined)
    with database.transaction() as connection:
        for seed in seeds:
            seed.drop(connection)


def gather_statistics(database: Database) -> None:
    """Do what Postgres' own vacuum does after a while; SQLite goes without."""
    if database.is_postgres:
        engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def _seeds(
    connection: sa.Connection, size: Size
) -> tuple[sa.Table, sa.Table, sa.Table]:
    """Write the few rows whose combinations are the store."""
    metadata = sa.MetaData()
    text = sa.Text()
    models = sa.Table("made_models", metadata, sa.Column("model", text))
    days = sa.Table(
        "made_days",
        metadata,
        sa.Column("day", sa.Date()),
        sa.Column("as_of", table_of(EvaluationRow).c.as_of.type),
        sa.Column("middle", text),
    )
    numbers = sa.Table(
        "made_numbers",
        metadata,
        *(sa.Column(name, text) for name in ("kind", "metric", "column", "segment")),
        sa.Column("verdict", text),
    )
    metadata.create_all(connection)
    names = [{"model": model_name(n)} for n in range(size.models)]
    connection.execute(sa.insert(models), names)
    dated = [size.first_day + timedelta(days=n) for n in range(size.days)]
    connection.execute(sa.insert(days), [_day(day) for day in dated])
    connection.execute(sa.insert(numbers), _numbers())
    return models, days, numbers


def _day(day: date) -> dict[str, Any]:
    unit = unit_of("", day)
    return {"day": day, "as_of": unit.as_of, "middle": unit.key}


def _numbers() -> list[dict[str, Any]]:
    """Return the numbers of a day: ten, of which four are judged."""
    whole = [
        {"kind": kind, "metric": metric, "column": "", "segment": segment}
        for kind, metric in (("realized", "roc_auc"), ("estimated", "roc_auc"))
        for segment in SEGMENTS
    ]
    columns = [
        {"kind": "drift", "metric": "psi", "column": f"column_{n}", "segment": "all"}
        for n in range(6)
    ]
    judged: Sequence[str | None] = ["ok"] * 4 + [None] * 6
    return [
        row | {"verdict": verdict}
        for row, verdict in zip([*whole, *columns], judged, strict=True)
    ]


def _rows(
    size: Size, models: sa.Table, days: sa.Table, numbers: sa.Table
) -> list[tuple[str, type[Table], Mapping[str, Any], sa.FromClause | None]]:
    """Return what each table is filled with, and from which combinations."""
    dated = {"model": models.c.model, "day": days.c.day, "as_of": days.c.as_of}
    key = models.c.model + days.c.middle
    # Not compressible, as a stream of counts is not.
    content = random.Random(7).randbytes(size.profile_bytes)  # noqa: S311 (no secret)
    evaluation = dated | {
        "key": key, "mode": "live", "step": "respond", "version": VERSION,
        "rows": 10_000, "labelled": 9_900, "predictions": DIGEST, "labels": DIGEST,
        "label_counts": {"arrived": {str(age): 300 for age in range(30)}},
        "data_verdict": "ok", "data_reason": "as expected", "checks": CHECKS,
        "comparisons": [], "verdict": "ok", "performance": "ok", "confirmed": False,
        "reasons": ["All numbers lie within their limits."] * 3,
        "reason_codes": ["within_limits"], "evidence": EVIDENCE,
        "action": {"kind": "none", "text": ""},
    }  # fmt: skip
    finding = {c.name: c for c in numbers.columns} | {
        "evaluation": key, "version": VERSION, "horizon": 1, "value": 0.71,
        "lower": 0.69, "upper": 0.73, "rows": 10_000, "reason": "",
        "judgement": "the whole interval lies within the limit",
        "reason_code": "within_limits",
    }  # fmt: skip
    counts = {"version": VERSION, "rows": 10_000, "labelled": 9_900}
    frozen = dated | {
        "digest": DIGEST, "rows": 10_000, "query": "rows-{day}.parquet",
        "path": "partitions/" + key + "/0123456789abcdef.parquet",
    }  # fmt: skip
    recent = days.c.day > LAST_DAY - timedelta(days=120)
    return [
        ("evaluations", EvaluationRow, evaluation, None),
        ("findings", FindingRow, finding,
         days.join(models, sa.true()).join(numbers, sa.true())),
        ("profiles", ProfileRow,
         dated | counts | {"segment": "all", "content": content}, None),
        *[("partitions", PartitionRow, frozen | {"kind": kind}, None)
          for kind in ("predictions", "labels")],
        ("label rounds", LabelRoundRow,
         {"model": models.c.model, "known_at": days.c.as_of, "look_back_days": 60},
         None),
        ("batch summaries", BatchSummaryRow,
         {"model": models.c.model, "day": days.c.day, "digest": DIGEST,
          "columns": DIGEST, "content": content[:1500]}, days.join(models, recent)),
    ]  # fmt: skip


def _insert(
    connection: sa.Connection,
    table: type[Table],
    values: Mapping[str, Any],
    joined: sa.FromClause,
) -> None:
    """Insert a row for each combination, in the order of the key."""
    target = table_of(table)
    shown = [
        value
        if isinstance(value, sa.ColumnElement)
        else sa.literal(value, target.c[name].type)
        for name, value in values.items()
    ]
    query = sa.select(*shown).select_from(joined)
    connection.execute(sa.insert(target).from_select(list(values), query))
