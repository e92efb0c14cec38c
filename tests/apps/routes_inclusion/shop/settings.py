from pydantic import BaseModel


class Settings(BaseModel):
    api_prefix: str = "/api"
    debug: bool = False

    @property
    def versioned(self) -> str:
        return f"{self.api_prefix}/v1"


settings = Settings()
VERSION = "v2"
