"""The routes that show something: each is asked by GET, or by HEAD for the headers alone."""

from __future__ import annotations

from functools import partial

from litestar import route
from litestar.enums import HttpMethod

show = partial(route, http_method=[HttpMethod.GET, HttpMethod.HEAD])
