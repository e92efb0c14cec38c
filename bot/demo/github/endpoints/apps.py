"""REST operations of an App on itself: its installations, tokens and webhook deliveries."""

from __future__ import annotations

from bot.demo.github import tokens
from bot.demo.github.call import Answer, Call, Credential, Endpoint, paged
from bot.demo.github.hooks import delivery as deliveries
from bot.demo.github.hooks.delivery import Delivery
from bot.demo.github.refusal import Refusal, not_found
from bot.demo.github.shapes import accounts, repository


def show_app(call: Call) -> Answer:
    app = call.own_app()
    installed = sum(each.app is app for each in call.state.installations.values())
    return Answer(body={**accounts.app(call.hub.url, app), "installations_count": installed})


def list_installations(call: Call) -> Answer:
    app = call.own_app()
    own = [each for each in call.state.installations.values() if each.app is app]
    return paged(call, own, lambda each: accounts.installation(call.hub.url, each))


def show_installation(call: Call) -> Answer:
    own = tokens.own_installation(call.state, call.own_app(), call.number("installation_id"))
    return Answer(body=accounts.installation(call.hub.url, own))


def create_token(call: Call) -> Answer:
    own = tokens.own_installation(call.state, call.own_app(), call.number("installation_id"))
    token = tokens.mint(call.state, own, call.body)
    shown = accounts.token(token)
    if "repository_ids" in call.body or "repositories" in call.body:
        covered = [call.state.repositories[each] for each in sorted(token.repository_ids)]
        shown["repositories"] = [repository.repository(call.hub.url, each) for each in covered]
    return Answer(body=shown, status=201)


def list_repositories(call: Call) -> Answer:
    token = call.token
    covered = (
        [] if token is None else [call.state.repositories[each] for each in sorted(token.repository_ids)]
    )
    return paged(call, covered, lambda each: repository.repository(call.hub.url, each), within="repositories")


def list_deliveries(call: Call) -> Answer:
    """Newest first; the cursor is the id after which the next page starts."""
    app = call.own_app()
    kept = call.state.clock() - deliveries.KEPT
    own = sorted(
        (each for each in call.hub.deliveries if _is_done(each) and each.app is app), key=_identifier
    )[::-1]
    own = [each for each in own if each.delivered_at >= kept]
    size = _page_size(call)
    cursor = call.query.get("cursor")
    if cursor is not None:
        if not cursor.removeprefix("v1_").isdigit():
            raise Refusal(400, "Invalid cursor")
        own = [each for each in own if each.id < int(cursor.removeprefix("v1_"))]
    page = own[:size]
    headers = {}
    if len(own) > size:
        following = f"{call.url}?per_page={size}&cursor=v1_{page[-1].id}"
        headers["link"] = f'<{following}>; rel="next"'
    return Answer(body=[deliveries.listed(each) for each in page], headers=headers)


def _page_size(call: Call) -> int:
    given = call.query.get("per_page", "30")
    if not given.isdigit():
        raise Refusal(422, "Invalid per_page")
    return min(max(int(given), 1), 100)


def _identifier(delivery: Delivery) -> int:
    return delivery.id


def _is_done(delivery: Delivery) -> bool:
    return delivery.status_code is not None


def _own_delivery(call: Call) -> Delivery:
    app, wanted = call.own_app(), call.number("delivery_id")
    for delivery in call.hub.deliveries:
        if delivery.id == wanted and delivery.app is app:
            if delivery.delivered_at < call.state.clock() - deliveries.KEPT:
                break
            return delivery
    raise not_found()


def show_delivery(call: Call) -> Answer:
    return Answer(body=deliveries.detailed(_own_delivery(call)))


def redeliver(call: Call) -> Answer:
    call.hub.redeliver(_own_delivery(call))
    return Answer(body={}, status=202)


def show_hook(call: Call) -> Answer:
    app = call.own_app()
    return Answer(
        body={"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.webhook_url}
    )


def show_rate_limit(call: Call) -> Answer:
    reset = int(call.state.clock().timestamp()) + 3600
    rate = {"limit": 5000, "remaining": 5000, "reset": reset, "used": 0}
    search = {"limit": 30, "remaining": 30, "reset": reset, "used": 0}
    return Answer(body={"resources": {"core": rate, "search": search, "graphql": rate}, "rate": rate})


ENDPOINTS = (
    Endpoint(method="GET", path="/app", answer=show_app, credential=Credential.APP),
    Endpoint(method="GET", path="/app/installations", answer=list_installations, credential=Credential.APP),
    Endpoint(
        method="GET",
        path="/app/installations/{installation_id}",
        answer=show_installation,
        credential=Credential.APP,
    ),
    Endpoint(
        method="POST",
        path="/app/installations/{installation_id}/access_tokens",
        answer=create_token,
        credential=Credential.APP,
    ),
    Endpoint(method="GET", path="/app/hook/config", answer=show_hook, credential=Credential.APP),
    Endpoint(method="GET", path="/app/hook/deliveries", answer=list_deliveries, credential=Credential.APP),
    Endpoint(
        method="GET",
        path="/app/hook/deliveries/{delivery_id}",
        answer=show_delivery,
        credential=Credential.APP,
    ),
    Endpoint(
        method="POST",
        path="/app/hook/deliveries/{delivery_id}/attempts",
        answer=redeliver,
        credential=Credential.APP,
    ),
    Endpoint(method="GET", path="/installation/repositories", answer=list_repositories),
    Endpoint(method="GET", path="/rate_limit", answer=show_rate_limit),
)
