"""HOW: the four stages in order, and everything that touches the disk."""
