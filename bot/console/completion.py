"""Shell completion, as the command-line library does it."""

from __future__ import annotations

from typer import completion


def script(program: str, shell: str) -> str:
    """Return what a shell has to read once."""
    variable = f"_{program.replace('-', '_').upper()}_COMPLETE"
    written: str = completion.get_completion_script(  # type: ignore[attr-defined]  # exported by use
        prog_name=program, complete_var=variable, shell=shell
    )
    return f"{written}\n"


def allow() -> None:
    """Let the library answer a shell that asks for completions."""
    completion.completion_init()  # type: ignore[attr-defined]  # exported by use
