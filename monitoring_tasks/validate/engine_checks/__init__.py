"""Standard expectations counted on the Arrow table, one module a family."""
