"""Is the data fit to judge a model by? The only Great Expectations door."""
