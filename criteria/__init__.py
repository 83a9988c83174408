"""WHETHER a household qualifies, and why; knows nothing of linkage, files or the clock."""

from criteria.assess import Assessment, assess
from criteria.facts import Facts, People
from criteria.framework import Framework, load_framework
from criteria.settings import CriteriaSettings


__all__ = ["Assessment", "CriteriaSettings", "Facts", "Framework", "People", "assess", "load_framework"]
