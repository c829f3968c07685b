"""The providers (OIDC) by which people log in, as the secrets set them up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data import settings

DEFAULT = "default"  # what Streamlit calls a provider that is set in [auth] itself
OF_A_PROVIDER = ("client_id", "server_metadata_url")


def known() -> tuple[str, ...]:
    """The names of the providers, in their order; empty when there are none."""
    section = settings.secret_table("auth")
    named = [name for name, table in section.items() if isinstance(table, Mapping) and _is_one(table)]
    return (*([DEFAULT] if _is_one(section) else []), *named)


def _is_one(table: Mapping[str, Any]) -> bool:
    return all(isinstance(table.get(name), str) for name in OF_A_PROVIDER)
