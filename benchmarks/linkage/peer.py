"""One run of Splink in a process and an environment of its own: records in, people and pairs out, as Parquet.

Run with the peer's Python: `-m benchmarks.linkage.peer RECORDS OUT --model m4 --training fast`.
"""

import time


STARTED = time.perf_counter()

import argparse  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, NamedTuple  # noqa: E402

import duckdb  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator  # noqa: E402

from benchmarks.linkage.memory import peak_megabytes  # noqa: E402
from benchmarks.linkage.peer_models import MODELS, Model  # noqa: E402


LEAST, JOINED = 0.01, 0.95
FAST: dict[str, int | None] = {"u": 1_000_000, "em": 1_000_000}
DOCUMENTED: dict[str, int | None] = {"u": 10_000_000, "em": None}
TRAINING = {"fast": FAST, "documented": DOCUMENTED}


def make_linker(connection: Any, model: Model) -> Linker:
    """An untrained linker of all records, or of the two sources, that keeps no columns it does not need."""
    api = DuckDBAPI(connection)
    tables = ["records"]
    if model.between_sources:
        tables = ["of_a", "of_b"]
        for table in tables:
            of_source = f"select * exclude (source) from records where source = '{table[-1]}'"
            connection.sql(f"create or replace table {table} as {of_source}")
    settings = SettingsCreator(
        link_type="link_only" if model.between_sources else "dedupe_only",
        unique_id_column_name="id",
        comparisons=model.comparisons(),
        blocking_rules_to_generate_predictions=model.rules(),
        retain_matching_columns=False,
    )
    return Linker([api.register(table) for table in tables], settings)


def train(linker: Linker, model: Model, training: dict[str, int | None]) -> None:
    """The prior by rules, u by random pairs, m by one expectation-maximisation for each of the model's blocks."""
    linker.training.estimate_probability_two_random_records_match(model.certain(), recall=model.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=training["u"])
    pairs = {} if training["em"] is None else {"max_pairs": training["em"]}
    for block in model.training_blocks():
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True, **pairs
        )


class Linked(NamedTuple):
    """The linker, the seconds of each step, and the names of the tables of pairs and of people."""

    linker: Linker
    seconds: dict[str, float]
    pairs: str
    people: str


def link(connection: Any, model: Model, training: dict[str, int | None]) -> Linked:
    """Train, predict and cluster."""
    seconds, last = {}, time.perf_counter()
    linker = make_linker(connection, model)
    train(linker, model, training)
    seconds["train"], last = time.perf_counter() - last, time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=LEAST)
    seconds["predict"], last = time.perf_counter() - last, time.perf_counter()
    people = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=JOINED)
    seconds["cluster"] = time.perf_counter() - last
    return Linked(linker, seconds, pairs.physical_name, people.physical_name)


def look_closer(linked: Linked, connection: Any) -> dict[str, float]:
    """Off the clock: the pairs that the rules give, and the share of records that would not be joined to themselves."""
    alone = linked.linker._self_link().physical_name
    short = f"select avg((match_probability < {JOINED})::int) from {alone}"
    found = linked.linker.inference.compute_blocked_pairs_for_predict().physical_name
    count = f"select count(*) from {found}"
    unlinkable, pairs = (connection.sql(question).fetchall()[0][0] for question in (short, count))
    return {"candidate_pairs": int(pairs), "unlinkable": float(unlinkable)}


def write(connection: Any, linked: Linked, out: Path) -> None:
    """People and pairs by the places of records (`id`)."""
    connection.sql(f"select id, cluster_id as person from {linked.people}").write_parquet(str(out / "people.parquet"))
    columns = "id_l as \"left\", id_r as \"right\", match_probability as probability"
    connection.sql(f"select {columns} from {linked.pairs}").write_parquet(str(out / "pairs.parquet"))


def main() -> None:
    """Link, write, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", choices=list(MODELS), default="m4")
    parser.add_argument("--training", choices=list(TRAINING), default="fast")
    parser.add_argument("--count", action="store_true", help="count candidate pairs and unlinkable records too")
    given = parser.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    imported = time.perf_counter() - STARTED
    connection = duckdb.connect()
    connection.sql(f"create table records as select * exclude (record_id) from read_parquet('{given.records}')")
    begun, used = time.perf_counter(), time.process_time()
    linked = link(connection, MODELS[given.model], TRAINING[given.training])
    told: dict[str, Any] = {"link_s": time.perf_counter() - begun, "link_cpu_s": time.process_time() - used}
    write(connection, linked, given.out)
    told["versions"] = {name: version(name) for name in ("splink", "duckdb", "pyarrow")}
    told |= {"import_s": imported, "whole_s": time.perf_counter() - STARTED, "peak_mb": peak_megabytes()}
    if given.count:
        told |= look_closer(linked, connection)
    (given.out / "told.json").write_text(json.dumps(told | {"steps": linked.seconds}), encoding="utf-8")


if __name__ == "__main__":
    main()
