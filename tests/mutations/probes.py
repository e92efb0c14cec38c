"""What a second user tries: a request, and what shows that it was not refused."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

PEOPLE = {"alice": 1, "bob": 2, "root": 3, "gone": 4, "carol": 5, "ghost": 999}
"""User ids. `nobody` sends no credentials and `garbled` worthless ones."""

_LINE = re.compile(r"(\w+) ([A-Z]+) (\S+)(?: ([\[{].*?[\]}]))?(?: => (\w+) ?(.*))?")


class Probe(msgspec.Struct, frozen=True):
    """A request that the sound application refuses.

    `sign` says what shows that it was answered: "touched" (somebody else's text in the answer, or changed
    rows), "status" (success), "text" (the answer holds `detail`), "not" (another answer than `detail`), "row"
    (a new row: `table column=value`). `rule` is the rule for a request of this kind that is not refused.
    """

    rule: str
    person: str
    method: str
    path: str
    body: str
    sign: str
    detail: str

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


def parsed(line: str, rule: str, prefix: str) -> Probe:
    """`bob PATCH /notes/1 {"text": "x"} => row note owner_id=1`."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a probe: {line}")
    person, method, path, body, sign, detail = match.groups(default="")
    return Probe(rule, person, method, prefix + path, body, sign or "touched", detail)
