import threading
from dataclasses import replace
from datetime import timedelta
from math import isnan
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.contract.sources import SqlSource
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import (
    ConfigurationError,
    LeaseHeldError,
    LeaseLostError,
    MonitoringError,
    NoDataError,
    SourceUnavailableError,
)
from monitoring_tasks.extract.delivered_days import days_with_rows
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.store.database import VERSION_TABLE, Database
from monitoring_tasks.store.incident_tables import IncidentRow
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.schema import METADATA, LeaseRow
from tests.builders import (
    DAY,
    MODEL,
    NOW,
    make_decision,
    make_finding,
    make_incident,
    make_measurement,
    make_profile,
    make_request,
    make_unit,
)

NASTY = "größe 'x' \"y\""
ROWS = '''
CREATE SCHEMA IF NOT EXISTS feed;
DROP TABLE IF EXISTS feed.rows;
CREATE TABLE feed.rows (
    id uuid, at timestamptz, local timestamp, day date, score numeric(9, 4),
    "größe 'x' ""y""" text, secret text, arrived timestamptz
);
INSERT INTO feed.rows VALUES
('00000000-0000-0000-0000-000000000001', '2013-09-02 03:59:59+00',
 '2013-09-01 23:59:59', '2013-09-01', 1, 'a', 's', '2013-09-03 09:00+00'),
('00000000-0000-0000-0000-000000000002', '2013-09-02 04:00:00+00',
 '2013-09-02 00:00:00', '2013-09-02', 0.25, 'ü''"', 's', '2013-09-03 09:00+00'),
('00000000-0000-0000-0000-000000000003', '2013-09-03 03:59:59+00',
 '2013-09-02 23:59:59', '2013-09-02', 'NaN', NULL, 's', '2013-09-03 10:00+00'),
('00000000-0000-0000-0000-000000000004', '2013-09-03 03:00:00+00',
 '2013-09-02 23:00:00', '2013-09-02', NULL, '', 's', '2013-09-03 10:00:01+00'),
('00000000-0000-0000-0000-000000000005', '2013-09-03 04:00:00+00',
 '2013-09-03 00:00:00', '2013-09-03', 1, 'a', 's', '2013-09-03 09:00+00');
'''


@pytest.fixture(scope="module")
def feed(postgres: str) -> str:
    """A database with a table of rows around a day in New York."""
    engine = sa.create_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql(ROWS)
    engine.dispose()
    return postgres


def source(**parts: object) -> SqlSource:
    """Describe the table of rows."""
    known = {"kind": "sql", "connection": "feed", "table": "feed.rows"}
    return SqlSource.model_validate(known | parts)


@pytest.mark.parametrize("column", ["at", "local", "day"])
def test_day_is_read_by_the_models_clock(
    feed: str, tmp_path: Path, column: str
) -> None:
    """Aware, naive and plain days pick the same rows; what came later is not seen."""
    request = make_request(
        source(day_column=column, arrived_at="arrived", rename={NASTY: "text"}),
        tmp_path,
        timezone="America/New_York",
        columns=("id", "score", "text"),
        look_up={"feed": feed}.get,
    )
    rows = read_day(request)
    assert rows.table.schema.names == ["id", "score", "text", "arrived"]
    assert [value[-1] for value in rows.table["id"].to_pylist()] == ["2", "3"]
    assert rows.table["text"].to_pylist() == ["ü'\"", None]
    first, second = rows.table["score"].to_pylist()
    assert (first, isnan(second)) == (0.25, True)
    assert (rows.watermark, rows.query) == (NOW, f"table feed.rows of feed, day {DAY}")


@pytest.mark.parametrize("column", ["at", "local", "day"])
def test_days_of_a_table_are_those_of_the_models_clock(
    feed: str, tmp_path: Path, column: str
) -> None:
    """Each once; a day beyond the years that Python knows is none."""
    engine = sa.create_engine(feed)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "DROP VIEW IF EXISTS feed.odd; CREATE VIEW feed.odd AS SELECT at, local, "
            "day FROM feed.rows UNION ALL VALUES ('infinity'::timestamptz, "
            "'infinity'::timestamp, 'infinity'::date), ('20000-01-01'::timestamptz, "
            "'20000-01-01'::timestamp, '20000-01-01'::date), (NULL, NULL, NULL)"
        )
    engine.dispose()
    days = days_with_rows(
        source(table="feed.odd", rename={column: "when"}),
        "when",
        timezone="America/New_York",
        home=tmp_path,
        look_up={"feed": feed}.get,
    )
    assert days == [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]


def test_absent_table_is_no_data(feed: str, tmp_path: Path) -> None:
    """The database answered; there is nothing of that name."""
    request = make_request(
        source(table="feed.no"), tmp_path, look_up={"feed": feed}.get
    )
    with pytest.raises(NoDataError, match=r"feed\.no of feed.* no such table"):
        read_day(request)


def test_refused_login_does_not_tell_the_address(feed: str, tmp_path: Path) -> None:
    """The driver's text names the user and the host; ours does not."""
    url = sa.make_url(feed).set(username="nobody_s3cret")
    text = url.render_as_string(hide_password=False)
    request = make_request(source(), tmp_path, look_up={"feed": text}.get)
    with pytest.raises(SourceUnavailableError, match="did not answer") as caught:
        read_day(request)
    assert "s3cret" not in str(caught.value)


def test_several_processes_may_make_the_tables_at_once(postgres: str) -> None:
    """One migrates, the others wait and find the tables."""
    opened: list[Database] = []
    threads = [
        threading.Thread(target=lambda: opened.append(Database(postgres)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    tables = {*METADATA.tables, VERSION_TABLE}
    assert len(opened) == 4
    assert tables <= set(sa.inspect(opened[0].engine).get_table_names())
    for one in opened:
        one.engine.dispose()


def test_newer_tables_are_refused(postgres: str, database: Database) -> None:
    """An old program does not write into tables it does not know."""
    version = sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :v")  # noqa: S608 (constant)
    with database.transaction() as connection:
        stood = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 (constant)
        connection.execute(version, {"v": "9999"})
    with pytest.raises(ConfigurationError, match="revision 9999"):
        Database(postgres)
    with database.transaction() as connection:
        connection.execute(version, {"v": stood})


def test_upsert_replaces_rows_of_the_same_key(database: Database) -> None:
    """Writing twice is writing once."""
    row = {"name": "a", "holder": "one", "expires_at": NOW}
    with database.transaction() as connection:
        database.upsert(connection, LeaseRow, [row])
        database.upsert(connection, LeaseRow, [row | {"holder": "two"}])
        found = connection.execute(
            sa.select(LeaseRow.holder, LeaseRow.expires_at)
        ).all()
    assert [tuple(one) for one in found] == [("two", NOW)]


def test_day_is_written_and_read_back(database: Database) -> None:
    """Numbers, findings, counts and decision come back as they were."""
    unit, results = make_unit(), Results(database)
    for _ in range(2):
        results.start(
            unit, predictions=None, labels=None, problem=DeliveryProblem(text=NASTY)
        )
        numbers = [make_measurement(column=NASTY, value=None, reason="-")]
        results.save_measurements(unit, numbers, header={"version": "2"})
        results.save_findings(unit, [make_finding(Verdict.OK)], [])
        results.save_decision(unit, make_decision())
        Profiles(database).save([make_profile(rows=4)], NOW)
    assert [one.column for one in results.measurements(unit)] == ["", NASTY]
    assert results.findings(unit) == [make_finding(Verdict.OK)]
    assert results.evaluation(unit).problem == DeliveryProblem(text=NASTY)
    assert results.evaluation(unit).as_of == NOW
    assert Profiles(database).load(MODEL, DAY, DAY, NOW) == [make_profile(rows=4)]


def test_numbers_come_in_the_order_of_sqlite(database: Database) -> None:
    """Reasons are told in that order; a database may sort by rules of a language."""
    unit, results = make_unit(), Results(database)
    results.start(unit, predictions=None, labels=None, problem=None)
    numbers = [make_measurement(column=name) for name in ("b", "_b", "B", "a", "é")]
    results.save_measurements(unit, numbers, header={"version": "2"})
    found = [one.column for one in results.measurements(unit)]
    assert found == ["B", "_b", "a", "b", "é"]


def test_replay_and_later_knowledge_are_left_aside(database: Database) -> None:
    """History is what was known, and of looks that count."""
    results = Results(database)
    for hours, mode in ((0, Mode.LIVE), (1, Mode.REPLAY), (2, Mode.LIVE)):
        unit = make_unit(as_of=NOW + timedelta(hours=hours), mode=mode)
        results.start(unit, predictions=None, labels=None, problem=None)
        verdict = Verdict.OK if hours == 0 else Verdict.BREACH
        decision = make_decision(verdict=verdict, performance=verdict)
        results.save_decision(unit, decision)
    tomorrow = make_unit(day=DAY + timedelta(days=1), as_of=NOW + timedelta(hours=1))
    assert [past.verdict for past in results.history(tomorrow, 3)] == [Verdict.OK]


def test_one_incident_is_active_per_cause_whatever_races(database: Database) -> None:
    """The database itself refuses a second one; the loser is told to try again."""
    incidents = Incidents(database)
    barrier, errors = threading.Barrier(4), list[MonitoringError]()

    def report(number: int) -> None:
        barrier.wait()
        try:
            incidents.report(make_incident(id=f"i{number}"), text="-", detail={})
        except LeaseHeldError as error:
            errors.append(error)

    threads = [threading.Thread(target=report, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(incidents.active(MODEL)) == 1
    second = replace(make_incident(id="second"))
    row = {
        **{name: getattr(second, name) for name in second.__slots__},
        "is_active": True,
    }
    with (
        pytest.raises(sa.exc.IntegrityError, match="ix_incidents_one_active"),
        database.transaction() as connection,
    ):
        connection.execute(sa.insert(IncidentRow).values(**row))


def test_closed_incident_makes_room_for_the_next(database: Database) -> None:
    """Only active ones are unique."""
    incidents = Incidents(database)
    first = incidents.report(make_incident(), text="-", detail={})
    incidents.move(first.id, IncidentState.RESOLVED, at=NOW, actor="jo", text="-")
    later = DAY + timedelta(days=9)
    parts = {"id": "next", "onset_day": later, "last_day": later}
    incidents.report(make_incident(**parts), text="-", detail={})
    assert len(incidents.find(MODEL)) == 2


def test_lease_is_held_by_one_and_taken_over_when_expired(database: Database) -> None:
    """With a token that only grows, by which a sleeper is found out."""
    leases = Leases(database)
    with (
        leases.hold("a", holder="one"),
        pytest.raises(LeaseHeldError),
        leases.hold("a", holder="two"),
    ):
        pass
    with (
        leases.hold("a", holder="dead", seconds=-1) as early,
        leases.hold("a", holder="two") as late,
    ):
        assert early < late
        with pytest.raises(LeaseLostError):
            leases.require("a", early)


def test_lease_is_given_to_one_of_many(database: Database) -> None:
    """Of processes that ask at the same instant one gets it."""
    leases, barrier, done = Leases(database), threading.Barrier(4), threading.Event()
    held: list[str] = []
    refused: list[str] = []

    def take(name: str) -> None:
        barrier.wait()
        try:
            with leases.hold("race", holder=name):
                held.append(name)
                done.wait(timeout=20)
        except LeaseHeldError:
            refused.append(name)
            if len(refused) == 3:
                done.set()

    threads = [threading.Thread(target=take, args=(f"p{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (len(held), len(refused)) == (1, 3)
