from fastapi import FastAPI

from .levels import levels

app = FastAPI()
app.get("/levels")(levels)
