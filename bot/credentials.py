"""The App's credentials as the set-up page keeps them: in the data folder, for this user alone."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec

FOLDER_MODE = 0o700
FILE_MODE = 0o600


class BadCredentials(Exception):
    """What is stored cannot be used; the message is one line with its remedy."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """One App on one GitHub. `api_url` is where it is registered, `page` its own page there."""

    api_url: str
    app_id: int
    slug: str
    page: str
    webhook_secret: str
    private_key: str

    def __repr__(self) -> str:
        return f"Credentials(api_url={self.api_url!r}, app_id={self.app_id}, slug={self.slug!r})"


class _Record(msgspec.Struct, frozen=True):
    """What stands beside the private key."""

    api_url: str
    app_id: int
    slug: str
    page: str
    webhook_secret: str


def folder(data_folder: Path) -> Path:
    """Where the credentials are kept."""
    return data_folder / "github-app"


def private_key_path(data_folder: Path) -> Path:
    """The file of the private key, in PEM."""
    return folder(data_folder) / "private-key.pem"


def prepare(data_folder: Path) -> Path:
    """Make the folder of the credentials and try to write there; gives it. Raises OSError."""
    place = folder(data_folder)
    data_folder.mkdir(parents=True, exist_ok=True)
    place.mkdir(mode=FOLDER_MODE, exist_ok=True)
    place.chmod(FOLDER_MODE)
    with tempfile.TemporaryFile(dir=place):
        return place


def store(data_folder: Path, credentials: Credentials) -> Path:
    """Keep the credentials; gives their folder. Raises OSError, and then nothing is half-written."""
    place = prepare(data_folder)
    known = {name: getattr(credentials, name) for name in _Record.__struct_fields__}
    _write(private_key_path(data_folder), credentials.private_key.encode())
    # The record comes last: where it stands, the key stands too.
    _write(_record_path(data_folder), msgspec.json.format(msgspec.json.encode(_Record(**known))))
    return place


def load(data_folder: Path) -> Credentials | None:
    """What is kept, or None. Raises `BadCredentials` where it cannot be read."""
    path = _record_path(data_folder)
    try:
        if not path.exists():
            return None
        record = msgspec.json.decode(path.read_bytes(), type=_Record)
        key = private_key_path(data_folder).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise BadCredentials(
            f"The App's credentials in {path.parent} cannot be read: {reason}. Give this user access "
            "to them, or remove the folder and set up anew."
        ) from None
    return Credentials(**msgspec.structs.asdict(record), private_key=key)


def _record_path(data_folder: Path) -> Path:
    return folder(data_folder) / "app.json"


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
