from datetime import timedelta

from pydantic import field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    documents_secret: str = "only-here"
    algorithm: str = "HS256"
    audience: str = "documents"
    access_life: timedelta = timedelta(minutes=10)
    refresh_life: timedelta = timedelta(days=7)
    origins: list[str] = ["https://documents.example.com"]
    debug: bool = False

    @field_validator("documents_secret")
    @classmethod
    def must_be_given(cls, value: str) -> str:
        if value == "only-here":
            raise ValueError("documents_secret must be set")
        return value


settings = Settings()
