"""`datawash serve`: the pages over the published runs, until stopped; decides what is said as they start."""

import webbrowser
from contextlib import suppress
from pathlib import Path

from cli.place import warn_of_place
from cli.say import remark
from web.serving import answer, listen, prepared, sign_in_address


def serve_pages(outputs: Path, settings: Path | None, host: str | None, port: int | None, *, opened: bool) -> int:
    """Serve until stopped. Raises a DataWashError whose text is for the person."""
    served = prepared(outputs, settings, host, port)
    warn_of_place(outputs)
    with listen(served.serve) as at:
        remark(f"The pages: {served.address}. Press Ctrl+C to stop them.")
        link = sign_in_address(served)
        remark(f"Sign in, once: {link}" if link else "To let somebody in: datawash accounts link NAME")
        if opened and link:
            webbrowser.open(link)
        with suppress(KeyboardInterrupt):
            answer(served, at, settings)
    remark("Stopped.")
    return 0
