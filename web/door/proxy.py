"""Who a proxy says has come; decides that it is believed only from where the settings say, and only with its secret."""

from starlette.requests import Request

from web.door.origin import is_among
from web.door.settings import ProxySettings
from web.door.tokens import same


def said_by_proxy(request: Request, settings: ProxySettings, secret: str) -> str | None:
    """The name that a trusted proxy gives whoever sent this request; None where there is none to be believed.

    A header that is sent twice is not believed: one of the two may be the visitor's own.
    """
    if not secret or not is_among(request.client.host if request.client else "", settings.peers):
        return None
    proof, name = (request.headers.getlist(header) for header in (settings.secret_header, settings.user_header))
    if len(proof) != 1 or len(name) != 1 or not same(proof[0], secret):
        return None
    return name[0].strip() or None
