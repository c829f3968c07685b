"""What Reddit leaves in place of a text or a name that is gone."""

from __future__ import annotations

import re

LONGEST = 200  # characters
PLACEHOLDER = re.compile(r"\[\s*(?:deleted|removed|unavailable)\b[^\[\]]*\]", re.IGNORECASE)


def is_placeholder(said: object) -> bool:
    """Whether nothing but a placeholder stands there: "[deleted]", "[deleted by user]", "[ Removed by Reddit ]",
    "[ Removed by Reddit in response to a copyright notice. ]", "[unavailable]"."""
    if not isinstance(said, str) or "[" not in said[:LONGEST]:
        return False
    return len(said) <= LONGEST and PLACEHOLDER.fullmatch(said.strip()) is not None
