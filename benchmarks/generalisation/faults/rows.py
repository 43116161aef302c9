"""What goes wrong with rows, their ids, their instants and their version. Pure."""

from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.generalisation.data.schema import ID, OLDER, TIME, VERSION, Batch
from benchmarks.generalisation.faults.terms import Mask, Production, Terms

DAY = pd.Timedelta(days=1)


def _kept(batch: Batch, mask: Mask) -> Batch:
    rows = batch.predictions[mask].reset_index(drop=True)
    return replace(batch, predictions=rows)


def _with_rows(batch: Batch, more: pd.DataFrame) -> Batch:
    rows = pd.concat([batch.predictions, more], ignore_index=True)
    return replace(batch, predictions=rows)


def lost(batch: Batch, terms: Terms) -> Batch:
    """Do not deliver the hit rows."""
    return _kept(batch, ~terms.rows)


def early(batch: Batch, terms: Terms) -> Batch:
    """Export before the last share `size` of the day has come, of the hit rows."""
    at = batch.predictions[TIME]
    is_late = (at > at.quantile(1 - min(terms.size, 0.95))).to_numpy()
    return _kept(batch, ~(is_late & terms.rows))


def yesterday(batch: Batch, terms: Terms) -> Batch:
    """Deliver rows of the day before in the place of the hit ones, dated today."""
    past = _dated_today(terms.before.predictions)
    count = min(int(terms.rows.sum()), len(past))
    chosen = np.sort(terms.random.permutation(len(past))[:count])
    return _with_rows(_kept(batch, ~terms.rows), past.take(chosen))


def with_yesterday(batch: Batch, terms: Terms) -> Batch:
    """Deliver a share of the day before once more, under new ids and today's date."""
    past = _dated_today(terms.before.predictions)
    count = round(min(terms.size * terms.rows.mean(), 1) * len(past))
    chosen = past.take(np.sort(terms.random.permutation(len(past))[:count]))
    return _with_rows(batch, chosen.assign(**{ID: "again-" + chosen[ID]}))


def _dated_today(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{TIME: rows[TIME] + DAY})


def twice(batch: Batch, terms: Terms) -> Batch:
    """Deliver the hit rows twice."""
    return _with_rows(batch, batch.predictions[terms.rows])


def twice_renamed(batch: Batch, terms: Terms) -> Batch:
    """Deliver the hit rows twice, the second time under new ids."""
    again = batch.predictions[terms.rows]
    return _with_rows(batch, again.assign(**{ID: again[ID] + "-b"}))


def _ids(batch: Batch, terms: Terms, values: object) -> Batch:
    ids = batch.predictions[ID]
    return batch.with_values(**{ID: ids.mask(terms.rows, values)})


def no_id(batch: Batch, terms: Terms) -> Batch:
    """Lose the ids of the hit rows."""
    return _ids(batch, terms, None)


def rewritten_id(batch: Batch, terms: Terms) -> Batch:
    """Write the ids of the hit rows in another way."""
    return _ids(batch, terms, batch.predictions[ID].str.replace("-", "", regex=False))


def cut_id(batch: Batch, terms: Terms) -> Batch:
    """Cut the last characters off the ids of the hit rows, so that some collide."""
    return _ids(batch, terms, batch.predictions[ID].str[: -round(terms.size)])


def exchanged_id(batch: Batch, terms: Terms) -> Batch:
    """Deal the ids of the hit rows out among them."""
    hit = np.flatnonzero(terms.rows)
    places = np.arange(len(terms.rows))
    places[hit] = terms.random.permutation(hit)
    ids = batch.predictions[ID]
    return batch.with_values(**{ID: ids.take(places).set_axis(ids.index)})


def yesterdays_id(batch: Batch, terms: Terms) -> Batch:
    """Give the hit rows the ids of the day before, in order."""
    past = terms.before.predictions[ID]
    ids = batch.predictions[ID]
    given = past.reindex(range(len(ids))).set_axis(ids.index)
    return _ids(batch, terms, given.fillna(ids))


def _instants(batch: Batch, terms: Terms, values: object) -> Batch:
    at = batch.predictions[TIME]
    return batch.with_values(**{TIME: at.mask(terms.rows, values)})


def no_instant(batch: Batch, terms: Terms) -> Batch:
    """Lose the instants of the hit rows."""
    return _instants(batch, terms, pd.NaT)


def moved_instant(batch: Batch, terms: Terms) -> Batch:
    """Move the instants of the hit rows by `size` hours."""
    by = pd.Timedelta(seconds=round(terms.sign * terms.size * 3_600))
    return _instants(batch, terms, batch.predictions[TIME] + by)


def yesterdays_instant(batch: Batch, terms: Terms) -> Batch:
    """Date the hit rows a day back."""
    return _instants(batch, terms, batch.predictions[TIME] - DAY)


def rounded_instant(batch: Batch, terms: Terms) -> Batch:
    """Keep no more than the hour of the instants of the hit rows, in `size` steps."""
    step = f"{max(1, round(terms.size))}h"
    return _instants(batch, terms, batch.predictions[TIME].dt.floor(step))


def _version(batch: Batch, terms: Terms, values: object) -> Batch:
    given = batch.predictions[VERSION]
    return batch.with_values(**{VERSION: given.mask(terms.rows, values)})


def wrong_version(batch: Batch, terms: Terms) -> Batch:
    """Say of the hit rows that the older version scored them."""
    return _version(batch, terms, OLDER)


def no_version(batch: Batch, terms: Terms) -> Batch:
    """Say nothing of the version of the hit rows."""
    return _version(batch, terms, None)


def rewritten_version(batch: Batch, terms: Terms) -> Batch:
    """Write the version of the hit rows in another way."""
    return _version(batch, terms, "v" + batch.predictions[VERSION])


def silent_version(batch: Batch, terms: Terms) -> Batch:
    """Score the hit rows with the older version; the column says the newer one."""
    rows = batch.predictions
    older = terms.other.scored(rows)
    outputs = [*terms.schema.outputs, *_decision(terms)]
    return batch.with_values(
        **{name: rows[name].mask(terms.rows, older[name]) for name in outputs}
    )


def _decision(terms: Terms) -> list[str]:
    return [name for name in ("prediction",) if name not in terms.schema.outputs]


ROWS = (
    Production(what="missing", where="batch", change=lost),
    Production(what="early", where="batch", change=early, sizes=(0.05, 0.9)),
    Production(what="stale", where="batch", change=yesterday),
    Production(what="mixed", where="batch", change=with_yesterday, sizes=(0.05, 1)),
    Production(what="duplicated", where="batch", change=twice),
    Production(what="duplicated", where="id", change=twice_renamed),
    Production(what="missing", where="id", change=no_id),
    Production(what="recoded", where="id", change=rewritten_id),
    Production(what="truncated", where="id", change=cut_id, sizes=(1, 3)),
    Production(what="reordered", where="id", change=exchanged_id),
    Production(what="stale", where="id", change=yesterdays_id),
    Production(what="missing", where="time", change=no_instant),
    Production(what="shifted", where="time", change=moved_instant, sizes=(0.5, 48)),
    Production(what="stale", where="time", change=yesterdays_instant),
    Production(what="rounded", where="time", change=rounded_instant, sizes=(1, 24)),
    Production(what="mislabelled", where="version", change=wrong_version),
    Production(what="missing", where="version", change=no_version),
    Production(what="recoded", where="version", change=rewritten_version),
    Production(what="stale", where="version", change=silent_version),
)
