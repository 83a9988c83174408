"""Column kinds and names that the models share."""

import pytest

from schemas.columns import columns_of
from schemas.extracts import EXTRACTS
from schemas.published import PUBLISHED
from schemas.working import WORKING


MODELS = [spec.model for spec in EXTRACTS.values()] + [model for model, _ in (PUBLISHED | WORKING).values()]


@pytest.mark.parametrize("model", [one for one in MODELS if hasattr(one, "to_schema")], ids=lambda one: one.__name__)
def test_the_columns_of_a_model_are_those_of_its_schema(model) -> None:
    assert columns_of(model) == tuple(model.to_schema().columns)
