"""The grammar of faults: what goes wrong, where, on which rows, in what shape."""
