"""Runs the sample backend of the current folder and prints what it lets each of two people do, as JSON.

A program of its own, because each stage of the sample is a different package `app`.
"""

from __future__ import annotations

import importlib
import json
import sys
import uuid
from typing import Any

from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import inspect
from sqlmodel import SQLModel

sys.path.insert(0, ".")
engine = importlib.import_module("app.core.db").engine
app = importlib.import_module("app.main").app

ORIGIN = "https://notebook.example.com"
PASSWORD = "correct horse battery"


def main() -> None:
    command.upgrade(Config("alembic.ini"), "head")
    missing = missing_columns()
    SQLModel.metadata.drop_all(engine)
    SQLModel.metadata.create_all(engine)
    with TestClient(app) as client:
        report = {"missing_columns": missing, "routes": len(app.routes), **holes(client)}
    sys.stdout.write(json.dumps(report) + "\n")


def missing_columns() -> list[str]:
    """What the models declare and the migrated database does not have."""
    inspector = inspect(engine)
    return [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name not in {each["name"] for each in inspector.get_columns(table.name)}
    ]


def holes(client: TestClient) -> dict[str, Any]:
    ada, bob = signed_in(client, "ada@example.com"), signed_in(client, "bob@example.com")
    project = client.post("/api/v1/projects/", json={"name": "Diary"}, headers=ada).json()
    given = {"title": "Secret of Ada", "body": "…", "project_id": project["id"]}
    note = client.post("/api/v1/notes/", json=given, headers=ada).json()
    own = f"/api/v1/notes/{note['id']}"
    recent = client.get("/api/v1/notes/recent", headers=bob)
    share = client.post(f"{own}/share", headers=bob)
    search = client.get("/api/v1/notes/search", params={"text": "Secret"}, headers=ada)
    return {
        "bob_reads_note": client.get(own, headers=bob).status_code,
        "bob_reads_project": client.get(f"/api/v1/projects/{project['id']}", headers=bob).status_code,
        "bob_lists_notes": client.get("/api/v1/notes/", headers=bob).json(),
        "bob_archives_note": client.post(f"{own}/archive", headers=bob).status_code,
        "bob_shares_note": share.status_code,
        "bob_sees_recent": [each["title"] for each in recent.json()]
        if recent.is_success
        else recent.status_code,
        "ada_searches": [each["title"] for each in search.json()]
        if search.is_success
        else search.status_code,
        "projects_search": client.get(
            "/api/v1/projects/search", params={"text": "D"}, headers=bob
        ).status_code,
        "bob_lists_users": client.get("/api/v1/users/", headers=bob).status_code,
        "stranger_reads_notes": client.get("/api/v1/notes/").status_code,
        "stranger_reads_labels": client.get("/api/v1/labels/").status_code,
        "stranger_adds_label": client.post("/api/v1/labels/", json={"name": uuid.uuid4().hex}).status_code,
        "refusals_without_cors": refusals_without_cors(client),
    }


def signed_in(client: TestClient, email: str) -> dict[str, str]:
    client.post("/api/v1/users/signup", json={"email": email, "password": PASSWORD})
    form = {"username": email, "password": PASSWORD}
    token = client.post("/api/v1/login/access-token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def refusals_without_cors(client: TestClient) -> list[int]:
    """Answers of middlewares to a browser on another site that it is not allowed to read."""
    answers = [client.post("/api/v1/labels/", content=b"x" * 1_000_001, headers={"Origin": ORIGIN})]
    for layer in app.user_middleware:
        if "enabled" in layer.kwargs:
            layer.kwargs["enabled"] = True
            app.middleware_stack = app.build_middleware_stack()
            answers.append(client.get("/api/v1/health", headers={"Origin": ORIGIN}))
    return [each.status_code for each in answers if "access-control-allow-origin" not in each.headers]


if __name__ == "__main__":
    main()
