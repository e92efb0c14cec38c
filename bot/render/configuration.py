"""The configuration that counts, as a table of keys with their values and sources."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bot.render.markdown import clip, code, prose, row
from bot.render.place import CodePage
from rules.configuration import Options

_LONGEST_VALUE = 400


def configuration_table(
    options: Options, places: Mapping[str, tuple[str, int]], page: CodePage, remarks: tuple[str, ...] = ()
) -> str:
    """Every key; `places` are path and line of those that the base commit's configuration gives."""
    where = f"base commit {code(page.sha[:12])}"
    lines = [
        f"This pull request is judged by the configuration of its {where}; the defaults fill the rest.",
        *(prose(remark, 500) for remark in remarks),
        "\n".join(
            [
                row("key", "value", "source"),
                row("---", "---", "---"),
                *(
                    row(
                        code(field.encode_name),
                        _value(getattr(options, field.name)),
                        _source(field, places, page),
                    )
                    for field in msgspec.structs.fields(Options)
                ),
            ]
        ),
    ]
    return "\n\n".join(lines)


def _value(value: object) -> str:
    plain = msgspec.to_builtins(value)
    if plain is None or plain in ([], (), {}):
        return "—"
    text = plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()
    return code(clip(text, _LONGEST_VALUE))


def _source(field: msgspec.structs.FieldInfo, places: Mapping[str, tuple[str, int]], page: CodePage) -> str:
    given = places.get(field.encode_name)
    return "default" if given is None else page.lines(*given)
