"""What each process cannot do without, one line each, with a remedy."""

from __future__ import annotations

from bot.settings.variables import Settings, SettingsError


def missing_for_receiver(settings: Settings) -> tuple[str, ...]:
    """What the receiver cannot do without, one line each."""
    lines = list(_missing_app(settings))
    if not settings.webhook_secrets:
        lines.append("GITHUB_WEBHOOK_SECRET is not set: use the secret from the App's page, under Webhook.")
    return tuple(lines)


def missing_for_worker(settings: Settings) -> tuple[str, ...]:
    """What a worker cannot do without, one line each."""
    lines = list(_missing_app(settings))
    by_value = bool(settings.github_private_key.get_secret_value())
    if by_value and settings.github_private_key_path is not None:
        lines.append("GITHUB_PRIVATE_KEY and GITHUB_PRIVATE_KEY_PATH are both set: keep one of them.")
        return tuple(lines)
    if not by_value and settings.github_private_key_path is None:
        lines.append(
            "GITHUB_PRIVATE_KEY_PATH is not set: generate a private key on the App's page and name its file "
            "(or put its text in GITHUB_PRIVATE_KEY)."
        )
        return tuple(lines)
    return (*lines, *_bad_key(settings))


def missing_for_sweeper(settings: Settings) -> tuple[str, ...]:
    """What the sweeper cannot do without, one line each."""
    return _missing_app(settings)


def _missing_app(settings: Settings) -> tuple[str, ...]:
    if settings.github_app_id:
        return ()
    return ("GITHUB_APP_ID is not set: use the number from the App's page, under General.",)


def _bad_key(settings: Settings) -> tuple[str, ...]:
    try:
        key = settings.private_key()
    except SettingsError as error:
        return error.lines
    if "PRIVATE KEY-----" not in key:
        return ("The App's private key is not in PEM: it begins with '-----BEGIN RSA PRIVATE KEY-----'.",)
    return ()
