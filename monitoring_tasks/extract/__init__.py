"""Rows out of the source systems, frozen as immutable partitions."""
