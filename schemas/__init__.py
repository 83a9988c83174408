"""WHAT the tables are: pandera models, the words for their values, errors; imports no other room."""
