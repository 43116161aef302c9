"""What comes back from channels: checked, then read. Pure."""
