from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    SECRET_KEY: str
    DATABASE_URL: str = "sqlite:///./crm.db"
    API_V1_STR: str = "/api/v1"


settings = Settings()
