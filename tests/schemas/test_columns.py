"""Column kinds and names that the models share."""

import subprocess
import sys

import pandera.errors
import pytest

from schemas.columns import columns_of, empty_table
from schemas.extracts import EXTRACTS
from schemas.published import PUBLISHED
from schemas.working import WORKING


MODELS = [spec.model for spec in EXTRACTS.values()] + [model for model, _ in (PUBLISHED | WORKING).values()]


@pytest.mark.parametrize("model", [one for one in MODELS if hasattr(one, "to_schema")], ids=lambda one: one.__name__)
def test_the_columns_of_a_model_are_those_of_its_schema(model) -> None:
    assert columns_of(model) == tuple(model.to_schema().columns)


@pytest.mark.parametrize("kind", ["object", "string[python]", "float64", "boolean", "category"])
def test_a_text_column_of_another_kind_is_refused(kind: str) -> None:
    model, _ = PUBLISHED["quarantine"]
    broken = empty_table(model).astype({"column": kind})
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        model.validate(broken, lazy=True)
    found = refused.value.failure_cases
    assert list(found[["column", "check"]].itertuples(index=False, name=None)) == [
        ("column", "dtype('string[pyarrow]')")
    ]


def test_text_of_the_right_kind_is_taken() -> None:
    model, _ = PUBLISHED["quarantine"]
    assert list(model.validate(empty_table(model)).columns) == list(columns_of(model))


VALIDATE = """
import sys
from schemas.columns import empty_table
from schemas.published import PUBLISHED
model, _ = PUBLISHED["coverage"]
model.validate(empty_table(model))
print(*sorted({"pandera", "dask"} & sys.modules.keys()))
"""


def test_a_frame_of_pandas_is_validated_without_loading_dask() -> None:
    done = subprocess.run([sys.executable, "-c", VALIDATE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["pandera"]
