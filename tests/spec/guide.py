"""Writes the guides in `docs/` from the spec's chapters: `python -m tests.spec.guide`."""

from pathlib import Path

from criteria import CriteriaSettings, Framework, load_framework
from tests.spec.chapters import Chapter, Rule, read_chapters


DOCS = Path(__file__).parents[2] / "docs"
NOTE = "<!-- Written from tests/spec/chapters by `python -m tests.spec.guide`: change the chapters, not this page. -->"
VERDICT = f"""# How a verdict is reached

{NOTE}

For each household and each criterion the wash says *met*, *not met* or *unknown*. What follows is every rule with
examples: the facts of a case, and the verdict they give. Each example is a test of the program, so the page cannot
disagree with what the program does.

Unless an example says otherwise, the wash is as of 30 September 2013; the household is Kit, a child born on 5 May 2001,
and Mum, an adult; every extract was given; and what an example does not mention did not happen. `-` is an empty cell; a
row that says no verdict belongs to the example above it.
"""
RESULT = f"""# How a result is reached

{NOTE}

For each family on the programme, and each measure of the two routes to a payment, the wash says whether it is *met*,
*not met* or *unknown*; *not applicable* where the family never had the problem; *neutral* where the child with it
left school; *void* where another child begins it. What follows is every rule with examples: the facts of a case, and
the verdict they give. Each example is a test of the program, so the page cannot disagree with what the program does.
Whether a result may be claimed for is another matter: [How a claim is judged](how-a-claim-is-judged.md).

Unless an example says otherwise, the family joined on 15 April 2012 and results are looked at on 14 October 2013. So
the baseline is 15 October 2011 to 14 April 2012, the result window 15 April to 14 October 2013, and the last three
terms are those of 2012/13. The family is Kit, a child born on 5 May 2001, and Mum, an adult; both were at home then
and are now. Every extract was given and covers both windows; what an example does not mention did not happen.
`before` and `after` are numbers of events in the baseline and in the result window. `-` is an empty cell; a row that
says no verdict belongs to the example above it.
"""
CLAIM = f"""# How a claim is judged

{NOTE}

For each family on the programme the wash says whether it may be claimed for: *ready*, *not yet* with the day on which
it could be, *blocked*, or *claimed* before. What follows is every check and every amount with examples: what is known
of a family, and what is said of its claim. Each example is a test of the program, so the page cannot disagree with
what the program does. How a claim is made is told in [Claiming](claiming.md).

Unless an example says otherwise, the wash is as of 14 October 2013. The family joined on 15 April 2012, was met and
was evidenced to be eligible that day, and nothing was claimed before; its education is met over the three terms of
2012/13, and anti-social behaviour over 15 April to 14 October 2013. Where an example names a `part`, the parts it
names are the whole result. `because` are the codes of what stops it. `-` is an empty cell; a row that says no outcome
belongs to the example above it.
"""
EXPANDED = f"""# How the expanded programme judges

{NOTE}

The same program washes under either programme: `framework = "expanded"` in the settings is all that changes. What
follows is what differs from phase 1, with examples: first the same facts under both programmes, then progress by the
outcomes plan. What is not here is as in [How a verdict is reached](how-a-verdict-is-reached.md). The page
[The expanded programme](expanded-programme.md) tells how to use it. Each example is a test of the program.

Unless an example says otherwise, verdicts are as of 30 September 2013, so that one wash suits both programmes; the
household is Kit, a child born on 5 May 2001, and Mum, an adult; every extract was given; and what an example does not
mention did not happen. Progress is as of 14 October 2013, of a family that joined on 15 April 2012: six months to the
day begin on 15 April 2013, and their baseline is 15 October 2011 to 14 April 2012. `-` is an empty cell.
"""
PAGES = {
    "verdict": ("how-a-verdict-is-reached.md", VERDICT),
    "result": ("how-a-result-is-reached.md", RESULT),
    "claim": ("how-a-claim-is-judged.md", CLAIM),
    "expanded": ("how-the-expanded-programme-judges.md", EXPANDED),
}
"""The guides: a file in `docs/` and how it opens, by what their chapters call them."""


def render_guide(page: str) -> str:
    """A whole guide, as Markdown."""
    own = (chapter for chapter in read_chapters() if chapter.page == page)
    return "\n".join([PAGES[page][1], *(_chapter(chapter) for chapter in own)])


def _chapter(chapter: Chapter) -> str:
    rules = load_framework(CriteriaSettings(framework=chapter.framework))
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
    for page, (name, _) in PAGES.items():
        (DOCS / name).write_text(render_guide(page), encoding="utf-8")
