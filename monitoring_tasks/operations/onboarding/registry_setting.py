"""The registry's address, kept in the settings of the workspace."""

from pathlib import Path

import yaml

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import FILE_NAME


def keep_registry(home: Path, url: str) -> None:
    """Write the registry's address into the workspace's settings, if none is there.

    Args:
        home: Folder of the workspace; made if it is not there.
        url: Address of the registry, as MLflow takes it.

    Raises:
        ConfigurationError: If the settings name another one.
    """
    path = home / FILE_NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    kept_url = (yaml.safe_load(text) or {}).get("registry_url")
    if kept_url == url:
        return
    if kept_url is not None:
        msg = (
            f"{path}: registry_url is {kept_url} and --registry says {url}; change one"
        )
        raise ConfigurationError(msg)
    home.mkdir(parents=True, exist_ok=True)
    # Appended, not written anew: what people noted in the file stays.
    line = yaml.safe_dump({"registry_url": url})
    path.write_text(f"{text.rstrip()}\n{line}".lstrip(), encoding="utf-8")
