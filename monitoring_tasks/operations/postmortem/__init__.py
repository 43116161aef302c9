"""Post-mortems: drafted, edited, published, and what they leave behind."""
