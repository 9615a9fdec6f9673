"""The opaque ids of customers: looked up by name, cached, and proposed for new customers."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import NamedTuple

from airbook.eventlog.recorder import Registry
from airbook.eventlog.records import Customer

MAX_CACHED = 10_000


class Identified(NamedTuple):
    """A customer with an id. is_new: the id is only proposed, and not stored yet."""

    customer: Customer
    is_new: bool


class CustomerIds:
    """Finds the ids of customers in the registry of a log."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._cached: dict[str, str] = {}

    def identify(self, names: Collection[str]) -> Mapping[str, Identified]:
        """Return each customer with the stored id, or else with a proposed one."""
        if len(self._cached) > MAX_CACHED:
            self._cached.clear()
        identified: dict[str, Identified] = {}
        unknown: list[str] = []
        for name in names:
            if known := self._cached.get(name):
                identified[name] = Identified(Customer(known, name), is_new=False)
            else:
                unknown.append(name)
        stored: Mapping[str, str] = self._registry.customer_ids(unknown) if unknown else {}
        for name in unknown:
            is_new = name not in stored
            id_ = f"c{os.urandom(8).hex()}" if is_new else stored[name]
            identified[name] = Identified(Customer(id_, name), is_new)
        return identified

    def confirm(self, customer: Customer) -> None:
        """Cache an id that was stored with a reservation."""
        self._cached[customer.name] = customer.id

    def forget(self, name: str) -> None:
        """Remove an id from the cache, so that the registry is asked for it again."""
        self._cached.pop(name, None)

    def has_other_id(self, customer: Customer) -> bool:
        """Return whether the registry has another id for the name of a customer."""
        stored = self._registry.customer_ids([customer.name])
        return stored.get(customer.name, customer.id) != customer.id
