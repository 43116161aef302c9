"""What people see of a day's judgement in Airflow; defines no DAG itself.

The verdict stands in the log and among the XComs of `decide`, with a link to the page.
A run's own note is not set: Airflow's Task SDK lets a task give a note to a run that
it triggers, never to the run it belongs to.
"""

import logging
from typing import Any

from airflow.sdk import BaseOperatorLink, get_current_context
from airflow.sdk.bases.xcom import BaseXCom
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from monitoring_tasks.contract.contract import Contract

logger = logging.getLogger(__name__)
JUDGEMENT = "judgement"
"""Key of the XCom that holds verdict, reasons and the page's address."""


class PageLink(BaseOperatorLink):
    """The link to the day's page, among the extra links of a task."""

    name = "Day's page"

    @property
    def xcom_key(self) -> str:
        """Key of the XCom Airflow keeps the link under."""
        return "page"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ANN401 (Airflow's)
        """Return the address `tell_judgement` left; empty before the day is decided."""
        del operator
        judgement = BaseXCom.get_value(ti_key=ti_key, key=JUDGEMENT) or {}
        return str(judgement.get("page", ""))


def with_page_link(step: Any) -> Any:  # noqa: ANN401 (an XComArg has no public type)
    """Add the link to the day's page to a task of the day."""
    step.operator.operator_extra_links = (PageLink(),)
    return step


def tell_judgement(judgement: dict[str, Any]) -> None:
    """Log verdict, reasons and page, and keep them as an XCom of the task."""
    graded = " ".join(filter(None, [judgement["verdict"], judgement["severity"]]))
    cause = f", cause {judgement['cause']}" if judgement["cause"] else ""
    logger.info(
        "%s %s (%s): %s%s",
        judgement["model"],
        judgement["day"],
        judgement["mode"],
        graded,
        cause,
    )
    for reason in judgement["reasons"]:
        logger.info("  - %s", reason)
    logger.info("page, once `learn` is done: %s", judgement["page"])
    get_current_context()["ti"].xcom_push(JUDGEMENT, judgement)


def end_as(alert: dict[str, str]) -> str:
    """End the task as the contract asks of such a day; return why it ended well.

    Raises:
        AirflowFailException: If the day is grave and the contract says `failed`.
        AirflowSkipException: If it is, and the contract says `skipped`.
    """
    if alert["task"] == "failed":
        raise AirflowFailException(alert["text"])
    if alert["task"] == "skipped":
        raise AirflowSkipException(alert["text"])
    logger.info(alert["text"])
    return alert["text"]


def owners_of(contract: Contract) -> str:
    """Name the owners as Airflow does: in one text, a comma between two."""
    return ", ".join(owner.replace(",", " ") for owner in contract.owners)
