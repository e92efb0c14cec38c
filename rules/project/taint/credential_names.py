"""Names of credentials as parameters have them: also the new, the old and the repeated password."""

from __future__ import annotations

import re

from rules.project.isolation.secrets import Secret, secret_name

_BEFORE = re.compile(
    r"^(new|old|current|confirm|repeat|repeated|login|admin|raw|plain|client|app|user|x)[_-]", re.IGNORECASE
)
_AFTER = re.compile(r"[_-]?(confirm|confirmation|again|repeat|2|_in)$", re.IGNORECASE)


def credential_name(name: str) -> Secret | None:
    """What kind of credential a parameter, field or header of that name holds; None for other secrets too."""
    spelled = name.replace("-", "_")
    bare = _AFTER.sub("", _BEFORE.sub("", spelled))
    found = secret_name(spelled) or secret_name(bare)
    return None if found is Secret.PERSONAL else found
