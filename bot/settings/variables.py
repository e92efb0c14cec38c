"""The environment's variables, each with its meaning, default and bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.registration import RULES_PAGE


class SettingsError(Exception):
    """The environment is not enough to start with; `lines` name each fault and its remedy."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """Every setting, from the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    github_app_id: str = Field("", description="The App's id (a number, on the App's page under General).")
    github_private_key: SecretStr = Field(SecretStr(""), description="The App's private key in PEM.")
    github_private_key_path: Path | None = Field(None, description="A file with the App's private key.")
    github_webhook_secret: SecretStr = Field(SecretStr(""), description="The App's webhook secret.")
    github_webhook_secret_previous: SecretStr = Field(
        SecretStr(""), description="The webhook secret before the last change: accepted while you rotate."
    )
    github_api_url: str = Field(
        "https://api.github.com", description="GitHub's REST API; Enterprise Server: https://HOST/api/v3."
    )
    github_url: str = Field(
        "", description="GitHub's web and git address; found from the API's if not given."
    )
    rules_url: str = Field(
        RULES_PAGE,
        description="The page that tells of the rules (docs/rules.md): comments link to its headings.",
    )
    code_scanning: bool = Field(
        default=False,
        description=(
            "Upload each review to GitHub's code scanning too: the App needs the permission Code scanning "
            "alerts (write), and repositories have it enabled."
        ),
    )
    public_url: str = Field(
        "", description="The address under which GitHub reaches this service: the set-up page offers it."
    )
    welcome: bool = Field(
        default=True,
        description="Show a completed check run once in each new installation, so that it can be required.",
    )
    welcome_seconds: float = Field(
        60, ge=0.1, description="The pause between two looks for new installations to welcome."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="The bearer token that /metrics asks for; without it only this machine may look.",
    )
    redis_url: str = Field("", description="The Redis to use; without it `serve` starts one of its own.")
    data_folder: Path = Field(
        Path("data"), description="Where mirrors, caches and the embedded Redis keep data."
    )
    host: str = Field("127.0.0.1", description="The address that the receiver listens on.")
    port: int = Field(8000, ge=0, le=65_535, description="The port that the receiver listens on.")
    workers: int = Field(1, ge=1, le=64, description="How many worker processes run on this machine.")
    queue: str = Field("reviews", pattern=r"^[a-z0-9-]{1,40}$", description="The name of the RQ queue.")
    lease_seconds: float = Field(
        15, ge=0.3, description="How long a dead worker's pull request stays reserved; renewed every third."
    )
    sweep_seconds: float = Field(5, ge=0.05, description="The longest pause between two looks for due work.")
    requeue_seconds: float = Field(
        30, ge=0.1, description="After how long work that was queued, but not begun, is queued again."
    )
    maintenance_seconds: float = Field(30, ge=0.1, description="The pause between two cleanings of RQ.")
    retry_seconds: Annotated[tuple[float, ...], NoDecode] = Field(
        (5, 30, 120, 600), description="The pauses between tries of a review that fails, with commas."
    )
    redelivery_seconds: float = Field(
        60, ge=0.1, description="The pause between two looks for deliveries that GitHub could not make."
    )
    reconcile_seconds: float = Field(
        60, ge=0.1, description="The pause between two looks for open pull requests without a review."
    )
    reconcile_requests: int = Field(
        50,
        ge=1,
        description="How many requests to GitHub one such look may cost; the next one goes on there.",
    )
    collect_seconds: float = Field(
        3_600, ge=0.1, description="The pause between two deletions of mirrors and facts that nobody needs."
    )
    mirrors_megabytes: int = Field(
        10_240, ge=1, description="What the mirrors of repositories may take on the disk of each host."
    )
    facts_megabytes: int = Field(
        256, ge=1, description="What may be remembered of files on the disk of each host."
    )
    unused_days: int = Field(30, ge=1, description="After how many days without use mirrors and facts go.")
    job_seconds: int = Field(600, ge=5, description="The longest that one job may run.")
    stop_seconds: float = Field(60, ge=0.1, description="How long running reviews get to end on a stop.")
    github_seconds: float = Field(
        10, ge=0.1, le=60, description="How long GitHub may take to answer one request."
    )
    coalesce_seconds: float = Field(
        2,
        ge=0,
        le=60,
        description="Pushes that follow another within this time are one review; the first runs at once.",
    )
    jobs_per_installation: int = Field(
        2, ge=1, le=64, description="How many pull requests of one installation are reviewed at a time."
    )
    comments_per_second: float = Field(
        1, gt=0, le=100, description="Most comments, reviews and reactions a second, for each installation."
    )
    comments_per_minute: int = Field(
        60, ge=1, le=10_000, description="The same for a minute; GitHub itself ends at 80."
    )
    comments_per_hour: int = Field(
        400, ge=1, le=10_000, description="The same for an hour; GitHub itself ends at 500."
    )
    checks_per_second: float = Field(
        5, gt=0, le=100, description="Most writes of check runs a second, for each installation."
    )
    points_per_minute: int = Field(
        900,
        ge=50,
        le=1_000_000,
        description="GitHub's points for each installation: a read costs 1, a write 5.",
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="The lowest level that is logged."
    )

    @field_validator("github_api_url", "github_url", "public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc):
            raise ValueError("must be an http or https address without a name or password in it")
        return value.rstrip("/")

    @field_validator("retry_seconds", mode="before")
    @classmethod
    def _pauses(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value

    @field_validator("github_app_id")
    @classmethod
    def _number(cls, value: str) -> str:
        if value and not (value.isascii() and value.isdigit()):
            raise ValueError("must be the App's numeric id")
        return value

    @property
    def github_host(self) -> str:
        """The host (and port) of the API: the prefix of everything in the ledger."""
        return urlsplit(self.github_api_url).netloc

    @property
    def github_web_url(self) -> str:
        """Where GitHub serves pages and git."""
        if self.github_url:
            return self.github_url
        parts = urlsplit(self.github_api_url)
        return (
            "https://github.com" if parts.netloc == "api.github.com" else f"{parts.scheme}://{parts.netloc}"
        )

    @property
    def webhook_secrets(self) -> tuple[bytes, ...]:
        """The secrets that are accepted now, in UTF-8."""
        given = (self.github_webhook_secret, self.github_webhook_secret_previous)
        return tuple(secret.get_secret_value().encode() for secret in given if secret.get_secret_value())

    @property
    def unregistered(self) -> bool:
        """Whether nothing of an App is given: then the set-up page can register one."""
        secrets = (self.github_private_key, self.github_webhook_secret)
        given = (self.github_app_id, self.github_private_key_path)
        return not any(given) and not any(secret.get_secret_value() for secret in secrets)

    @property
    def secret_texts(self) -> tuple[str, ...]:
        """What must not be shown anywhere, beside what shows itself by its shape."""
        password = unquote(urlsplit(self.redis_url).password or "")
        texts = (*(secret.decode() for secret in self.webhook_secrets), self.metrics_token.get_secret_value())
        return tuple(text for text in (*texts, password) if text)

    def private_key(self) -> str:
        """The App's private key in PEM. Raises `SettingsError` if it cannot be read."""
        if self.github_private_key_path is None:
            return self.github_private_key.get_secret_value().replace("\\n", "\n")
        try:
            return self.github_private_key_path.read_text()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise SettingsError((f"GITHUB_PRIVATE_KEY_PATH cannot be read: {reason}.",)) from None
