"""`doctor`: each finding with its remedy; 1 if there is a fault."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bot import settings
from bot.console.failure import CommandFailure
from bot.console.formats import DoctorFormat
from bot.console.output_json import to_json
from bot.console.style import style_of, visible
from bot.doctor.diagnosis import Diagnosis, State
from bot.doctor.examination import examine
from bot.settings import Settings, SettingsError

COLOURS = {State.OK: "good", State.WARNING: "medium", State.UNKNOWN: "faint", State.FAULT: "high"}


def run(output: DoctorFormat) -> int:
    """Examine and write what was found. Raises `CommandFailure` where the settings are not enough."""
    try:
        found = examine(_complete(settings.load()))
        diagnoses = list(found if output is DoctorFormat.JSON else _shown(found))
    except SettingsError as error:
        raise CommandFailure(str(error)) from None
    healthy = all(diagnosis.state is not State.FAULT for diagnosis in diagnoses)
    if output is DoctorFormat.JSON:
        sys.stdout.write(to_json({"healthy": healthy, "checks": diagnoses}))
    return 0 if healthy else 1


def _complete(loaded: Settings) -> Settings:
    lines = (*settings.missing_for_receiver(loaded), *settings.missing_for_worker(loaded))
    if lines:
        raise SettingsError(tuple(dict.fromkeys(lines)))
    return loaded


def _shown(found: Iterable[Diagnosis]) -> Iterable[Diagnosis]:
    style = style_of(sys.stdout)
    for diagnosis in found:
        state = style.paint(COLOURS[diagnosis.state], f"{diagnosis.state:8}")
        sys.stdout.write(f"{state}{diagnosis.check:18}{visible(diagnosis.message)}\n")
        if diagnosis.remedy:
            sys.stdout.write(f"{'':26}{visible(diagnosis.remedy)}\n")
        sys.stdout.flush()
        yield diagnosis
