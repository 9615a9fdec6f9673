"""The routes of the original's dialect."""

from __future__ import annotations

from airbook.gateway.seed import airplanes, profile, reservations

ROUTES = (*airplanes.ROUTES, *reservations.ROUTES, *profile.ROUTES)
