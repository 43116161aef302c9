"""What `daywatch check` says of a contract before any day is judged."""
