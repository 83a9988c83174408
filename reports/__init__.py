"""Tables into files that a person opens; computes nothing that is not in a table."""
