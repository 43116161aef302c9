"""Rows that stay in an engine: under names of ours, read by grouping sets."""
