"""Who a person at the pages is: a name, roles and areas; decides what these are called, not what they allow."""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What somebody of the council does here. A page says which of these it is for."""

    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Person(NamedTuple):
    """Somebody who is signed in. Without `areas` they see the families of every area."""

    name: str
    roles: frozenset[Role]
    areas: frozenset[str] = frozenset()

    def may(self, allowed: frozenset[Role]) -> bool:
        """Whether one of their roles is among `allowed`."""
        return not self.roles.isdisjoint(allowed)
