"""The page as HTML: templates are filled, and every text in them is escaped."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

# Nothing is loaded from elsewhere, and no script stands in the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Without a referrer, a browser would hide the origin of the page's own forms as well.
REFERRER_POLICY = "same-origin"
TEMPLATES = Environment(
    loader=PackageLoader("airbook.gateway", "page/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, *, status: int = 200, **values: object) -> Response[str]:
    """Return a filled template. values: what it names."""
    return Response(
        TEMPLATES.get_template(template).render(values),
        status_code=status,
        media_type="text/html",
        headers={"Content-Security-Policy": POLICY, "Referrer-Policy": REFERRER_POLICY},
    )
