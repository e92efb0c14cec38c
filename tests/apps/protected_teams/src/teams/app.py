from fastapi import FastAPI

from . import task_api, team_api


def create_app() -> FastAPI:
    application = FastAPI(title="Teams")
    for router in (team_api.router, task_api.router, task_api.drafts):
        application.include_router(router)
    return application


app = create_app()
