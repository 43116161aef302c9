"""Act, once."""
