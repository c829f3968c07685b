"""What Reddit leaves in place of a text or a name that is gone."""

from __future__ import annotations

import re

from data.folding import plain

LONGEST = 200  # characters
_LINK = r"\[[^\[\]]*\]\([^()]*\)"
PLACEHOLDER = re.compile(rf"\[\s*(?:deleted|removed|unavailable)\b[^\[\]]*(?:{_LINK}[^\[\]]*)*\]", re.IGNORECASE)
_MARKUP = str.maketrans("", "", "\\*")  # escapes of the brackets, and emphasis


def is_placeholder(said: object) -> bool:
    """Whether nothing but a placeholder stands there: "[deleted]", "[deleted by user]", "[ Removed by Reddit ]",
    "[ Removed by Reddit in response to a copyright notice. ]", "[unavailable]". Links within it, emphasis, escapes and
    what nobody sees make no difference."""
    if not isinstance(said, str) or len(said) > LONGEST:
        return False
    bare = plain(said).translate(_MARKUP).strip()
    return bare.startswith("[") and PLACEHOLDER.fullmatch(bare) is not None
