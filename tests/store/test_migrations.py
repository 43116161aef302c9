import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.store.database import Database, known_revisions
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.store.schema import METADATA
from tests.builders import make_rollback

OLD_LINES = (
    # number, key, state: one line is missing, as after a transaction that failed.
    (1, "k1", "intent"),
    (2, "k1", "applied"),
    (4, "k2", "refused"),
    (5, "k3", "superseded"),
)


def migrate(database: Database, revision: str, *, up: bool = False) -> None:
    """Bring a store's tables to a revision."""
    config = Config()
    config.set_main_option("script_location", "monitoring_tasks:store/migrations")
    go = command.upgrade if up else command.downgrade
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        go(config, revision)


def test_revisions_are_those_that_alembic_reads() -> None:
    """The names of the files say what the files say, in their order."""
    config = Config()
    config.set_main_option("script_location", "monitoring_tasks:store/migrations")
    scripts = ScriptDirectory.from_config(config)
    read = [script.revision for script in scripts.walk_revisions()]
    assert known_revisions() == read[::-1]
    assert known_revisions()[-1] == scripts.get_current_head()


def test_tables_of_an_older_version_are_brought_up_to_date(tmp_path: Path) -> None:
    """Numbers of before horizons were are numbers of one day; none is lost."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)
    migrate(database, "0001")
    with database.transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO evaluations (key, model, day, as_of, mode, step)"
                " VALUES ('k', 'm', '2026-01-01', '2026-01-02', 'live', 'estimate')"
            )
        )
        connection.execute(
            sa.text(
                'INSERT INTO findings (evaluation, kind, metric, "column", segment,'
                " version, value, rows, reason)"
                " VALUES ('k', 'realized', 'f1', '', 'all', '1', 0.5, 9, '')"
            )
        )
    database.engine.dispose()
    with Database(url).transaction() as connection:
        rows = connection.execute(sa.text("SELECT value, horizon FROM findings")).all()
    assert rows == [(0.5, 1)]


def test_incidents_of_before_alarms_were_gathered_are_kept(tmp_path: Path) -> None:
    """They come through with their time lines: nobody was paged, nothing merged."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)
    migrate(database, "0002")
    with database.transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO incidents VALUES ('i', 'm', 'data', 'open', 'P2', '1',"
                " '2026-01-01', '2026-01-01', 't', '2026-01-02 06:00:00', 1)"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO incident_events VALUES ('i', 'opened',"
                " '2026-01-02 06:00:00', 'daywatch', 'open', 't', '{}')"
            )
        )
    database.engine.dispose()
    incidents = Incidents(Database(url))
    (found,) = incidents.find()
    assert (found.reopened, found.upstreams, found.paged_at) == (0, (), None)
    assert [event["event"] for event in incidents.events("i")] == ["opened"]


def store_of_before_rollbacks(url: str) -> Database:
    """Return a store of revision 0003 with a few lines in its journal."""
    database = Database(url)
    migrate(database, "0003")
    with database.transaction() as connection:
        for number, key, state in OLD_LINES:
            connection.execute(
                sa.text(
                    "INSERT INTO alias_journal VALUES (:n, :k, :s,"
                    " '2026-01-02 06:00:00.123456', 'm', 'champion', '2', '1',"
                    " 'größe', 'daywatch', NULL, '[{\"name\": \"a\"}]')"
                ),
                {"n": number, "k": key, "s": state},
            )
    return database


def test_journal_of_before_rollbacks_is_chained_as_it_is_found(tmp_path: Path) -> None:
    """Numbers without gaps, today's words; what is added follows the old lines."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store_of_before_rollbacks(url).engine.dispose()
    database = Database(url)
    journal = Journal(database)
    found = [(line.number, line.key, line.state) for line in journal.lines()]
    assert found == [
        (1, "k1", "executing"),
        (2, "k1", "applied"),
        (3, "k2", "blocked"),
        (4, "k3", "superseded"),
    ]
    assert journal.lines()[0].guards == [{"name": "a"}]
    assert journal.lines()[0].at.isoformat() == "2026-01-02T06:00:00.123456+00:00"
    assert journal.verify() is None
    Rollbacks(database, journal).propose(make_rollback(), {})
    assert journal.lines()[-1].number == 5
    assert journal.verify() is None
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE alias_journal SET key = 'x' WHERE number=2"))
    assert journal.verify() == "line 2 was changed after it was written"
    database.engine.dispose()


def test_rollbacks_can_be_taken_out_of_a_store_and_put_in_again(tmp_path: Path) -> None:
    """Down: the old words, and nothing is lost of the lines; up: chained again."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store_of_before_rollbacks(url).engine.dispose()
    database = Database(url)
    migrate(database, "0003")
    with database.transaction() as connection:
        rows = connection.execute(sa.text("SELECT * FROM alias_journal")).all()
        tables = sa.inspect(connection).get_table_names()
    assert [row[2] for row in rows] == [state for _, _, state in OLD_LINES]
    assert {len(row) for row in rows} == {12}
    assert not {"rollbacks", "fences"} & set(tables)
    migrate(database, "0004", up=True)
    assert len(Journal(database).lines()) == 4
    assert Journal(database).verify() is None
    database.engine.dispose()


def test_a_cause_about_a_part_of_the_rows_is_renamed_where_it_is_stored(
    tmp_path: Path,
) -> None:
    """Days, incidents and what people said of them read back as `segment`."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)
    migrate(database, "0005")
    machine = '{"machine": {"cause": "slice"}, "chosen_by": ["slice"]}'
    said = (
        '{"cause": "slice", "machine_cause": "model", "severity": "P2",'
        ' "machine_severity": "P2"}'
    )
    with database.transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO evaluations (key, model, day, as_of, mode, step, verdict,"
                " performance, confirmed, cause, reasons, evidence)"
                " VALUES ('m/2026-01-01/2026-01-02T00:00:00+00:00/live', 'm',"
                " '2026-01-01', '2026-01-02 00:00:00', 'live', 'decide', 'breach',"
                " 'breach', 1, 'slice', '[]', :evidence)"
            ),
            {"evidence": machine},
        )
        connection.execute(
            sa.text(
                "INSERT INTO incidents (id, model, cause, state, severity, version,"
                " onset_day, last_day, title, opened_at, is_active, reopened,"
                " is_flapping, upstreams) VALUES ('m-slice-2026-01-01', 'm', 'slice',"
                " 'open', 'P2', '1', '2026-01-01', '2026-01-01', 't',"
                " '2026-01-02 06:00:00', 1, 0, 0, '[]')"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO incident_events VALUES ('m-slice-2026-01-01',"
                " 'reclassified-1', '2026-01-02 06:00:00', 'ann', 'cause', 't', :said)"
            ),
            {"said": said},
        )
    database.engine.dispose()
    migrated = Database(url)
    (evaluation,) = Results(migrated).current("m", date(2026, 1, 1), date(2026, 1, 1))
    assert (evaluation.cause, evaluation.evidence["machine"]["cause"]) == (
        Cause.SEGMENT,
        "segment",
    )
    assert evaluation.evidence["chosen_by"] == ["slice"]
    assert evaluation.decision is not None
    assert evaluation.decision.reason_codes == ()
    (incident,) = Incidents(migrated).find()
    (event,) = Incidents(migrated).events(incident.id)
    assert (incident.cause, event["detail"]["cause"]) == (Cause.SEGMENT, "segment")
    migrate(migrated, "0005")
    with migrated.transaction() as connection:
        (cause,) = connection.execute(sa.text("SELECT cause FROM incidents")).one()
    assert cause == "slice"


def test_comparisons_of_before_name_champion_and_candidate(tmp_path: Path) -> None:
    """Their days too; what lies in a rollback's evidence is read as it was written."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)
    migrate(database, "0006")
    old = {"live": 0.6, "other": 0.7, "gain": 0.1, "lower": 0.05, "upper": 0.15}
    day = {"day": "2026-01-01", "live": 0.6, "other": 0.7, "gain": 0.1}
    compared = {"version": "1", "metric": "roc_auc", "days": ["2026-01-01"], **old}
    compared["daily"] = [day | {"error": 0.02, "rows": 900}]
    with database.transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO evaluations (key, model, day, as_of, mode, step,"
                " comparisons) VALUES ('k', 'm', '2026-01-01', '2026-01-02', 'live',"
                " 'compare', :compared)"
            ),
            {"compared": json.dumps([compared])},
        )
    migrate(database, "0007", up=True)
    with database.transaction() as connection:
        text = connection.scalar(sa.text("SELECT comparisons FROM evaluations"))
    (renamed,) = json.loads(text)
    assert "live" not in str(renamed)
    (daily,) = Comparison.from_json(renamed).daily
    assert (renamed["champion"], daily.candidate) == (0.6, 0.7)
    assert Comparison.from_json(compared) == Comparison.from_json(renamed)
    migrate(database, "0006")
    with database.transaction() as connection:
        text = connection.scalar(sa.text("SELECT comparisons FROM evaluations"))
    assert json.loads(text) == [compared]
    database.engine.dispose()


def test_indexes_are_those_that_the_tables_declare(tmp_path: Path) -> None:
    """Up, down and up again; what the migrations alone have is named there."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)

    def indexes() -> set[str]:
        with database.transaction() as connection:
            seen = sa.inspect(connection)
            return {
                str(index["name"])
                for table in METADATA.tables
                for index in seen.get_indexes(table)
            }

    of_migrations = {"ix_incidents_one_active", "ix_rollbacks_one_open"}
    declared = {
        str(index.name) for table in METADATA.tables.values() for index in table.indexes
    }
    assert indexes() - of_migrations == declared
    migrate(database, "0013")
    assert "ix_evaluations_model_day" in indexes()
    assert "ix_evaluations_looks" not in indexes()
    migrate(database, "0014", up=True)
    assert indexes() - of_migrations == declared
    database.engine.dispose()
