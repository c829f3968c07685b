"""The Import part of Setup: choose a file, see how it is read, take it in, see the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from dashboard.runtime import now, runtime
from dashboard.setup import import_outcome, upload
from dashboard.setup.upload import UploadPreview
from dashboard.shared import signs, tables, words
from data.folding import key
from data.models import HearbackError, Mention
from data.setup import Setup
from listeners.importing import imports
from listeners.importing.border import source_name
from listeners.importing.imports import Choices, Preview
from listeners.importing.mapping.columns import FIELDS, ColumnMapping
from listeners.importing.summary import Summary, recognised

EXCERPT = 300  # characters of a text in the first rows
ABSENT = ""  # no column has this name


@dataclass
class ImportState:
    """The state of this session's import. `number`: counts uploads; `previews`: of the file by choice of columns;
    `done`: the result of the last file."""

    number: int = 0
    file: str = ""
    previews: dict[tuple[tuple[str, str | None], ...], UploadPreview] = field(default_factory=dict)
    done: Summary | None = None
    trouble: str = ""

    def open(self, file: str) -> None:
        """Begin with an uploaded file. `file`: its id."""
        self.file, self.previews, self.done, self.trouble = file, {}, None, ""

    def clear(self) -> None:
        """Forget the file and ask for another one."""
        self.number, self.file, self.previews = self.number + 1, "", {}

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"import_{name}_{self.number}_{self.file}"


def import_state() -> ImportState:
    """This session's import."""
    held: ImportState = st.session_state.setdefault("import_state", ImportState())
    return held


def draw(listed: Setup) -> None:
    """Draw the upload, the file's columns and rows, and the result of the last import."""
    above = st.container()
    uploaded = st.file_uploader(
        "A file of mentions: CSV, JSON, Parquet, a saved page or feed",
        upload.ENDINGS,
        key=f"import_upload_{import_state().number}",
    )
    done = import_state().done
    if uploaded is None:
        if done:
            with above:
                import_outcome.draw(done)
        st.caption(
            "An export of reviews, posts or comments, from any tool. Columns are guessed and shown before anything is "
            "taken in; answers the brand gave come along with their times. Taking the same file in twice adds nothing."
        )
        return
    if import_state().file != uploaded.file_id:
        import_state().open(uploaded.file_id)
    guessed = _preview(uploaded, {})
    if guessed:
        _arrange(uploaded, guessed, listed)


def _preview(uploaded: Any, mapping: Choices) -> UploadPreview | None:
    """The preview of the file, made once for each choice of columns; None, and drawn why, where it cannot be read."""
    chosen = tuple(sorted(mapping.items()))
    if chosen not in import_state().previews:
        try:
            with st.spinner("Reading the file"), upload.on_disk(uploaded.name, uploaded.getvalue()) as path:
                import_state().previews[chosen] = upload.preview(path, uploaded.name, mapping, now())
        except HearbackError as trouble:
            signs.failed("This file cannot be read", str(trouble))
            return None
    return import_state().previews[chosen]


def _arrange(uploaded: Any, guessed: UploadPreview, listed: Setup) -> None:
    """Draw the columns on the left; on the right the rows they give, and the button."""
    left, right = st.columns([5, 7], gap="large")
    with left:
        st.subheader("Columns", anchor=False)
        st.text(f"{words.shown(uploaded.name)} was read as {guessed.preview.called}. Change what was guessed wrong.")
        for line in recognised(guessed.preview.shape):
            st.text(words.shown(line))
        picks = _columns(guessed.preview.reading, guessed.preview.header)
    with right:
        if upload.doubles(picks):
            st.caption("Two fields are read from one column. Choose another where it says so.")
            return
        mapping = upload.choices(guessed.preview.reading, picks)
        seen = _preview(uploaded, mapping)
        if seen is not None:
            _consider(uploaded, mapping, seen, listed)


def _consider(uploaded: Any, mapping: Choices, seen: UploadPreview, listed: Setup) -> None:
    """Draw the first rows under the chosen columns, the options for all rows, and the button."""
    if seen.preview.missing:
        st.subheader("Something is missing", anchor=False)
        st.caption("Choose the columns that are marked; the first rows then stand here as they will be.")
        return
    preview = st.container()
    source, brand, competitors = _options(seen, listed)
    with preview:
        _first_rows(seen.preview, source)
    if upload.reaches_nobody(seen.survey.brands, brand, listed.brands):
        st.warning(
            "No row names a brand and none is set up: choose above whose mentions these are, or they reach no queue.",
            icon=":material/front_hand:",
        )
    take = _Take(uploaded, mapping, source, brand, competitors)
    st.button(upload.button(seen.survey), type="primary", on_click=take, key="import_take", icon=":material/download:")
    if import_state().trouble:
        signs.failed("Not taken in", import_state().trouble)


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _columns(reading: ColumnMapping, header: Sequence[str]) -> dict[str, str | None]:
    """Draw a select box for each field that is offered; return the column that each field is read from."""
    shown, rest = upload.offered(reading)
    held = {name: st.session_state.get(import_state().key(name), reading.columns.get(name)) for name in (*shown, *rest)}
    picks = {name: column or None for name, column in held.items()}
    doubles = upload.doubles(picks)
    slips = upload.missing(reading.changed({} if doubles else upload.choices(reading, picks))) | doubles
    _grid(shown, lambda name: _column(name, reading, header, slips))
    with st.expander(f"{len(rest)} more that a column can be read as"):
        _grid(rest, lambda name: _column(name, reading, header, slips))
    return picks


def _grid(names: Sequence[str], cell: Callable[[str], None]) -> None:
    for start in range(0, len(names), 2):
        for column, name in zip(st.columns(2, gap="small"), names[start : start + 2], strict=False):
            with column:
                cell(name)


def _column(name: str, reading: ColumnMapping, header: Sequence[str], slips: Mapping[str, str]) -> None:
    guess, why = reading.columns.get(name), upload.reason(reading, name)

    def said(column: str) -> str:
        if not column:
            return "not in this file"
        return words.shown(f"{column} \N{MIDDLE DOT} {why}" if column == guess else column)

    options = [ABSENT, *header]
    st.selectbox(FIELDS[name], options, options.index(guess or ABSENT), key=import_state().key(name), format_func=said)
    signs.slip(slips, name)


def _options(seen: UploadPreview, listed: Setup) -> tuple[str | None, str | None, list[str]]:
    """Draw the fields for all rows; return the source, the brand of rows that name none, and the competitors."""
    known = [brand.name for brand in listed.brands]
    st.subheader("For all rows", anchor=False)
    from_where, about, rivals = st.columns(3, gap="small")
    has_source = "source" in seen.preview.reading.columns
    otherwise = "as the column says" if has_source else words.source(_told(seen.preview))
    source = from_where.selectbox(
        "Where they are from", list(_places()), index=None, accept_new_options=True, key=import_state().key("from"),
        placeholder=otherwise, format_func=lambda one: _places().get(one, one),
    )  # fmt: skip
    brand = about.selectbox(
        "Brand of rows that name none", known, index=_only(listed), accept_new_options=True,
        key=import_state().key("about"), placeholder="whichever their words name", format_func=words.shown,
    )  # fmt: skip
    fresh = [name for name in seen.survey.brands if key(name) not in set(map(key, known))]
    competitors = rivals.multiselect(
        "Competitors", fresh, key=import_state().key("rivals"), format_func=words.shown,
        placeholder="none: all are ours" if fresh else "no row names a new brand",
        help="Which of the new brands are not yours. They count in Trends only.", disabled=not fresh,
    )  # fmt: skip
    return source, (brand or "").strip() or None, competitors


def _only(listed: Setup) -> int | None:
    """The place of the only brand of ours among those set up: the one of rows that name none; None for none or more."""
    ours = [place for place, brand in enumerate(listed.brands) if not (brand.competitor or brand.is_sample)]
    return ours[0] if len(ours) == 1 else None


def _told(preview: Preview) -> str:
    """The source that the file's shape tells; "import" where it tells none."""
    return (preview.shape and preview.shape.source) or "import"


def _places() -> dict[str, str]:
    """{source: the name that people call it by} of the sources a file may be from."""
    return {name: said for name, said in words.SOURCES.items() if name not in ("sample", "import", "twitter")}


def _first_rows(preview: Preview, source: str | None) -> None:
    st.subheader("The first rows, as they will be", anchor=False)
    mentions = [row for row in preview.rows if isinstance(row, Mention)]
    if mentions:
        tables.draw(
            table(mentions, source),
            hide_index=True,
            column_config={
                "Written": st.column_config.DatetimeColumn(
                    format="D MMM YYYY, HH:mm", timezone=st.context.timezone or "UTC"
                ),
                "Text": st.column_config.Column(width=300),
            },
        )
    for reason in preview.rows:
        if isinstance(reason, str):
            st.text(words.shown(f"One row: {reason}"))
    ignored = preview.reading.ignored
    if ignored:
        st.text(words.shown(f"Columns not read: {', '.join(ignored[:12])}") + _more(len(ignored) - 12))


def table(mentions: Sequence[Mention], source: str | None) -> dict[str, list[Any]]:
    """Mentions as columns of a table; columns that hold nothing are left out."""
    name = source_name(source) if source else None
    whole: dict[str, list[Any]] = {
        "Text": [words.shown(" ".join(one.text.split()))[:EXCERPT] for one in mentions],
        "Title": [words.shown(one.title or "") for one in mentions],
        "Written": [one.published_at for one in mentions],
        "Author": [words.shown(one.author or "") for one in mentions],
        "Stars": [words.stars(one.rating) for one in mentions],
        "Source": [words.source(name or one.source) for one in mentions],
        "Kind": [one.kind for one in mentions],
        "Link": [words.shown(one.url or "") for one in mentions],
    }
    return {title: cells for title, cells in whole.items() if any(cells)}


@dataclass(frozen=True)
class _Take:
    """Takes the file in when the button is pressed."""

    uploaded: Any
    mapping: Choices
    source: str | None
    brand: str | None
    competitors: Sequence[str]

    def __call__(self) -> None:
        here = runtime()
        import_state().trouble = ""
        try:
            with upload.on_disk(self.uploaded.name, self.uploaded.getvalue()) as path:
                given = imports.Instructions(
                    source=self.source,
                    brand=self.brand,
                    competitors=self.competitors,
                    mapping=self.mapping,
                    shown_name=self.uploaded.name,
                )
                import_state().done = imports.take_in(path, here.places.incoming, now(), given)
        except HearbackError as trouble:
            import_state().trouble = str(trouble)
            return
        except OSError as trouble:
            import_state().trouble = f"The disk refused it ({trouble.strerror}). Taking the file in again does no harm."
            return
        for loop in here.loops.values():
            loop.wake()
        import_state().clear()
