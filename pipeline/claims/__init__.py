"""Claims as people make them: the window, what is prepared for it, the register, the sign-off."""
