"""Linkage's parts on other machines: the map that `[cluster]` of the settings asks for; decides no result.

The stages stay on the machine that washes, with the extracts and the runs. Of linkage, which can be shared, the parts
go to the workers of a Dask scheduler, by way of prefect-dask; nothing is written there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.config import Cluster
from pipeline.wash import Map
from schemas.errors import ClusterError, SettingsError


@contextmanager
def cluster_map(cluster: Cluster, beside: Path) -> Iterator[Map | None]:
    """The map of the cluster that the settings name, connected while the body runs; None where they name none.

    Paths of certificates are taken from the folder `beside`. ClusterError says what cannot be reached, or is missing.
    """
    if cluster.scheduler is None:
        yield None
        return
    with _runner(cluster, beside) as runner:
        from flows.dask_map import DaskMap

        found = DaskMap(_client(runner, cluster), cluster.scheduler, cluster.wait_seconds)
        found.check_workers()
        yield found


def _runner(cluster: Cluster, beside: Path) -> Any:
    """Prefect's task runner on the scheduler; not connected yet."""
    try:
        from distributed import Security
        from prefect_dask import DaskTaskRunner
    except ImportError:
        raise ClusterError(
            f"[cluster] names the scheduler {cluster.scheduler}, and what talks to it is not installed. Install "
            "datawash[cluster], or wash with --plain: one machine, and the same result."
        ) from None
    more: dict[str, Any] = {"timeout": cluster.wait_seconds, "name": "datawash"}
    if cluster.scheduler and cluster.scheduler.startswith("tls://"):
        ca, cert, key = (_certificate(beside, name, getattr(cluster, name)) for name in ("ca", "cert", "key"))
        more["security"] = Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)
    return DaskTaskRunner(address=cluster.scheduler, client_kwargs=more)


def _client(runner: Any, cluster: Cluster) -> Any:
    try:
        return runner.client
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"There is no Dask scheduler that answers at {cluster.scheduler} ({type(error).__name__}). Start it, mend "
            f"`scheduler` in [cluster]{_OR_CERTIFICATES if cluster.ca else ''}, or wash with --plain: one machine, and "
            "the same result."
        ) from None


_OR_CERTIFICATES = " or the certificates (all signed by `ca`)"


def _certificate(beside: Path, name: str, path: str | None) -> str:
    found = beside / (path or "")
    if not found.is_file():
        raise SettingsError(f"[cluster]: there is no file {path} for `{name}`, looked for in {beside}.")
    return str(found)
