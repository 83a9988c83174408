"""The linkage report: one HTML file with pictures of how records became people; decides what is shown, links nobody."""

from pathlib import Path

import pandas as pd

from linkage import overview
from linkage.explain import STEPS, level_words
from linkage.labelled import Labelled
from linkage.overview import Linked
from reports import charts
from reports.page import Figure, Section, write_page
from reports.workbook import Cover


SIDES = {"one person": charts.BLUE, "one household": charts.GREEN, "strangers": charts.GREY}
BANDS = {"below review": charts.GREY, "review band": charts.ORANGE, "accepted": charts.BLUE}


def write_linkage_report(path: Path, cover: Cover, linked: Linked, labelled: Labelled | None = None) -> None:
    """Write the report as one file that fetches nothing: pictures are inside it, and a table stands below each."""
    sections = [_learnt(linked), _weights(linked), _found(linked), _left_out(linked), _groups(linked)]
    sections += [_changed(linked.drift)] if len(linked.drift) else []
    sections += [_truth(labelled)] if labelled else []
    write_page(path, cover, sections)


def _learnt(linked: Linked) -> Section:
    table = overview.parameters(linked.model)
    names = {"m": "one person", "h": "one household", "u": "strangers"}
    long = table.melt(["field", "level", "place"], ["m", "h", "u"], "kind", "share").replace({"kind": names})
    weights = table.rename(columns={"weight": "bits"})[["field", "level", "place", "bits"]]
    agree = "How often each level occurs among pairs that are one person, two people of one household, two strangers."
    bits = "What each level adds to a pair's weight for one person (names as equally common). One bit doubles the odds."
    return Section(
        "What the model learnt",
        [
            Figure("Agreement", agree, charts.grouped_bars(long, "share", "share of pairs", SIDES), table),
            Figure("Weights", bits, charts.signed_bars(weights, "bits"), weights.drop(columns="place")),
        ],
    )


def _weights(linked: Linked) -> Section:
    table = overview.weight_histogram(linked.pairs, linked.model["thresholds"])
    limits = linked.model["thresholds"]
    words = (
        f"Pairs worth a look, by weight. From a probability of {limits['accept']:g} on, pairs are joined where no rule "
        f"forbids it; from {limits['review']:g} to there, a person is asked. Pairs below that are not kept."
    )
    drawn = charts.histogram(table, BANDS, "match weight (log2 of the odds)", "pairs (square-root scale)")
    sample = [
        Figure(
            f"Probability {float(pair['match_probability']):.2f}: {pair['judgement'].replace('_', ' ')}",
            f"{pair['left_id']} and {pair['right_id']}: {pair['reason']}.",
            charts.waterfall(_worded(steps)),
            _worded(steps),
        )
        for pair, steps in overview.sample_pairs(linked.pairs)
    ]
    return Section("How much pairs weigh", [Figure("Weights of pairs", words, drawn, table), *sample])


def _worded(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps of a weight in words: what was compared, and how it agreed."""
    said = [level_words(step, level) for step, level in zip(steps["step"], steps["level"], strict=True)]
    named = steps["step"].map(STEPS).fillna(steps["step"])
    return steps.assign(step=named, level=said)


def _found(linked: Linked) -> Section:
    rules = overview.blocking(linked.model["counts"])
    sizes = overview.cluster_sizes(linked.person_records)
    split = (
        "Pairs that each rule proposed. Blocks too large were split further; mentions in one that was still too large "
        "were left out of that rule, and the table says how many."
    )
    many = "How many records stand behind a person (twenty or more together)."
    return Section(
        "Which pairs were compared, and what came of it",
        [
            Figure("Pairs by blocking rule", split, charts.bars(rules, "rule", "pairs", ("", "pairs")), rules),
            Figure("Records of a person", many, charts.bars(sizes, "records", "people", ("records", "people")), sizes),
        ],
    )


def _left_out(linked: Linked) -> Section:
    share = overview.unlinkables(linked)
    missing = overview.missingness(linked.records)
    copy = "Of each extract's records, those that say so little that not even an exact copy could be joined to them."
    drawn = charts.bars(share, "extract", "share", ("", "share of records"), share=True)
    return Section(
        "What the records do not say",
        [
            Figure("Records that cannot be linked", copy, drawn, share),
            Figure(
                "Missing values",
                "The share of each extract's rows without a value.",
                charts.heat(missing, "extract", "column", "share"),
                missing,
            ),
        ],
    )


def _groups(linked: Linked) -> Section:
    rates = overview.match_rates(linked)
    proxy = (
        "No extract says where a name comes from, so {} stands in for it. A group that is linked much less often, or "
        "asked about much more, is worth looking into."
    )
    words = {
        "extract": "Of each extract's records, those whose person is in another extract as well.",
        "area": "The same by the first half of the postcode.",
        "forename": proxy.format("whether the packaged table of short forms knows the forename"),
        "surname": proxy.format("how many people share the surname"),
    }
    figures = [
        Figure(
            f"Match rate by {kind}",
            text,
            charts.bars(rows, "group", "linked", ("", "share linked"), share=True),
            rows[["group", "records", "linked", "review"]],
        )
        for kind, text in words.items()
        if len(rows := rates[rates["kind"] == kind])
    ]
    return Section("Who is linked, and who less often", figures)


def _changed(drift: pd.DataFrame) -> Section:
    weights, matches = overview.changed_weights(drift), overview.changed_matches(drift)
    moved = f"By how many bits each level's weight moved; {int(weights['warned'].sum())} moved enough for a warning."
    rates = "What was linked then and now; the figures below tell which of them were worth a warning."
    linked = matches[matches["what"] == "linked"]
    both = linked.melt(["source"], ["previous", "now"], "kind", "share")
    both = both.assign(field="share of mentions linked", level=both["source"], place=0)
    drawn = charts.grouped_bars(both, "share", "share", {"previous": charts.GREY, "now": charts.BLUE})
    return Section(
        "What changed since the previous run",
        [
            Figure("Weights that moved", moved, charts.signed_bars(weights, "bits"), weights.drop(columns="place")),
            Figure("Matches then and now", rates, drawn, matches),
        ],
    )


def _truth(labelled: Labelled) -> Section:
    joined = labelled.joined
    words = (
        f"People as they were put together: precision {joined['precision']:.4f}, recall {joined['recall']:.4f} over "
        f"{joined['pairs']:,} labelled pairs. {labelled.unknown:,} labels are about records that are not in this run."
    )
    figures, axis = ("precision", "recall", "f1"), "probability from which pairs count"
    lines = charts.lines(labelled.thresholds, "threshold", figures, axis)
    even = "Of pairs given such a probability, the share that the labels call one person; dashed: as it should be."
    return Section(
        "Against the labels",
        [
            Figure("Precision and recall by threshold", words, lines, labelled.thresholds),
            Figure("Calibration", even, charts.calibration(labelled.calibration), labelled.calibration),
        ],
    )
