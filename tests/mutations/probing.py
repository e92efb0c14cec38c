"""What a mutant opens to a second user, shown by requests to the running application."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Mutant, mutated
from tests.mutations.probes import Probe
from tests.mutations.serving import Observation, observe

PATH_IDENTITY = "-path"
"""Probes whose path names a user: they show a missing check, not what an injected parameter does."""

Place = tuple[str, str]
"""Path and qualified name."""

Opened = dict[str, dict[Place, list[str]]]
"""By rule and function, the probes that are answered now."""


def opened_by(application: SoundApplication, mutant: Mutant) -> Opened:
    """Nothing for a mutant that does not start."""
    files = mutated(application.files, mutant.edits)
    probes = tuple(_moved(probe, mutant) for probe in application.probes if probe.rule in mutant.rules)
    try:
        observations = observe(files, application.description, probes, forged=mutant.forged)
    except Exception:  # noqa: BLE001  a mutant that does not even start is none
        return {}
    if mutant.structural:
        return {mutant.speaks: {(mutant.path, mutant.function): ["the database refuses no foreign id"]}}
    opened: Opened = {}
    for observation in observations:
        if observation.breached and observation.endpoint is not None:
            rule = mutant.speaks or observation.probe.rule.removesuffix(PATH_IDENTITY)
            place = _function(files, observation)
            shown = f"{observation.probe.person} {observation.probe.method} {observation.probe.path}"
            opened.setdefault(rule, {}).setdefault(place, []).append(shown)
    return opened


def _moved(probe: Probe, mutant: Mutant) -> Probe:
    if mutant.moved is None or not probe.path.startswith(mutant.moved[0]):
        return probe
    rest = probe.path.removeprefix(mutant.moved[0])
    return msgspec.structs.replace(probe, path=mutant.moved[1] + rest)


def _function(files: Mapping[str, str], observation: Observation) -> Place:
    """The innermost definition at the line that answered."""
    assert observation.endpoint is not None
    path, line = observation.endpoint
    source = Source(path, files[path])
    found = ""
    for name, _ in source.functions():
        lines = source.lines(name)
        if lines and lines[0] <= line <= lines[1]:
            found = name
    return path, found
