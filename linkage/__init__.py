"""WHO belongs together: records to people, people to households; knows nothing of criteria, files or the clock."""
