"""Changes of what is collected, as people make them: checked against their rights, and noted in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data import setup
from data.models import Brand
from data.people import audit
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.settings import Places


def save_brands(here: Places, brands: Sequence[Brand], by: Actor) -> None:
    """Replace the brands in setup.toml. Forbidden; errors as of `setup.save_brands`."""
    by.insist(Verb.COLLECT)
    audit.note(here, Event.SETTINGS, by.name, brands=[brand.name for brand in brands])
    setup.save_brands(here.setup, brands)


def save_source(here: Places, source: str, options: Mapping[str, Any], by: Actor) -> None:
    """Set options of a source in setup.toml. Forbidden; errors as of `setup.save_source`."""
    by.insist(Verb.COLLECT)
    audit.note(here, Event.SETTINGS, by.name, source=source, options=sorted(options))
    setup.save_source(here.setup, source, options)
