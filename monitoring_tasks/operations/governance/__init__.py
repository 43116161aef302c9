"""Records for whoever answers for a model: facts and reminders, no legal advice."""
