"""Where a request comes from; decides whose word is taken for it: the connection's, or that of a proxy of ours."""

import ipaddress
from collections.abc import Iterable

from starlette.requests import Request


FORWARDED = "x-forwarded-for"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def origin_of(request: Request, proxies: Iterable[str]) -> str:
    """The address that a request comes from, or the network of it that one household or office has (IPv6).

    Of what a proxy of ours says, only the last entry is its own: those before it the visitor may have made up.
    """
    came_from = request.client.host if request.client else ""
    if is_among(came_from, proxies):
        said = ",".join(request.headers.getlist(FORWARDED))
        came_from = said.rpartition(",")[2].strip() or came_from
    found = _address(came_from)
    if found is None:
        return "unknown"
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def is_among(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` is one of `networks`, or in one."""
    found = _address(address)
    return found is not None and any(found in ipaddress.ip_network(network) for network in networks)


def checked_networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    """The same networks. ValueError where one of them is none."""
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ValueError(f"{network} is no address such as 10.0.0.5, nor a network such as 10.0.0.0/24") from None
    return networks


def _address(said: str) -> Address | None:
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
