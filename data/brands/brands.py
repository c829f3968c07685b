"""Reads and writes the table `brand`, the copy of setup.toml's brands in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow

from data import setup
from data.models import OLD_AFTER, Brand
from data.store.store import Connection

SAMPLE_BRANDS = Path(__file__).parent.parent / "sample" / "brands.toml"


def known(store: Connection) -> tuple[Brand, ...]:
    """All brands, ours first, then by name."""
    rows = store.rows("SELECT * FROM brand ORDER BY competitor, lower(name)")
    return tuple(_brand(row) for row in rows)


def has_real_brand(store: Connection) -> bool:
    """Whether the store holds a brand that is not of the sample."""
    return any(not brand.is_sample for brand in known(store))


def _brand(row: dict[str, Any]) -> Brand:
    return Brand(
        row["name"],
        terms=tuple(row["terms"]),
        required=tuple(row["required"]),
        excluded=tuple(row["excluded"]),
        competitor=row["competitor"],
        reply_within=timedelta(hours=row["reply_within_hours"]),
        handles=tuple(row["handles"]),
        old_after=tuple(sorted(json.loads(row["old_after"] or "{}").items())),
    )


def wanted(store: Connection, listed: Sequence[Brand]) -> tuple[Brand, ...]:
    """The brands that the store should hold: `listed`, those of setup.toml, and the sample's from the first start until
    the first real mention. Removing the last real brand leaves the list empty; the sample is not restored."""
    stored = known(store)
    fiction = tuple(brand for brand in stored if brand.is_sample)
    if fiction and has_real_mention(store):
        fiction = ()
    if not (stored or listed or store.value("SELECT count(*) FROM batch")):
        fiction = setup.load(SAMPLE_BRANDS).brands
    return (*listed, *fiction)


def has_real_mention(store: Connection) -> bool:
    """Whether any mention is stored that is not of the sample."""
    return bool(store.value(REAL))


def put(store: Connection, brands: Sequence[Brand], known_at: Mapping[str, datetime | None] | None = None) -> None:
    """Insert these brands; rows of the same names are replaced. `known_at`: by name, when each first came into the
    store, where that is known."""
    if not brands:
        return
    since = known_at or {}
    table = pyarrow.Table.from_pylist(
        [_row(brand) | {"known_at": since.get(brand.name)} for brand in brands], schema=SCHEMA
    )
    with store.given("given", table):
        store.run("DELETE FROM brand WHERE name IN (SELECT name FROM given)")
        store.run("INSERT INTO brand BY NAME SELECT * FROM given")


def known_at(store: Connection) -> dict[str, datetime | None]:
    """When each brand first came into the store, by name; None where that is not known."""
    return {row["name"]: row["known_at"] for row in store.rows("SELECT name, known_at FROM brand")}


def without_ages(store: Connection, brands: Sequence[Brand]) -> list[Brand]:
    """Those of these brands whose `old_after` differs from the stored one, or is not stored."""
    stored = {row["name"]: row["old_after"] for row in store.rows("SELECT name, old_after FROM brand")}
    return [brand for brand in brands if stored.get(brand.name, "") != _ages(brand)]


def put_ages(store: Connection, brands: Sequence[Brand]) -> dict[str, int]:
    """Store after how many days mentions of these brands are too old to answer. Return, for each brand whose days
    changed, the smallest number of days among the old and the new ones: only older mentions can change their status."""
    before = {brand.name: brand for brand in known(store)}
    changed = without_ages(store, brands)
    for brand in changed:
        store.run("UPDATE brand SET old_after = $ages WHERE name = $name", name=brand.name, ages=_ages(brand))
    return {
        brand.name: min([OLD_AFTER, *(days for one in (brand, before[brand.name]) for _, days in one.old_after)])
        for brand in changed
    }


def _ages(brand: Brand) -> str:
    return json.dumps(dict(brand.old_after))


def _row(brand: Brand) -> dict[str, Any]:
    return {
        "name": brand.name,
        "terms": brand.terms,
        "required": brand.required,
        "excluded": brand.excluded,
        "competitor": brand.competitor,
        "reply_within_hours": brand.reply_within / timedelta(hours=1),
        "handles": brand.handles,
        "old_after": _ages(brand),
    }


REAL = "SELECT count(*) FROM (SELECT 1 FROM mention WHERE NOT starts_with(id, 'sample:') LIMIT 1)"

SCHEMA = pyarrow.schema(
    [
        ("name", pyarrow.string()),
        ("terms", pyarrow.list_(pyarrow.string())),
        ("required", pyarrow.list_(pyarrow.string())),
        ("excluded", pyarrow.list_(pyarrow.string())),
        ("competitor", pyarrow.bool_()),
        ("reply_within_hours", pyarrow.float64()),
        ("handles", pyarrow.list_(pyarrow.string())),
        ("old_after", pyarrow.string()),
        ("known_at", pyarrow.timestamp("us", "UTC")),
    ]
)
