"""`datawash linkage report`: one file with pictures, which names nobody and fetches nothing."""

import re

import pandas as pd


PERSON = ("forename", "surname", "address", "postcode", "upn", "nino")


def test_a_report_holds_its_pictures_and_a_table_for_each(datawash, washed) -> None:
    ran = datawash("linkage", "report", "latest", "--outputs", washed.outputs, "--json")
    assert ran.code == 0, ran.err
    page = (washed.outputs / "reports" / f"linkage-{washed.run.name}.html").read_text(encoding="utf-8")
    assert ran.facts["report"].endswith(f"linkage-{washed.run.name}.html")
    pictures = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(pictures) == page.count("<table>") == page.count("<figcaption>") >= 8
    assert all(picture.count("<text") > 2 and "mark-rect" in picture for picture in pictures)
    assert set(re.findall(r"(?:https?:)?//([^/\"' <)]+)", page)) == {"www.w3.org"}
    assert "<script" not in page


def test_a_report_names_nobody_and_is_the_same_again(look, washed, tmp_path) -> None:
    for name in ("one", "two"):
        assert look("linkage", "report", "latest", "--outputs", washed.outputs, "--out", tmp_path / name).code == 0
    page = (tmp_path / "one").read_text(encoding="utf-8")
    assert page == (tmp_path / "two").read_text(encoding="utf-8")
    people = washed.table("people")
    values = {str(value) for name in PERSON if name in people for value in people[name].dropna()}
    assert values
    assert not [value for value in values if value in page]


def test_judged_pairs_give_precision_and_calibration(look, washed, tmp_path) -> None:
    owners = washed.table("person_records")
    person = owners.groupby("person_id")["record_id"].apply(list)
    several = next(records for records in person if len(records) > 1)
    rows = [(several[0], several[1], "match"), (several[0], next(r[0] for r in person if r != several), "no_match")]
    pd.DataFrame(rows, columns=["left_id", "right_id", "judgement"]).to_csv(tmp_path / "labels.csv", index=False)
    labels = ("--labels", tmp_path / "labels.csv", "--out", tmp_path / "page.html")
    ran = look("linkage", "report", "latest", "--outputs", washed.outputs, *labels)
    assert ran.code == 0, ran.err
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "precision 1.0000, recall 1.0000 over 2 labelled pairs" in page


def test_labels_without_their_columns_are_refused_by_name(look, washed, tmp_path) -> None:
    (tmp_path / "labels.csv").write_text("left_id,right_id\na,b\n", encoding="utf-8")
    ran = look("linkage", "report", "latest", "--outputs", washed.outputs, "--labels", tmp_path / "labels.csv")
    assert ran.code == 2
    assert "labels.csv has no column judgement" in ran.err
