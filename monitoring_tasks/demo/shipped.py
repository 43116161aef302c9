"""Where the DAGs and the demo's expectations lie: beside the code, or in the wheel."""

from pathlib import Path

from monitoring_tasks.errors import ConfigurationError


def shipped(name: str) -> Path:
    """Return the folder `dags` or `expectations` that came with Daywatch.

    Raises:
        ConfigurationError: If the installation lacks it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / name, package / "shipped" / name):
        if folder.is_dir():
            return folder
    msg = f"this installation of Daywatch lacks its '{name}' folder; install it again"
    raise ConfigurationError(msg)
