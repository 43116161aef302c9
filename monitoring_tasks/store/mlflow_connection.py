"""Talking to an MLflow server: bounded waiting, three attempts, errors in our words.

Imports MLflow only when something is asked. `store.registry` says what is asked.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from requests import RequestException
from sqlalchemy.exc import DBAPIError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from monitoring_tasks.disk import is_local_fault
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
_SECRET_NAME = re.compile("PASSWORD|TOKEN|SECRET")


class Connection:
    """One MLflow address. MLflow keeps its own per process, so it is set each time."""

    def __init__(self, url: str) -> None:
        """Remember the address; nothing is contacted yet."""
        if not url.strip():
            raise ConfigurationError(
                "registry_url is empty; set it in daywatch.yaml or "
                "DAYWATCH_REGISTRY_URL"
            )
        self.url = url
        self._client: MlflowClient | None = None
        for key, value in _BOUNDS.items():
            os.environ.setdefault(key, value)

    @property
    def folder(self) -> Path | None:
        """The folder of a registry that is a SQLite file; None for any other."""
        if not self.url.startswith("sqlite:///"):
            return None
        return Path(self.url.removeprefix("sqlite:///")).resolve().parent

    def client(self) -> "MlflowClient":
        """Give MLflow's client, with the process pointed at this address."""
        import mlflow  # noqa: PLC0415 (seconds to import)

        if self.folder and not self.folder.is_dir():
            msg = f"registry_url: the folder {self.folder} does not exist; make it"
            raise ConfigurationError(msg)
        mlflow.set_tracking_uri(self.url)
        mlflow.set_registry_uri(self.url)
        if self._client is None:
            self._client = mlflow.MlflowClient(self.url, self.url)
        return self._client

    def ask(self, what: str, question: "Callable[[MlflowClient], Answer]") -> Answer:
        """Put a question that may safely be put again, up to three times."""
        patient = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=0.2, max=2),
            retry=retry_if_exception(_is_transient),
            reraise=True,
        )
        with translated_errors(what):
            return patient(lambda: question(self.client()))

    def tell(self, what: str, change: "Callable[[MlflowClient], object]") -> None:
        """Make a change once: no second attempt of ours, nor of MLflow's own.

        An attempt that failed may have been applied, and somebody may have changed it
        since; whoever tries again has to look first.
        """
        with translated_errors(what), _single_attempt():
            change(self.client())


@contextmanager
def _single_attempt() -> Iterator[None]:
    before = os.environ.get(_RETRIES, "0")
    os.environ[_RETRIES] = "0"
    try:
        yield
    finally:
        os.environ[_RETRIES] = before


@contextmanager
def translated_errors(what: str) -> Iterator[None]:
    """Turn MLflow's errors into ours, without the password an address may hold."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 (seconds to import)

    try:
        yield
    except (MlflowException, DBAPIError, OSError) as error:
        if is_local_fault(error):
            raise  # of our own disk, not of the registry
        text = without_secrets(str(error))[:300]
        if _is_transient(error):
            msg = f"the registry did not answer about {what}: {text}"
            raise SourceUnavailableError(msg) from None
        if _is_absence(error):
            msg = f"the registry has no {what}: {text}"
            raise VersionMissingError(msg) from None
        msg = f"the registry refused {what}: {text}"
        raise RegistryError(msg) from None


def without_secrets(text: str) -> str:
    """Blank out passwords in addresses and the values of secret variables."""
    text = re.sub(r"://[^/@\s]+@", "://***@", text)
    for name, value in os.environ.items():
        if value and _SECRET_NAME.search(name.upper()):
            text = text.replace(value, "***")
    return text


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError | DBAPIError):
        return True
    if isinstance(error, RequestException):
        status = _http_status(error)
        return status is None or status >= _SERVER_FAULT
    return getattr(error, "error_code", "") in _TRANSIENT


def _is_absence(error: Exception) -> bool:
    if isinstance(error, OSError):
        return _http_status(error) in {None, 404}
    code = getattr(error, "error_code", "")
    return code == "RESOURCE_DOES_NOT_EXIST" or "not found" in str(error)


def _http_status(error: OSError) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)
