"""Which cases there are: world, fault, size, onset. Seeds follow from their names."""

from collections.abc import Iterator
from datetime import date

from benchmarks.judgement import flights
from benchmarks.judgement.cases import Case, Kind

Table = tuple[tuple[Kind, str, float, bool], ...]
"""Kind, fault, size, and whether it must be found on its first day."""
TUNING_ONSETS = (date(2013, 5, 13), date(2013, 7, 20))
ONSETS = (date(2013, 9, 4), date(2013, 9, 14))
RELEASE_ONSETS = (*ONSETS, date(2013, 9, 9), date(2013, 9, 19))
FRESH_ONSETS = (date(2013, 9, 11), date(2013, 12, 3))
NEW_ONSETS = (date(2013, 9, 17), date(2013, 12, 9))
CENSUS_ONSETS = (date(2015, 8, 11), date(2015, 9, 15), date(2015, 11, 3))
LATER_ONSETS = (date(2016, 5, 10), date(2017, 3, 7), date(2018, 9, 4))
CAR_LOAN_ONSETS = (date(2018, 12, 12), date(2019, 1, 15), date(2019, 2, 20))
CREDIT_CARD_ONSETS = (date(2020, 10, 2), date(2020, 10, 19))
USED_CAR_ONSETS = (date(2017, 5, 31), date(2017, 6, 15))
"""Outside flights all onsets lie more than four weeks after the first watched day: what
breaks sooner after a version went live may be the version's, and nobody could tell."""
_CATALOGUE: Table = (
    (Kind.DATA, "schema_break", 1, True),
    (Kind.DATA, "unit_change", 1.609, True),
    (Kind.DATA, "null_flood", 0.5, True),
    (Kind.DATA, "frozen_feature", 1, True),
    (Kind.DATA, "timezone_shift", 5, True),
    (Kind.DATA, "category_recode", 1, True),
    (Kind.DATA, "duplicate_rows", 0.2, True),
    (Kind.DATA, "swapped_columns", 1, True),
    (Kind.ROWS_MISSING, "partial_upstream_outage", 0.5, True),
    (Kind.ROWS_MISSING, "volume_drop", 0.9, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 1, False),
)
_OTHER_SIZES: Table = (
    (Kind.DATA, "unit_change", 0.4536, True),
    (Kind.DATA, "null_flood", 0.2, False),
    (Kind.DATA, "frozen_feature", 0.5, False),
    (Kind.DATA, "timezone_shift", 1, False),
    (Kind.DATA, "duplicate_rows", 0.05, False),
    (Kind.ROWS_MISSING, "partial_upstream_outage", 0.2, False),
    (Kind.ROWS_MISSING, "volume_drop", 0.5, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 0.5, False),
)
_HELD_OUT: Table = (
    (Kind.DATA, "celsius", 1, True),
    (Kind.DATA, "zero_fill", 0.4, True),
    (Kind.ROWS_MISSING, "half_day", 0.5, True),
    (Kind.DATA, "stale_weather", 1, False),
    (Kind.DATA, "lower_case", 0.5, True),
    (Kind.DATA, "constant_scores", 0.5, True),
)
_FILLED: Table = (
    (Kind.DATA, "zero_column", 0.3, True),
    (Kind.DATA, "sentinel_fill", 0.1, True),
    (Kind.DATA, "typical_fill", 0.4, False),
)
"""Values made up where none came, in one column; held out."""
_FRESH: Table = (*_FILLED, (Kind.DATA, "zero_weather", 0.3, True))
_IN_PART: Table = (
    (Kind.DATA, "mixed_units", 0.3, False),
    (Kind.DATA, "cut_text", 0.25, False),
    (Kind.DATA, "default_category", 0.3, False),
    (Kind.NO_LABELS, "label_loss", 0.5, False),
)
"""Of a part of the rows; held out, and of a later day than all others."""
_LOST_IN_PART: Table = ((Kind.DATA, "no_weather", 0.25, False),)
_OF_LABELS: Table = (
    (Kind.LABELS, "label_flip", 0.4, False),
    (Kind.CONCEPT, "concept_flip", 1, False),
)
_SMALLER: Table = (
    (Kind.LABELS, "label_flip", 0.2, False),
    (Kind.CONCEPT, "concept_flip", 0.5, False),
)
_DELAYS: Table = (
    (Kind.LATE_LABELS, "label_delay", 1, False),
    (Kind.NO_LABELS, "label_delay", 1, False),
)
_BIAS: Table = tuple(
    (Kind.BIASED, "biased_group", size, False) for size in (0.3, 0.5, 0.7)
)
_BIAS_LATER: Table = tuple(
    (Kind.BIASED, "biased_group", size, False) for size in (0.4, 0.6)
)
_ELSEWHERE: Table = (
    (Kind.DATA, "schema_break", 1, True),
    (Kind.DATA, "unit_change", 12, True),
    (Kind.DATA, "null_flood", 0.5, True),
    (Kind.DATA, "category_recode", 1, True),
    (Kind.DATA, "duplicate_rows", 0.2, True),
    (Kind.ROWS_MISSING, "volume_drop", 0.9, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 0.5, False),
    *_OF_LABELS,
)
_ELSEWHERE_SMALLER: Table = (
    (Kind.DATA, "unit_change", 1.609, True),
    (Kind.DATA, "null_flood", 0.2, False),
    (Kind.DATA, "duplicate_rows", 0.05, False),
    (Kind.ROWS_MISSING, "volume_drop", 0.5, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 0.25, False),
    *_SMALLER,
)
_TWO_NUMBERS: Table = (
    (Kind.DATA, "swapped_columns", 1, True),
    (Kind.DATA, "frozen_feature", 1, True),
)
_OUTPUTS: Table = (
    (Kind.OUTPUTS, "scaled_predictions", 1.2, False),
    (Kind.OUTPUTS, "scaled_predictions", 0.9, False),
    (Kind.OUTPUTS, "capped_predictions", 0.7, False),
)
DAYS = {
    Kind.DATA: 3,
    Kind.ROWS_MISSING: 3,
    Kind.HARMLESS: 7,
    Kind.CONCEPT: 7,
    Kind.LABELS: 7,
    Kind.LATE_LABELS: 3,
    Kind.NO_LABELS: 10,
    Kind.BIASED: 14,
    Kind.OUTPUTS: 7,
}


def _faults(world: str, onsets: tuple[date, ...], *tables: Table) -> Iterator[Case]:
    for table in tables:
        for kind, fault, size, is_gross in table:
            for onset in onsets:
                yield Case(
                    world=world,
                    kind=kind,
                    fault=fault,
                    size=size,
                    onset=onset,
                    count=DAYS[kind],
                    is_gross=is_gross,
                )


def _releases() -> Iterator[Case]:
    mild, copy = Kind.MILD_RELEASE, flights.COPY
    for onset in (TUNING_ONSETS[1], *RELEASE_ONSETS):
        for size in (0.02, 0.03, 0.04):
            yield _release(mild, onset, 14, release=copy, size=size)
    for onset in ONSETS:
        yield _release(mild, onset, 14, release="4")
        yield _release(Kind.RELEASE, onset, 4, release="3", is_gross=True)
        yield _release(Kind.RELEASE, onset, 4, release=copy, size=0.2)
        yield _release(Kind.GOOD_RELEASE, onset, 14, release=flights.SIBLING)
    for onset in (date(2015, 9, 1), date(2015, 10, 15)):
        yield Case(
            world="census",
            kind=Kind.UNFAIR_RELEASE,
            onset=onset,
            count=14,
            release="2",
        )


def _release(
    kind: Kind,
    onset: date,
    count: int,
    *,
    release: str,
    size: float = 1.0,
    is_gross: bool = False,
) -> Case:
    return Case(
        world="flights",
        kind=kind,
        onset=onset,
        count=count,
        release=release,
        fault="bad_release_mild" if release == flights.COPY else "",
        size=size,
        is_gross=is_gross,
    )


CASES: tuple[Case, ...] = (
    *_faults("flights", TUNING_ONSETS, _CATALOGUE),
    *_faults("flights", TUNING_ONSETS[:1], _OF_LABELS),
    *_faults("flights", ONSETS, _CATALOGUE, _OTHER_SIZES, _HELD_OUT),
    *_faults("flights", ONSETS, _OF_LABELS, _SMALLER, _DELAYS),
    *_faults("flights", FRESH_ONSETS, _FRESH),
    *_faults("flights", NEW_ONSETS, _IN_PART, _LOST_IN_PART),
    *_releases(),
    *_faults("census", CENSUS_ONSETS, _ELSEWHERE, _ELSEWHERE_SMALLER),
    *_faults("census", CENSUS_ONSETS[::2], _BIAS, _DELAYS, _FILLED, _IN_PART),
    *_faults("census-later", LATER_ONSETS, _BIAS_LATER),
    *_faults("car-loan", CAR_LOAN_ONSETS, _ELSEWHERE, _ELSEWHERE_SMALLER),
    *_faults("car-loan", CAR_LOAN_ONSETS[::2], _DELAYS, _FILLED, _IN_PART),
    *_faults("credit-card", CREDIT_CARD_ONSETS, _ELSEWHERE, _TWO_NUMBERS, _SMALLER),
    *_faults("credit-card", CREDIT_CARD_ONSETS, _DELAYS, _FILLED, _IN_PART),
    *_faults("used-car", USED_CAR_ONSETS, _ELSEWHERE, _TWO_NUMBERS, _SMALLER),
    *_faults("used-car", USED_CAR_ONSETS, _DELAYS, _FILLED, _OUTPUTS, _IN_PART),
)
