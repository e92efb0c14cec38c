"""The caller's own key where a handler believes the one that it was sent."""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.isolation.identities import Claim
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.caller_names import Handler, caller_key, handler_of
from rules.project.repairs.insertions import inserted, instead


def own_identity(isolation: Isolation, claim: Claim) -> Fix | None:
    """`Note.owner_id == user.id` for `== user_id`; None unless the handler writes or passes it on itself."""
    handler, column = handler_of(claim.inspection), claim.table.of_attribute(claim.column)
    key = caller_key(isolation, claim.inspection, column) if column is not None else ""
    if handler is None or not key:
        return None
    source = handler.value.module.source
    found = [instead(source.place(node), key) for node in _uses(handler, claim)]
    insertions = [insertion for insertion in found if insertion is not None]
    if not insertions or len(insertions) < len(found):
        return None
    return Fix(f"Take `{key}` instead of `{claim.given}`", Safety.SUGGEST, inserted(source, insertions))


def _uses(handler: Handler, claim: Claim) -> Iterator[ir.Node]:
    """Where what was sent becomes the column, or is handed to the function in which it does."""
    source = handler.value.module.source
    calls = claim.effect.stack[1:]
    for node in walk(source.module.body(handler.function)):
        for value in _values(node, claim.column, calls[0].node if calls else None):
            if source.segment(value) == claim.given:
                yield value


def _values(node: ir.Node, column: str, call: ir.Node | None) -> Iterator[ir.Node]:
    match node:
        case ir.Keyword(name=name, value=value) if name == column:
            yield value
        case ir.Assign(targets=(ir.Attribute(name=name),), value=value) if name == column:
            yield value
        case ir.Mapping(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ir.Constant) and key.value == column:
                    yield value
        case ir.Comparison(left=left, operators=("==",), rights=(right,)):
            if isinstance(left, ir.Attribute) and left.name == column:
                yield right
            elif isinstance(right, ir.Attribute) and right.name == column:
                yield left
        case ir.Call(arguments=arguments, keywords=keywords) if node is call:
            yield from arguments
            yield from (k.value for k in keywords)
        case _:
            pass
