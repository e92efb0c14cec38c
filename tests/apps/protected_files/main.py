from fastapi import FastAPI

import routes


def build() -> FastAPI:
    app = FastAPI(title="Files")
    app.include_router(routes.router, prefix="/api")
    app.include_router(routes.administration, prefix="/api")
    return app


app = build()
