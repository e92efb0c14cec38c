from fastapi import FastAPI

local = FastAPI()


@local.get("/local")
def local_route(): ...
