"""WHO belongs together: records to people, people to households; knows nothing of criteria, files or the clock."""

from linkage.drift import Drift, compare_models
from linkage.identity import Previous
from linkage.link import link
from linkage.results import LinkResult
from linkage.saved_model import SavedModel, load_model, model_of, save_model
from linkage.settings import LinkageSettings


__all__ = [
    "Drift",
    "LinkResult",
    "LinkageSettings",
    "Previous",
    "SavedModel",
    "compare_models",
    "link",
    "load_model",
    "model_of",
    "save_model",
]
