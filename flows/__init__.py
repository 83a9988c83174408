"""WHEN: the wash and the replay as Prefect flows, and their schedules; the only room that imports prefect.

Prefect reads its settings as it is imported, so what keeps it quiet and at home is said here, before that.
"""

import os


ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}
"""Nothing is told to anyone, no log line and no result is stored, and no server is started but by `flows.server`."""

UNLESS_CHOSEN = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1",
}
"""What a council may choose otherwise, in the environment."""

os.environ.update(ALWAYS)
for _name, _value in UNLESS_CHOSEN.items():
    os.environ.setdefault(_name, _value)
