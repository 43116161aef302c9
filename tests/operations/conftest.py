"""Great Expectations is imported once, its warnings aside."""

import warnings

with warnings.catch_warnings():
    # Great Expectations 1.24 imports modules deprecated since Python 3.11.
    warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
    import great_expectations  # noqa: F401 (only so that the warning falls here)
