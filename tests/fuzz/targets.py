"""Every target of the fuzzing, by name."""

from tests.fuzz import files, tables, words
from tests.fuzz.trying import Target


TARGETS: dict[str, Target] = {one.name: one for one in (*files.TARGETS, *words.TARGETS, *tables.TARGETS)}
