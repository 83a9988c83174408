"""The product's own commands, taken within this process: what a person would type, and the JSON that it answers."""

import json
from typing import Any

from click.testing import CliRunner

from cli.commands import datawash as command


def datawash(*arguments: str) -> Any:
    """Run a command; what it says as JSON. Raises RuntimeError, with what it said, if it ends with anything but 0."""
    done = CliRunner().invoke(command, list(arguments), standalone_mode=False)
    if done.exception is not None or done.return_value:
        raise RuntimeError(f"datawash {' '.join(arguments[:2])}: {done.stderr}") from done.exception
    return json.loads(done.stdout)
