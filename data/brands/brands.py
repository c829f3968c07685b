"""The brands in the store: a copy of what setup.toml says, and what a change of it means for what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow

from data import setup
from data.models import Brand
from data.store.store import Connection

SAMPLE_BRANDS = Path(__file__).parent.parent / "sample" / "brands.toml"


def known(store: Connection) -> tuple[Brand, ...]:
    """All brands, ours first, then by name."""
    rows = store.rows("SELECT * FROM brand ORDER BY competitor, lower(name)")
    return tuple(_brand(row) for row in rows)


def has_real_brand(store: Connection) -> bool:
    """Whether any brand stands that is not of the sample."""
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
    )


def wanted(store: Connection, listed: Sequence[Brand]) -> tuple[Brand, ...]:
    """The brands that should stand in the store: those of setup.toml, or the brands of the sample until a real brand
    was set up once. Removing the last real brand leaves the list empty; the sample is not restored."""
    if listed:
        return tuple(listed)
    stored = known(store)
    is_fresh = not stored and not store.value("SELECT count(*) FROM batch")
    if is_fresh or any(brand.is_sample for brand in stored):
        return setup.load(SAMPLE_BRANDS).brands
    return ()


def put(store: Connection, brands: Sequence[Brand]) -> None:
    """Write these brands in place of what stood under their names."""
    if not brands:
        return
    table = pyarrow.Table.from_pylist([_row(brand) for brand in brands], schema=SCHEMA)
    with store.given("given", table):
        store.run("DELETE FROM brand WHERE name IN (SELECT name FROM given)")
        store.run("INSERT INTO brand SELECT * FROM given")


def _row(brand: Brand) -> dict[str, Any]:
    return {
        "name": brand.name,
        "terms": brand.terms,
        "required": brand.required,
        "excluded": brand.excluded,
        "competitor": brand.competitor,
        "reply_within_hours": brand.reply_within / timedelta(hours=1),
        "handles": brand.handles,
    }


SCHEMA = pyarrow.schema(
    [
        ("name", pyarrow.string()),
        ("terms", pyarrow.list_(pyarrow.string())),
        ("required", pyarrow.list_(pyarrow.string())),
        ("excluded", pyarrow.list_(pyarrow.string())),
        ("competitor", pyarrow.bool_()),
        ("reply_within_hours", pyarrow.float64()),
        ("handles", pyarrow.list_(pyarrow.string())),
    ]
)
