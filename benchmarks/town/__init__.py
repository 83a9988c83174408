"""The parts of an invented borough: places, households, names, moves, lives, and what each source writes of them."""
