"""Alerts of Jira Service Management Operations: Opsgenie's, at another address."""

from monitoring_tasks.respond.channels.opsgenie import TELLS, exchange

__all__ = ["TELLS", "exchange"]
