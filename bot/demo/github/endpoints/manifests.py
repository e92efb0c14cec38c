"""The last step of the manifest flow: a code for an App's credentials, once and within the hour."""

from __future__ import annotations

from bot.demo.github.call import Answer, Call, Credential, Endpoint
from bot.demo.github.refusal import not_found
from bot.demo.github.shapes import accounts


def convert(call: Call) -> Answer:
    code = call.state.manifest_codes.pop(call.parameters["code"], None)
    if code is None or code.ends <= call.state.clock():
        raise not_found()
    app = code.app
    secrets = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }
    return Answer(body={**accounts.app(call.hub.url, app), **secrets}, status=201)


ENDPOINTS = (
    Endpoint(
        method="POST", path="/app-manifests/{code}/conversions", answer=convert, credential=Credential.NONE
    ),
)
