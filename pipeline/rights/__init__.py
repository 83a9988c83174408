"""What people may ask of the council about themselves: what is held, that it be erased, that it be left alone."""
