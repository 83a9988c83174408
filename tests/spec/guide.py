"""Writes `docs/how-a-verdict-is-reached.md` from the spec's chapters: `python -m tests.spec.guide`."""

from pathlib import Path

from criteria import Framework, load_framework
from tests.spec.chapters import Chapter, Rule, read_chapters


PAGE = Path(__file__).parents[2] / "docs" / "how-a-verdict-is-reached.md"
OPENING = """# How a verdict is reached

<!-- Written from tests/spec/chapters by `python -m tests.spec.guide`: change the chapters, not this page. -->

For each household and each criterion the wash says *met*, *not met* or *unknown*. What follows is every rule with
examples: the facts of a case, and the verdict they give. Each example is a test of the program, so the page cannot
disagree with what the program does.

Unless an example says otherwise, the wash is as of 30 September 2013; the household is Kit, a child born on 5 May 2001,
and Mum, an adult; every extract was given; and what an example does not mention did not happen. `-` is an empty cell; a
row that says no verdict belongs to the example above it.
"""


def render_guide() -> str:
    """The whole page, as Markdown."""
    rules = load_framework()
    return "\n".join([OPENING, *(_chapter(chapter, rules) for chapter in read_chapters())])


def _chapter(chapter: Chapter, rules: Framework) -> str:
    parts = [f"## {chapter.title}\n", f"{chapter.text}\n"]
    if chapter.figures:
        parts.append(_figures(chapter, rules))
    return "\n".join([*parts, *(_rule(rule) for rule in chapter.rules)])


def _figures(chapter: Chapter, rules: Framework) -> str:
    lines = ["| figure | value | how sure | source |", "|---|---|---|---|"]
    for key in chapter.figures:
        section, name = key.split(".")
        figure = getattr(getattr(rules, section), name)
        source = figure.source + (f". *Reading:* {figure.reading}" if figure.reading else "")
        lines.append(f"| `{key}` | {_value(figure.value)} | {figure.confidence.replace('_', ' ')} | {source} |")
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {held}" for name, held in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _rule(rule: Rule) -> str:
    parts = [f"### {rule.title}\n", f"{rule.text}\n"]
    figures = rule.setting.get("figures", {})
    if figures:
        laid = ", ".join(f"`{key}` is {_value(tuple(value) if isinstance(value, list) else value)}"
                         for key, value in figures.items())
        parts.append(f"Here {laid}.\n")
    head = [_row(rule.columns), "|" + "---|" * len(rule.columns)]
    return "\n".join([*parts, *head, *(_row(tuple(row.values())) for row in rule.rows)]) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells).replace("not_met", "not met") + " |"


if __name__ == "__main__":
    PAGE.write_text(render_guide(), encoding="utf-8")
