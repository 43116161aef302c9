"""The question in Airflow against the real store: asked, answered, left alone.

The run waits in this thread, as `dag.test` does it; another one answers as Airflow's
own API or its scheduler would.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from sqlalchemy import select
from structlog.stdlib import get_logger

from monitoring_tasks import daily
from monitoring_tasks.operations import approvals
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = [
    *worlds.QUIET,
    pytest.mark.slow,
    # Airflow's in-process API is built on starlette's test client.
    pytest.mark.filterwarnings(
        "ignore:Using `httpx` with `starlette.testclient`",
    ),
    # Each contract with another `decision_hours` is another version of the DAG.
    pytest.mark.filterwarnings("ignore:Multiple rows returned with uselist=False"),
    # skops looks into every module there is; Airflow warns of its old names.
    pytest.mark.filterwarnings(
        "ignore::airflow.utils.deprecation_tools.DeprecatedImportWarning"
    ),
]
SECONDS = 120
"""How long to wait for the question to stand."""
REASON = "seen the report of the day"
Answer = Callable[[TaskInstance], None]


@pytest.fixture
def home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A workspace whose second bad day may ask a person."""
    home = world.copy(worlds.breached(), tmp_path / "home")
    monkeypatch.setenv("DAYWATCH_HOME", str(home))
    return home


def ask(home: Path, *, hours: float = 24) -> str:
    """Let the day ask; give the id of its rollback."""
    world.amend(home, "response", mode="approve", decision_hours=hours)
    rollback = approvals.rollback_to_approve(daily.respond(worlds.confirmed_key(home)))
    assert rollback is not None
    return rollback


def waiting(session: Any) -> TaskInstance | None:  # noqa: ANN401 (of Airflow's ORM)
    """Return the question that stands, if one does."""
    query = select(TaskInstance).where(
        TaskInstance.dag_id == "approval",
        TaskInstance.state == TaskInstanceState.AWAITING_INPUT,
    )
    found: TaskInstance | None = session.scalars(query).first()
    return found


def when_it_stands(answer: Answer) -> None:
    """Wait until the question stands, then answer it."""
    deadline = time.monotonic() + SECONDS
    while True:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        with create_session() as session:
            task = waiting(session)
        if task is not None:
            answer(task)
            return


def click(option: str) -> Answer:
    """Answer as a person does on Airflow's page."""
    # Both bring starlette's test client, whose warning must fall inside a test.
    from airflow.api_fastapi.core_api.datamodels.hitl import (  # noqa: PLC0415
        UpdateHITLDetailPayload,
    )
    from airflow.api_fastapi.core_api.routes.public.hitl import (  # noqa: PLC0415
        update_hitl_detail,
    )

    def answer(task: TaskInstance) -> None:
        form = {"chosen_options": [option], "params_input": {"reason": REASON}}
        with create_session() as session:
            update_hitl_detail(
                dag_id=task.dag_id,
                dag_run_id=task.run_id,
                task_id=task.task_id,
                update_hitl_detail_payload=UpdateHITLDetailPayload.model_validate(form),
                user=SimpleAuthManagerUser(username="carla", role="admin"),
                session=session,
            )

    return answer


def sweep(_: TaskInstance) -> None:
    """Do what the scheduler does from time to time: end what nobody answered."""
    scheduler = SimpleNamespace(log=get_logger())
    while True:
        with create_session() as session:
            SchedulerJobRunner.check_awaiting_input_timeouts(
                scheduler,  # type: ignore[arg-type]  # it only logs
                session=session,
            )
            if waiting(session) is None:
                return
        time.sleep(0.2)


def run(load_dags: Callable[[], Any], rollback: str, answer: Answer) -> dict[str, str]:
    """Run the DAG to its end while somebody answers; give the state of each task."""
    dag = load_dags().dags["approval"]
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(when_it_stands, answer)
        done = dag.test(logical_date=None, run_conf={"rollback": rollback})
        answered.result()
    return {task.task_id: str(task.state) for task in done.get_task_instances()}


def stands(home: Path) -> tuple[str, str | None, str | None]:
    """Say where the rollback stands, who answered, and where the alias is."""
    with open_workspace(home) as workspace:
        (known,) = workspace.rollbacks.find()
    return known.state.value, known.approver, worlds.alias(home)


@pytest.mark.parametrize(
    ("option", "ended"),
    [
        ("approve", ("verifying", "carla", "2")),
        ("reject", ("rejected", "carla", "3")),
    ],
)
def test_click_settles_the_question(
    home: Path, load_dags: Callable[[], Any], *, option: str, ended: tuple[str, ...]
) -> None:
    """The user of Airflow is the approver, and the reason is in the journal."""
    states = run(load_dags, ask(home), click(option))
    assert states == {"phrase": "success", "ask": "success", "settle": "success"}
    assert stands(home) == ended
    with open_workspace(home) as workspace:
        (line,) = workspace.journal.lines_in("approved", "rejected")
    assert line.reason == f"in Airflow: {REASON}"


def test_page_shows_what_is_asked(home: Path, load_dags: Callable[[], Any]) -> None:
    """Model, versions, gain and guards; silence is set to mean no."""
    seen: list[HITLDetail] = []

    def look(task: TaskInstance) -> None:
        with create_session() as session:
            seen.extend(session.scalars(select(HITLDetail)).all())
        click("reject")(task)

    run(load_dags, ask(home), look)
    (detail,) = [one for one in seen if one.subject.startswith("loan:")][-1:]
    assert detail.subject == "loan: put version 2 back in the place of 3?"
    assert "| G2 | better_on_same_rows | held |" in str(detail.body)
    assert (detail.options, detail.defaults) == (["approve", "reject"], ["reject"])


def test_silence_means_no(home: Path, load_dags: Callable[[], Any]) -> None:
    """When the decision expires, Airflow stops asking and nothing has moved."""
    states = run(load_dags, ask(home, hours=0.001), sweep)
    assert states["settle"] == "success"
    assert stands(home) == ("expired", None, "3")


@pytest.mark.parametrize("says", [True, False], ids=["approve", "reject"])
def test_click_after_an_answer_by_command_is_too_late(
    home: Path, load_dags: Callable[[], Any], *, says: bool
) -> None:
    """The command was first: what it said stands, whatever is clicked afterwards."""
    rollback = ask(home)

    def answer(task: TaskInstance) -> None:
        approvals.answer(rollback, approve=says, actor="ann", reason=REASON)
        click("reject" if says else "approve")(task)

    states = run(load_dags, rollback, answer)
    assert states["settle"] == "success"
    ended = ("verifying", "ann", "2") if says else ("rejected", "ann", "3")
    assert stands(home) == ended


def test_command_answers_while_airflow_waits_in_silence(
    home: Path, load_dags: Callable[[], Any]
) -> None:
    """The timeout of a question that is answered already changes nothing."""
    rollback = ask(home, hours=0.001)

    def answer(task: TaskInstance) -> None:
        approvals.answer(rollback, approve=True, actor="ann", reason=REASON)
        sweep(task)

    run(load_dags, rollback, answer)
    assert stands(home) == ("verifying", "ann", "2")


def test_settled_question_is_not_asked(
    home: Path, load_dags: Callable[[], Any]
) -> None:
    """Whoever looks at Airflow's required actions finds no dead question."""
    rollback = ask(home)
    approvals.answer(rollback, approve=False, actor="ann", reason=REASON)
    dag = load_dags().dags["approval"]
    done = dag.test(logical_date=None, run_conf={"rollback": rollback})
    states = {str(task.state) for task in done.get_task_instances()}
    assert (done.state, states) == ("success", {"skipped"})
