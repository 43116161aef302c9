"""Numbers about a day. The only NannyML door."""
