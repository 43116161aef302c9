"""The root-cause pack: what was so when an incident opened, one module a section."""
