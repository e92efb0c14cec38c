"""Gather what `make faults` and `make bench-service` measured into `docs/reliability.json`.

The folder given holds one JSON file for each test or benchmark. What the file of `docs/` tells of faults that
the folder has nothing of stays as it is, with its own date.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reliability.json"
Entry = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Return the exit code: 1 where something did not pass."""
    found = [json.loads(path.read_text()) for path in sorted(Path(arguments[0]).glob("*.json"))]
    held = json.loads(TARGET.read_text()) if TARGET.exists() else {"faults": [], "benchmarks": []}
    faults = {entry["number"]: entry for entry in held["faults"]} | _merged(found)
    benchmarks = {entry["name"]: entry for entry in held["benchmarks"]}
    benchmarks |= {entry["name"]: entry for entry in found if "number" not in entry}
    document = {
        "machine": machine(),
        "faults": sorted(faults.values(), key=lambda entry: _order(entry["number"])),
        "benchmarks": sorted(benchmarks.values(), key=lambda entry: str(entry["name"])),
    }
    TARGET.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    failed = [entry for entry in (*document["faults"], *document["benchmarks"]) if not entry["passed"]]
    sys.stdout.writelines(f"not met: {entry.get('number') or entry['name']}\n" for entry in failed)
    return int(bool(failed))


def machine() -> str:
    """The class of this machine."""
    redis = _said("redis-server", "--version").partition("v=")[2].split(" ")[0]
    git = _said("git", "--version").rpartition(" ")[2].strip()
    parts = (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        f"Python {platform.python_version()}",
        f"Redis {redis or '(embedded)'}",
        f"git {git}",
    )
    return "; ".join(parts)


def _merged(found: list[Entry]) -> dict[str, Entry]:
    """One entry for each fault: counts are added, extremes are the worst."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in found:
        if "number" in entry:
            groups[entry["number"]].append(entry)
    return {number: _one(parts) for number, parts in groups.items()}


def _one(parts: list[Entry]) -> Entry:
    first = parts[0]
    counted: dict[str, int] = {}
    most: dict[str, float] = {}
    limits: dict[str, float] = {}
    for part in parts:
        for name, value in part["counted"].items():
            counted[name] = counted.get(name, 0) + value
        for name, value in part["most"].items():
            most[name] = max(value, most.get(name, value))
            limits[name] = part["limits"][name]
    return {
        **{name: first[name] for name in ("number", "criterion", "form")},
        "date": max(part["date"] for part in parts),
        "tests": len(parts),
        "passed": all(part["passed"] for part in parts),
        "seconds": round(sum(part["seconds"] for part in parts), 1),
        "counted": counted,
        "most": most,
        "limits": limits,
    }


def _order(number: str) -> tuple[str, int]:
    return number[0], int(number[1:])


def _said(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
