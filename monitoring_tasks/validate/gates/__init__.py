"""Is the batch whole: the gates, written once, and the rows they ask."""
