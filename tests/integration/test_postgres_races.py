"""Processes that meet in Postgres, which lets them write at once; SQLite does not."""

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.store import episodes, fleet
from monitoring_tasks.store import leases as store_leases
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.store.schema import LeaseRow
from tests.builders import (
    DAY,
    MODEL,
    NOW,
    make_incident,
    make_rollback,
    make_unit,
)

CHANCE_SECONDS = 0.5
"""How long the second is given to come in between, if nothing makes it wait."""
Meet = Callable[..., list[str]]


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Meet:
    """Let one stand still before a call, and another come in; name their errors."""

    def run(
        first: Callable[[], object],
        second: Callable[[], object],
        *,
        at: tuple[Any, str],
    ) -> list[str]:
        real, there, go = getattr(*at), threading.Event(), threading.Event()
        errors: list[str] = []

        def stand_still(*args: object, **named: object) -> object:
            if threading.current_thread() is threads[0]:
                there.set()
                go.wait(timeout=20)
            return real(*args, **named)

        def do(what: Callable[[], object]) -> None:
            try:
                what()
            except (MonitoringError, sa.exc.DBAPIError) as error:
                errors.append(type(error).__name__)

        threads = [
            threading.Thread(target=do, args=(what,)) for what in (first, second)
        ]
        monkeypatch.setattr(*at, stand_still)
        threads[0].start()
        assert there.wait(timeout=20)
        threads[1].start()
        threads[1].join(timeout=CHANCE_SECONDS)
        go.set()
        for thread in threads:
            thread.join(timeout=20)
        return errors

    return run


def test_incident_resolved_while_a_day_is_added_stays_resolved(
    database: Database, meet: Meet
) -> None:
    """What a person closes is not opened again by a process that read it before."""
    incidents, after = Incidents(database), DAY + timedelta(days=1)
    key = incidents.report(make_incident(), text="-", detail={}).id
    seen, closed = make_incident(id="later", last_day=after), IncidentState.RESOLVED
    errors = meet(
        lambda: incidents.report(seen, text="-", detail={}),
        lambda: incidents.move(key, closed, at=NOW, actor="jo", text="-"),
        at=(episodes, "save"),
    )
    (found,) = incidents.find(MODEL)
    assert (found.state, found.last_day, errors) == (closed, after, [])


def test_days_added_at_once_are_both_kept(database: Database, meet: Meet) -> None:
    """The last day of an incident never goes back."""
    incidents = Incidents(database)
    incidents.report(make_incident(), text="-", detail={})
    days = [DAY + timedelta(days=number) for number in (1, 2)]
    seen = [make_incident(id=f"seen {day}", last_day=day) for day in days]
    errors = meet(
        *(lambda one=one: incidents.report(one, text="-", detail={}) for one in seen),
        at=(episodes, "save"),
    )
    (found,) = incidents.find(MODEL)
    assert (found.last_day, errors) == (days[1], [])
    assert len(incidents.events(found.id)) == 3


def test_models_reported_at_once_find_their_common_cause(
    database: Database, meet: Meet
) -> None:
    """Of three models that broke together none is left out, whoever comes last."""
    incidents = Incidents(database)
    parts = [
        make_incident(id=name, model=name, upstreams=("sql:lake",)) for name in "abc"
    ]
    incidents.report(parts[0], text="-", detail={})
    errors = meet(
        *(
            lambda one=one: incidents.report(one, text="-", detail={})
            for one in parts[1:]
        ),
        at=(fleet, "find_common_cause"),
    )
    merged = {one.model: one.merged_into for one in incidents.find() if one.version}
    assert (len(set(merged.values())), None in merged.values(), errors) == (
        1,
        False,
        [],
    )


def test_pages_at_once_do_not_overrun_the_budget(
    database: Database, meet: Meet
) -> None:
    """The last page of the week is given to one, the other is gathered."""
    incidents, terms = Incidents(database), Terms(tier=2, pages_a_week=1)
    grave = [make_incident(id=n, model=n, severity=Severity.P1) for n in "ab"]
    errors = meet(
        *(
            lambda one=one: incidents.report(one, text="-", detail={}, terms=terms)
            for one in grave
        ),
        at=(fleet, "page_reason"),
    )
    paged = [one.model for one in incidents.find() if one.paged_at]
    assert (len(paged), errors) == (1, [])


def test_lease_of_a_dead_process_is_taken_over_by_one(
    database: Database, meet: Meet
) -> None:
    """Two notice the death at the same instant; the slower one is sent away."""
    leases, dead = Leases(database), f"{socket.gethostname()}:99999999:1"
    leases._take("day", dead, 900)
    errors = meet(
        lambda: leases._take("day", "slow", 900),
        lambda: leases._take("day", "quick", 900),
        at=(store_leases, "_has_died"),
    )
    with database.transaction() as connection:
        held = connection.scalars(sa.select(LeaseRow.holder)).all()
    assert (held, errors) == (["quick"], ["LeaseHeldError"])


def test_rows_frozen_by_two_at_once_are_listed_once(
    database: Database, meet: Meet
) -> None:
    """A backfill beside the daily run may come to the same rows at the same instant."""
    results = Results(database)
    rows = Partition(
        model=MODEL,
        day=DAY,
        kind=PartitionKind.PREDICTIONS,
        path="-",
        rows=1,
        digest="d",
        query="-",
        watermark=None,
        as_of=NOW,
    )
    units = [make_unit(mode=mode) for mode in (Mode.LIVE, Mode.BACKFILL)]
    errors = meet(
        *(
            lambda one=one: results.start(
                one, predictions=rows, labels=None, problem=None
            )
            for one in units
        ),
        at=(Database, "upsert"),
    )
    assert errors == []
    assert [results.evaluation(one).predictions for one in units] == ["d", "d"]


def asked(rollbacks: Rollbacks) -> Rollback:
    """Bring a rollback to where a person is asked."""
    rollback = make_rollback(mode=ResponseMode.APPROVE)
    known = rollbacks.propose(rollback, {})
    for state in (RollbackState.GUARDED, RollbackState.AWAITING_APPROVAL):
        known = rollbacks.advance(known, state, at=NOW)
    return known


@pytest.mark.parametrize("late", [True, False])
def test_click_and_timeout_at_once_settle_it_once(
    database: Database, meet: Meet, *, late: bool
) -> None:
    """Whoever writes first is written; the other one changes nothing."""
    journal = Journal(database)
    rollbacks = Rollbacks(database, journal)
    known = asked(rollbacks)
    at = known.expires_at if late else NOW
    errors = meet(
        lambda: rollbacks.answer(known.id, approve=True, actor="kim", at=at, text="-"),
        lambda: rollbacks.advance(known, RollbackState.EXPIRED, at=known.expires_at),
        at=(Rollbacks, "_write"),
    )
    found = rollbacks.get(known.id)
    assert found is not None
    assert found.state is (RollbackState.EXPIRED if late else RollbackState.APPROVED)
    assert errors == ["LeaseLostError"]
    assert len(journal.lines(MODEL)) == 4
    assert journal.verify() is None


def test_two_answers_at_once_are_one(database: Database, meet: Meet) -> None:
    """The second waits for the first and gets what was settled."""
    rollbacks = Rollbacks(database, Journal(database))
    known = asked(rollbacks)
    errors = meet(
        lambda: rollbacks.answer(known.id, approve=False, actor="a", at=NOW, text="-"),
        lambda: rollbacks.answer(known.id, approve=True, actor="b", at=NOW, text="-"),
        at=(Rollbacks, "_write"),
    )
    found = rollbacks.get(known.id)
    assert found is not None
    assert (found.state, found.approver) == (RollbackState.REJECTED, "a")
    assert errors == []


def test_wishes_written_at_once_leave_one_open(database: Database, meet: Meet) -> None:
    """The database refuses the second; its process is told to try again."""
    rollbacks = Rollbacks(database, Journal(database))
    errors = meet(
        lambda: rollbacks.propose(make_rollback(id="slow"), {}),
        lambda: rollbacks.propose(make_rollback(id="quick"), {}),
        at=(Journal, "add"),
    )
    assert len(rollbacks.find()) == 1
    assert errors == ["LeaseLostError"]
