"""What the audit log calls what is done at the pages, in words; decides no event, each page names its own."""

from pipeline.record.audit_search import in_words


EVENTS = {
    "signed_in": "Somebody signed in",
    "sign_in_failed": "A sign-in failed",
    "locked_out": "A name was locked out for a while",
    "address_closed": "An address may try no passwords for a while",
    "failures_counted": "Failures of nobody who is signed in were counted",
    "signed_out": "Somebody signed out",
    "password_set": "A password was set",
    "refused": "A page was refused",
    "people_viewed": "The accounts were looked at",
    "account_added": "An account was added",
    "account_changed": "An account's roles or areas were changed",
    "account_link_made": "A sign-in link was made",
    "account_locked": "An account was locked",
    "account_opened": "An account was opened again",
    "account_reset": "An account's password was taken away",
    "viewed_list": "A list of families was looked at",
    "searched_families": "A family was searched for",
    "downloaded_list": "A list of families was downloaded",
    "viewed_family": "A family was looked at",
    "viewed_history": "A family's days were looked at",
    "viewed_person": "A person was looked at",
    "packed": "An evidence pack was written",
    "quality_viewed": "The quality of the extracts was looked at",
    "change_viewed": "The change from last month was looked at",
    "report_downloaded": "A run's report was downloaded",
    "rejected_downloaded": "The rejected rows of an extract were downloaded",
    "review_viewed": "The queue of questions was looked at",
    "question_viewed": "A question of the review was looked at",
    "question_answered": "A question of the review was answered",
    "question_revealed": "The model's view of a question was looked at",
    "decisions_viewed": "The decisions were looked at",
    "agreement_viewed": "The agreement of reviewers was looked at",
    "questions_downloaded": "The questions of the review were downloaded",
    "answers_uploaded": "Answers to questions were uploaded",
    "runs_listed": "The runs were listed",
    "run_opened": "A run's manifest was opened",
    "verified": "A run was verified",
    "replay_started": "A replay was started",
    "replay_stopped": "A replay was stopped",
    "audit_log_opened": "The audit log was opened",
    "audit_log_downloaded": "The audit log was downloaded",
    "figures_opened": "The management figures were opened",
    "figures_downloaded": "Released figures were downloaded",
    "profile_asked_for": "A profile was asked to be released",
}


def event_words(event: str) -> str:
    """An event as a person reads it."""
    return in_words(event, EVENTS.items())
