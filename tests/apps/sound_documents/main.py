import pages
import sign_in
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from settings import settings

app = FastAPI(debug=settings.debug)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.origins,
    allow_origin_regex=r"https://([\w-]+\.)?documents\.example\.com",
    allow_credentials=True,
)
app.include_router(sign_in.router)
app.include_router(pages.router)
