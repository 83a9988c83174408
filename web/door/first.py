"""The sign-in link that whoever starts the pages on their own machine is given; decides when there is one."""

from pipeline.record.audit_log import current_user
from web.door import changes
from web.door.accounts import account_called
from web.door.changes import Hand
from web.door.entrance import Entrance
from web.door.roles import Person, Role


def own_link(entrance: Entrance, hand: Hand) -> str | None:
    """The token of a link for the user of this process, who has every role on their own machine; made if need be.

    None where the pages have an address for others: there an administrator gives links, and roles with thought.
    """
    if entrance.settings.address:
        return None
    user = current_user()
    with hand.store.read() as db:
        account = account_called(db, user)
    if account is None:
        account = changes.add(hand, Person(user, frozenset(Role)))
    return None if account.locked else changes.give_link(hand, account.number, entrance.settings.link_hours)
