from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="NOTEBOOK_")

    database_url: str = "sqlite:///./notebook.db"
    secret_key: SecretStr
    access_token_minutes: int = 60
    allowed_origins: list[str] = ["https://notebook.example.com"]
    largest_request: int = 1_000_000
    maintenance: bool = False


settings = Settings()
