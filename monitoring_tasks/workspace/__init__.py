"""What a step reads and writes through: settings, store, registry and the day."""
