"""The `datawash` commands that a text names, and whether there are such commands and options; runs none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from cli.commands import datawash
from tests.docs.guides import ROOT


_CALL = re.compile(r"(?:^|[\s`(\"'/\\])datawash(?:\.exe)?[ ]+(?P<rest>[^\n`]*)")
_END = re.compile(r"^(?:\*?>>?|2>&1|\||&&|;|#.*|END)$")
_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"']+")


class Call(NamedTuple):
    """A call of `datawash`: the command, if one is named, and the options after it."""

    text: str
    command: str | None
    options: tuple[str, ...]


def calls(text: str) -> Iterator[Call]:
    """The calls in a text, each to the end of its command."""
    for found in _CALL.finditer(text):
        words = []
        for word in _WORD.findall(found["rest"]):
            if _END.match(word):
                break
            words.append(word)
        options = tuple(word.split("=")[0] for word in words if re.match(r"--?[a-z]", word))
        command = words[0] if words and re.fullmatch(r"[a-z]+", words[0]) else None
        yield Call(found[0].strip(), command, options)


def mistake(call: Call, *, whole: bool) -> str | None:
    """What is wrong with a call; where it is `whole`, also an option that it lacks. None where nothing is."""
    if call.command is None:
        unknown = set(call.options) - _options(datawash)
    elif call.command not in datawash.commands:
        return f"{call.text}: there is no command {call.command}"
    else:
        unknown = set(call.options) - _options(datawash.commands[call.command])
    if unknown:
        return f"{call.text}: there is no option {', '.join(sorted(unknown))}"
    lacking = _required(call.command) - set(call.options) if whole and call.command else set()
    return f"{call.text}: lacks {', '.join(sorted(lacking))}" if lacking else None


def known_options() -> set[str]:
    """Every option of every command."""
    return _options(datawash).union(*(_options(command) for command in datawash.commands.values()))


def _options(command: click.Command) -> set[str]:
    """The options of a command, and of a group those of all its commands."""
    within = command.commands.values() if isinstance(command, click.Group) and command is not datawash else ()
    named = [opt for param in command.params for opt in (*param.opts, *param.secondary_opts)]
    own = {"-h", "--help", *(opt for opt in named if opt.startswith("-"))}
    return own.union(*(_options(inner) for inner in within))


def _required(command: str) -> set[str]:
    params = datawash.commands[command].params
    return {param.opts[0] for param in params if isinstance(param, click.Option) and param.required}


def started_by_a_test(call: Call) -> bool:
    """Whether a test of flows or of pages starts the command with these options: one list or call holds them all."""
    wanted = {call.command, *call.options}
    tests = [path for room in ("flows", "web") for path in (ROOT / "tests" / room).glob("*.py")]
    return any(wanted <= words for path in tests for words in _said_together(path))


def _said_together(path: Path) -> Iterator[set[str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Tuple | ast.Call):
            inner = node.args if isinstance(node, ast.Call) else node.elts
            yield {one.value for one in inner if isinstance(one, ast.Constant) and isinstance(one.value, str)}
