"""How long what stands below the outputs is kept: the council's periods, holds, and what went; judges no family."""
