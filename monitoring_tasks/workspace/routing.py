"""Where news goes: the rules of the model's contract, else those of the settings."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import News, Route, Router
from monitoring_tasks.domain.paging import FLEET
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.route_rules import RouteRule, WorkingHours, default_rules
from monitoring_tasks.settings import Settings

if TYPE_CHECKING:
    from monitoring_tasks.workspace.workspace import Workspace

ALWAYS = frozenset({Occasion.ALIAS_MOVED})
"""Told to every channel that a rule of the model names, whatever its severity."""


def router_of(workspace: "Workspace") -> Router:
    """Return what says where news goes, as contracts and settings have it now.

    Args:
        workspace: The workspace; contracts are read when the first news comes.
    """

    def route(news: News) -> Sequence[Route]:
        if not workspace.settings.channels:
            return ()
        contract = contract_of(workspace, news.model)
        rules = rules_for(contract, workspace.settings)
        return routes_for(news, rules, contract, workspace.settings)

    return route


def contract_of(workspace: "Workspace", model: str) -> Contract | None:
    """Return the contract of a model; None for the fleet, and where it is broken.

    Args:
        workspace: The workspace.
        model: Registered model name, or one of the fleet's.
    """
    if model.startswith(FLEET):
        return None
    try:
        return workspace.contract(model)
    except ConfigurationError:
        # What happened is told all the same: by the rules of the settings.
        return None


def rules_for(contract: Contract | None, settings: Settings) -> tuple[RouteRule, ...]:
    """Return the rules by which a model's news is sent.

    Args:
        contract: The model's; None for the fleet.
        settings: Of the workspace.
    """
    stated = contract.notify.routes if contract else ()
    return stated or settings.routes or default_rules(tuple(settings.channels))


def routes_for(
    news: News,
    rules: Sequence[RouteRule],
    contract: Contract | None,
    settings: Settings,
) -> list[Route]:
    """Return where some news goes: a channel once, by its most urgent rule.

    Args:
        news: What is to be told.
        rules: The rules, in any order.
        contract: The model's; None for the fleet.
        settings: Of the workspace.
    """
    owners = contract.owners if contract else ()
    zone = contract.zone if contract else ZoneInfo("UTC")
    hours = contract.notify.working_hours if contract else WorkingHours()
    incident = news.incident
    routes = {
        name: Route(channel=name, is_gathered=False, due_at=news.at)
        for name in asked_next(news, contract)
    }
    for rule in rules:
        fits = rule.fits(
            severity=_routed_severity(news, contract),
            cause=incident.cause if incident else "",
            segments=incident.segments if incident else (),
            owners=owners,
        )
        if not fits and news.occasion not in ALWAYS:
            continue
        is_gathered = rule.gather and news.occasion not in ALWAYS
        due = next_digest(news.at, settings.digest_hour) if is_gathered else news.at
        if rule.hours == "working":
            due = hours.next_instant(due, zone)
        for channel in rule.to:
            route = Route(channel=channel, is_gathered=is_gathered, due_at=due)
            routes[channel] = min(routes.get(channel, route), route, key=_patience)
    return list(routes.values())


def asked_next(news: News, contract: Contract | None) -> tuple[str, ...]:
    """Return the channels of the steps of escalation that are due by now.

    Args:
        news: What is to be told; only of an escalation anybody else is asked.
        contract: The model's; None for the fleet.
    """
    if news.occasion is not Occasion.ESCALATED or not (contract and news.incident):
        return ()
    steps = contract.notify.escalation[: news.incident.escalation]
    return tuple(channel for step in steps for channel in step.to)


def _routed_severity(news: News, contract: Contract | None) -> str:
    """Return by which severity news is sent: the next graver once no step is left."""
    if news.occasion is not Occasion.ESCALATED or news.incident is None:
        return news.severity
    steps = len(contract.notify.escalation) if contract else 0
    beyond = max(0, news.incident.escalation - steps)
    order = list(Severity)
    return order[max(0, order.index(news.incident.severity) - min(beyond, 1))]


def next_digest(at: datetime, hour: int) -> datetime:
    """Return the next instant at which gathered news is sent.

    Args:
        at: An instant, aware.
        hour: Hour of the day, UTC.
    """
    day = at.astimezone(UTC).date()
    today = datetime.combine(day, time(hour), tzinfo=UTC)
    return today if today > at else today + timedelta(days=1)


def _patience(route: Route) -> tuple[bool, datetime]:
    return route.is_gathered, route.due_at
