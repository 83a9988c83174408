"""The rows of a list as HTML, each made once for a run: a page of fifty is then put together in no time."""

from typing import Any

import numpy as np
from markupsafe import Markup

from web.families.listing import Listing
from web.visit import Visit


TEMPLATE = "families/rows.html"


def rows_as_html(visit: Visit, held: Listing, name: str, rows: np.ndarray, named: dict[str, str]) -> Markup:
    """These rows of the list called `name`; `named` says, of families that a search found, by whose name.

    What a family is called in a search is never kept.
    """
    address = visit.address("family", family_id="F")[:-1] if visit.may("family") else ""
    macro = getattr(visit.site.environment.get_template(TEMPLATE).module, name)
    families, made = held.column("family_id"), []
    for row in map(int, rows):
        if families[row] in named:
            made.append(macro(_cells(held, row), held.criteria, address, named[families[row]]))
            continue
        if (address, row) not in held.rows:
            held.rows[address, row] = macro(_cells(held, row), held.criteria, address, "")
        made.append(held.rows[address, row])
    return Markup("").join(made)


def _cells(held: Listing, row: int) -> dict[str, Any]:
    return {name: held.column(name)[row] for name in held.table.columns}
