"""The command that runs Airflow and MLflow on this machine: `up`."""

from typing import Annotated

import typer

from monitoring_tasks.cli.options import DEFAULT_HOME, HomeOption
from monitoring_tasks.cli.output import console, reported


def up(
    *,
    port: Annotated[int, typer.Option(help="Port of Airflow.")] = 8080,
    mlflow_port: Annotated[int, typer.Option(help="Port of MLflow.")] = 5000,
    login: Annotated[
        bool,
        typer.Option(
            "--login/--no-login",
            help="Whether Airflow asks for a password; without, every user of this "
            "machine is its admin.",
        ),
    ] = True,
    home: HomeOption = None,
) -> None:
    """Run Airflow and MLflow on this machine, on loopback, until Ctrl-C.

    Airflow's user is `admin`; its password is printed once and kept under up/airflow.

    Example: daywatch up --port 8081
    """
    folder = (home or DEFAULT_HOME).resolve()
    with reported(folder):
        from monitoring_tasks.demo.shipped import shipped
        from monitoring_tasks.settings import load_settings
        from monitoring_tasks.up.layout import Layout
        from monitoring_tasks.up.stack import run

        layout = Layout(
            settings=load_settings(folder),
            dags=shipped("dags"),
            airflow_port=port,
            mlflow_port=mlflow_port,
            asks_for_login=login,
        )
        run(layout, console)


COMMANDS = (up,)
