"""The page on which somebody chooses their own password; decides that it ends their sessions elsewhere."""

from starlette.responses import Response

from schemas.errors import UsageError
from web.door.accounts import account_numbered, set_password
from web.door.entrance import SESSION
from web.door.lockout import about, count_try, forget_tries
from web.door.passwords import check_password, hashed, is_right
from web.door.sessions import How, Session, end_sessions, start_session
from web.door.signing_in import entrance_of
from web.visit import RefusedError, Visit


PASSWORD_SET = "password_set"  # noqa: S105 - an event


def see_password(visit: Visit) -> Response:
    """The form for a new password."""
    return _form(visit, _session(visit))


def choose_password(visit: Visit) -> Response:
    """Keep a new password, where the old one is right, if there is any."""
    door, session = entrance_of(visit), _session(visit)
    account, new = session.account, visit.form.get("new", "")
    if wants_old(session) and not _knows_old(visit, session):
        return _form(visit, session, old="This is not your password, or it was tried too often. Try again later.")
    try:
        check_password(new, account.name, door.settings.least_password)
    except UsageError as error:
        return _form(visit, session, wrong=str(error))
    kept = hashed(new)
    with door.store.change() as db:
        visit.record(PASSWORD_SET)
        set_password(db, account, kept)
        end_sessions(db, account)
        ends = door.now + door.settings.hours * 3600
        token = start_session(db, account_numbered(db, account.number), session.how, door.now, ends)
    answer = visit.page("door/password_set.html")
    door.hold(answer, SESSION, token)
    return answer


def wants_old(session: Session) -> bool:
    """Whether the old password is asked for: not of somebody who came by a link, having perhaps forgotten it."""
    return session.account.password is not None and session.how is not How.LINK


def _session(visit: Visit) -> Session:
    door = entrance_of(visit)
    session = door.session(visit.request)
    if session is None or not door.settings.passwords:
        raise RefusedError("These pages take no passwords.")
    return session


def _knows_old(visit: Visit, session: Session) -> bool:
    door, account = entrance_of(visit), session.account
    counted = about(account, account.name)
    with door.store.change() as db:
        left = count_try(db, counted, door.limit, door.now)
    if left < 0 or not is_right(visit.form.get("old", ""), account.password):
        return False
    with door.store.change() as db:
        forget_tries(db, counted)
    return True


def _form(visit: Visit, session: Session, **said: str) -> Response:
    return visit.page(
        "door/password.html",
        account=session.account,
        wants_old=wants_old(session),
        least=entrance_of(visit).settings.least_password,
        said=said,
    )
