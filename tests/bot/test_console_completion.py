from __future__ import annotations

import os
import subprocess

import pytest

from bot.__main__ import COMPLETION_VARIABLE
from rules import catalog_rules
from tests.bot.test_console_main import PROGRAM, run


def in_bash(line: str) -> list[str]:
    """What bash would propose, asked the way that bash asks."""
    script = run("completion", "bash").stdout
    words = line.split(" ")
    asked = f"""
{script}
COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
COMP_CWORD={len(words) - 1}
_backend_architect_completion {PROGRAM}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    answer = subprocess.run(
        ["bash", "-c", asked], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return answer.stdout.split()


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ("backend-architect che", ["check"]),
        ("backend-architect check --format s", ["sarif"]),
        ("backend-architect check --al", ["--allow-dirty"]),
        ("backend-architect explain BA305", ["BA305"]),
        ("backend-architect check --select BA204,BA30", None),
    ],
)
def test_bash_completes_commands_options_values_and_rules(line: str, proposed: list[str] | None) -> None:
    wanted = proposed or [f"BA204,{one.code}" for one in catalog_rules() if one.code.startswith("BA30")]
    assert in_bash(line) == wanted


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_get_what_a_rule_is_beside_its_code(shell: str) -> None:
    script = run("completion", shell).stdout
    assert "backend-architect" in script
    assert f"{COMPLETION_VARIABLE}=complete_{shell}" in script
    answer = run(
        _BACKEND_ARCHITECT_COMPLETE=f"complete_{shell}",
        _TYPER_COMPLETE_ARGS="backend-architect explain BA305",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert "BA305" in answer.stdout
    assert "unscoped-object-access" in answer.stdout


def test_another_shell_is_refused() -> None:
    answer = run("completion", "ksh")
    assert answer.returncode == 2
    assert "is not one of" in answer.stderr
