"""A repository that wants to be read, written or run outside of where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.demo.github import git
from tests.service.subject import LATEST, MAIN

CANARY = "canary-that-nobody-may-read-4711"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n".format("a" * 64)
SMALL_FILE = b"x = 1\n"


def base(folder: Path, *, files: int, megabytes: int) -> None:
    """On `main`: very many files, and a very large one."""
    huge = b"x = 1\n" * (megabytes * 1024 * 1024 // 6)
    tree = [(f"data/{number % 100}/{number}.txt", SMALL_FILE) for number in range(files)]
    _commit(folder, "main", _files([("app/huge.py", huge), *tree]))


def hostile(folder: Path, canary: Path) -> None:
    """On `hostile`: every trick beside a change that has a finding. `canary` is a folder outside."""
    module = f'[submodule "x"]\n\tpath = module\n\turl = file://{canary}\n\tupdate = !touch {canary}/ran\n'
    tricks = {
        ".gitattributes": "*.py filter=canary diff=canary merge=canary\n*.bin filter=lfs\n",
        ".gitmodules": module,
        ".lfsconfig": f"[lfs]\n\turl = file://{canary}\n",
        ".gitconfig": f'[filter "canary"]\n\tsmudge = touch {canary}/ran\n',
        "app/pointer.py": POINTER,
        "-rf.py": "x = 1\n",
        "--upload-pack=touch ran.py": "x = 1\n",
        "app/:(glob)**.py": "x = 1\n",
        "app/back\\slash.py": "x = 1\n",
        "app/%2e%2e.py": "x = 1\n",
        "conftest.py": f"open('{canary}/ran', 'w').write('x')\n",
        "setup.py": f"import os; os.system('touch {canary}/ran')\n",
        "app/main.py": MAIN + LATEST,
        "app/imported.py": f"import os\nos.system('touch {canary}/ran')\n",
    }
    parts = list(_files([(name, text.encode()) for name, text in tricks.items()]))
    for name, target in (
        ("app/evil.py", f"{canary}/secret.py"),
        ("app/relative.py", "../" * 12 + f"{canary}/secret.py"),
        ("linked", str(canary)),
        (".github/linked.yml", f"{canary}/secret.py"),
    ):
        parts.append(f"M 120000 inline {name}\ndata {len(target)}\n{target}\n".encode())
    parts.append(f"M 160000 {'1' * 40} module\n".encode())
    _commit(folder, "hostile", iter(parts), parent="main")


def _files(files: list[tuple[str, bytes]]) -> Iterator[bytes]:
    for name, content in files:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        yield f'M 100644 inline "{quoted}"\ndata {len(content)}\n'.encode() + content + b"\n"


def _commit(folder: Path, branch: str, parts: Iterator[bytes], parent: str = "") -> None:
    from_line = f"from refs/heads/{parent or branch}^0\n"
    head = (
        f"commit refs/heads/{branch}\nauthor A <a@example.com> 1700000000 +0000\n"
        f"committer A <a@example.com> 1700000000 +0000\ndata 1\nx\n{from_line}"
    )
    git.run(folder, "fast-import", "--quiet", "--force", stdin=head.encode() + b"".join(parts))
