"""Standard expectations asked of an engine: aggregates where its rows lie."""
