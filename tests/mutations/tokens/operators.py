"""Faults put into applications that make, read and renew tokens and keep passwords soundly.

The operators were fixed before the rules were measured with them. Each edits one line that says
`# guards K`; the rule must speak on that line, or on one that says `# sink K`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_GUARDS = re.compile(r"# guards (\w+)(?: sink [\w ]+)?$")
_SINKS = re.compile(r"# .*sink ([\w ]+)$")

OPERATORS = [
    ("BA312", "the expiry removed", r', "exp": [^,}]+(?=[,}])', ""),
    ("BA312", "the expiry removed", r'claims\["exp"\] = .*?(?=  #|$)', "pass"),
    ("BA312", "the subject removed", r'"sub": [^,}]+, ', ""),
    ("BA312", "a life of years", r"timedelta\(minutes=\w+\)", "timedelta(days=3650)"),
    ("BA313", "the signature not verified", r'algorithms=\["HS256"\]', 'options={"verify_signature": False}'),
    (
        "BA313",
        "the signature not verified",
        r'algorithms=\["HS256"\]',
        'algorithms=["HS256"], options={"verify_signature": False}',
    ),
    (
        "BA313",
        "the expiry not verified",
        r'algorithms=\["HS256"\]',
        'algorithms=["HS256"], options={"verify_exp": False}',
    ),
    (
        "BA313",
        "the audience not verified",
        r', audience="[\w-]+"',
        ', options={"verify_aud": False}',
    ),
    ("BA314", "unsigned tokens made", r'algorithm="HS256"', 'algorithm="none"'),
    ("BA314", "unsigned tokens accepted", r'algorithms=\["HS256"\]', 'algorithms=["HS256", "none"]'),
    ("BA314", "two families accepted", r'algorithms=\["HS256"\]', 'algorithms=["HS256", "RS256"]'),
    (
        "BA314",
        "the token's own algorithm",
        r'algorithms=\["HS256"\]',
        'algorithms=[jwt.get_unverified_header(token)["alg"]]',
    ),
    ("BA314", "a short key", r"KEY, algorithm=", '"secret", algorithm='),
    (
        "BA315",
        "the kind not asked for",
        r'if claims(\["type"\]|\.get\("type"\)) != "?\w+"?:',
        "if not claims:",
    ),
    ("BA315", "the old token kept", r"\w+\.(add|delete)\(.*?\)(?=  #|$)", "pass"),
    ("BA316", "the hash removed", r"return hashlib\.scrypt\((\w+)\.encode\(\), .*\)\.hex\(\)", r"return \1"),
    (
        "BA316",
        "a fast hash",
        r"return hashlib\.scrypt\((\w+)\.encode\(\), .*\)\.hex\(\)",
        r"return hashlib.sha256(\1.encode()).hexdigest()",
    ),
    ("BA316", "a cheap hash", r"n=2\*\*15", "n=2**4"),
    ("BA316", "texts compared", r"secrets\.compare_digest\(hash_password\((\w+)\), (\w+)\)", r"\1 == \2"),
    ("BA316", "the typed password stored", r"hash_password\(((?:\w+\.)?password)\)", r"\1"),
    ("BA329", "an unknown user told", r'"Wrong e-mail or password"', '"No such account"'),
]
"""Rule, name, pattern and replacement of each operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A tree with one fault, which `rule` must report at one of `places`: paths and lines."""

    operator: str
    rule: str
    tree: dict[str, str]
    places: frozenset[tuple[str, int]]


def mutations(tree: Mapping[str, str]) -> Iterator[Mutation]:
    """Every operator on every line that it fits."""
    for path, text in tree.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            guarded = _GUARDS.search(line)
            for rule, name, pattern, replacement in OPERATORS if guarded else ():
                assert guarded is not None
                changed = re.sub(pattern, replacement, line, count=1)
                if changed == line:
                    continue
                edited = "\n".join([*lines[:number], changed, *lines[number + 1 :]]) + "\n"
                yield Mutation(
                    operator=f"{name} ({path}:{number + 1})",
                    rule=rule,
                    tree={**tree, path: edited},
                    places=_places(tree, guarded[1], path, number + 1),
                )


def _places(tree: Mapping[str, str], key: str, path: str, number: int) -> frozenset[tuple[str, int]]:
    found = {
        (name, position)
        for name, text in tree.items()
        for position, line in enumerate(text.splitlines(), 1)
        if (sink := _SINKS.search(line)) and key in sink[1].split()
    }
    return frozenset(found | {(path, number)})
