"""What a fault test measured: printed, and kept as JSON where `FAULTS_RESULTS` names a folder."""

from __future__ import annotations

import datetime
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.form import FORM


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of one test. Of a fault's tests together counts are added, extremes are the worst."""

    number: str
    criterion: str
    test: str
    counted: dict[str, int] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)

    def count(self, name: str, number: int) -> None:
        self.counted[name] = self.counted.get(name, 0) + number

    def at_most(self, name: str, value: float, limit: float) -> None:
        """A measurement that must not exceed the limit, see `over`."""
        self.most[name] = max(value, self.most.get(name, value))
        self.limits[name] = limit

    def over(self) -> dict[str, float]:
        """The measurements that exceed their limits."""
        return {name: value for name, value in self.most.items() if value > self.limits[name]}

    def told(self) -> str:
        counted = [f"{name}: {value}" for name, value in self.counted.items()]
        most = [f"{name}: {value:.2f} (at most {self.limits[name]:g})" for name, value in self.most.items()]
        return f"{self.number} {self.test}: " + "; ".join(counted + most)

    def keep(self, *, passed: bool, seconds: float) -> None:
        folder = os.environ.get("FAULTS_RESULTS")
        if not folder:
            return
        document: dict[str, Any] = {
            "number": self.number,
            "criterion": self.criterion,
            "test": self.test,
            "form": FORM,
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "passed": passed,
            "seconds": round(seconds, 1),
            "counted": self.counted,
            "most": {name: round(value, 3) for name, value in self.most.items()},
            "limits": self.limits,
        }
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{self.number}-{self.test}").strip("-")
        path = Path(folder) / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2) + "\n")
