"""What is shown of the store, as plain mappings: for commands, pages and chat alike."""
