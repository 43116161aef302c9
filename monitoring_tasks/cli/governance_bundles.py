"""Evidence bundles: `governance bundle INCIDENT`, `verify`, `remove`."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, ReasonOption
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported
from monitoring_tasks.cli.terminal import assembled


class BundleGroup(TyperGroup):
    """A group whose first word may also be an incident, of which a bundle is made."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Put `make` before the id of an incident."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["make", *args]
        return super().parse_args(ctx, args)


group = typer.Typer(
    name="bundle",
    cls=BundleGroup,
    help="All that was written down of an incident, with a manifest of digests.",
    no_args_is_help=True,
)
PathArgument = Annotated[Path, typer.Argument(help="The bundle: a folder or a zip.")]


def make(
    incident: Annotated[str, typer.Argument(help="Its id.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder (default: bundles/ in the workspace)."),
    ] = None,
    *,
    folder: Annotated[
        bool, typer.Option("--folder", help="Write a folder instead of a zip.")
    ] = False,
    rows: Annotated[
        bool, typer.Option("--rows", help="With the frozen rows, which are personal.")
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the evidence of an incident; the same evidence has the same digest.

    Example: daywatch governance bundle flight_delay-model-2013-09-02 --out evidence/
    """
    with reported(home):
        from monitoring_tasks.operations.governance.bundles import make_bundle
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            written = make_bundle(
                workspace,
                incident,
                actor=by or getpass.getuser(),
                folder=out,
                rows=rows,
                as_zip=not folder,
            )
    if as_json:
        from dataclasses import asdict

        print_json(asdict(written))
        return
    console.print(f"{written.path}: {written.files} files", soft_wrap=True)
    console.print(f"digest {written.digest}", soft_wrap=True)
    console.print(f"held until {written.hold_until}; a record, no legal advice")


def verify(
    path: PathArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Hold each file against the manifest's digest; exit 1 if one is not as it was.

    Example: daywatch governance bundle verify bundles/ID-0123456789ab.zip
    """
    with reported(home):
        from monitoring_tasks.operations.governance.bundles import verify_bundle
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            checked, in_journal = verify_bundle(workspace, path)
    if as_json:
        print_json(
            {
                "ok": not checked.faults,
                "digest": checked.digest,
                "in_journal": in_journal,
                "faults": checked.faults,
            }
        )
    else:
        for fault in checked.faults:
            console.print(assembled(("broken: ", "bold red"), fault))
        if not checked.faults:
            console.print(f"every file is as it was; digest {checked.digest}")
        known = "knows" if in_journal else "does not know"
        console.print(f"the journal of this workspace {known} the digest")
    if checked.faults:
        raise typer.Exit(ExitCode.FAULT)


def remove(
    path: PathArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Remove a bundle; refused (exit 4) under a legal hold or before its time.

    Example: daywatch governance bundle remove ID-0123456789ab.zip --reason "..."
    """
    with reported(home):
        from monitoring_tasks.operations.governance.bundles import remove_bundle
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            held = remove_bundle(
                workspace, path, reason=reason, actor=by or getpass.getuser()
            )
    if as_json:
        print_json({"removed": not held, "held_by": held})
    else:
        for text in held:
            console.print(assembled(("held: ", "bold red"), text))
        if not held:
            console.print(f"{path}: removed; the journal keeps its digest")
    if held:
        raise typer.Exit(ExitCode.REFUSED)


COMMANDS: dict[str, Callable[..., None]] = {
    "make": make,
    "verify": verify,
    "remove": remove,
}
