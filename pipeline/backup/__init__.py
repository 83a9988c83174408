"""An outputs folder as one file, and back: what is taken, how it is checked on the way; decides nothing of a run."""
