"""What each fault did, as a table for whoever runs Daywatch."""

from dataclasses import astuple, dataclass, field
from pathlib import Path

HEAD = ("Fault", "Store", "Registry", "What happened", "End state")
FIRST, LAST = "<!-- faults: made by the tests, do not edit -->", "<!-- /faults -->"
"""The lines of a page between which the table stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault and what came of it, as a test has seen it.

    Attributes:
        fault: What was done.
        store: Where Daywatch's own tables were.
        registry: What the registry was.
        happened: What Daywatch said or did.
        end: Where everything stood in the end.
    """

    fault: str
    store: str
    registry: str
    happened: str
    end: str


@dataclass
class FaultTable:
    """Rows, one a test; tests that failed have none."""

    rows: list[Row] = field(default_factory=list)

    def add(
        self, *, fault: str, store: str, registry: str, happened: str, end: str
    ) -> None:
        """Write down what was seen."""
        row = Row(
            fault=fault, store=store, registry=registry, happened=happened, end=end
        )
        self.rows.append(row)

    def write(self, path: Path) -> None:
        """Write the rows into a Markdown page; stores with the same outcome together.

        Args:
            path: The page; the table takes the place of what lies between its marks.
        """
        stores: dict[tuple[str, str, str, str], list[str]] = {}
        for row in self.rows:
            key = (row.fault, row.registry, row.happened, row.end)
            known = stores.setdefault(key, [])
            if row.store not in known:
                known.append(row.store)
        lines = [
            Row(
                fault=fault,
                store=", ".join(sorted(names, reverse=True)),
                registry=registry,
                happened=happened,
                end=end,
            )
            for (fault, registry, happened, end), names in sorted(stores.items())
        ]
        table = [HEAD, tuple("---" for _ in HEAD), *map(astuple, lines)]
        text = "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in table)
        page = path.read_text(encoding="utf-8")
        before, _, rest = page.partition(FIRST)
        _, mark, after = rest.partition(LAST)
        if not mark:
            msg = f"{path} has no place for the table: {FIRST} ... {LAST}"
            raise ValueError(msg)
        path.write_text(f"{before}{FIRST}\n\n{text}\n\n{LAST}{after}", encoding="utf-8")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
