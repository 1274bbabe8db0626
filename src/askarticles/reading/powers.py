"""Raised digits as signs that are raised: "10<sup>6</sup>" is 10⁶, and not 106."""

from __future__ import annotations

import re
from typing import TypeVar

from lxml import etree

_Tree = TypeVar("_Tree", bound=etree._Element)
_POWER = re.compile(r"\s*[+−-]?\d{1,3}\s*")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def with_powers(tree: _Tree) -> _Tree:
    """The tree, in which numbers in <sup> are raised signs; not those that lead to a note."""
    for element in tree.iter("{*}sup"):
        links = any(str(above.tag).rpartition("}")[2] == "a" for above in element.iterancestors())
        # "1 <sup>1</sup>/<sub>2</sub>" is a fraction.
        apart = (element.tail or "").lstrip()[:1] not in ("/", "⁄")
        if apart and not len(element) and not links and _POWER.fullmatch(element.text or ""):
            element.text = (element.text or "").translate(_RAISED)
    return tree
