"""Reports to render: findings one by one, and a report in which one text stands wherever a text can."""

from __future__ import annotations

from bot.placement import AtFile, Inline
from bot.render.place import CodePage
from bot.report import Report
from rules import Change, Endpoint, Extent, OperationChange
from rules.finding import Edit, Finding, Fix, Place, Question, Safety, Suppression, TrailStep
from rules.inventory import MiddlewareRecord, OperationRecord, RouteInventory, RouteRecord
from rules.rule import Confidence, Section, Severity
from rules.sections import (
    ApplicationFacts,
    ArchitectureSummary,
    CorsFacts,
    HardeningFacts,
    HashingFacts,
    LayerEdge,
    LayerFacts,
    ReadingFacts,
    SecretFacts,
    SectionFacts,
    SessionFacts,
    SettingsFacts,
    SignInSummary,
    TokenFacts,
    TokenLifetime,
    TransportFacts,
)
from rules.verdict import Conclusion, Coverage, RuleCrash, SkippedFile

RULES = "https://github.test/rules.md"
SHOP = "https://github.test/acme/shop"
PAGE = CodePage(SHOP, "a" * 40, RULES)


def finding(
    *,
    rule: str = "BA305",
    severity: Severity = Severity.CRITICAL,
    section: Section = Section.SECURITY,
    fingerprint: str = "f1",
    path: str = "app/items.py",
    line: int = 41,
    function: str = "",
    message: str = "`read_item` returns any user's row; filter by `owner_id`.",
    note: str = "the query",
    suppressed: Suppression | None = None,
    fix: Fix | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        name="unscoped-object-access",
        section=section,
        severity=severity,
        confidence=Confidence.HIGH,
        path=path,
        line=line,
        column=5,
        end_line=line + 3,
        end_column=20,
        function=function,
        message=message,
        trail=(TrailStep("app/crud.py", 12, note),),
        guards_searched=("owner filter",),
        cwe=(639,),
        owasp=("API1",),
        fingerprint=fingerprint,
        suppressed=suppressed,
        fix=fix,
    )


def mended(replacement: str, title: str = "Filter by owner", *, path: str = "app/items.py") -> Fix:
    return Fix(title, Safety.SUGGEST, (Edit(path, 41, 41, replacement),), proved=True)


def operation(
    path: str = "/items/{id}", model: str = "ItemPublic", file: str = "app/items.py"
) -> OperationRecord:
    return OperationRecord(
        app="app.main:app",
        method="GET",
        path=path,
        file=file,
        line=38,
        registered=(file, 37),
        auth="none",
        privileged=False,
        scope="unscoped",
        request_model=model,
        response_model=model,
        statuses=("200",),
        raises=(404,),
    )


def route(path: str, file: str) -> RouteRecord:
    return RouteRecord(
        app="app.main:app",
        methods=("GET",),
        path=path,
        name="read_item",
        handler="app.items.read_item",
        file=file,
        line=38,
        status_code=None,
        response_model=None,
        include_in_schema=True,
        dependencies=(),
        security_schemes=(),
        auth="none",
        privileged=False,
        scope="unscoped",
        conditions=(),
        resolved=True,
    )


def plain_report(*introduced: Finding, elsewhere: tuple[Finding, ...] = ()) -> Report:
    placed = introduced or (finding(),)
    return Report(
        conclusion=Conclusion.FAILURE,
        title=f"{len(placed) + len(elsewhere)} new, 0 fixed, 0 remaining",
        reasons=("BA305 unscoped-object-access (critical) at app/items.py:41",),
        inline=tuple(Inline(finding=found, first=found.line, last=found.end_line) for found in placed),
        elsewhere=elsewhere,
        questions=(Question("unresolved-include", "app/main.py", 3, "Is this public?"),),
        coverage=Coverage(files_analysed=3, routes=2, routes_resolved=2, rules_run=70),
        routes=RouteInventory((route("/items/{id}", "app/items.py"),)),
        endpoints=(Endpoint(operation(), placed[:1]),),
        seconds=1.25,
    )


def hostile_report(text: str) -> Report:
    """A report of a project and of people that say `text` wherever they can."""
    path = f"app/{text}.py"
    found = finding(message=f"{text} `{text}`", path=path, note=text, fix=mended(text, text, path=path))
    said = Suppression("person", text, by=text, at=text, link=text)
    changed = OperationChange(
        operation(text, text, path),
        operation(text, text, path),
        (Change(place=text, said=text, breaking=True), Change(place=text, said=text, opens=True)),
    )
    return Report(
        conclusion=Conclusion.FAILURE,
        title=f"1 new {text}",
        extent=Extent.PARTLY_ANALYSED,
        reasons=(text,),
        notices=(text,),
        inline=(Inline(finding=found, first=41, last=44, others=(found,)),),
        elsewhere=(found,),
        at_files=(AtFile(path=path, findings=(found, found)),),
        existing=(found,),
        suppressed=(
            finding(path=path, message=text, suppressed=said),
            finding(path=path, suppressed=Suppression("inline", text)),
        ),
        fixed=(found,),
        questions=(Question("unresolved-include", path, 3, text),),
        coverage=Coverage(
            files_analysed=3,
            files_skipped=(SkippedFile(path, text),),
            rules_crashed=(RuleCrash(text, text),),
        ),
        routes=RouteInventory((route(text, path),), (MiddlewareRecord(text, (text,)),)),
        sections=hostile_sections(text, path),
        endpoints=(Endpoint(operation(text, text, path), (found,)),),
        changes=(OperationChange(None, operation(text, text, path)), changed),
    )


def hostile_sections(text: str, path: str) -> SectionFacts:
    place = Place(path, 3)
    return SectionFacts(
        architecture=ArchitectureSummary(
            layers=(LayerFacts(text, 2),),
            edges=(LayerEdge(text, text, 1, outward=True),),
            applications=(ApplicationFacts(text, 1, (text,), 0, is_mounted=False),),
            sessions=(SessionFacts(text, "sync", 1, closed=False),),
            settings=(SettingsFacts(text, path, 3),),
            diagram=f'flowchart LR\n    a["{text}"]\n',
        ),
        sign_in=SignInSummary(
            tokens=(
                TokenFacts(
                    place,
                    "PyJWT",
                    (text,),
                    (text,),
                    (TokenLifetime(90.0, configurable=True),),
                    is_refresh=True,
                ),
            ),
            readings=(ReadingFacts(place, "PyJWT", (text,), verified=False),),
            hashing=(HashingFacts(place, text, (text,)),),
        ),
        hardening=HardeningFacts(
            cors=(CorsFacts(path=path, line=1, origins=(text,), pattern=text, credentials=None),),
            transport=TransportFacts(cookies_set=1, cookies_without_flags=(text,)),
            secrets=SecretFacts(settings=(text,), in_source=1),
        ),
    )
