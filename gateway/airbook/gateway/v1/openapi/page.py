"""The page to browse the document: rendered here, without any script, loading nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from airbook.application.text.labels import Labels, mark
from airbook.gateway.v1.openapi.document import openapi_document

Json = dict[str, Any]
STYLE = """
:root { color-scheme: light dark; --quiet: #8883; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { border-top: 1px solid var(--quiet); padding-top: 1rem; overflow-wrap: anywhere; }
h2 code { font-size: 1.1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0; }
pre { background: var(--quiet); padding: .75rem; overflow-x: auto; }
nav ul { padding: 0; list-style: none; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
"""
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def render(label: Labels) -> str:
    """Render the page in one language."""
    document = openapi_document()
    operations = [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    contents = "".join(
        f'<li><a href="#{operation["operationId"]}"><code>{method} {escape(path)}</code></a></li>'
        for method, path, operation in operations
    )
    sections = "".join(section(*one, label) for one in operations)
    title = escape(label(mark("airbook over HTTP")))
    return (
        f'<!doctype html><html lang="{label.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><header><h1>{title}</h1>"
        f"<p>{escape(label(document['info']['description']))}"
        ' <a href="/openapi.json">OpenAPI 3.1</a></p></header>'
        f'<nav aria-label="{escape(label(mark("Routes")))}"><ul>{contents}</ul></nav>'
        f"<main>{sections}</main></body></html>"
    )


def section(method: str, path: str, operation: Json, label: Labels) -> str:
    """Render one operation."""
    parts = [
        f'<section><h2 id="{operation["operationId"]}"><code>{method} {escape(path)}</code></h2>',
        f"<p>{escape(label(operation['summary']))}</p>",
        *parameters(operation, label),
    ]
    if "requestBody" in operation:
        (body,) = operation["requestBody"]["content"].values()
        parts += [f"<h3>{escape(label(mark('Body')))}</h3>", pretty(body["example"])]
    parts.append(f"<h3>{escape(label(mark('Answers')))}</h3>")
    for status, response in sorted(operation["responses"].items()):
        parts.append(f"<details><summary>{status} {codes(response)}</summary>")
        parts += answers(response)
        parts.append("</details>")
    return "".join([*parts, "</section>"])


def parameters(operation: Json, label: Labels) -> Iterator[str]:
    """Render the parameters of an operation as a table."""
    document = openapi_document()
    named = document["components"]["parameters"]
    found = [
        named[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in operation["parameters"]
    ]
    yield f"<h3>{escape(label(mark('Parameters')))}</h3><table>"
    for one in found:
        description = escape(label(one["description"]))
        among = ", ".join(f"<code>{escape(word)}</code>" for word in one["schema"].get("enum", ()))
        name = f'<th scope="row"><code>{escape(one["name"])}</code></th>'
        yield f"<tr>{name}<td>{one['in']}</td><td>{description} {among}</td></tr>"
    yield "</table>"


def codes(response: Json) -> str:
    """Return the codes of the problems that a response can be."""
    contents = response.get("content", {}).values()
    found = [code for content in contents for code in content.get("examples", {})]
    return " ".join(f"<code>{escape(code)}</code>" for code in found)


def answers(response: Json) -> Iterator[str]:
    """Render the examples of a response."""
    for name in response.get("headers", {}):
        yield f"<p><code>{escape(name)}</code></p>"
    for media_type, content in response.get("content", {}).items():
        yield f"<p><code>{escape(media_type)}</code></p>"
        shown = [one["value"] for one in content.get("examples", {}).values()]
        yield from map(pretty, shown or [content["example"]])


def pretty(example: object) -> str:
    """Render an example."""
    is_text = isinstance(example, str)
    text = example if is_text else json.dumps(example, indent=2, ensure_ascii=False)
    return f'<pre tabindex="0">{escape(str(text))}</pre>'
