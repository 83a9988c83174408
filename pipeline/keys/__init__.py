"""Private keys and what is done with them: encryption, signatures, seals, ids for outsiders; decides no result."""
