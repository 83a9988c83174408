"""`datawash linkage model`: the trained model of a run as a file that settings may name; decides nothing about it."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report
from cli.trail import leave_trail
from linkage.saved_model import model_of, save_model
from pipeline.record.files import plain_storage_errors
from pipeline.record.manifest import read_manifest


def save_run_model(outputs: Path, name: str, out: Path) -> Report:
    """Write a run's model to `out`. SettingsError where it is of another version's levels."""
    folder = find_run(outputs, name)
    model = model_of(read_manifest(folder).model)
    with plain_storage_errors("Writing the model"):
        save_model(model, out)
    leave_trail(folder, "model_saved")
    facts = {"run": folder.name, "file": str(out), "mentions": model.mentions}
    return Report(facts, [f"The linkage model of {folder.name}, learnt from {model.mentions:,} mentions, is in {out}."])
