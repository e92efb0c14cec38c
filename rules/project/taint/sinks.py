"""Library calls that interpret what they get: commands, code, objects, addresses, paths, pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Dictionary, External, Sequence, Value, alternatives
from rules.project.annotations import external_name
from rules.project.isolation.terms import argument_values, constant_text
from rules.project.taint.dangers import Danger
from rules.project.taint.library_calls import LibraryCall
from rules.project.taint.page_templates import does_escape, engine_of


@dataclass(frozen=True, slots=True, eq=False)
class Sink:
    """A value at the place where it is interpreted, and what a message calls that."""

    danger: Danger
    value: Value
    what: str


_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell"})
_PROCESSES = frozenset({"run", "call", "check_call", "check_output", "Popen", "create_subprocess_exec"})
_FIRST: dict[str, Danger] = {
    "os.system": Danger.SHELL, "os.popen": Danger.SHELL, "subprocess.getoutput": Danger.SHELL,
    "subprocess.getstatusoutput": Danger.SHELL, "asyncio.create_subprocess_shell": Danger.SHELL,
    "asyncio.subprocess.create_subprocess_shell": Danger.SHELL, "commands.getoutput": Danger.SHELL,
    "paramiko.SSHClient.exec_command": Danger.SHELL, "os.execv": Danger.SHELL, "os.execl": Danger.SHELL,
    "anyio.run_process": Danger.SHELL,
    "builtins.eval": Danger.CODE, "builtins.exec": Danger.CODE, "builtins.compile": Danger.CODE,
    "builtins.__import__": Danger.CODE, "importlib.import_module": Danger.CODE, "runpy.run_path": Danger.CODE,
    "runpy.run_module": Danger.CODE, "pandas.eval": Danger.CODE, "numexpr.evaluate": Danger.CODE,
    "code.InteractiveInterpreter.runsource": Danger.CODE, "sympy.sympify": Danger.CODE,
    "pickle.loads": Danger.OBJECT, "pickle.load": Danger.OBJECT, "pickle.Unpickler": Danger.OBJECT,
    "_pickle.loads": Danger.OBJECT, "cPickle.loads": Danger.OBJECT, "dill.loads": Danger.OBJECT,
    "dill.load": Danger.OBJECT, "cloudpickle.loads": Danger.OBJECT, "cloudpickle.load": Danger.OBJECT,
    "joblib.load": Danger.OBJECT, "marshal.loads": Danger.OBJECT, "marshal.load": Danger.OBJECT,
    "shelve.open": Danger.OBJECT, "jsonpickle.decode": Danger.OBJECT, "pandas.read_pickle": Danger.OBJECT,
    "yaml.unsafe_load": Danger.OBJECT, "yaml.unsafe_load_all": Danger.OBJECT,
    "jinja2.Template": Danger.TEMPLATE, "jinja2.Environment.from_string": Danger.TEMPLATE,
    "jinja2.environment.Template": Danger.TEMPLATE, "mako.template.Template": Danger.TEMPLATE,
    "jinja2.environment.Environment.from_string": Danger.TEMPLATE,
    "urllib.request.urlopen": Danger.URL, "urllib.request.Request": Danger.URL,
    "urllib.request.urlretrieve": Danger.URL,
    "websockets.connect": Danger.URL, "pandas.read_html": Danger.URL, "feedparser.parse": Danger.URL,
    "builtins.open": Danger.PATH, "io.open": Danger.PATH, "aiofiles.open": Danger.PATH,
    "anyio.open_file": Danger.PATH,
    "os.open": Danger.PATH, "os.remove": Danger.PATH, "os.unlink": Danger.PATH, "os.rmdir": Danger.PATH,
    "os.listdir": Danger.PATH, "os.scandir": Danger.PATH, "os.walk": Danger.PATH, "os.makedirs": Danger.PATH,
    "os.mkdir": Danger.PATH, "os.rename": Danger.PATH, "os.replace": Danger.PATH,
    "shutil.rmtree": Danger.PATH,
    "shutil.copy": Danger.PATH, "shutil.copyfile": Danger.PATH, "shutil.move": Danger.PATH,
    "shutil.copy2": Danger.PATH,
    "shutil.copytree": Danger.PATH, "zipfile.ZipFile": Danger.PATH, "tarfile.open": Danger.PATH,
    "fastapi.responses.FileResponse": Danger.PATH, "starlette.responses.FileResponse": Danger.PATH,
    "aiofiles.os.remove": Danger.PATH, "aiofiles.os.unlink": Danger.PATH,
    "fastapi.responses.RedirectResponse": Danger.REDIRECT,
    "starlette.responses.RedirectResponse": Danger.REDIRECT,
    "markupsafe.Markup": Danger.HTML, "jinja2.Markup": Danger.HTML, "flask.Markup": Danger.HTML,
    "fastapi.responses.HTMLResponse": Danger.HTML, "starlette.responses.HTMLResponse": Danger.HTML,
}  # fmt: skip
_NAMES = (
    "path",
    "file",
    "url",
    "src",
    "content",
    "source",
    "command",
    "cmd",
    "args",
    "filename",
    "name",
    "data",
)
_TWO_PATHS = frozenset(
    {"shutil.copy", "shutil.copyfile", "shutil.move", "shutil.copy2", "os.rename", "os.replace"}
)
_CLIENTS = frozenset(
    {"httpx", "requests", "aiohttp", "urllib3", "httpcore", "requests_html", "curl_cffi", "niquests"}
)
_VERBS = frozenset(
    {
        "get", "post", "put", "patch", "delete", "head", "options", "ws_connect", "urlopen",
        "get_event_source",
    }
)  # fmt: skip
_PATH_METHODS = frozenset(
    {
        "open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rmdir", "mkdir",
        "touch", "iterdir",
        "rename", "replace", "glob", "rglob",
    }
)  # fmt: skip
_RESPONSES = frozenset({"Response", "StreamingResponse"})
_SAFE_LOADERS = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})


def sinks(call: LibraryCall) -> Iterator[Sink]:
    """What a call interprets."""
    danger = _FIRST.get(call.name)
    if danger is not None:
        yield from _first(call, danger)
    elif call.library in {"subprocess", "asyncio"} and call.method in _PROCESSES:
        yield from _process(call)
    elif call.library in _CLIENTS:
        yield from _request(call)
    elif call.library == "yaml":
        yield from _yaml(call)
    elif call.library == "pathlib" and call.method in _PATH_METHODS and call.receiver is not None:
        yield Sink(Danger.PATH, call.receiver, f"`{call.method}` of a path")
    elif (
        call.library == "torch" and call.method == "load" and not call.is_constant("weights_only", value=True)
    ):
        yield from _first(call, Danger.OBJECT)
    elif call.library in {"fastapi", "starlette", "jinja2"} or call.method == "TemplateResponse":
        yield from _page(call)


def _first(call: LibraryCall, danger: Danger) -> Iterator[Sink]:
    name = call.method if danger in {Danger.HTML, Danger.REDIRECT} else call.name.removeprefix("builtins.")
    value = call.argument(0, *_NAMES)
    if value is not None:
        yield Sink(danger, value, f"`{name}`")
    second = call.argument(1, "dst") if call.name in _TWO_PATHS else None
    if second is not None:
        yield Sink(danger, second, f"`{name}`")


def _process(call: LibraryCall) -> Iterator[Sink]:
    """A shell's command line; the program itself; what is given to `sh -c`."""
    command = call.argument(0, "args", "program")
    if command is None:
        return
    shell = call.arguments.keywords.get("shell")
    if isinstance(shell, Const) and shell.value is True:
        yield Sink(Danger.SHELL, command, f"`{call.name}` with a shell")
        return
    for alternative in alternatives(command):
        items = alternative.value
        if isinstance(items, Sequence):
            yield from _argument_list(call, items.items)
        elif call.method == "create_subprocess_exec":
            yield from _argument_list(call, call.arguments.positional)
        else:
            yield Sink(Danger.SHELL, items, f"`{call.name}`")


def _argument_list(call: LibraryCall, items: list[Value]) -> Iterator[Sink]:
    if items:
        yield Sink(Danger.SHELL, items[0], f"the program of `{call.name}`")
    if items and constant_text(items[0]) in _SHELLS:
        yield from (Sink(Danger.SHELL, item, f"the shell of `{call.name}`") for item in items[1:])


def _request(call: LibraryCall) -> Iterator[Sink]:
    position = 1 if call.method in {"request", "stream"} else 0 if call.method in _VERBS else None
    url = call.argument(position, "url") if position is not None else None
    if url is not None:
        yield Sink(Danger.URL, url, f"`{call.name}`")
    if call.method in {"Client", "AsyncClient", "ClientSession"} and "base_url" in call.arguments.keywords:
        yield Sink(Danger.URL, call.arguments.keywords["base_url"], f"`{call.name}`")


def _yaml(call: LibraryCall) -> Iterator[Sink]:
    if call.method not in {"load", "load_all"}:
        return
    loader = call.argument(1, "Loader")
    name = external_name(loader)
    value = call.argument(0, "stream")
    if value is not None and name not in _SAFE_LOADERS and isinstance(loader, External | None):
        yield Sink(Danger.OBJECT, value, f"`{call.name}`" + (f" with `{name}`" if name else ""))


def _page(call: LibraryCall) -> Iterator[Sink]:
    if call.method in _RESPONSES and _is_html(call):
        content = call.argument(0, "content")
        if content is not None:
            yield Sink(Danger.HTML, content, f"an HTML `{call.method}`")
    engine = engine_of(call.receiver) if call.method == "TemplateResponse" else None
    if engine is not None and not does_escape(engine):
        for value in argument_values(call.arguments):
            if isinstance(value, Dictionary | Application):
                yield Sink(Danger.HTML, value, "a template that does not escape")


def _is_html(call: LibraryCall) -> bool:
    media = constant_text(call.argument(3, "media_type")) or ""
    headers = call.arguments.keywords.get("headers")
    if isinstance(headers, Dictionary):
        media += " ".join(
            constant_text(v) or ""
            for k, v in headers.items
            if (constant_text(k) or "").lower() == "content-type"
        )
    return "html" in media or "svg" in media
