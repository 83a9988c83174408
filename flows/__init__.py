"""WHEN: the wash and the replay as Prefect flows, and their schedules; the only room that imports prefect."""
