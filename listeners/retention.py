"""What the policies of all sources ask of what is kept, for whoever keeps it."""

from __future__ import annotations

from data.models import Keeping
from listeners.registry import LISTENERS, RECHECKERS


def retention_policies() -> list[Keeping]:
    """How long texts may stay, how often they are to be looked for. Where nobody can look again, nothing is due."""
    able = {rechecker.source for rechecker in RECHECKERS}
    return [
        Keeping(
            one.source,
            one.policy.name,
            one.policy.lifetime,
            one.policy.recheck_every if one.source in able else None,
            one.policy.recheck_within,
            one.policy.recheck_ids,
        )
        for one in LISTENERS
    ]
