"""Every address of the pages: what answers it, who may ask, and what the audit log has of it. Nothing else is served.

A room adds its own lines; `tests/web` holds every line to having a rule.
"""

from web import home
from web.audit import figures, log, replays, runs
from web.door import oidc_pages, password_page, people, signing_in
from web.door.roles import Role
from web.families import pages as families
from web.family import pages as family
from web.quality import pages as quality
from web.review import pages as review
from web.review import results
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

SEES_FAMILIES = frozenset({Role.COORDINATOR, Role.ANALYST, Role.AUDITOR})

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
SEES_PEOPLE = "people_viewed"
DOOR = (
    Page("/sign-in", "GET", signing_in.sign_in, "sign_in", ANYBODY, needs_run=False),
    Page("/sign-in", "POST", signing_in.sign_in_by_password, "sign_in_password", ANYBODY, needs_run=False),
    Page("/sign-in/link/{token}", "GET", signing_in.see_link, "sign_in_link", ANYBODY, needs_run=False),
    Page("/sign-in/link/{token}", "POST", signing_in.sign_in_by_link, "sign_in_link_spend", ANYBODY, needs_run=False),
    Page("/sign-in/oidc", "GET", oidc_pages.go_out, "sign_in_oidc", ANYBODY, needs_run=False),
    Page("/sign-in/oidc/back", "GET", oidc_pages.come_in, "sign_in_oidc_back", ANYBODY, needs_run=False),
    Page("/sign-out", "POST", signing_in.sign_out, "sign_out", EVERYONE, "signed_out", needs_run=False),
    Page("/password", "GET", password_page.see_password, "password", EVERYONE, needs_run=False),
    Page("/password", "POST", password_page.choose_password, "password_choose", EVERYONE, needs_run=False),
    Page("/people", "GET", people.people, "people", ADMINISTRATOR, SEES_PEOPLE, needs_run=False),
    Page("/people/new", "GET", people.ask_new, "person_new", ADMINISTRATOR, needs_run=False),
    Page("/people/new", "POST", people.add_person, "person_add", ADMINISTRATOR, needs_run=False),
    Page("/people/{number}", "GET", people.see_person, "person_account", ADMINISTRATOR, SEES_PEOPLE, needs_run=False),
    Page("/people/{number}", "POST", people.change_person, "person_change", ADMINISTRATOR, needs_run=False),
    Page("/people/{number}/link", "POST", people.link_person, "person_link", ADMINISTRATOR, needs_run=False),
    Page("/people/{number}/lock", "POST", people.lock_person, "person_lock", ADMINISTRATOR, needs_run=False),
    Page("/people/{number}/reset", "POST", people.reset_person, "person_reset", ADMINISTRATOR, needs_run=False),
)

FRAME = (
    Page("/", "GET", home.first_page, "home", EVERYONE, needs_run=False),
    Page("/help", "GET", home.topics, "help", ANYBODY, needs_run=False),
    Page("/help/{topic}", "GET", home.topic, "help_topic", ANYBODY, needs_run=False),
    Page("/accessibility", "GET", home.accessibility, "accessibility", ANYBODY, needs_run=False),
)

ANALYST, AUDITOR = frozenset({Role.ANALYST}), frozenset({Role.AUDITOR})
ANALYST_AUDITOR = frozenset({Role.ANALYST, Role.AUDITOR})
STEERING = frozenset({Role.COORDINATOR, Role.ANALYST, Role.REVIEWER, Role.AUDITOR})
RUNS = (
    Page("/runs", "GET", runs.list_runs, "runs", ANALYST_AUDITOR, "runs_listed"),
    Page("/runs/{run}", "GET", runs.show_run, "run", ANALYST_AUDITOR, "run_opened"),
    Page("/runs/{run}/verify", "GET", runs.ask_verify, "run_verify", AUDITOR),
    Page("/runs/{run}/verify", "POST", runs.verify_now, "run_verify_now", AUDITOR, "verified"),
    Page("/runs/{run}/replay", "GET", replays.ask_replay, "run_replay", AUDITOR),
    Page("/runs/{run}/replay", "POST", replays.start, "run_replay_start", AUDITOR, "replay_started"),
    Page("/replays/{number}", "GET", replays.show_replay, "replay", AUDITOR),
    Page("/replays/{number}/stop", "POST", replays.stop, "replay_stop", AUDITOR, "replay_stopped"),
    Page("/audit", "GET", log.show_log, "audit", AUDITOR, "audit_log_opened", needs_run=False),
    Page("/audit/download/{form}", "GET", log.download, "audit_download", AUDITOR, "audit_log_downloaded"),
    Page("/figures", "GET", figures.show_figures, "figures", STEERING, "figures_opened"),
    Page("/figures/release", "POST", figures.release, "figures_release", ANALYST, "profile_asked_for"),
    Page("/figures/{release}/{form}", "GET", figures.download, "figures_download", STEERING, "figures_downloaded"),
)

LISTS = (
    Page("/families", "GET", families.listed, "families", SEES_FAMILIES, "viewed_list"),
    Page("/families/undetermined", "GET", families.undetermined, "families_undetermined", SEES_FAMILIES, "viewed_list"),
    Page("/families/left", "GET", families.left, "families_left", SEES_FAMILIES, "viewed_list"),
    Page("/families/search", "POST", families.search, "families_search", SEES_FAMILIES, "searched_families"),
    Page("/families/download/{form}", "GET", families.download, "families_download", SEES_FAMILIES, "downloaded_list"),
)

FAMILY = (
    Page("/family/{family_id}", "GET", family.family, "family", SEES_FAMILIES, "viewed_family"),
    Page("/family/{family_id}/history", "GET", family.history, "family_history", SEES_FAMILIES, "viewed_history"),
    Page("/family/{family_id}/pack/{form}", "GET", family.pack, "family_pack", SEES_FAMILIES, "packed"),
    Page("/person/{person_id}", "GET", family.person, "person", SEES_FAMILIES, "viewed_person"),
)

QUALITY = (
    Page("/quality", "GET", quality.quality, "quality", ANALYST, "quality_viewed"),
    Page("/quality/change", "GET", quality.change, "quality_change", SEES_FAMILIES, "change_viewed"),
    Page("/quality/linkage", "GET", quality.linkage, "quality_linkage", ANALYST, "quality_viewed"),
    Page("/quality/report", "GET", quality.report, "quality_report", ANALYST, "report_downloaded"),
    Page("/quality/{extract}", "GET", quality.extract, "quality_extract", ANALYST, "quality_viewed"),
    Page("/quality/{extract}/rejected", "GET", quality.rejected, "quality_rejected", ANALYST, "rejected_downloaded"),
)

REVIEWER = frozenset({Role.REVIEWER})
SEES_REVIEW = frozenset({Role.REVIEWER, Role.ANALYST})
SEES_DECISIONS = frozenset({Role.REVIEWER, Role.ANALYST, Role.AUDITOR})
REVIEW = (
    Page("/review", "GET", review.desk, "review", SEES_REVIEW, "review_viewed"),
    Page("/review/next", "GET", review.go_on, "review_next", REVIEWER),
    Page("/review/back", "GET", review.go_back, "review_back", REVIEWER),
    Page("/review/decisions", "GET", results.decisions, "review_decisions", SEES_DECISIONS, "decisions_viewed"),
    Page("/review/agreement", "GET", results.agree, "review_agreement", ANALYST, "agreement_viewed"),
    Page("/review/download", "GET", results.download, "review_download", REVIEWER, "questions_downloaded"),
    Page("/review/upload", "POST", results.upload, "review_upload", REVIEWER, "answers_uploaded", takes_file=True),
    Page("/review/{review_id}", "GET", review.question, "review_question", REVIEWER, "question_viewed"),
    Page("/review/{review_id}", "POST", review.answer, "review_answer", REVIEWER, "question_answered"),
    Page("/review/{review_id}/compare", "POST", review.reveal, "review_reveal", REVIEWER, "question_revealed"),
)

ROUTES: tuple[Page, ...] = (
    *FRAME,
    *DOOR,
    *LISTS,
    *FAMILY,
    *RUNS,
    *QUALITY,
    *REVIEW,
)
