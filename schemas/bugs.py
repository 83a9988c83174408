"""Where in our own code an error arose; decides that this, and never its message, is what anybody is told of a bug."""

import traceback


ROOMS = ("cli", "web", "flows", "pipeline", "reports", "linkage", "criteria", "schemas")


def place_of(error: BaseException) -> str:
    """The innermost line of ours that the error passed, as module and line."""
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in steps if module.split(".")[0] in ROOMS]
    module, line = (ours or steps or [("an unknown place", 0)])[-1]
    return f"{module}:{line}"
