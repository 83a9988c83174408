"""WHETHER a household qualifies, and why; knows nothing of linkage, files or the clock."""
