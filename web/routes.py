"""Every address of the pages: what answers it, who may ask, and what the audit log has of it. Nothing else is served.

A room adds its own lines; `tests/web` holds every line to having a rule.
"""

from web import home
from web.door import interim
from web.visit import ANYBODY, EVERYONE, Page


NAVIGATION = (
    ("families", "Families"),
    ("review", "Review"),
    ("quality", "Quality"),
    ("figures", "Figures"),
    ("runs", "Runs"),
    ("audit", "Audit log"),
    ("people", "People"),
    ("help", "Help"),
)
"""The names of the pages in the navigation, in its order, each with its words; somebody sees those they may open."""

DOOR = (
    Page("/sign-in", "GET", interim.sign_in, "sign_in", ANYBODY, needs_run=False),
    Page("/sign-in/link/{token}", "GET", interim.enter, "sign_in_link", ANYBODY, "signed_in", needs_run=False),
    Page("/sign-out", "POST", interim.sign_out, "sign_out", EVERYONE, "signed_out", needs_run=False),
)

FRAME = (
    Page("/", "GET", home.first_page, "home", EVERYONE, needs_run=False),
    Page("/help", "GET", home.topics, "help", ANYBODY, needs_run=False),
    Page("/help/{topic}", "GET", home.topic, "help_topic", ANYBODY, needs_run=False),
    Page("/accessibility", "GET", home.accessibility, "accessibility", ANYBODY, needs_run=False),
)

ROUTES: tuple[Page, ...] = (
    *FRAME,
    *DOOR,
)
