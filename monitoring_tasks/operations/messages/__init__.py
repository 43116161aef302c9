"""Messages on their way out: written, sent, put off, given up."""
