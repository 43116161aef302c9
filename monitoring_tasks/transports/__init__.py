"""How messages leave: HTTP, SMTP, Apprise."""
