"""What a wash puts to reviewers: in which order, what hangs on each question, what they see of it; answers none."""
