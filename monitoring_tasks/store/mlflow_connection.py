"""Talking to an MLflow server: bounded waiting, three attempts, errors in our words.

Imports MLflow only when something is asked. `store.registry` says what is asked.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import DBAPIError

from monitoring_tasks.disk import NO_ROOM, is_local_fault
from monitoring_tasks.errors import (
    ConfigurationError,
    RegistryError,
    SourceUnavailableError,
    VersionMissingError,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

Answer = TypeVar("Answer")

_ATTEMPTS = 3
_RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
_BOUNDS = {
    _RETRIES: "0",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
"""MLflow's own retries last minutes; ours are enough. May be overridden."""
_TRANSIENT = {"TEMPORARILY_UNAVAILABLE", "INTERNAL_ERROR", "REQUEST_LIMIT_EXCEEDED"}
_SERVER_FAULT = 500
_QUOTED_ERROR = re.compile(r"\[Errno (\d+)\]")
_SECRET_NAME = re.compile("PASSWORD|TOKEN|SECRET")
_SECRET_OPTION = re.compile(
    r"(?i)([?&][^=&\s]*(?:password|token|secret)[^=&\s]*=)[^&\s]+"
)
_SQLITE, _FILE = "sqlite:///", "file:"
_ADDRESSES = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")
REMEDY = (
    "name yours in registry_url of daywatch.yaml, DAYWATCH_REGISTRY_URL or "
    "MLFLOW_TRACKING_URI"
)


class Connection:
    """One MLflow address. MLflow keeps its own per process, so it is set each time."""

    def __init__(self, url: str, tracking_url: str = "") -> None:
        """Remember the address; nothing is contacted yet.

        Args:
            url: MLflow URI of the registry.
            tracking_url: MLflow URI of runs and artifacts; empty for the same.
        """
        if not url.strip():
            raise ConfigurationError(
                "registry_url is empty; set it in daywatch.yaml or "
                "DAYWATCH_REGISTRY_URL"
            )
        self.url = url
        self._tracking_url = tracking_url or url
        self._client: MlflowClient | None = None
        for key, value in _BOUNDS.items():
            os.environ.setdefault(key, value)

    @property
    def shown(self) -> str:
        """The address without the password it may hold."""
        return without_secrets(self.url)

    @property
    def file(self) -> Path | None:
        """The SQLite file of the registry; None for any other."""
        if not self.url.startswith(_SQLITE):
            return None
        return Path(self.url.removeprefix(_SQLITE).partition("?")[0]).resolve()

    @property
    def folder(self) -> Path | None:
        """The folder of a registry that is a SQLite file; None for any other."""
        if not self.url.startswith(_SQLITE):
            return None
        return Path(self.url.removeprefix(_SQLITE)).resolve().parent

    @property
    def is_absent(self) -> bool:
        """Whether the registry is a file or folder that is not there, or empty.

        MLflow would make it, tables and all, for a mere question.
        """
        if self.url.startswith(_SQLITE):
            path = Path(self.url.removeprefix(_SQLITE).partition("?")[0])
            return not (path.is_file() and path.stat().st_size)
        if self.url.startswith(_FILE):
            return not Path(unquote(urlsplit(self.url).path)).is_dir()
        return self.url.startswith(("/", ".")) and not Path(self.url).is_dir()

    def client(self) -> "MlflowClient":
        """MLflow's client, with the process pointed at this address.

        The address stays within the process: MLflow's variables keep what the user
        said, so that a child process is not sent to this workspace's registry.
        """
        import mlflow  # noqa: PLC0415 (seconds to import)

        if self.folder and not self.folder.is_dir():
            msg = f"registry_url: the folder {self.folder} does not exist; make it"
            raise ConfigurationError(msg)
        with _environment_kept(*_ADDRESSES):
            mlflow.set_tracking_uri(self._tracking_url)
            mlflow.set_registry_uri(self.url)
        if self._client is None:
            self._client = mlflow.MlflowClient(self._tracking_url, self.url)
        return self._client

    def ask(self, subject: str, question: "Callable[[MlflowClient], Answer]") -> Answer:
        """Put a question that may safely be put again, up to three times.

        Args:
            subject: What is asked about, to be named in an error.
            question: Reads from the registry with the client.

        Raises:
            VersionMissingError: If the registry is a file that is not there; asking
                does not make it.
        """
        import tenacity  # noqa: PLC0415 (heavy)

        patient = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=tenacity.wait_exponential(multiplier=0.2, max=2),
            retry=tenacity.retry_if_exception(_is_transient),
            reraise=True,
        )
        self._require()
        with translated_errors(subject, self.shown):
            return patient(lambda: question(self.client()))

    def tell(self, subject: str, change: "Callable[[MlflowClient], object]") -> None:
        """Make a change once: no second attempt of ours, nor of MLflow's own.

        An attempt that failed may have been applied, and somebody may have changed it
        since; whoever tries again has to look first.

        Args:
            subject: What is changed, to be named in an error.
            change: Writes to the registry with the client.
        """
        self._require()
        with translated_errors(subject, self.shown), _environment_kept(_RETRIES):
            # Whatever the user set: a retried write may undo somebody else's.
            os.environ[_RETRIES] = "0"
            change(self.client())

    def _require(self) -> None:
        if self.folder and not self.folder.is_dir():
            return  # `client` says so, as a fault of the setting
        if self.is_absent:
            msg = f"there is no registry at {self.shown} yet; {REMEDY}"
            raise VersionMissingError(msg)


@contextmanager
def _environment_kept(*names: str) -> Iterator[None]:
    """Restore these variables afterwards to the values they had, or none."""
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def translated_errors(subject: str, registry: str) -> Iterator[None]:
    """Turn MLflow's errors into ours, without the password an address may hold.

    Args:
        subject: What was asked about, to be named in the error.
        registry: The address as it may be shown.
    """
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 (seconds to import)

    try:
        yield
    except (MlflowException, DBAPIError, OSError) as error:
        if is_local_fault(error):
            raise  # of our own disk, not of the registry
        text = without_secrets(str(error))[:300]
        if _is_transient(error):
            why = _in_short(error) or f": {text}"
            msg = f"the registry at {registry} did not answer about {subject}{why}"
            raise SourceUnavailableError(msg) from None
        if _is_absence(error):
            msg = f"the registry at {registry} has no {subject}: {text}"
            raise VersionMissingError(msg) from None
        msg = f"the registry at {registry} refused {subject}: {text}"
        raise RegistryError(msg) from None


def _in_short(error: BaseException) -> str:
    """Return what the operating system said, and the remedy; empty where it did not.

    Libraries wrap it into sentences of their own, three deep and hundreds long, or
    quote it in words.
    """
    quoted = _QUOTED_ERROR.search(str(error))
    number = int(quoted[1]) if quoted else 0
    words = os.strerror(number) if quoted else ""
    cause: BaseException | None = error
    while cause is not None:
        # The innermost said it first, and its numbers may be a resolver's own.
        if isinstance(cause, OSError) and cause.errno and cause.strerror:
            number, words = cause.errno, cause.strerror
        cause = cause.__cause__ or cause.__context__
    if not words:
        return ""
    remedy = "is it up, and is `registry_url` right?"
    if number in NO_ROOM:
        remedy = "make room, on this machine's disk or on the registry's"
    return f" ({without_secrets(words).lower()}); {remedy}"


def without_secrets(text: str) -> str:
    """Blank out passwords in addresses and the values of secret variables."""
    text = re.sub(r"://[^/@\s]+@", "://***@", text)
    text = _SECRET_OPTION.sub(r"\1***", text)
    for name, value in os.environ.items():
        if value and _SECRET_NAME.search(name.upper()):
            text = text.replace(value, "***")
    return text


def _is_transient(error: BaseException) -> bool:
    from requests import RequestException  # noqa: PLC0415 (heavy)

    if isinstance(error, ConnectionError | TimeoutError | DBAPIError):
        return True
    if isinstance(error, RequestException):
        status = _http_status(error)
        # Without a status nobody answered; below 500 it would answer the same again.
        return status is None or status >= _SERVER_FAULT
    return getattr(error, "error_code", "") in _TRANSIENT


def _is_absence(error: Exception) -> bool:
    if isinstance(error, OSError):
        return _http_status(error) in {None, 404}
    # Some of MLflow's stores raise an absence without its code.
    code = getattr(error, "error_code", "")
    return code == "RESOURCE_DOES_NOT_EXIST" or "not found" in str(error)


def _http_status(error: OSError) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)
