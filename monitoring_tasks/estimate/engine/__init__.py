"""The counts of a batch as statements, for rows that stay in an engine."""
