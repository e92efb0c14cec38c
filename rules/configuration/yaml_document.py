"""YAML text to a `Document`: safe values only, no aliases, no duplicate keys, bounded depth."""

from __future__ import annotations

import yaml

from rules.configuration.document import MAXIMUM_DEPTH, Document, Pointer, decode, mistake


def read_yaml(path: str, content: bytes) -> Document:
    """Return the document, empty for an empty file; raise `ConfigurationError` at the first fault."""
    text = decode(path, content)
    lines: dict[Pointer, int] = {(): 1}
    try:
        _refuse_hostile_events(path, text)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            data = {} if node is None else _value(path, loader, node, (), lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = error.problem or error.context or "it cannot be read"
        raise mistake(path, mark.line + 1 if mark else 1, f"not valid YAML: {said}") from error
    except yaml.YAMLError as error:
        said = str(error).splitlines()[0]
        raise mistake(path, 1, f"not valid YAML: {said}") from error
    return Document(path, {} if data is None else data, lines)


def _refuse_hostile_events(path: str, text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise mistake(path, line, "anchors and aliases are not accepted; write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAXIMUM_DEPTH:
            raise mistake(path, line, f"nested more than {MAXIMUM_DEPTH} deep; no key needs that")


def _value(
    path: str, loader: yaml.SafeLoader, node: yaml.Node, pointer: Pointer, lines: dict[Pointer, int]
) -> object:
    lines.setdefault(pointer, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, loader, item, (*pointer, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, loader, node, pointer, lines)
    try:
        value: object = loader.construct_object(node, deep=True)
    except (ValueError, OverflowError) as error:
        raise mistake(path, node.start_mark.line + 1, f"not a value that YAML knows: {error}") from error
    return value


def _mapping(
    path: str, loader: yaml.SafeLoader, node: yaml.MappingNode, pointer: Pointer, lines: dict[Pointer, int]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str):
            raise mistake(path, line, "a key must be a plain word")
        if key in values:
            raise mistake(path, line, f"`{key}` is given twice; keep one")
        lines[*pointer, key] = line
        values[key] = _value(path, loader, value_node, (*pointer, key), lines)
    return values
