from fastapi import FastAPI

from shop.plugins import lifespan


class Shop(FastAPI):
    def __init__(self, **options):
        super().__init__(lifespan=lifespan, **options)
        self.add_api_route("/version", self.version_of, methods=["GET"])

    def version_of(self) -> str:
        return "1"


def build(title: str) -> FastAPI:
    app = Shop(title=title)

    @app.get("/inner/{number}")
    def inner(number: int) -> int:
        return number

    return app


def create_app() -> FastAPI:
    return build("shop")
