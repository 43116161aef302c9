"""Send what Daywatch has to say: every five minutes.

Messages are written with the changes they tell of. This round sends them, tries again
what failed, asks the next person where nobody answers, proves once a day that every
channel works, and shows a watcher outside that all of it runs. Any number of rounds may
overlap: a message is taken by one of them.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task
from daywatch_rules import RULES, ask_when, look_up, this_instant


@dag(
    schedule=CronTriggerTimetable("*/5 * * * *", timezone="UTC"),
    params=ask_when(),
    doc_md=__doc__,
    **RULES | {"dagrun_timeout": timedelta(minutes=30)},
)
def deliver() -> None:
    """Make one round."""

    @task(multiple_outputs=False)
    def send_messages() -> dict[str, Any]:
        """Escalate, send, prove and show a sign of life."""
        from monitoring_tasks.operations.messages.rounds import make_round

        return make_round(mode=this_instant()["mode"], look_up=look_up)

    send_messages()


deliver()
