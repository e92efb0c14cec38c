from fastapi import FastAPI

from clinic import endpoints

app = FastAPI(title="Clinic")
app.include_router(endpoints.router, prefix="/api")
