"""The REST interface as a page of the reference; ``./dev docs`` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbcairn.server.description import api

__all__ = ["PAGE", "page"]

PAGE = Path("docs/reference/rest.md")

HEAD = """# The REST interface

<!-- Written by `./dev docs`; edit src/nbcairn/server/schema/api.json instead. -->

{description} Contract version {version}: `status` answers it, and a client compares it with its own.

Ask with the server's token (or a browser's session; `POST` then needs the `X-XSRFToken` header, as everywhere in
Jupyter):

```bash
curl -H "Authorization: token $TOKEN" "http://localhost:8888/nbcairn/api/status?path=analysis.ipynb"
```

`path` is the notebook's path as the file browser shows it. It need not exist, and it never leaves the server's root
folder. Where nothing is recorded yet, `status`, `check` and every list answer 200 with an empty result. Answers
carry an `ETag`; blobs never change and may be cached for good.
"""

ERRORS = """
## Errors

Every answer that is not 2xx has this shape:

```json
{example}
```

| status | when |
|---|---|
| 400 | a parameter or the body is not as described |
| 403 | no login, or no permission |
| 404 | no such notebook below the root folder, trail, run, session, artifact or blob |
| 409 | the trail was written by a later nbcairn |
| 415 | a blob that is no image and no text |
| 500 | the trail is damaged, or Cairn failed |
| 503 | the trail is locked or cannot be opened; try again |
"""


def page() -> str:
    """The page in Markdown."""
    description = api()
    info = description["info"]
    head = HEAD.format(description=info["description"], version=info["version"])
    routes = "".join(
        _route(address, method, operation)
        for address, methods in description["paths"].items()
        for method, operation in methods.items()
    )
    shapes = "".join(_shape(name, schema) for name, schema in description["$defs"].items())
    return f"{head}\n## Routes\n{routes}{_errors()}\n## Shapes\n{shapes}"


def _errors() -> str:
    example = {
        "ok": False,
        "status": 404,
        "type": "RecordNotFound",
        "message": "The trail holds no run 'abc'.",
        "remedy": "`nbcairn ls --runs` lists those it holds.",
    }
    return ERRORS.format(example=json.dumps(example, indent=2))


def _route(address: str, method: str, operation: dict[str, Any]) -> str:
    head = f"\n### {method.upper()} {address}\n\n{operation['summary']}. {_answers(operation['responses']['200'])}\n"
    body = operation.get("requestBody")
    sent = f"\nThe body is {_link(body['content']['application/json']['schema'])}.\n" if body else ""
    rows = "".join(_parameter(parameter) for parameter in operation.get("parameters", ()))
    table = f"\n| parameter | in | type | meaning |\n|---|---|---|---|\n{rows}" if rows else ""
    return head + sent + table


def _answers(response: dict[str, Any]) -> str:
    if "content" not in response:
        return f"Answers {response['description']}."
    return f"Answers {_link(response['content']['application/json']['schema'])}."


def _parameter(parameter: dict[str, Any]) -> str:
    need = " (required)" if parameter["required"] else ""
    kind = parameter["schema"]["type"]
    return f"| `{parameter['name']}`{need} | {parameter['in']} | {kind} | {parameter['description']} |\n"


def _shape(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f"| `{field}`{'' if field in required else ' (optional)'} | {_type(part)} | {part.get('description', '')} |\n"
        for field, part in schema["properties"].items()
    )
    return f"\n### {name}\n\n{schema['description']}\n\n| field | type | meaning |\n|---|---|---|\n{rows}"


def _link(schema: dict[str, Any]) -> str:
    name = str(schema["$ref"]).rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _link(schema)
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    kind = schema["type"]
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"list of {_type(schema['items'])}" if kind == "array" and "items" in schema else str(kind)
