"""What commands, pages and schedules ask the store, by the functions they call."""

from collections.abc import Callable
from datetime import timedelta

from benchmarks.store.made_incidents import incident_id
from benchmarks.store.made_store import (
    LAST_DAY,
    SEGMENTS,
    VERSION,
    Size,
    model_name,
    unit_of,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.slos import Indicator
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.incidents import ACTIVE, IncidentState
from monitoring_tasks.domain.journal import STANDS
from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.outbox import MessageState
from monitoring_tasks.report.index import INDEX_DAYS, INDEX_LINES
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.day_lines import newest_days
from monitoring_tasks.store.evidence_reader import EvidenceReader
from monitoring_tasks.store.heard_events import HeardEvents
from monitoring_tasks.store.history import dated_numbers, promised_numbers
from monitoring_tasks.store.holds import Holds
from monitoring_tasks.store.incident_work import IncidentWork
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.label_arrivals import label_arrivals
from monitoring_tasks.store.label_coverages import (
    backfilled_evaluations,
    label_coverages,
)
from monitoring_tasks.store.label_rounds import label_rounds
from monitoring_tasks.store.labelled_days import last_labelled_day
from monitoring_tasks.store.objective_numbers import numbers_of_objective
from monitoring_tasks.store.outbox import Outbox
from monitoring_tasks.store.partition_search import prediction_batches
from monitoring_tasks.store.peer_models import decided_by_others, segment_rows
from monitoring_tasks.store.pruning import days_before, models_in_store
from monitoring_tasks.store.results_reader import ResultsReader
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.store.served_days import served_days
from monitoring_tasks.store.silences import Silences
from monitoring_tasks.store.slo_days import first_verdicts, newest_as_of, numbers_of
from monitoring_tasks.store.timeline import timeline_numbers

Queries = dict[str, Callable[[], object]]
"""Who asks, and what -> the question."""
LISTED = 50
"""Incidents on a page."""
PAGE_DAYS, HISTORY_DAYS, LABEL_DAYS = 60, 60, 120


def queries(database: Database, size: Size) -> Queries:
    """Return the questions about one model in the middle, and about all of them.

    Args:
        database: The store, filled.
        size: How much was made.
    """
    model = model_name(size.models // 2)
    return (
        _about_days(database, model)
        | _about_labels(database, model)
        | _about_incidents(database, model, size)
        | _about_the_fleet(database, model, size)
    )


def _about_days(database: Database, model: str) -> Queries:
    results, unit = ResultsReader(database), unit_of(model, LAST_DAY)
    first = LAST_DAY - timedelta(days=PAGE_DAYS - 1)
    evaluations = results.current(model, first, LAST_DAY)
    versions = {evaluation.key: VERSION for evaluation in evaluations}
    dates = {evaluation.key: evaluation.day for evaluation in evaluations}
    objective = Objective(metric="roc_auc", source="realized", min=0.6)
    charted = Measurement(
        kind=Kind.REALIZED, metric="roc_auc", version=VERSION, value=0.7, rows=1
    )
    kinds = (Kind.REALIZED, Kind.ESTIMATED)
    return {
        "status: first and last day": lambda: results.days(model),
        "status: newest day": lambda: results.current(model, LAST_DAY, LAST_DAY),
        "show: evaluations of 60 days": lambda: results.current(model, first, LAST_DAY),
        "show: numbers of a day": lambda: results.numbers(unit),
        "show: one evaluation": lambda: results.evaluation(unit),
        "run: was the day judged": lambda: results.was_judged(unit),
        "run: history": lambda: results.history(unit, HISTORY_DAYS),
        "run: numbers of 60 days": lambda: dated_numbers(
            database, unit, days=HISTORY_DAYS, kinds=kinds, segments=SEGMENTS
        ),
        "run: promised numbers": lambda: promised_numbers(
            database, unit, [objective], days=HISTORY_DAYS
        ),
        "run: which versions served": lambda: served_days(
            database, unit, days=HISTORY_DAYS
        ),
        "run: rows by segment": lambda: segment_rows(database, unit),
        "page: numbers of 60 days": lambda: timeline_numbers(
            database, evaluations, charted, daily_kinds=kinds, charted_kinds=kinds
        ),
        "policy: numbers of an objective": lambda: numbers_of_objective(
            database, objective, VERSION, dates
        ),
        "slo: first verdicts": lambda: first_verdicts(database, model, unit.as_of),
        "slo: numbers": lambda: numbers_of(
            database, Indicator(source="realized", metric="roc_auc"), versions
        ),
        "trace: batches of 60 days": lambda: prediction_batches(
            database, model, first, LAST_DAY
        ),
        "evidence: all looks of 60 days": lambda: EvidenceReader(database).looks(
            model, first, LAST_DAY
        ),
    }


def _about_labels(database: Database, model: str) -> Queries:
    unit = unit_of(model, LAST_DAY)
    return {
        "status: last day with labels": lambda: last_labelled_day(
            database, model, label_coverage=0.9
        ),
        "settle: how many labels each look knew": lambda: label_coverages(
            database, unit, days=LABEL_DAYS
        ),
        "settle: which looks were backfilled": lambda: backfilled_evaluations(
            database, unit, days=LABEL_DAYS
        ),
        "settle: when labels arrived": lambda: label_arrivals(
            database, unit, days=LABEL_DAYS
        ),
        "settle: rounds": lambda: label_rounds(database, unit),
    }


def _about_incidents(database: Database, model: str, size: Size) -> Queries:
    incidents, outbox = Incidents(database), Outbox(database)
    journal = Journal(database)
    rollbacks = Rollbacks(database, journal)
    incident = incident_id(model, size.first_day)
    message = outbox.find(incident=incident)[0].id
    return {
        "incident show: it": lambda: incidents.get(incident),
        "incident show: its events": lambda: incidents.events(incident),
        "incident show: its messages": lambda: outbox.find(incident=incident),
        "incident show: what was heard": lambda: HeardEvents(database).listing(
            incident
        ),
        "incident show: its parts": lambda: incidents.parts(incident),
        "incident list MODEL": lambda: incidents.find(model),
        "status: active incidents": lambda: incidents.active(model),
        "run: overrides": lambda: incidents.overrides(model),
        "outbox retry: a message": lambda: outbox.get(message),
        "outbox retry: by the beginning of its id": lambda: outbox.beginning_with(
            message[:12]
        ),
        "rollbacks MODEL": lambda: rollbacks.find(model),
        "run: rollbacks of the fleet": lambda: rollbacks.around(
            model, unit_of(model, LAST_DAY).as_of - timedelta(days=2)
        ),
        "rollbacks: lines of one": lambda: journal.lines_of("rollback-000000000000"),
        "journal list MODEL": lambda: journal.lines(model),
        "run: where aliases stood": lambda: journal.lines_in(*STANDS, model=model),
        "run: last move": lambda: journal.last_applied(model, "champion"),
        "run: holds": lambda: Holds(journal).active(model),
        "run: silences": lambda: Silences(database).find(model),
        "postmortem action list INCIDENT": lambda: IncidentWork(database).actions(
            incident
        ),
    }


def _about_the_fleet(database: Database, model: str, size: Size) -> Queries:
    results, incidents, outbox = (
        ResultsReader(database),
        Incidents(database),
        Outbox(database),
    )
    page = incidents.find(page=ListPage(rows=LISTED))
    listed = [incident.id for incident in page]
    return {
        "report: newest day of every model": results.last_days,
        "report: the index": lambda: newest_days(
            database, most=INDEX_DAYS, lines=INDEX_LINES
        ),
        "clock: newest instant": lambda: newest_as_of(database),
        "clock: newest instant of a model": lambda: newest_as_of(database, model),
        "run: what others said of the day": lambda: decided_by_others(
            database, unit_of(model, LAST_DAY)
        ),
        "rollbacks: a page": lambda: Rollbacks(database, Journal(database)).find(
            page=ListPage(rows=LISTED)
        ),
        "status: silences": lambda: Silences(database).acting(
            None, unit_of(model, LAST_DAY).as_of
        ),
        "incident list: a page": lambda: incidents.find(page=ListPage(rows=LISTED)),
        "incident list: page 100": lambda: incidents.find(
            page=ListPage(rows=LISTED, number=100)
        ),
        "incident list: events of a page": lambda: incidents.events_of(listed),
        "status: pages of a year": lambda: incidents.budgeted(
            unit_of(model, LAST_DAY).as_of - timedelta(days=365)
        ),
        "deliver: what waits": outbox.waiting,
        "outbox list": lambda: outbox.find(
            MessageState.WAITING, MessageState.DEAD, limit=200
        ),
        "outbox list --all": lambda: outbox.find(limit=200),
        "deliver: active incidents": lambda: incidents.find(states=ACTIVE),
        "deliver: resolved incidents": lambda: incidents.find(
            states={IncidentState.RESOLVED}
        ),
        "notify heard": lambda: HeardEvents(database).listing(limit=50),
        "journal: last line": lambda: Journal(database).last_line(),
        "time lines: last event": incidents.last_event,
        "prune: models": lambda: models_in_store(database),
        "prune: old days of a model": lambda: days_before(
            database, model, size.first_day + timedelta(days=size.days // 2)
        ),
    }
