"""Where a text that the evaluator computed is written in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Origin
from rules.ir import nodes as ir
from rules.project.module_nodes import everything


@dataclass(slots=True)
class LiteralPlaces:
    """Finds string literals by their text in the files that count."""

    modules: dict[str, ModuleInfo]
    counts: Callable[[str], bool]
    _found: dict[str, tuple[Origin, ...]] = field(default_factory=dict)
    _texts: dict[str, dict[str, list[ir.Constant]]] = field(default_factory=dict)

    def of(self, text: str) -> tuple[Origin, ...]:
        """The literals of exactly that text."""
        if text not in self._found:
            self._found[text] = tuple(self._search(text))
        return self._found[text]

    def holding(self, part: str, near: ModuleInfo) -> Origin | None:
        """The literal that has `part` inside it, where none is exactly that text."""
        for module in [near, *(m for m in self.modules.values() if m is not near and self.counts(m.path))]:
            if part.encode() in module.source.data:
                for text, nodes in self._index(module).items():
                    if part in text:
                        return Origin(module, nodes[0])
        return None

    def _search(self, text: str) -> Iterator[Origin]:
        data = text.encode()
        for path, module in self.modules.items():
            # An escape in the literal hides its text from the search of bytes; such a place is not found.
            if data in module.source.data and self.counts(path):
                yield from (Origin(module, node) for node in self._index(module).get(text, ()))

    def _index(self, module: ModuleInfo) -> dict[str, list[ir.Constant]]:
        if module.path not in self._texts:
            index = self._texts[module.path] = {}
            for node in everything(module):
                if isinstance(node, ir.Constant) and isinstance(node.value, str) and node.value:
                    index.setdefault(node.value, []).append(node)
            for nodes in index.values():
                nodes.sort(key=lambda n: (n.line, n.column))
        return self._texts[module.path]
