"""What the guides name is there: commands, options, settings, variables, exit codes, links."""

import re
from pathlib import Path

from cli.guard import STOPPED
from flows.deployments import deployments
from schemas import errors
from tests.docs.commands import calls, known_options, mistake, started_by_a_test
from tests.docs.guides import (
    DOCS,
    ELSEWHERE,
    PAGES,
    ROOT,
    SERVED,
    SET_UP,
    anchors,
    blocks,
    code_spans,
    guides,
    links,
    pages,
    tables_after,
)
from tests.docs.settings_page import sections
from web.settings import load_pages_settings


READ = [*guides(), ROOT / "data" / "sample" / "README.md"]
MACHINE = re.compile(r"/(?:work|tmp|home|root|Users|mnt)/|[A-Z]:\\Users")


def _mistakes(text: str, *, whole: bool) -> list[str]:
    return [found for call in calls(text) if (found := mistake(call, whole=whole))]


def test_every_command_and_option_that_is_named_exists() -> None:
    for path in READ:
        assert _mistakes("\n".join(code_spans(path)), whole=False) == [], path.name
        assert {span for span in code_spans(path) if re.fullmatch(r"--[a-z-]+", span)} <= known_options(), path.name


def test_commands_for_another_system_lack_nothing() -> None:
    marked = [block for path in guides() for block in blocks(path) if block.mark in (*ELSEWHERE, SERVED, SET_UP, "")]
    assert [found for block in marked for found in _mistakes(block.text, whole=True)] == []
    windows = [block.text for block in marked if block.mark == "powershell"]
    assert any("datawash wash" in text and "--as-of" in text for text in windows)


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    said = [(path, "\n".join([*code_spans(path), *(block.text for block in blocks(path))])) for path in READ]
    assert [(path.name, name) for path, text in said
            for name in re.findall(r"^make ([\w-]+)", text, re.MULTILINE) if name not in targets] == []  # fmt: skip


def test_what_a_make_target_needs_is_set_above_it() -> None:
    """Make reads what a target needs as it goes: a variable that is set further down would be nothing."""
    above, missing = set(), []
    for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines():
        if set_here := re.match(r"(\w+)\s*\??=", line):
            above.add(set_here[1])
        elif target := re.match(r"[^\s#.][^:=]*:([^#]*)", line):
            missing += [name for name in re.findall(r"\$\((\w+)\)", target[0]) if name not in above]
    assert above
    assert missing == []


def test_a_command_that_serves_is_started_by_a_test() -> None:
    served = [call for path in guides() for block in blocks(path) if block.mark == SERVED for call in calls(block.text)]
    assert served
    assert [call.text for call in served if not started_by_a_test(call)] == []


def test_deployments_and_their_parameters_are_named_as_they_are(tmp_path: Path) -> None:
    page = (DOCS / "scheduling.md").read_text(encoding="utf-8")
    monthly, replay = deployments(None, tmp_path)
    assert f"`{monthly.flow.name}/{monthly.name}`" in page
    assert f"Serving {monthly.name} ({monthly.cron}, {monthly.timezone}), {replay.name} (on demand)" in page
    assert {"month", "as_of", "without"} <= set(monthly.flow.parameters.properties)


def test_variables_that_are_named_are_read_somewhere() -> None:
    rooms = [path for room in ("cli", "flows", "web") for path in (ROOT / room).rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    spans = [(path.name, span) for path in READ for span in code_spans(path)]
    assert [
        (name, span) for name, span in spans if re.fullmatch(r"(?:PREFECT|DATAWASH)_\w+", span) and span not in source
    ] == []


def test_tables_of_settings_that_are_named_exist() -> None:
    known = {section.heading for section in sections()}
    named = {span for path in guides() for span in code_spans(path) if re.fullmatch(r"\[+[a-z_.]+\]+", span)}
    assert named - known == set()


def test_settings_of_the_pages_that_are_shown_are_understood(tmp_path: Path) -> None:
    shown = [block for path in guides() for block in blocks(path) if block.mark == PAGES]
    assert shown
    for number, block in enumerate(shown):
        file = tmp_path / f"{number}.toml"
        file.write_text(block.text, encoding="utf-8")
        load_pages_settings(tmp_path, file)


def test_every_exit_code_is_explained() -> None:
    (explained,) = tables_after(DOCS / "scheduling.md", "exit codes")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.exit_code for kind in kinds if issubclass(kind, errors.DataWashError)} | {0, STOPPED}
    assert [int(row[0]) for row in explained] == sorted(codes)


def test_every_link_leads_somewhere() -> None:
    for path in pages():
        for target in links(path):
            place, _, part = target.partition("#")
            assert "://" not in target, f"{path.name}: {target} leads out of the project"
            page = (path.parent / place).resolve() if place else path
            assert page.exists(), f"{path.name}: {target} leads nowhere"
            assert page.is_relative_to(ROOT), f"{path.name}: {target} leads out of the project"
            assert not part or part in anchors(page), f"{path.name}: {target} names no heading"


def test_every_guide_is_named_in_the_index() -> None:
    named = set(links(DOCS / "README.md"))
    assert [path.name for path in sorted(DOCS.glob("*.md")) if path.name not in {*named, "README.md"}] == []


def test_no_page_names_a_machine_s_own_path() -> None:
    said = {path.name: path.read_text(encoding="utf-8") for path in [*DOCS.rglob("*.md"), ROOT / "README.md"]}
    assert [name for name, text in said.items() if MACHINE.search(text)] == []
