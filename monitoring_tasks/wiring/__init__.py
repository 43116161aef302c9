"""The seven steps joined to the world: read, call the core, write."""
