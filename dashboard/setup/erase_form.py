"""The Erase part of Setup: what an author wrote on a source, or one mention, is counted, then erased everywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from dashboard import zones
from dashboard.access import identity
from dashboard.runtime import now, runtime
from dashboard.shared import tables, words
from data.models import Erase
from data.monitoring import leftovers
from data.retention import erasure, erasure_requests

AUTHOR, MENTION = "An author", "One mention"
REQUEST = "erase_request"  # waits for its confirmation, in the session
DONE = "erase_done"


def wanted(kind: str, source: str | None, author: str, mention_id: str, me: str) -> Erase | None:
    """The erasure that the form asks for; None while something is missing."""
    if kind == MENTION:
        return Erase(me, mention_id=mention_id.strip()) if mention_id.strip() else None
    return Erase(me, source=source, author=author.strip()) if source and author.strip() else None


def draw() -> None:
    """Draw the form, what would be erased, and what was erased before."""
    st.caption(
        "When somebody asks you to delete what you hold of them. Texts, names, scores, notes, answers, waiting "
        "letters, set-aside batches and published copies go together, for good; only counts are kept. What you "
        "exported is yours to delete. Backups made before still hold it; a restore leaves it out."
    )
    _form()
    request: Erase | None = st.session_state.get(REQUEST)
    if request:
        _confirm(request)
    if done := st.session_state.pop(DONE, None):
        st.success(done, icon=":material/check:")
    _past()


def _form() -> None:
    kind = st.segmented_control("What to erase", [AUTHOR, MENTION], default=AUTHOR, key="erase_kind", required=True)
    with st.form("erase", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        source, author, mention_id = None, "", ""
        if kind == MENTION:
            mention_id = st.text_input("Mention’s id", key="erase_mention", placeholder="reddit:t3_1abcde", width=420)
        else:
            with runtime().store.read() as store:
                names = erasure_requests.sources(store)
            source = st.selectbox("Source", names, key="erase_source", width=200, format_func=words.source)
            author = st.text_input("Author, letter by letter", key="erase_author", width=320)
        if st.form_submit_button("Show what would go"):
            st.session_state[REQUEST] = wanted(kind or AUTHOR, source, author, mention_id, identity.current())


def _confirm(request: Erase) -> None:
    with runtime().store.read() as store:
        counts = erasure_requests.count(store, request, runtime().places)
        others = erasure_requests.told_repeated(erasure_requests.repeated(store, request))
    whom = request.mention_id or f"{request.author} on {words.source(request.source or '')}"
    if counts:
        st.text(f"Of {words.shown(whom)} there would go: {erasure_requests.told(counts)}. This cannot be undone.")
    else:
        st.text(f"Nothing is stored of {words.shown(whom)}. The name must be the very one, in the same letters.")
    if others:
        st.text(f"{others} To take one out, too, erase it by its id.")
    if out_of_reach := leftovers.told_of_erasure(runtime().places).strip():
        st.text(out_of_reach)
    if counts:
        st.button(
            "Erase for good", type="primary", icon=":material/delete_forever:", on_click=_erase, args=(request, counts)
        )


def _erase(request: Erase, counts: Mapping[str, int]) -> None:
    here = runtime()
    erasure_requests.hand_in(here.places, request, counts, identity.acting(), now())
    here.loops["absorber"].wake()
    del st.session_state[REQUEST]
    st.session_state[DONE] = f"Being erased, within seconds: {erasure_requests.told(counts)}."


def _past() -> None:
    st.subheader("What went", anchor=False)
    with runtime().store.read() as store:
        past = erasure.past(store)
    if not past:
        st.caption("Nothing was erased yet, and nothing has expired.")
        return
    tables.draw(
        {
            "When": [row["erased_at"] for row in past],
            "Why": [row["why"] for row in past],
            "Asked by": [words.shown(row["asked_by"]) for row in past],
            "What": [erasure_requests.told(json.loads(row["counts"])) for row in past],
            "Out of every file": [row["rewritten_at"] for row in past],
        },
        hide_index=True,
        column_config={
            name: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=zones.of_reader().key)
            for name in ("When", "Out of every file")
        },
    )
