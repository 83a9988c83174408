"""Who may come in, as whom, and for how long; decides nothing about families."""
