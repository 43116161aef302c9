"""From the name of a connection to what it holds; a secret is shown by nothing here.

Asked in this order: Airflow's connections (inside a task), `DAYWATCH_CONN_<NAME>`,
`AIRFLOW_CONN_<NAME>`. A name `env:NAME` is the variable of that name and nothing else.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import ConnectionLookup

PREFIXES = ("DAYWATCH_CONN_", "AIRFLOW_CONN_")
VARIABLE = "env:"
HIDDEN = "***"
SHORTEST_SECRET = 4
"""Shorter parts are ports, paths and words such as `v1`; hiding them hides the rest."""
NO_SECRETS = frozenset({"from", "to", "from_email", "ca_file", "tls", "timeout"})
"""Options of a connection that may be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionText:
    """A connection as it was written.

    Attributes:
        text: A URL, Airflow's JSON, or a bare secret.
        source: Where it was written: a variable, or Airflow.
    """

    text: str = field(repr=False)
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The parts of a connection; what may be secret is not in its repr.

    Attributes:
        name: Name of the connection.
        kind: The URL's scheme, Airflow's type of connection; empty for a bare secret.
        host: Host; empty where there is none.
        port: Port; None for the usual one.
        login: Who logs in; empty where nobody does.
        password: Password, token or key; empty where there is none.
        path: What follows the host, Airflow's schema.
        extra: Options by name.
        url: The whole as a URL; empty for a bare secret.
    """

    name: str
    kind: str = ""
    host: str = field(default="", repr=False)
    port: int | None = field(default=None, repr=False)
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    path: str = field(default="", repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    url: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The web address that a connection is: its password, or the whole."""
        # Airflow cannot hold an address whole, so there it is the password.
        return self.password if "://" in self.password else self.url

    def redacted(self, text: str) -> str:
        """Return a text in which every part that may be secret is hidden."""
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def _secrets(self) -> set[str]:
        parts = {self.password, self.login, self.url, self.path}
        parts |= {value for key, value in self.extra.items() if key not in NO_SECRETS}
        if "://" in self.address:
            parts |= _parts_of(self.address)
        login = f"{self.login}:{self.password}".encode()
        parts |= {b64encode(part.encode()).decode() for part in parts if part}
        parts |= {b64encode(login).decode(), b64encode(b"\0" + login).decode()}
        parts |= {quote(part, safe="") for part in parts}
        # As JSON writes them, quotes and other alphabets.
        parts |= {json.dumps(part)[1:-1] for part in parts}
        return {part for part in parts if len(part) >= SHORTEST_SECRET}


def find_in_environment(name: str) -> ConnectionText | None:
    """Return what the environment has of a connection; None where it has nothing."""
    variables = [prefix + name.upper() for prefix in PREFIXES]
    if name.startswith(VARIABLE):
        variables = [name.removeprefix(VARIABLE)]
    for variable in variables:
        text = os.environ.get(variable, "").strip()
        if text:
            return ConnectionText(text=text, source=variable)
    return None


def find_connection(name: str, look_up: ConnectionLookup | None) -> ConnectionText:
    """Return a connection as it was written.

    Args:
        name: Its name.
        look_up: Asked first, e.g. Airflow's connections; then the environment.

    Raises:
        ConfigurationError: If nobody knows it.
    """
    if look_up is not None and not name.startswith(VARIABLE):
        text = look_up(name)
        if text:
            return ConnectionText(text=text, source="Airflow")
    known = find_in_environment(name)
    if known is not None:
        return known
    variable = name.removeprefix(VARIABLE)
    if variable != name:
        msg = f"connection '{name}' is not known; set the variable {variable}"
        raise ConfigurationError(msg)
    msg = (
        f"connection '{name}' is not known; set {PREFIXES[0]}{name.upper()}, "
        "or add an Airflow Connection of that name"
    )
    raise ConfigurationError(msg)


def read_credentials(name: str, look_up: ConnectionLookup | None) -> Credentials:
    """Return the parts of a connection: of a URL, of Airflow's JSON, a bare secret.

    Args:
        name: Its name.
        look_up: Asked first, e.g. Airflow's connections; then the environment.

    Raises:
        ConfigurationError: If nobody knows it or it cannot be read.
    """
    written = find_connection(name, look_up)
    if written.text.startswith("{"):
        return _from_json(name, written)
    if "://" not in written.text:
        return Credentials(name=name, password=written.text)
    try:
        return _from_url(name, written.text)
    except ValueError:
        # The text of the error carries a part of the URL, maybe of the password.
        msg = (
            f"connection '{name}' ({written.source}) is not a URL; write special "
            "characters of a login or password as %XX"
        )
        raise ConfigurationError(msg) from None


def airflow_parts(written: ConnectionText) -> Mapping[str, Any]:
    """Return the parts of a connection in Airflow's JSON.

    Raises:
        ConfigurationError: If it is no JSON object with a `conn_type`.
    """
    try:
        parts = json.loads(written.text)
        parts["conn_type"]
    except (ValueError, KeyError, TypeError):
        msg = f"{written.source}: not a connection in JSON with a `conn_type`"
        raise ConfigurationError(msg) from None
    return dict(parts)


def _from_json(name: str, written: ConnectionText) -> Credentials:
    parts = airflow_parts(written)
    extra = parts.get("extra") or {}
    try:
        options = json.loads(extra) if isinstance(extra, str) else dict(extra)
        port = int(parts["port"]) if parts.get("port") else None
    except (ValueError, TypeError):
        msg = f"{written.source}: `extra` is a JSON object, `port` a number"
        raise ConfigurationError(msg) from None
    return Credentials(
        name=name,
        kind=str(parts["conn_type"]),
        host=str(parts.get("host") or ""),
        port=port,
        login=str(parts.get("login") or ""),
        password=str(parts.get("password") or ""),
        path=str(parts.get("schema") or ""),
        extra={str(key): str(value) for key, value in options.items()},
        url=str(parts["host"]) if "://" in str(parts.get("host")) else "",
    )


def _from_url(name: str, text: str) -> Credentials:
    # Airflow writes a host that is an address as `http://https://host%2Fpath`.
    inner = text.partition("://")[2]
    if re.match(r"[a-z][a-z0-9+.-]*://", inner):
        scheme, _, rest = inner.partition("://")
        authority, slash, tail = rest.partition("/")
        login, at, host = authority.rpartition("@")
        text = f"{scheme}://{login}{at}{unquote(host)}{slash}{tail}"
    parts = urlsplit(text)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    nested = json.loads(options.pop("__extra__", "{}"))
    return Credentials(
        name=name,
        kind=parts.scheme,
        host=unquote(parts.hostname or ""),
        port=parts.port,
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path.strip("/")),
        extra=options | {str(key): str(value) for key, value in nested.items()},
        url=text,
    )


def _parts_of(address: str) -> set[str]:
    """Return what of an address may be its secret: all but the host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return set(re.split(r"[/@:?&=]+", address))
    options = parse_qsl(parts.query)
    logins = {unquote(parts.username or ""), unquote(parts.password or "")}
    values = {value for key, value in options if key not in NO_SECRETS}
    return {*parts.path.split("/"), parts.query, *values, *logins}
