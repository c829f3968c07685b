"""The Import part of Setup: choose a file, see how it is read, take it in, see the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from dashboard import zones
from dashboard.access import identity
from dashboard.runtime import now, runtime
from dashboard.setup import import_outcome, import_writing, upload
from dashboard.setup.upload import UploadPreview
from dashboard.shared import signs, tables, words
from data.folding import key
from data.models import HearbackError, Mention
from data.setup import Setup
from listeners.formats.times import SAY_ORDER
from listeners.importing import imports
from listeners.importing.border import source_name
from listeners.importing.imports import Forecast, Instructions, Preview
from listeners.importing.mapping.columns import FIELDS, ColumnMapping
from listeners.importing.mapping.conventions import ASK
from listeners.importing.readers.tables import AS_TOLD
from listeners.importing.summary import Summary, recognised

EXCERPT = 300  # characters of a text in the first rows
ABSENT = ""  # no column has this name
BY_WORDS = ""  # no brand has this name


@dataclass
class ImportState:
    """The state of this session's import. `number`: counts uploads; `previews`, `forecasts`: of the file, by what was
    chosen; `done`: the result of the last file."""

    number: int = 0
    file: str = ""
    previews: dict[tuple[object, ...], UploadPreview] = field(default_factory=dict)
    forecasts: dict[tuple[object, ...], Forecast] = field(default_factory=dict)
    done: Summary | None = None
    trouble: str = ""

    def open(self, file: str) -> None:
        """Begin with an uploaded file. `file`: its id."""
        self.file, self.previews, self.forecasts, self.done, self.trouble = file, {}, {}, None, ""

    def clear(self) -> None:
        """Forget the file and ask for another one."""
        self.number, self.file, self.previews, self.forecasts = self.number + 1, "", {}, {}

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
    told = replace(import_writing.said(import_state().key("written")), shown_name=uploaded.name, listed=listed.brands)
    guessed = _preview(uploaded, told)
    if guessed:
        import_writing.draw_rows(guessed.preview)
        _arrange(uploaded, told, guessed, listed)


def _key(told: Instructions) -> tuple[object, ...]:
    """What a preview or a forecast depends on."""
    columns = tuple(sorted((told.mapping or {}).items()))
    return columns, told.dates, told.zone, told.layout, told.source, told.brand, tuple(told.competitors)


def _preview(uploaded: Any, told: Instructions) -> UploadPreview | None:
    """The preview of the file, made once for each choice; None, and drawn why, where it cannot be read."""
    held = import_state().previews
    if _key(told) not in held:
        try:
            with st.spinner("Reading the file"), upload.on_disk(uploaded.name, uploaded.getvalue()) as path:
                held[_key(told)] = upload.preview(path, told, now())
        except HearbackError as trouble:
            signs.failed("This file cannot be read", words.shown(upload.on_page(str(trouble))))
            if upload.is_about_writing(str(trouble)) or told.layout != AS_TOLD:
                import_writing.draw(import_state().key("written"), None)
            return None
    return held[_key(told)]


def _forecast(uploaded: Any, told: Instructions) -> Forecast | None:
    """What would become of the rows, read once for each choice; None where they cannot be read any more."""
    held = import_state().forecasts
    if _key(told) not in held:
        try:
            with st.spinner("Reading the rows"), upload.on_disk(uploaded.name, uploaded.getvalue()) as path:
                held[_key(told)] = imports.foresee(path, now(), told)
        except HearbackError:
            return None
    return held[_key(told)]


def _arrange(uploaded: Any, told: Instructions, guessed: UploadPreview, listed: Setup) -> None:
    """Draw the columns on the left; on the right the rows as they are and as they will be, and the button."""
    left, right = st.columns([5, 7], gap="large")
    with left:
        st.subheader("Columns", anchor=False)
        st.text(f"{words.shown(uploaded.name)} was read as {guessed.preview.called}. Change what was guessed wrong.")
        for line in recognised(guessed.preview.shape):
            st.text(words.shown(line))
        picks = _columns(guessed.preview.reading, guessed.preview.header, f"{told.layout}")
        import_writing.draw(import_state().key("written"), guessed.preview)
    with right:
        import_writing.draw_question(import_state().key("written"), guessed.preview)
        if upload.doubles(picks):
            st.caption("Two fields are read from one column. Choose another where it says so.")
            return
        told = replace(told, mapping=upload.choices(guessed.preview.reading, picks))
        seen = _preview(uploaded, told)
        if seen is not None:
            _consider(uploaded, told, seen, listed)


def _consider(uploaded: Any, told: Instructions, seen: UploadPreview, listed: Setup) -> None:
    """Draw the first rows under the chosen columns, the options for all rows, and the button."""
    if seen.preview.missing:
        st.subheader("Something is missing", anchor=False)
        st.caption("Choose the columns that are marked; the first rows then stand here as they will be.")
        return
    preview = st.container()
    source, brand, competitors = _options(seen, listed)
    with preview:
        _first_rows(seen.preview, source)
    told = replace(told, source=source, brand=brand or None, competitors=competitors)
    forecast = _forecast(uploaded, told)
    asks = _foretell(forecast, brand, listed)
    label, take = upload.button(seen.survey, forecast), _Take(uploaded, told)
    is_vain = forecast is not None and forecast.is_whole and forecast.rejected == forecast.rows
    st.button(
        label, type="primary", on_click=take, key="import_take", icon=":material/download:", disabled=asks or is_vain
    )
    if import_state().trouble:
        signs.failed("Not taken in", words.shown(upload.on_page(import_state().trouble)))


def _foretell(forecast: Forecast | None, brand: str | None, listed: Setup) -> bool:
    """Draw what will become of the rows; return whether a brand must be chosen first. `brand`: None where nothing was
    chosen."""
    if forecast is None:
        return False
    ours = upload.ours(listed.brands)
    if brand is None and forecast.prospects.unnamed and len(ours) > 1:
        count = upload.counted(forecast.prospects.unnamed)
        signs.heed(
            f"{count} {'names' if forecast.prospects.unnamed == 1 else 'name'} no brand, and several are set up. "
            "Choose above whose mentions these are.",
            is_late=True,
        )
        return True
    for line in upload.told(forecast):
        st.text(line)
    return False


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _columns(reading: ColumnMapping, header: Sequence[str], layout: str) -> dict[str, str | None]:
    """Draw a select box for each field that is offered; return the column that each field is read from. `layout`: how
    the file was read, for with another layout it has other columns."""
    shown, rest = upload.offered(reading)
    keys = {name: import_state().key(f"{name}_{layout}") for name in (*shown, *rest)}
    held = {name: st.session_state.get(key, reading.columns.get(name)) for name, key in keys.items()}
    picks = {name: column or None for name, column in held.items()}
    doubles = upload.doubles(picks)
    slips = upload.missing(reading.changed({} if doubles else upload.choices(reading, picks))) | doubles
    _grid(shown, lambda name: _column(name, reading, header, keys[name]), slips)
    with st.expander(f"{len(rest)} more that a column can be read as"):
        _grid(rest, lambda name: _column(name, reading, header, keys[name]), slips)
    return picks


def _grid(names: Sequence[str], cell: Callable[[str], None], slips: Mapping[str, str]) -> None:
    for start in range(0, len(names), 2):
        for column, name in zip(st.columns(2, gap="small"), names[start : start + 2], strict=False):
            with column:
                cell(name)
                signs.slip(slips, name)


def _column(name: str, reading: ColumnMapping, header: Sequence[str], widget: str) -> None:
    guess, why = reading.columns.get(name), upload.reason(reading, name)

    def said(column: str) -> str:
        if not column:
            return "not in this file"
        return words.shown(f"{column} \N{MIDDLE DOT} {why}" if column == guess else column)

    options = [ABSENT, *header]
    st.selectbox(FIELDS[name], options, options.index(guess or ABSENT), key=widget, format_func=said)


def _options(seen: UploadPreview, listed: Setup) -> tuple[str | None, str | None, list[str]]:
    """Draw the fields for all rows; return the source, the brand of rows that name none (BY_WORDS where their words
    shall tell, None where nothing was chosen), and the competitors."""
    known = [brand.name for brand in listed.brands]
    ours = upload.ours(listed.brands)
    st.subheader("For all rows", anchor=False)
    from_where, about, rivals = st.columns(3, gap="small")
    has_source = "source" in seen.preview.reading.columns
    otherwise = "as the column says" if has_source else words.source(_told(seen.preview))
    source = from_where.selectbox(
        "Where they are from", list(_places()), index=None, accept_new_options=True, key=import_state().key("from"),
        placeholder=otherwise, format_func=lambda one: _places().get(one, one),
    )  # fmt: skip
    whose = [*known, *([BY_WORDS] if known else [])]
    brand = about.selectbox(
        "Brand of rows that name none", whose, index=whose.index(ours[0]) if len(ours) == 1 else None,
        accept_new_options=True, key=import_state().key("about"), placeholder="choose, or type a name",
        format_func=lambda one: words.shown(one) or "whichever their words name",
    )  # fmt: skip
    fresh = [name for name in seen.survey.brands if key(name) not in set(map(key, known))]
    competitors = rivals.multiselect(
        "Competitors", fresh, key=import_state().key("rivals"), format_func=words.shown,
        placeholder="none: all are ours" if fresh else "no row names a new brand",
        help="Which of the new brands are not yours. They count in Trends only.", disabled=not fresh,
    )  # fmt: skip
    return source, brand if brand is None else brand.strip(), competitors


def _told(preview: Preview) -> str:
    """The source that the file's shape tells; "import" where it tells none."""
    return (preview.shape and preview.shape.source) or "import"


def _places() -> dict[str, str]:
    """{source: the name that people call it by} of the sources a file may be from."""
    return {name: said for name, said in words.SOURCES.items() if name not in ("sample", "import", "twitter")}


def _first_rows(preview: Preview, source: str | None) -> None:
    mentions = [row for row in preview.rows if isinstance(row, Mention)]
    if mentions or not preview.asks_dates:
        st.subheader("The first rows, as they will be", anchor=False)
    if mentions:
        tables.draw(
            table(mentions, source),
            hide_index=True,
            column_config={
                "Written": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=zones.of_reader().key),
                "Text": st.column_config.Column(width=300),
            },
        )
    reasons = dict.fromkeys(one for one in preview.rows if isinstance(one, str))
    for reason in reasons:
        if SAY_ORDER not in reason:  # that is asked above, once for all rows
            st.text(words.shown(f"One row: {reason}"))
    for note in preview.notes:
        if ASK not in note:
            st.text(words.shown(upload.on_page(note)))
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
    told: Instructions

    def __call__(self) -> None:
        here = runtime()
        import_state().trouble = ""
        try:
            with upload.on_disk(self.uploaded.name, self.uploaded.getvalue()) as path:
                import_state().done = imports.import_file(here.places, path, now(), self.told, identity.acting())
        except HearbackError as trouble:
            import_state().trouble = str(trouble)
            return
        except OSError as trouble:
            import_state().trouble = f"The disk refused it ({trouble.strerror}). Taking the file in again does no harm."
            return
        for loop in here.loops.values():
            loop.wake()
        import_state().clear()
