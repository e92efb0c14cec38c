import shlex
import subprocess
from pathlib import Path

import yaml
from fastapi import HTTPException

ROOT = Path("stored").resolve()


class Storage:
    def find(self, name: str) -> Path:
        path = (ROOT / name).resolve()
        if not path.is_relative_to(ROOT):  # guards below
            raise HTTPException(404)
        return path

    def read(self, name: str) -> bytes:
        return self.find(name).read_bytes()  # sink below

    def convert(self, name: str) -> None:
        command = f"convert {shlex.quote(name)} out.png"  # guards quote
        subprocess.run(command, shell=True)  # sink quote

    def load(self, words: str) -> object:
        return yaml.safe_load(words)  # guards yaml
