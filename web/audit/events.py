"""What the audit log calls what is done at the pages, in words; decides no event, each page names its own."""

from pipeline.record.audit_search import in_words


EVENTS = {
    "signed_in": "Somebody signed in",
    "signed_out": "Somebody signed out",
    "refused": "A page was refused",
    "runs_listed": "The runs were listed",
    "run_opened": "A run's manifest was opened",
    "verified": "A run was verified",
    "replay_started": "A replay was started",
    "replay_stopped": "A replay was stopped",
    "audit_log_opened": "The audit log was opened",
    "figures_opened": "The management figures were opened",
    "figures_downloaded": "Released figures were downloaded",
    "profile_asked_for": "A profile was asked to be released",
}


def event_words(event: str) -> str:
    """An event as a person reads it."""
    return in_words(event, EVENTS.items())
