"""What the extracts and the linkage of a run are like, in pictures and counts; names nobody."""
