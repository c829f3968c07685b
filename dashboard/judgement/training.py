"""Draws what was learned from corrections: a candidate with what it would change, its words, and every version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from analysis.measuring.intervals import Share
from analysis.scoring.scoring import SCORER
from dashboard import zones
from dashboard.access import identity
from dashboard.judgement.accuracy_report import called, told
from dashboard.runtime import Runtime, now, runtime
from dashboard.shared import tables, words
from dashboard.shared.tables import Table, plural, safe
from data.models import HearbackError
from data.people.rights import Verb
from data.scores import layers, training
from data.scores.layers import OURSELVES, SHIPPED, Layer, Making
from data.scores.training import FIRST, STEP, Counts

OFFERED = 6  # words at once
MEASURES = {  # the measure: how it is called, and what it is a part of
    "precision": ("Called negative, and is (precision)", "called"),
    "recall": ("Is negative, and was called so (recall)", "of"),
}
REPLY_MEASURES = {
    "precision": ("Said to need a reply, and does (precision)", "called"),
    "recall": ("Needs a reply, and was said to (recall)", "of"),
}


def draw() -> None:
    """Draw the number of corrections, the running re-scoring, the candidate, its words, and the versions."""
    here = runtime()
    with here.store.read() as store:
        counts, making, known = training.count(store), layers.making(store), layers.known(store)
        history, active = layers.history(store), layers.active_version(store)
    may_train = identity.may(Verb.TRAIN)
    if refusal := st.session_state.pop("refused", ""):
        st.warning("That could not be done.", icon=":material/front_hand:")
        st.text(refusal)
    if making:
        draw_making(making, may_train=may_train)
    _progress(counts, known, here, may_train=may_train)
    applied = {row["version"] for row in history}
    candidate = next((layer for layer in known if layer.version not in applied), None)
    if candidate:
        _candidate(candidate, may_train=may_train)
    if known:
        _versions(known, history, active.layer, making, may_train=may_train)
        _words(candidate or known[0], here, may_train=may_train)


def draw_making(making: Making, *, may_train: bool) -> None:
    """Draw how far the re-scoring is, and the button that stops it or lets it go on."""
    share = making.done / making.total if making.total else 1.0
    which = "by the new scorer" if making.is_update else f"by {called(making.version).lower()}"
    state = f", stopped by {making.stopped_by}" if making.stopped_by else ""
    with st.container(border=True, key="making"):
        st.progress(min(share, 1.0))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(
                f"Everything is being scored {which}: {making.done:,} of {making.total:,}{state}. Until all is done, "
                "queue and Trends go on with the version that counts now.",
                width="stretch",
            )
            if making.is_update:
                return
            if making.stopped_by:
                st.button("Go on", key="resume", icon=":material/play_arrow:", on_click=_resume, disabled=not may_train)
            else:
                st.button("Stop", key="stop", icon=":material/pause:", on_click=_stop, disabled=not may_train)


def _progress(counts: Counts, known: Sequence[Layer], here: Runtime, *, may_train: bool) -> None:
    """Draw how many corrections there are to learn from, and when the next layer is made."""
    edited = counts.corrected - counts.usable
    aside = f" ({edited:,} more teach nothing: their words were edited since)" if edited else ""
    if here.trainer and here.trainer.is_asked:
        st.text("Learning… a candidate stands here in a few seconds.")
    elif counts.usable < FIRST:
        st.text(f"{counts.usable} of {FIRST} corrections to learn from{aside}.")
        st.progress(counts.usable / FIRST)
        st.caption(
            "Correct what looks wrong in the Reply queue: 1, 2, 3 set the sentiment, Y says whether it needs a reply. "
            "A correction holds for its mention for ever; from fifty on, Hearback learns from them to judge others. "
            "What is said of the sample teaches nothing."
        )
    else:
        new = counts.usable - (known[0].corrections if known else 0)
        fresh = f"{new:,}" if new > 0 else "none"
        st.text(f"{plural(counts.usable, 'correction')} to learn from, {fresh} of them new{aside}.")
        if new < 0:
            st.text(f"{plural(-new, 'correction')} that it learned from went since: the next candidate forgets them.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Learn now",
                key="learn",
                icon=":material/school:",
                on_click=_learn,
                args=({}, here),
                disabled=not may_train,
            )
            st.caption(f"It is done by itself after every {STEP} new corrections, and never made to count by itself.")
    if here.trainer and here.trainer.trouble:
        st.text(here.trainer.trouble)


def _learn(lexicon: Mapping[str, str], here: Runtime) -> None:
    if here.trainer:
        here.trainer.ask(identity.acting(), lexicon)
        here.loops["trainer"].wake()


def _candidate(layer: Layer, *, may_train: bool) -> None:
    """Draw what a candidate would change, and the button that lets it count."""
    figures = layer.figures
    with st.container(border=True, key="candidate"):
        st.markdown(f"#### {called(layer.version)}: a candidate that does not count yet")
        st.text(made(layer, now()))
        st.markdown(would_change(figures))
        st.caption(
            "Corrections are mostly of what looked wrong, so a candidate may change more than it should. Read the "
            "examples; the blind check tells afterwards."
        )
        left, right = st.columns([7, 5], gap="medium")
        with left:
            st.markdown("**On corrections it had not seen**")
            table = held_out(figures)
            if table:
                tables.draw(table, hide_index=True, width="stretch")
            else:
                st.caption("Too few corrections to hold some back and measure on them.")
        with right:
            st.markdown("**What would change**")
            _changes(figures)
        st.button(
            f"Let {called(layer.version).lower()} count", key="apply", type="primary", icon=":material/check:",
            on_click=_apply, args=(layer.version,), disabled=not may_train,
            help="Everything that is stored is scored anew in the background; then all of it counts at once.",
        )  # fmt: skip


def made(layer: Layer, at: datetime) -> str:
    """Who made a layer, when, and from how many corrections; a sentence."""
    who = "by itself" if layer.made_by == OURSELVES else f"for {layer.made_by}"
    added = layer.figures.get("lexicon") or {}
    with_words = f", with {plural(len(added), 'added word')}" if added else ""
    return f"Learned {who} {words.ago(layer.made_at, at)} from {plural(layer.corrections, 'correction')}{with_words}."


def would_change(figures: Mapping[str, Any]) -> str:
    """How many stored mentions would get another label, in a sentence; of many, the share in a sample of them."""
    tried, stored = figures.get("tried", 0), figures.get("stored", 0)
    flips = sum(figures.get("changes", {}).values())
    share = Share(flips, tried)
    if not tried:
        return "There was nothing stored to try it on."
    if tried >= stored:
        return f"It would judge **{flips:,}** of the {plural(stored, 'stored mention')} otherwise."
    low, high = share.interval
    return (
        f"It would judge about **{share.value:.1%}** of all otherwise ({100 * low:.1f} to {high:.1%}): {flips:,} in a "
        f"sample of {tried:,} of the {plural(stored, 'stored mention')}."
    )


def held_out(figures: Mapping[str, Any]) -> Table:
    """One row a measure, on held-out corrections: as shipped, and as the candidate does."""
    measured = figures.get("held_out") or {}
    if not measured.get("before"):
        return []
    rows: Table = []
    for question, names in (("negative", MEASURES), ("needs_reply", REPLY_MEASURES)):
        if not any(measured[side][question][of] for side in ("before", "after") for _, of in names.values()):
            continue  # nobody ever said
        for name, (title, of) in names.items():
            rows.append(
                {
                    "Measure": title,
                    "As shipped": told(_share(measured["before"][question], name, of)),
                    "Candidate": told(_share(measured["after"][question], name, of)),
                }
            )
    return rows


def _share(measured: Mapping[str, Any], name: str, of: str) -> Share:
    return Share(round((measured[name] or 0) * measured[of]), measured[of])


def _changes(figures: Mapping[str, Any]) -> None:
    """Draw how many labels would change from what to what, each with the beginnings of some texts."""
    if not figures.get("changes"):
        st.caption("No label in the sample would change.")
        return
    ids = [one for some in figures["examples"].values() for one in some]
    with runtime().store.read() as store:
        said = training.examples(store, ids)
    for way, number in sorted(figures["changes"].items(), key=lambda change: -change[1]):
        before, after = way.split(" > ")
        with st.expander(f"{before.capitalize()} to {after}: {number:,}", key=f"way-{before}-{after}"):
            for one in figures["examples"][way]:
                if one in said:
                    st.text(f"“{words.shown(said[one])}”")
    replies = figures.get("replies") or {}
    if any(replies.values()):
        st.caption(f"“Needs a reply” would be said of {replies['more']:,} more and of {replies['fewer']:,} no longer.")


def _stop() -> None:
    layers.stop(runtime().store, identity.acting())


def _resume() -> None:
    layers.resume(runtime().store, identity.acting())


def _apply(number: int) -> None:
    here = runtime()
    try:
        layers.apply(here.store, number, SCORER, identity.acting(), now())
    except HearbackError as refusal:
        st.session_state.refused = str(refusal)
    here.loops["rescorer"].wake()


def _words(layer: Layer, here: Runtime, *, may_train: bool) -> None:
    """Draw the words that corrections suggest and those that were added, each with a button; both make a candidate."""
    added: Mapping[str, str] = layer.figures.get("lexicon") or {}
    offered = [one for one in layer.figures.get("words") or [] if one["word"] not in added]
    if not added and not offered:
        return
    st.markdown("**Words**")
    for one in offered[:OFFERED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"word-{one['word']}"):
            st.text(
                f"In {one['said']} of {one['of']} corrections “{words.shown(one['word'])}” was {one['sentiment']}.",
                width=420,
            )
            st.button(
                "Add it", key=f"add-{one['word']}", on_click=_learn, args=({one["word"]: one["sentiment"]}, here),
                disabled=not may_train,
                help="Makes a candidate that knows the word; you see what it changes before it counts.",
            )  # fmt: skip
    for word, sentiment in added.items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"known-{word}"):
            st.text(f"“{words.shown(word)}” is taken as {sentiment}.", width=420)
            st.button(
                "Take it out", key=f"remove-{word}", on_click=_learn, args=({word: ""}, here), disabled=not may_train
            )


def versions(known: Sequence[Layer], history: Sequence[Mapping[str, Any]], active: int, making: Making | None) -> Table:
    """One row a version, the newest first, the shipped one last. `active`: the version that counts now."""
    rows: Table = []
    for layer in [*known, None]:
        number = layer.version if layer else SHIPPED
        latest = next((row for row in history if row["version"] == number), None)
        state = "counts" if number == active else "being made" if making and making.version == number else ""
        rows.append(
            {
                "Version": called(number),
                "State": state or ("candidate" if layer and not latest else "earlier"),
                "Corrections it knew": layer.corrections if layer else 0,
                "Made": layer.made_at if layer else None,
                "Last chosen by": safe(words.shown(latest["asked_by"])) if latest else "",
                "Chosen": latest["asked_at"] if latest else None,
            }
        )
    return rows


def _on(instant: object, zone: ZoneInfo) -> str:
    """An instant in a zone, as "2 Mar 2026, 14:05"; "" for None, which a column of instants would show as such."""
    return f"{instant.astimezone(zone):%-d %b %Y, %H:%M}" if isinstance(instant, datetime) else ""


def _versions(
    known: Sequence[Layer], history: Sequence[Mapping[str, Any]], active: int, making: Making | None, *, may_train: bool
) -> None:
    st.markdown("**Versions**")
    zone = zones.of_reader()
    told = [
        {name: _on(value, zone) if name in {"Made", "Chosen"} else value for name, value in row.items()}
        for row in versions(known, history, active, making)
    ]
    tables.draw(told, hide_index=True, width="stretch")
    applied = {row["version"] for row in history} | {SHIPPED}
    others = [number for number in sorted(applied, reverse=True) if number != active]
    kept = {layer.version for layer in known} | {SHIPPED}
    others = [number for number in others if number in kept and not (making and making.version == number)]
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.selectbox(
            "Go back to", others, key="back_to", format_func=called, label_visibility="collapsed", width=180
        )
        st.button(
            "Go back to it",
            key="go_back",
            icon=":material/history:",
            on_click=_apply,
            args=(chosen,),
            disabled=not may_train,
        )
        st.caption("An earlier version's scores are made anew, as for any other; nothing is lost on the way.")
