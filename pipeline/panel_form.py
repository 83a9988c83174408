"""The files of panel and referrals: the form that agencies fill in, who has no lead, what goes back to referrers.

The form names a family by id, address and number of children, and no person. It goes back as it is to the next wash,
beside its extracts (`panel_forms`). Decides no family and no order.
"""

import pandas as pd

from criteria.panel import latest
from criteria.panel_forms import DECIDED, PANEL, SAID
from pipeline.record.files import private_folder
from pipeline.record.run import Run
from reports.workbook import Choice, Cover, Sheet, write_csv, write_workbook
from schemas.codes import YES_NO, plain
from schemas.columns import TEXT
from schemas.panel_forms import DECISION, VIEW


FORM, TITLE = "panel_form", "Panel form"
MEND = "panel_rows_to_mend.xlsx"
COLUMNS = ("rank", "family_id", "family", "put_on", "agency", *SAID, *DECIDED)
NOTES = (
    "A row for each family and agency. Each agency fills in the yellow cells of its own rows; where none bears its "
    "name, it writes it into an empty one. The row of the panel is for the panel: offer, defer or decline, and the "
    "day; for defer also the day from which the family is put to a panel again.",
    "Leave empty what you do not know. Name nobody in a note: the form is of families.",
    "Copies may go to several agencies. Put every copy that comes back beside the extracts of the next wash, as it is, "
    "under a name that begins with panel_form: the wash reads them as one, and lists where they differ.",
    "At the end stand families that an earlier panel was given and that no decision has come back about.",
)
NO_LEAD_NOTES = (
    "Families that several agencies are involved with, none of which leads their case. Agree who leads. Whose evidence "
    "counts may not know the family today: ask first.",
)
ISSUE_NOTES = (
    "Rows of the forms that this wash was given which could not be taken as they stand, and what to do about each. "
    "Mend them and put the form beside the extracts of the next wash.",
)
TOLD = ("referral_ref", "referred_on", "outcome", "told")
REFERRER_NOTES = (
    "What became of the families that your agency referred. It is told which of the programme's criteria are met, and "
    "nothing of what shows it. A referral is judged by the same test as any other family.",
)


def write_panel_files(run: Run, cover: Cover) -> None:
    """Write the form, the families without a lead, and what goes back to each referrer; `cover` has no title yet."""
    form = form_table(run)
    panel = (form["agency"] == PANEL).fillna(False)
    rows = {True: _places(panel), False: _places(~panel)}
    answers = dict.fromkeys(SAID, rows[False]) | dict.fromkeys(DECIDED, rows[True])
    answers["agency"] = _places(form["agency"].isna())
    choices = tuple(Choice(name, words, answers[name]) for name, words in _WORDS.items())
    sheet = Sheet(TITLE, form, frozen=5, answers=tuple(answers), choices=choices, fill=answers)
    write_workbook(run.folder / f"{FORM}.xlsx", _titled(cover, TITLE, NOTES), [sheet, *_known_so_far(run, form)])
    write_workbook(run.folder / "no_lead.xlsx", _titled(cover, "Many services, no lead", NO_LEAD_NOTES),
                   [Sheet("No lead", run.read("no_lead"))])
    issues = run.read("panel_form_issues")
    if len(issues):
        titled = _titled(cover, "Panel rows to mend", ISSUE_NOTES)
        write_workbook(run.folder / MEND, titled, [Sheet("Rows to mend", issues)])
    _write_referrals(run, cover)


_WORDS = {"known_to_us": YES_NO.allowed, "we_would_lead": YES_NO.allowed, "view": VIEW.allowed,
          "decision": DECISION.allowed}


def form_table(run: Run) -> pd.DataFrame:
    """The rows of the form: for each family of the panel a row of the panel's own and one for each agency."""
    families = _families(run)
    names = [PANEL, *_agencies(run), None]
    agencies = pd.DataFrame({"agency": pd.array(names, dtype=TEXT), "order": range(len(names))})
    rows = families.merge(agencies, how="cross")
    rows = rows[rows["new"] | (rows["order"] == 0)]
    rows = rows.sort_values(["new", "rank", "family_id", "order"], ascending=[False, True, True, True])
    empty = {name: pd.Series(None, index=rows.index, dtype=TEXT) for name in (*SAID, *DECIDED)}
    return rows.assign(**empty)[list(COLUMNS)].reset_index(drop=True)


def _families(run: Run) -> pd.DataFrame:
    """Families of the panel's list, and listed ones that an earlier panel has not decided about: `new` says which."""
    master, last = run.read("master_list"), latest(run.read("panel_history"))
    waits = last.loc[last["decision"].isna(), ["family_id", "put_on"]]
    found = master.merge(waits, on="family_id")
    found["new"] = found["family_id"].isin(run.read("panel_list")["family_id"])
    found = found[found["new"] | ~found["family_id"].isin(_on_programme(run))]
    several = found["children"].eq(1).map({True: " child", False: " children"}).astype(TEXT)
    children = found["children"].astype(TEXT) + several
    where = (found["address"].fillna("") + ", " + found["postcode"].fillna("")).str.strip(", ")
    return found.assign(family=(where + "; " + children).str.removeprefix("; ").astype(TEXT))[
        ["rank", "family_id", "family", "put_on", "new"]]


def _on_programme(run: Run) -> pd.Series:
    cases, day = run.read("cases"), pd.Timestamp(run.as_of)
    return cases.loc[cases["closed_on"].isna() | (cases["closed_on"] > day), "family_id"]


def _agencies(run: Run) -> list[str]:
    """The agencies that have a row: those of the settings, else those that the run's services name."""
    told = run.settings.criteria.panel.agencies
    named = list(told) or sorted(run.read("services")["agency"].unique())
    once = {plain(name): name for name in reversed(named) if plain(name) != plain(PANEL)}
    return [name for name in named if once.get(plain(name)) == name]


def _known_so_far(run: Run, form: pd.DataFrame) -> list[Sheet]:
    """What services and earlier forms say of the families of the form, where they say anything."""
    titles = {"services": "Services", "panel_answers": "Answers so far"}
    tables = {title: run.read(name) for name, title in titles.items()}
    about = {title: table[table["family_id"].isin(form["family_id"])] for title, table in tables.items()}
    return [Sheet(title, table.reset_index(drop=True)) for title, table in about.items() if len(table)]


def _write_referrals(run: Run, cover: Cover) -> None:
    """All outcomes for the council, and a file for each referrer with its own alone."""
    outcomes = run.read("referral_outcomes")
    title = "What became of referrals"
    write_workbook(run.folder / "referral_outcomes.xlsx", cover._replace(title=title), [Sheet("Referrals", outcomes)])
    write_csv(run.folder / "referral_outcomes.csv", outcomes)
    if outcomes.empty:
        return
    folder = private_folder(run.folder / "referrals")
    for number, (_, own) in enumerate(outcomes.groupby(outcomes["agency"].map(plain), sort=True), start=1):
        name = f"{number:02d}-{_file_name(own['agency'].min())}"
        told = own[list(TOLD)].reset_index(drop=True)
        headings = {"told": "What became of it"}
        sheet = Sheet("Referrals", told, headings=headings)
        write_workbook(folder / f"{name}.xlsx", _titled(cover._replace(notes=()), title, REFERRER_NOTES), [sheet])


def _file_name(agency: str) -> str:
    letters = (letter if letter.isalnum() and letter.isascii() else "-" for letter in agency.casefold())
    return "".join(letters)[:40].strip("-")


def _titled(cover: Cover, title: str, notes: tuple[str, ...]) -> Cover:
    return cover._replace(title=title, notes=(*notes, *cover.notes))


def _places(flags: pd.Series) -> tuple[int, ...]:
    return tuple(flags.to_numpy(dtype=bool).nonzero()[0].tolist())
