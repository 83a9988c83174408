"""WHETHER a household qualifies, and why; knows nothing of linkage, files or the clock."""

from criteria.assess import Assessment, assess
from criteria.facts import Facts, People
from criteria.framework import Framework
from criteria.history import History
from criteria.loading import load_framework
from criteria.programme import Followed, follow
from criteria.settings import CriteriaSettings


__all__ = [
    "Assessment", "CriteriaSettings", "Facts", "Followed", "Framework", "History", "People", "assess", "follow",
    "load_framework",
]
