"""Who a proxy says has come; decides that it is believed only from where the settings say, and only with its secret."""

import ipaddress

from starlette.requests import Request

from web.door.settings import ProxySettings
from web.door.tokens import same


def said_by_proxy(request: Request, settings: ProxySettings, secret: str) -> str | None:
    """The name that a trusted proxy gives whoever sent this request; None where there is none to be believed.

    A header that is sent twice is not believed: one of the two may be the visitor's own.
    """
    if not secret or not _is_peer(request, settings):
        return None
    proof, name = (request.headers.getlist(header) for header in (settings.secret_header, settings.user_header))
    if len(proof) != 1 or len(name) != 1 or not same(proof[0], secret):
        return None
    return name[0].strip() or None


def _is_peer(request: Request, settings: ProxySettings) -> bool:
    try:
        came_from = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    came_from = getattr(came_from, "ipv4_mapped", None) or came_from
    return any(came_from in ipaddress.ip_network(peer) for peer in settings.peers)
