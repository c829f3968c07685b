"""The retention policies of all sources: how long text may be stored and how often mentions must be rechecked."""

from __future__ import annotations

from data.models import RetentionRule
from listeners.registry import LISTENERS, RECHECKERS


def retention_policies() -> list[RetentionRule]:
    """One policy per source. `recheck_every` is None where the source cannot be rechecked."""
    able = {rechecker.source for rechecker in RECHECKERS}
    return [
        RetentionRule(
            one.source,
            one.policy.name,
            one.policy.lifetime,
            one.policy.recheck_every if one.source in able else None,
            one.policy.recheck_within,
            one.policy.recheck_ids,
        )
        for one in LISTENERS
    ]
