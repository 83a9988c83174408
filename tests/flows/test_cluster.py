"""Linkage's parts on a real Dask scheduler and its workers: one machine's result, whoever dies, and nothing told."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from distributed import Security

import linkage
from flows.cluster import cluster_map
from flows.dask_map import DaskMap
from linkage import LinkageSettings
from pipeline.config import Cluster, load_settings, parse_settings
from pipeline.prepare import Request
from pipeline.wash import wash_extracts
from schemas.errors import ClusterError, DataWashError, SettingsError
from tests.flows.commands import free_port, said, wait_until
from tests.flows.machines import ROOT, Machines, Slip, machines, names_of_workers, shown_by_a_scheduler, twice


SAMPLE = ROOT / "data" / "sample"
PARTED = "\n[linkage]\nchunk_pairs = 2000\n"
ROOMS = ("flows", "pipeline", "reports", "linkage", "criteria", "schemas")
PERSON = {"forename": "Zqfore", "surname": "Zqsur", "address": "Zqstreet", "postcode": "QZ17QZ", "nino": "JT4839"}
HIDDEN = ("zqfore", "zqsur", "zqstreet", "zqslip", "zqpart", "qz17q", "jt4839")
"""Long enough not to stand by chance in the random name of a folder or a worker."""
SEVERAL = ["".join((first, second)) for first in "abcdefghij" for second in "klmnopqrst"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler with two workers."""
    with machines(tmp_path_factory.mktemp("dask"), 2) as two:
        yield two


def _connected(where: Machines, wait: float = 60.0) -> Any:
    return cluster_map(Cluster(scheduler=where.address, wait_seconds=wait), Path())


def _after_the_first(run_parts: DaskMap, act: Callable[[], object], sent: list[int]) -> Callable[..., Iterable[Any]]:
    """A map on the cluster on which something happens once the first part is done; `sent` counts parts."""

    def disturbed(function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        listed = list(parts)
        sent.append(len(listed))
        for number, result in enumerate(run_parts(function, listed)):
            if number == 0:
                act()
            yield result

    return disturbed


def _sample(place: Path, more: str = "") -> Request:
    """The sample, with settings that make many parts of it."""
    folder = place / "extracts"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("truth"))
    with (folder / "wash.toml").open("a", encoding="utf-8") as settings:
        settings.write(PARTED + more)
    return Request(folder, date(2013, 9, 30), place / "outputs")


@pytest.mark.slow
def test_the_sample_comes_out_as_on_one_machine_though_a_worker_is_killed(cluster: Machines, tmp_path: Path) -> None:
    alone = wash_extracts(_sample(tmp_path / "alone"))
    request = _sample(tmp_path / "together", cluster.settings())
    sent: list[int] = []
    with cluster_map(load_settings(request.folder / "wash.toml").cluster, request.folder) as run_parts:
        run_parts.client.wait_for_workers(2, timeout=60)
        together = wash_extracts(request, map=_after_the_first(run_parts, cluster.workers[0].kill, sent))
    assert sent[0] > 20
    assert cluster.workers[0].wait(10)
    assert together.folder.name == alone.folder.name
    assert said(together.folder) == said(alone.folder)


def test_a_map_goes_on_when_every_worker_is_lost_and_another_comes(cluster: Machines) -> None:
    def replace() -> None:
        for worker in cluster.workers:
            worker.kill()
        cluster.add_worker()

    with _connected(cluster) as run_parts:
        assert list(_after_the_first(run_parts, replace, [])(twice, range(40))) == list(range(0, 80, 2))


def test_neither_logs_nor_scheduler_nor_scratch_hold_a_value_of_a_row(cluster: Machines) -> None:
    records = pd.DataFrame({name: [f"{start}{end}" for end in SEVERAL] for name, start in PERSON.items()})
    records = pd.concat([records.assign(record_id=f"{n}:" + records.index.astype(str)) for n in range(3)])
    shown: list[str] = []
    with _connected(cluster) as run_parts:
        look = lambda: shown.append(run_parts.client.run_on_scheduler(shown_by_a_scheduler))  # noqa: E731
        settings = LinkageSettings(chunk_pairs=1000)
        linked = linkage.link(records, settings, map=_after_the_first(run_parts, look, []))
        with pytest.raises(DataWashError, match=r"A bug in Data Wash: KeyError at .*:\d+\.") as caught:
            list(run_parts(Slip("Zqslip"), ["Zqpart"]))
        look()
    assert linked.people["surname"].str.startswith("Zqsur").all()
    files = [path for path in cluster.place.rglob("*") if path.is_file()]
    told = "".join([*shown, str(caught.value), *(path.read_text(errors="replace") for path in files)]).lower()
    assert "part-" in told
    assert [value for value in HIDDEN if value in told] == []


def test_results_come_in_order_and_the_parts_are_fetched_as_they_are_needed(cluster: Machines) -> None:
    fetched: list[int] = []
    parts = (number for number in range(100) if fetched.append(number) is None)
    with _connected(cluster) as run_parts:
        results = run_parts(twice, parts)
        assert [next(results) for _ in range(3)] == [0, 2, 4]
        assert len(fetched) < 20
        assert list(results) == list(range(6, 200, 2))


def test_a_worker_with_another_version_is_refused(cluster: Machines, tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "schemas" / "words.py").open("a", encoding="utf-8") as words:
        words.write("# changed\n")
    _refuses(cluster, ("--memory-limit", "0"), tmp_path, r"runs other versions: Data Wash \w+ here, \w+ there")


def test_a_worker_that_may_write_to_its_disk_is_refused(cluster: Machines) -> None:
    _refuses(cluster, ("--memory-limit", "1GiB"), ROOT, "--memory-limit 0")


def _refuses(cluster: Machines, options: tuple[str, ...], cwd: Path, why: str) -> None:
    with _connected(cluster) as run_parts:
        odd = cluster.add_worker("--name", "odd", *options, cwd=cwd)
        wait_until(lambda: "odd" in run_parts.client.run_on_scheduler(names_of_workers), "the worker")
        with pytest.raises(ClusterError, match=why):
            run_parts.check_workers()
        with pytest.raises(ClusterError, match=f"A worker that came later .*{why}"):
            list(run_parts(twice, range(100)))
        odd.kill()
        odd.wait()


def test_encrypted_with_the_council_s_certificates(tmp_path: Path) -> None:
    made = Security.temporary()
    (tmp_path / "ca.pem").write_text(made.tls_ca_file)
    (tmp_path / "key.pem").write_text(made.tls_client_key)
    ca, key = str(tmp_path / "ca.pem"), str(tmp_path / "key.pem")
    with machines(tmp_path / "dask", 1, "--tls-ca-file", ca, "--tls-cert", ca, "--tls-key", key) as where:
        words = where.settings() + 'ca = "ca.pem"\ncert = "ca.pem"\nkey = "key.pem"\n'
        (tmp_path / "wash.toml").write_text(words, encoding="utf-8")
        settings = load_settings(tmp_path / "wash.toml").cluster
        assert settings.scheduler and settings.scheduler.startswith("tls://")
        with cluster_map(settings, tmp_path) as run_parts:
            assert list(run_parts(twice, range(4))) == [0, 2, 4, 6]
        with pytest.raises(SettingsError, match=r"there is no file other.pem for `key`"):
            cluster_map(settings.model_copy(update={"key": "other.pem"}), tmp_path).__enter__()


def test_nobody_at_the_address() -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(ClusterError, match=f"no Dask scheduler that answers at {address} .* Start it, mend"):
        cluster_map(Cluster(scheduler=address, wait_seconds=1), Path()).__enter__()
    assert ClusterError.exit_code == 9


def test_a_scheduler_without_workers_and_one_that_goes(tmp_path: Path) -> None:
    with machines(tmp_path, 0) as where:
        with pytest.raises(ClusterError, match=f"has no workers. Start some: dask worker {where.address}"):
            _connected(where, 1).__enter__()
        where.add_worker()
        with _connected(where, 5) as run_parts:
            run_parts.client.wait_for_workers(1, timeout=60)
            with pytest.raises(ClusterError, match="has no worker left, or is gone. Nothing was published"):
                list(_after_the_first(run_parts, where.scheduler.kill, [])(twice, range(100)))


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('scheduler = "10.0.0.5:8786"', "an address like tcp://10.0.0.5:8786 or tls://10.0.0.5:8786 is wanted"),
        ('scheduler = "tls://10.0.0.5:8786"\nca = "ca.pem"', "tls:// wants ca, cert and key as well"),
        ('scheduler = "tcp://10.0.0.5:8786"\nca = "ca.pem"', "ca, cert and key are for a scheduler at tls://"),
        ('shceduler = "tcp://10.0.0.5:8786"', "Did you mean 'scheduler'"),
    ],
)
def test_settings_that_cannot_be_are_told(lines: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "wash.toml").write_text(f"[cluster]\n{lines}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"wash\.toml: cluster") as caught:
        load_settings(tmp_path / "wash.toml")
    assert what in str(caught.value)


def test_where_it_is_washed_makes_no_other_wash() -> None:
    one, two = ({"cluster": {"scheduler": f"tcp://10.0.0.{n}:8786"}} for n in (5, 6))
    assert parse_settings(one, "one").digest() == parse_settings(two, "two").digest() == parse_settings({}, "").digest()
