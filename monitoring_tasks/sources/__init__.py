"""Where rows lie and what is asked of them: requests, connections, files."""
