"""Faults put into applications that handle the client's data soundly: one edit each, with its rule and line.

The operators were fixed before the rules were measured with them. Each works on a line that says
`# guards K`; the rule must speak on the line that says `# sink K`, or without one on the edited line itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_GUARDS = re.compile(r"# guards ([\w ]+)$")
_SINK = re.compile(r"# sink (\w+)$")

OPERATORS = [
    ("BA318", "a bound value in the text", r'text\("(.*?):(\w+)"\), \{"\2": (\w+)\}', r'text(f"\1{\3}")'),
    ("BA318", "a bound value added", r'text\("(.*):(\w+)"\)\.bindparams\(\2=(\w+)\)', r'text("\1" + \3)'),
    ("BA318", "a bound value formatted", r'execute\("(.*)\?", \((\w+),\)\)', r'execute("\1%s" % \2)'),
    ("BA318", "an allow-list removed", r"if (column) not in \w+:", r"if not \1:"),
    ("BA318", "a look-up removed", r"= COLUMNS\[(\w+)\]", r"= \1"),
    ("BA318", "a literal made a text", r": Literal\[.*?\]", ": str"),
    ("BA318", "an enum made a text", r": Order\b", ": str"),
    ("BA318", "a number made a text", r": int\b(?: = 1)?", ": str"),
    ("BA318", "a pattern removed", r', pattern="[^"]*"', ""),
    ("BA320", "an escape removed", r"html\.escape\((\w+)\)", r"\1"),
    ("BA320", "an escape made a mark", r"markupsafe\.escape\(", "markupsafe.Markup("),
    ("BA320", "escaping switched off", r"autoescape=True", "autoescape=False"),
    ("BA326", "a check of the host removed", r"if (urlparse\(url\)\.hostname) not in HOSTS:", r"if not \1:"),
    ("BA326", "a check of the beginning weakened", r'startswith\("https://[\w.]+/"\)', 'startswith("https")'),
    ("BA326", "an allow-list removed", r"if (target) not in \w+:", r"if not \1:"),
    ("BA326", "a check of the folder removed", r"if not (\w+)\.is_relative_to\(\w+\):", r"if not \1.name:"),
    ("BA326", "a plain name made a path", r"os\.path\.basename\((\w+)\)", r"\1"),
    ("BA326", "a plain name made a path", r"Path\(([\w.]+)\)\.name", r"\1"),
    ("BA327", "quoting removed", r"shlex\.quote\((\w+)\)", r"\1"),
    ("BA327", "a shell used", r'run\(\["(\w+)", (\w+)\]\)', r'run(f"\1 {\2}", shell=True)'),
    ("BA327", "a loader of any object", r"yaml\.safe_load\((.+)\)", r"yaml.load(\1, Loader=yaml.Loader)"),
    ("BA327", "a loader of any object", r"json\.loads\(", "pickle.loads("),
    ("BA327", "literals evaluated", r"ast\.literal_eval\(", "eval("),
    ("BA321", "the exception's text sent", r'detail="Internal server error"', "detail=str(error)"),
    (
        "BA321",
        "the exception's text sent",
        r'\{"detail": "Internal server error"\}',
        '{"detail": f"{error}"}',
    ),
    ("BA322", "a password logged", r"len\((\w+\.password)\)", r"\1"),
    ("BA322", "a field not left out", r'model_dump\(exclude=\{"password"\}\)', "model_dump()"),
    ("BA322", "the whole token logged", r"token\[-4:\]", "token"),
    ("BA322", "a secret made a text", r": SecretStr", ": str"),
    ("BA322", "all headers logged", r'request\.headers\.get\("user-agent"\)', "request.headers"),
    ("BA323", "a credential in the query", r": Annotated\[str, (Form|Body|Header|Cookie)\(\)\]", ": str"),
]
"""Rule, name, pattern and replacement of each operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A tree with one fault, which `rule` must report at `places`: paths and lines."""

    operator: str
    tree: dict[str, str]
    rule: str
    places: frozenset[tuple[str, int]]


def mutations(tree: Mapping[str, str]) -> Iterator[Mutation]:
    """Every mutation of a sound tree."""
    sinks: dict[str, set[tuple[str, int]]] = {}
    for path, text in tree.items():
        for number, line in enumerate(text.split("\n"), 1):
            if (sink := _SINK.search(line)) is not None:
                sinks.setdefault(sink[1], set()).add((path, number))
    for path, text in tree.items():
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            guarded = _GUARDS.search(line)
            for rule, name, pattern, replacement in OPERATORS if guarded is not None else ():
                new = re.sub(pattern, replacement, line, count=1)
                if new == line or guarded is None:
                    continue
                changed = "\n".join([*lines[: number - 1], new, *lines[number:]])
                found = {place for key in guarded[1].split() for place in sinks.get(key, ())}
                yield Mutation(
                    operator=f"{name} ({path}:{number})",
                    tree={**tree, path: changed},
                    rule=rule,
                    places=frozenset(found or {(path, number)}),
                )
