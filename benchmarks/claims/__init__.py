"""Eighteen months of a borough's programme: families join, change and are claimed for, and the truth of each claim."""
