"""What a run was washed from and what came of it, in pictures and counts; names nobody, and decides no result."""
