"""What is served over HTTP: requests in, answers out; each does one operation."""
