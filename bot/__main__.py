"""The console script `backend-architect`: its commands and options, and nothing of what they do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.exceptions import TyperException

from bot.console.failure import CommandFailure
from bot.console.formats import CheckFormat, DoctorFormat, OpenapiFormat, RoutesFormat, SchemaFormat
from rules.rule import Severity

PROGRAM = "backend-architect"
COMPLETION_VARIABLE = "_BACKEND_ARCHITECT_COMPLETE"
"""Set by a shell that asks for completions."""

app = typer.Typer(
    name=PROGRAM,
    help="Reviews FastAPI and SQLModel backends as an uncompromising backend architect would.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def rule_codes(typed: str) -> Iterator[tuple[str, str]]:
    """Complete a rule's code, after a comma too; what each is stands beside it where the shell shows that."""
    import rules

    before, comma, last = typed.rpartition(",")
    for code, name in rules.known_rules().items():
        if code.startswith(last):
            yield f"{before}{comma}{code}", name


Project = Annotated[Path, typer.Argument(metavar="PATH", help="The project's folder.")]
Base = Annotated[
    str | None,
    typer.Option(metavar="REV", help="Compare with the merge base of HEAD and this revision."),
]
Selectors = list[str]
Select = Annotated[
    Selectors | None,
    typer.Option(metavar="RULES", help="Run these rules alone (comma-separated).", autocompletion=rule_codes),
]
Ignore = Annotated[
    Selectors | None,
    typer.Option(
        metavar="RULES", help="Do not run these rules (comma-separated).", autocompletion=rule_codes
    ),
]
Shell = Literal["bash", "zsh", "fish"]
ServiceRole = Literal["receiver", "worker", "sweeper"]


@app.command()
def check(
    path: Project = Path(),
    base: Base = None,
    output: Annotated[CheckFormat, typer.Option("--format", help="How to write it.")] = CheckFormat.TEXT,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[Severity | None, typer.Option(help="The lowest severity that fails the gate.")] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The configuration, instead of the repository's.")
    ] = None,
    *,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend first: apply the safe fixes that are proved.")
    ] = False,
    suggested: Annotated[
        bool, typer.Option("--suggested", help="With --fix: the suggested fixes too, as far as proved.")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="With --fix: in files with unstaged changes too.")
    ] = False,
) -> int:
    """Review a project, or what changed since a revision.

    Exit code: 0 the gate passes, 1 it fails, 2 the review could not run.
    """
    from bot.console.check import run
    from bot.console.configuration import Overrides
    from bot.console.fixing import Fixes

    if (suggested or allow_dirty) and not fix:
        raise CommandFailure("--suggested and --allow-dirty say how to mend: give --fix with them")
    overrides = Overrides(select=_split(select), ignore=_split(ignore), fail_on=fail_on, configuration=config)
    fixes = Fixes(suggested=suggested, allow_dirty=allow_dirty) if fix else None
    return run(path, base, output, overrides, fixes)


@app.command()
def init(
    path: Project = Path(),
    *,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Accept all findings of today: write a baseline.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> int:
    """Write a configuration, commented, from what is found in the project.

    It changes nothing by itself: what was found stands there to be looked at and made fast.
    """
    from bot.console.init import run

    return run(path, baseline=baseline, force=force)


@app.command()
def routes(
    path: Project = Path(),
    base: Base = None,
    output: Annotated[RoutesFormat, typer.Option("--format", help="How to write it.")] = RoutesFormat.TEXT,
) -> int:
    """Show every endpoint: authentication, ownership, models, status."""
    from bot.console.routes import run

    return run(path, base, output)


@app.command()
def schema(
    path: Project = Path(),
    output: Annotated[SchemaFormat, typer.Option("--format", help="How to write it.")] = SchemaFormat.TEXT,
) -> int:
    """Show every table, as the models and as the migrations have it."""
    from bot.console.schema import run

    return run(path, output)


@app.command()
def openapi(
    path: Project = Path(),
    application: Annotated[
        str | None,
        typer.Option("--app", metavar="MODULE:NAME", help="The application, where there are several."),
    ] = None,
    output: Annotated[OpenapiFormat, typer.Option("--format", help="How to write it.")] = OpenapiFormat.JSON,
) -> int:
    """Write the OpenAPI document that FastAPI would make, without running the application.

    What could not be found out is marked with `x-backend-architect-unknown`.
    """
    from bot.console.openapi import run

    return run(path, application, output)


@app.command()
def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A rule's code or name.", autocompletion=rule_codes)
    ] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="Show all rules, one a line.")] = False,
) -> int:
    """Show a rule's documentation, or the list of all rules."""
    from bot.console.explain import run, run_list

    if listed == (rule is not None):
        raise CommandFailure("name one rule (explain BA305), or --list")
    return run_list() if rule is None else run(rule)


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="The shell: bash, zsh or fish.")],
) -> None:
    """Write a script that lets a shell complete commands, options and rules.

    For bash: `eval "$(backend-architect completion bash)"` in ~/.bashrc; for zsh the same in ~/.zshrc, after
    compinit; for fish: `backend-architect completion fish | source` in ~/.config/fish/config.fish.
    """
    from bot.console.completion import script

    sys.stdout.write(script(PROGRAM, shell))


@app.command()
def serve(
    role: Annotated[
        ServiceRole | None, typer.Option(help="Run this part alone; without it, all of them.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many worker processes.")] = None,
) -> None:
    """Run the receiver, workers and sweeper: the whole service.

    On the Redis that `REDIS_URL` names, or on one of its own.
    """
    from bot.console.serve import run
    from bot.service import EVERYTHING, Role

    run(frozenset({Role(role)}) if role else EVERYTHING, workers=workers)


@app.command()
def worker(
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many worker processes.")] = None,
) -> None:
    """Run workers only, on the Redis that `REDIS_URL` names."""
    from bot.console.worker import run

    run(workers=workers)


@app.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running until Ctrl-C.")] = False,
) -> int:
    """Show the whole path on this machine, with a local GitHub.

    A pull request, its signed delivery, the queue, a worker, the review and the check run.
    """
    from bot.demo.run import run

    return run(keep=keep)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A delivery as GitHub's API gives it.")],
    url: Annotated[
        str | None, typer.Option(help="The receiver; without it, the one on this machine.")
    ] = None,
) -> None:
    """Send a recorded delivery through the receiver."""
    from bot.console.replay import run

    sys.stdout.write(f"{run(file, url=url)}\n")


@app.command()
def doctor(
    output: Annotated[DoctorFormat, typer.Option("--format", help="How to write it.")] = DoctorFormat.TEXT,
) -> int:
    """Examine the service's surroundings, with a remedy for each fault.

    Permissions, events, webhook, clock, Redis, git, data folder and the required check.
    Exit code: 0 all is well, 1 something must be mended, 2 the settings are not enough.
    """
    from bot.console.doctor import run

    return run(output)


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: list[str]) -> int:
    """Return the exit code: the command's own, or 2 after a line on standard error for each fault."""
    if COMPLETION_VARIABLE in os.environ:
        from bot.console.completion import allow

        allow()
    try:
        return int(app(arguments, prog_name=PROGRAM, standalone_mode=False) or 0)
    except TyperException as error:
        return _refuse(f"{' '.join(error.format_message().split())} See `{PROGRAM} --help`.")
    except CommandFailure as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # The reader of our output has left; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return 130


def _refuse(message: str) -> int:
    sys.stderr.writelines(f"{PROGRAM}: {line}\n" for line in message.splitlines())
    return 2


def _split(given: Selectors | None) -> tuple[str, ...]:
    return tuple(word.strip() for words in given or () for word in words.split(",") if word.strip())


if __name__ == "__main__":
    main()
