"""What the figures of the documents come from; run by `make bench`."""
