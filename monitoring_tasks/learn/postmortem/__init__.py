"""Post-mortems: what an incident taught, drafted from what the store holds."""
