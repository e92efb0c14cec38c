from fastapi import FastAPI

from notes.routes import notebooks, users

app = FastAPI(title="Notes")
app.include_router(users.router)
app.include_router(notebooks.router)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
