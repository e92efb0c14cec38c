"""The chart of `docs/performance.md`: CPU time of everybody on one logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from benchmarks.rounds import Figure

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 780, 250, 110, 72, 26
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.quiet { fill: #57606a; font-size: 12px }
.grid { stroke: #d8dee4 }
.ours { fill: #0969da } .parser { fill: #8c959f } .peer { fill: #bc4c00 }
.limit { stroke: #0969da; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #30363d }
  .ours { fill: #4493f8 } .parser { fill: #9198a1 } .peer { fill: #f0883e } .limit { stroke: #4493f8 }
}
"""
_LEGEND = (("ours", "this reviewer"), ("parser", "parsing alone"), ("peer", "other programs"))


def chart(figures: Sequence[Figure], limits: dict[str, float], title: str) -> str:
    """Return the SVG. Figures that do not count are left out; `limits` are CPU seconds to reach, by name."""
    counted = sorted((found for found in figures if found.failure is None), key=lambda found: found.cpu)
    shown = {found.name for found in counted}
    values = [found.cpu for found in counted] + [limits[name] for name in limits if name in shown]
    axis = _Axis(values or [1.0])
    height = _TOP + _ROW * len(counted) + 36
    picture = _picture(title, height)
    _legend(picture)
    axis.draw(picture, height - 30)
    for number, found in enumerate(counted):
        _row(picture, found, limits.get(found.name), axis, _TOP + _ROW * number + _ROW / 2)
    Xml.indent(picture)
    return Xml.tostring(picture, encoding="unicode") + "\n"


def kind(name: str) -> str:
    """Whose figure it is."""
    if name.startswith("ours"):
        return "ours"
    return "parser" if "parse" in name else "peer"


class _Axis:
    """Seconds to pixels, by whole powers of ten."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)

    def x(self, seconds: float) -> float:
        share = (math.log10(seconds) - self.low) / (self.high - self.low)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def draw(self, picture: Xml.Element, bottom: float) -> None:
        for power in range(self.low, self.high + 1):
            x = self.x(10**power)
            _line(picture, "grid", x, _TOP, bottom)
            _text(picture, f"{10**power:g} s", x, bottom + 18, kind="quiet", anchor="middle")


def _picture(title: str, height: float) -> Xml.Element:
    picture = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height:g}",
            "width": str(_WIDTH),
            "height": f"{height:g}",
            "role": "img",
        },
    )
    Xml.SubElement(picture, "title").text = title
    Xml.SubElement(picture, "style").text = _STYLE
    _text(picture, title, 8, 22)
    return picture


def _legend(picture: Xml.Element) -> None:
    for number, (name, words) in enumerate(_LEGEND):
        x = 14 + 140 * number
        _dot(picture, name, x, 46)
        _text(picture, words, x + 10, 50, kind="quiet")
    x = 14 + 140 * len(_LEGEND)
    _line(picture, "limit", x, 39, 53)
    _text(picture, "to reach", x + 10, 50, kind="quiet")


def _row(picture: Xml.Element, found: Figure, limit: float | None, axis: _Axis, y: float) -> None:
    _text(picture, found.name, _LEFT - 12, y + 4, anchor="end")
    if limit is not None:
        _line(picture, "limit", axis.x(limit), y - 8, y + 8)
    x = axis.x(found.cpu)
    _dot(picture, kind(found.name), x, y)
    ratio = "" if found.ratio is None else f" · {found.ratio:.2g}×"
    furthest = max(x, axis.x(limit)) if limit is not None and limit > found.cpu * 0.5 else x
    _text(picture, f"{found.cpu:.2g} s{ratio}", furthest + 10, y + 4, kind="quiet")


def _dot(picture: Xml.Element, name: str, x: float, y: float) -> None:
    Xml.SubElement(picture, "circle", {"class": name, "cx": f"{x:g}", "cy": f"{y:g}", "r": "5"})


def _line(picture: Xml.Element, name: str, x: float, top: float, bottom: float) -> None:
    place = {"x1": f"{x:g}", "x2": f"{x:g}", "y1": f"{top:g}", "y2": f"{bottom:g}"}
    Xml.SubElement(picture, "line", {"class": name, **place})


def _text(
    picture: Xml.Element, words: str, x: float, y: float, *, kind: str = "", anchor: str = "start"
) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}
    Xml.SubElement(picture, "text", {"class": kind, **place} if kind else place).text = words
