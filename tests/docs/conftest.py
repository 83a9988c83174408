"""The project's own command in a folder like the reader's, and the sample washed once for every guide."""

from pathlib import Path

import pytest

from tests.docs.place import Place, Washed, make_tools, wash_sample, with_sample


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the `datawash` of this source tree."""
    return make_tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture(scope="session")
def first_wash(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Washed:
    """The sample, washed as the guides wash it; not to be changed."""
    return wash_sample(tmp_path_factory.mktemp("sample"), tools)


@pytest.fixture
def place(tools: Path, tmp_path: Path) -> Place:
    """A folder as a clone of the project has it: the sample, and nothing washed."""
    return Place(with_sample(tmp_path), tools)
