from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import (
    ConfigurationError,
    NoDataError,
    SourceUnavailableError,
)
from monitoring_tasks.store.database import VERSION_TABLE, Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.store.sandbox import (
    as_dry_runs,
    copy_model,
    decided_units,
    forget_from,
)
from monitoring_tasks.store.schema import METADATA
from tests.builders import (
    DAY,
    MODEL,
    NOW,
    make_decision,
    make_incident,
    make_measurement,
    make_profile,
    make_rollback,
)

NEXT = DAY + timedelta(days=1)
OTHER = "churn"
ABOUT_DAYS = {"evaluations", "findings", "partitions", "profiles"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Database]:
    """An empty store to copy into."""
    opened = Database(f"sqlite:///{tmp_path / 'sandbox.db'}")
    yield opened
    opened.engine.dispose()


def url_of(database: Database) -> str:
    """Return the address of a store."""
    return database.engine.url.render_as_string(hide_password=False)


def rows(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table that has one."""
    with database.transaction() as connection:
        found = {
            name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for name, table in METADATA.tables.items()
        }
    return {name: lines for name, lines in found.items() if lines}


def live(database: Database, model: str) -> None:
    """Write two days, an incident with an event and a rollback of a model."""
    results = Results(database)
    for day in (DAY, NEXT):
        as_of = NOW + (day - DAY)
        unit = Unit(model=model, day=day, as_of=as_of, mode=Mode.LIVE)
        part = Partition(
            model=model,
            day=day,
            kind=PartitionKind.PREDICTIONS,
            path=f"{model}.parquet",
            rows=9,
            digest="d",
            query="q",
            watermark=None,
            as_of=NOW,
        )
        results.start(
            unit, predictions=part, labels=None, problem=DeliveryProblem(text="no file")
        )
        results.save_measurements(unit, [make_measurement()], header={"version": "2"})
        counted = replace(make_profile(day=day), model=model)
        Profiles(database).save([counted], unit.as_of)
    incident = make_incident(id=f"{model}-1", model=model)
    Incidents(database).report(incident, text="seen", detail={})
    wish = make_rollback(model=model, id=model)
    Rollbacks(database, Journal(database)).propose(wish, {"evidence": 1})


@pytest.fixture
def source(database: Database) -> Database:
    """A store that knows two models."""
    live(database, MODEL)
    live(database, OTHER)
    return database


def test_copy_holds_the_model_whole_and_no_other(
    source: Database, sandbox: Database, tmp_path: Path
) -> None:
    """Every row about the model arrives as it was, in whichever table it lies."""
    alone = Database(f"sqlite:///{tmp_path / 'alone.db'}")
    live(alone, MODEL)
    copy_model(url_of(source), MODEL, sandbox)
    assert rows(sandbox) == rows(alone)
    assert set(rows(sandbox)) > ABOUT_DAYS
    alone.engine.dispose()


def test_copy_leaves_the_source_alone_and_takes_no_lease(
    source: Database, sandbox: Database
) -> None:
    """Somebody at work on the model is not disturbed, nor held for at work here."""
    with Leases(source).hold("flights/2013-09-02", holder="somebody", seconds=60):
        before = rows(source)
        copy_model(url_of(source), MODEL, sandbox)
        assert rows(source) == before
    assert not {"leases", "fences"} & set(rows(sandbox))


def test_source_is_opened_for_reading_only(
    source: Database, sandbox: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would write to the real store by mistake is refused by the driver."""

    def write(source: sa.Connection, _: Database) -> None:
        source.exec_driver_sql("DELETE FROM evaluations")

    monkeypatch.setattr("monitoring_tasks.store.sandbox._require_same_revision", write)
    before = rows(source)
    with pytest.raises(SourceUnavailableError):
        copy_model(url_of(source), MODEL, sandbox)
    assert rows(source) == before


def test_store_of_another_revision_is_not_copied(
    source: Database, sandbox: Database
) -> None:
    """An old store is brought up to date by a command that may write."""
    with source.transaction() as connection:
        revision = sa.table(VERSION_TABLE, sa.column("version_num"))
        connection.execute(sa.update(revision).values(version_num="v0"))
    with pytest.raises(ConfigurationError, match=r"revision v0 .* `daywatch status`"):
        copy_model(url_of(source), MODEL, sandbox)


def test_store_that_does_not_exist_is_not_made(
    tmp_path: Path, sandbox: Database
) -> None:
    """Before the first day there is nothing to copy."""
    path = tmp_path / "none.db"
    with pytest.raises(NoDataError, match="backfill"):
        copy_model(f"sqlite:///{path}", MODEL, sandbox)
    assert not path.exists()


def test_forgetting_keeps_what_lies_before(source: Database) -> None:
    """The day itself and later ones are gone, with what was found out about them."""
    before = rows(source)
    forget_from(source, MODEL, NEXT)
    after = rows(source)
    for name in before:
        gone = set(before[name]) - set(after[name])
        assert len(gone) == (1 if name in ABOUT_DAYS else 0)
    assert Results(source).days(MODEL) == (DAY, DAY)
    assert Results(source).days(OTHER) == (DAY, NEXT)


def write_look(database: Database, mode: Mode, *, hour: int = 10) -> Unit:
    """Write a decided look at the day with one number."""
    at = NOW.replace(hour=hour)
    unit = Unit(model=MODEL, day=DAY, as_of=at, mode=mode)
    results = Results(database)
    results.start(unit, predictions=None, labels=None, problem=None)
    value = {Mode.LIVE: 0.7, Mode.DRY_RUN: 0.1}.get(mode, 0.5)
    number = make_measurement(value=value)
    results.save_measurements(unit, [number], header={"version": "1"})
    results.save_decision(unit, make_decision())
    return unit


def test_live_looks_become_dry_runs_with_their_numbers(database: Database) -> None:
    """Of two looks at one instant the live one stays; other modes are left alone."""
    live = write_look(database, Mode.LIVE)
    dry = write_look(database, Mode.DRY_RUN)
    later = write_look(database, Mode.BACKFILL, hour=12)
    as_dry_runs(database, MODEL)
    assert decided_units(database, MODEL, DAY, DAY) == [dry, later]
    (number,) = Results(database).measurements(dry)
    assert number.value == 0.7
    with pytest.raises(LookupError, match="never started"):
        Results(database).evaluation(live)


def test_looks_are_listed_as_they_were_taken(database: Database) -> None:
    """In the order of their instants, without replays and what has no verdict."""
    late = write_look(database, Mode.LIVE, hour=12)
    early = write_look(database, Mode.BACKFILL, hour=8)
    write_look(database, Mode.REPLAY, hour=9)
    begun = replace(late, as_of=NOW.replace(hour=20))
    Results(database).start(begun, predictions=None, labels=None, problem=None)
    assert decided_units(database, MODEL, DAY, DAY) == [early, late]
    assert decided_units(database, MODEL, NEXT, NEXT) == []
