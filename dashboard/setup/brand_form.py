"""The Brands part of Setup: the list, the fields of one brand, and what its words match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.runtime import now, runtime
from dashboard.setup import brand_entry, brand_trial
from dashboard.setup.brand_entry import BrandEntry, Slips
from dashboard.shared import muted, signs, tables, words
from data import setup
from data.models import Brand, HearbackError
from data.setup import Setup

LIST = "brand_list"


@dataclass
class BrandForm:
    """The state of the open form. `number`: counts openings; `opened`: the brand as it was then, None for a new one;
    `told` and `trouble`: what the last save did, or why it failed."""

    number: int = 0
    opened: Brand | None = None
    was_tried: bool = False
    asks: bool = False  # whether removing waits for a yes
    told: list[str] = field(default_factory=list)
    trouble: str = ""

    def open(self, brand: Brand | None, told: Sequence[str] = ()) -> None:
        """Open the form for a brand; None for a new one. `told`: sentences to show above it."""
        self.number, self.opened = self.number + 1, brand
        self.was_tried, self.asks, self.trouble = False, False, ""
        self.told = list(told)

    def key(self, name: str) -> str:
        """The key of one of its widgets; another one after each opening."""
        return f"brand_{name}_{self.number}"


def form() -> BrandForm:
    """This session's form."""
    held: BrandForm = st.session_state.setdefault("brand_form", BrandForm())
    return held


def draw(listed: Setup) -> None:
    """Draw the list and the form, and below the list what the form's words match."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _list(listed.brands)
        bench = st.container()
        muted.draw_list()
    with right:
        if form().told:
            signs.done("Done", form().told)
        with st.container(border=True):
            _fields(listed, bench)


def _list(listed: Sequence[Brand]) -> None:
    if not listed:
        st.subheader("No brand yet", anchor=False)
        st.markdown(
            "Name the brand you answer for. The sample goes, and Hacker News, which needs no key, is listened to at "
            "once. Competitors can follow; they count in Trends only."
        )
    else:
        _table(listed)
        if form().opened:
            st.button("Add another brand", icon=":material/add:", on_click=lambda: form().open(None))
        else:
            st.caption("Choose a brand to change or remove it.")
    st.caption("Brands and sources stand in this file; what you change there takes effect within seconds:")
    st.code(str(runtime().places.setup), language=None)


def _table(listed: Sequence[Brand]) -> None:
    names = [brand.name for brand in listed]
    opened = form().opened
    rows = [names.index(opened.name)] if opened and opened.name in names else []
    tables.draw(
        table(listed),
        hide_index=True,
        key=f"{LIST}_{form().number}",
        on_select=lambda: _pick(names),
        selection_mode="single-row",
        selection_default={"selection": {"rows": rows}},
        column_config={"Whose": st.column_config.Column(width=90), "Answer in": st.column_config.Column(width=80)},
    )


def table(listed: Sequence[Brand]) -> dict[str, list[Any]]:
    """Brands as columns of a table; a column that is empty for all is left out."""
    whole: dict[str, list[Any]] = {
        "Brand": [words.shown(brand.name) for brand in listed],
        "Whose": ["competitor" if brand.competitor else "ours" for brand in listed],
        "Answer in": [words.span(brand.reply_within) for brand in listed],
        "Terms": [list(brand.terms) for brand in listed],
        "Required": [list(brand.required) for brand in listed],
        "Excluded": [list(brand.excluded) for brand in listed],
        "Accounts": [list(brand.handles) for brand in listed],
    }
    return {title: cells for title, cells in whole.items() if any(cells)}


def _pick(names: Sequence[str]) -> None:
    """Open the brand of the row that was chosen; a new one where the choice was taken back."""
    chosen = st.session_state[f"{LIST}_{form().number}"]["selection"]["rows"]
    try:
        listed = setup.load(runtime().places.setup).brands
    except HearbackError:
        return  # the page says what is wrong with the file
    name = names[chosen[0]] if chosen else None
    form().open(next((brand for brand in listed if brand.name == name), None))


def _fields(listed: Setup, bench: DeltaGenerator) -> None:
    opened, entry = form().opened, _typed()
    others = () if opened else [brand.name for brand in listed.brands]
    slips = brand_entry.slips(entry, others)
    said = slips if form().was_tried else {name: slip for name, slip in slips.items() if getattr(entry, name)}
    st.subheader("Change a brand" if opened else "Add a brand", anchor=False)
    st.text_input(
        "Name", entry.name, key=form().key("name"), disabled=opened is not None, placeholder="Acme",
        help="It stays as it is once saved: mentions are kept under it.",
    )  # fmt: skip
    signs.slip(said, "name")
    _phrases("Terms", "terms", entry.terms, said, "Any of them names the brand. Left empty: the name itself.")
    beside, never = st.columns(2, gap="small")
    with beside:
        _phrases("Required words", "required", entry.required, said, "One of these must stand beside a term.")
    with never:
        _phrases("Excluded words", "excluded", entry.excluded, said, "None of these may stand beside a term.")
    st.checkbox(
        "A competitor's brand", entry.competitor, key=form().key("competitor"),
        help="It counts in Trends; the queue holds your own brands' mentions only.",
    )  # fmt: skip
    _accounts(entry, said)
    st.number_input(
        "Answer within (hours)", 0.25, brand_entry.YEAR, entry.hours, 1.0, key=form().key("hours"), format="%g"
    )
    signs.slip(said, "hours")
    if not entry.competitor:
        _ages(entry)
    if not form().asks:
        _preview(entry, slips, bench)
    if form().trouble:
        signs.failed("Not saved", form().trouble)
    _buttons(listed)


def _typed() -> BrandEntry:
    """What the fields hold; before they are drawn, the opened brand's values."""
    opened = form().opened
    held = brand_entry.written(opened) if opened else BrandEntry()
    keys = {name: form().key(name) for name in BrandEntry.__slots__}
    return BrandEntry(**{name: st.session_state.get(key, getattr(held, name)) for name, key in keys.items()})


def _phrases(label: str, name: str, value: str, said: Slips, hint: str) -> None:
    st.text_area(
        label, value, key=form().key(name), height=92, help=f"{hint} One a line, or with commas between. Whole words; "
        "capitals do not matter; handles and hashtags are found too.", placeholder=hint,
    )  # fmt: skip
    signs.slip(said, name)


def _accounts(entry: BrandEntry, said: Slips) -> None:
    """Draw the field for the accounts whose posts are the brand's own."""
    st.text_area(
        "Their own accounts" if entry.competitor else "Our own accounts", entry.handles, key=form().key("handles"),
        height=72, placeholder="@acmehelp, reddit:acme_support",
        help="One a line, or with commas between; with a source in front only there. What they post stays out of the "
        "queue and of the sentiment in Trends; where it answers a mention, it counts as your reply.",
    )  # fmt: skip
    signs.slip(said, "handles")


def _ages(entry: BrandEntry) -> None:
    """Draw the fields for the days after which a mention is too old to answer."""
    left, right = st.columns(2, gap="small")
    for column, kind, days in ((left, "posts", entry.posts_days), (right, "reviews", entry.reviews_days)):
        column.number_input(
            f"{kind.capitalize()} are old after (days)", 1, setup.LONGEST_AGE, days, key=form().key(f"{kind}_days"),
            help="What is older than this when it first comes in waits in the queue's tab Old instead of Open. "
            "Days for one source are written in setup.toml.",
        )  # fmt: skip


def _preview(entry: BrandEntry, slips: Slips, bench: DeltaGenerator) -> None:
    """Draw what the brand would match of what is stored, before it is saved."""
    if slips:
        step = "Mend what is marked" if entry.name.strip() else "Give it a name"
        st.caption(f"{step}, and you see beside it which stored mentions it matches.")
        return
    with bench.container(border=True):
        brand_trial.draw(brand_entry.to_brand(entry), saved=form().opened, key=form().key("bench"), exclude=_exclude)


def _exclude(word: str) -> None:
    """Add a word to the field of excluded words; it is not saved yet."""
    key = form().key("excluded")
    said = str(st.session_state.get(key) or "").rstrip()
    st.session_state[key] = f"{said}\n{word}" if said else word


def _buttons(listed: Setup) -> None:
    opened = form().opened
    if opened and form().asks:
        _confirmation(opened, listed)
        return
    with st.container(horizontal=True):
        st.button("Save changes" if opened else "Add brand", type="primary", on_click=save, key="brand_save")
        if opened:
            st.button("Remove", icon=":material/delete:", on_click=ask, key="brand_remove")


def _confirmation(brand: Brand, listed: Setup) -> None:
    st.warning("Remove this brand?", icon=":material/delete:")
    st.text(
        "\n".join(f"\N{BULLET} {said}" for said in brand_entry.consequences(runtime(), brand, listed.brands, now()))
    )
    with st.container(horizontal=True):
        st.button("Yes, remove it", type="primary", on_click=remove, key="brand_remove_yes")
        st.button("Keep it", on_click=keep, key="brand_keep")


def save() -> None:
    """Save what the fields hold, or show beside them what must be mended."""
    entry, opened = _typed(), form().opened
    form().was_tried, form().trouble, form().told = True, "", []
    try:
        listed = setup.load(runtime().places.setup)
        if brand_entry.slips(entry, () if opened else [brand.name for brand in listed.brands]):
            return
        saved = brand_entry.save(runtime(), brand_entry.to_brand(entry), opened)
    except HearbackError as trouble:
        form().trouble = str(trouble)
        return
    hears = brand_entry.hears_hackernews(setup.load(runtime().places.setup))
    form().open(
        saved.brand if opened else None, brand_entry.told(saved, hears=hears, runs=runtime().listeners is not None)
    )


def ask() -> None:
    """Ask whether to remove the opened brand."""
    form().asks, form().told, form().trouble = True, [], ""


def keep() -> None:
    """Answer that question with no."""
    form().asks = False


def remove() -> None:
    """Remove the opened brand."""
    opened = form().opened
    if opened is None:
        return
    try:
        brand_entry.remove(runtime(), opened.name)
    except HearbackError as trouble:
        form().asks, form().trouble = False, str(trouble)
        return
    form().open(None, [f"{opened.name} is removed."])
