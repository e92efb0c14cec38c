from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    shop_name: str = "Books"
    page_size: int = 20


settings = Settings()
