from urllib.parse import urlparse

import httpx
from fastapi import HTTPException

HOSTS = ("api.example.com", "cdn.example.com")


def check(url: str) -> None:
    if urlparse(url).hostname not in HOSTS:  # guards host
        raise HTTPException(400)


class Fetcher:
    async def fetch(self, url: str) -> int:
        check(url)
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(url)  # sink host
        return answer.status_code
