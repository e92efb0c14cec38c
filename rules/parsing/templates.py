"""t-strings (PEP 750) in one form, whatever the host's Python knows of them."""

from __future__ import annotations

import ast

TEMPLATE = "__template__"
"""A t-string becomes a call of this name, which nothing defines, on its f-string."""

HAS_TEMPLATES = hasattr(ast, "TemplateStr")
"""Whether the host's `ast` reads t-strings itself (Python 3.14 and later)."""


def template(joined: ast.JoinedStr) -> ast.Call:
    """What stands for the t-string with the same parts as `joined`."""
    name = ast.copy_location(ast.Name(TEMPLATE, ast.Load()), joined)
    return ast.copy_location(ast.Call(name, [joined], []), joined)


def plain_templates(tree: ast.Module) -> ast.Module:
    """The host's own t-strings in that form."""
    plain = _Plain().visit(tree)
    assert isinstance(plain, ast.Module)
    return plain


class _Plain(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> ast.AST:
        """`node`, its children first, as f-string parts."""
        self.generic_visit(node)
        match type(node).__name__:
            case "TemplateStr":
                return template(ast.copy_location(ast.JoinedStr(vars(node)["values"]), node))
            case "Interpolation":
                parts = vars(node)
                field = ast.FormattedValue(parts["value"], parts["conversion"], parts["format_spec"])
                return ast.copy_location(field, node)
            case _:
                return node
