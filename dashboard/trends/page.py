"""The page Trends: weekly sentiment, volume by source, share of voice beside competitors, and first response."""

from __future__ import annotations

import streamlit as st

from analysis import trends
from dashboard import edge
from dashboard.runtime import now, runtime
from dashboard.shared import words
from dashboard.shared.palettes import palette
from dashboard.trends import charts, topic_table, weekly
from data.analytics import topics
from data.analytics.trends import Scope, answers, count_unscored, tallies
from data.brands import brands

store = runtime().store
counted = tallies(store)
latest = trends.period(counted, None, now())
known = store.remembered(brands.known, "brand")
if latest is None:
    is_named = any(not one.competitor for one in known)
    weekly.nothing_yet(count_unscored(store), is_named=is_named)
    st.stop()

brand, sources, length = weekly.filters(
    [one.name for one in known if not one.competitor], {tally.source for tally in counted if not tally.competitor}
)
shown = trends.period(counted, length, now()) or latest
ours = trends.of_ours(counted, brand, sources)
moods = trends.moods(ours, shown.weeks)
if not any(mood.mentions for mood in moods):
    weekly.nothing_passes(shown, sum(mentions for _, mentions in ours))
    st.stop()

with store.read() as connection:
    spoken_of = topics.latest(connection, brand)
answered = answers(store, Scope(shown.since, shown.until, brand, sources))
responses = trends.responses(answered, moods)
voices = trends.voices(counted, shown.weeks, brand, sources)
target = weekly.shared_target(known, brand)
colours = palette(st.context.theme.type)

file = f"{shown.weeks[0]}-to-{shown.weeks[-1]}"
told = trends.headlines(moods, responses, shown)

st.caption(weekly.said(shown, told))
if told:
    weekly.headlines(told)
left, right = st.columns(2)
with left, edge.part("How people speak of us"):
    weekly.card(charts.mood(moods, shown, colours), file)
with right, edge.part("Whether the mood gets better"):
    weekly.card(charts.net(moods, shown, colours), file)
left, right = st.columns(2)
with left, edge.part("Where they speak"):
    weekly.card(charts.volume(trends.volumes(ours, shown.weeks, words.source), shown, colours), file)
with right, edge.part("How loud we are"):
    if any(one.competitor for one in known):
        weekly.card(charts.voice(voices, shown, colours), file)
    else:
        weekly.no_competitor()
left, right = st.columns(2)
with left, edge.part("How fast we answer"):
    weekly.card(charts.speed(responses, shown, colours, target), file)
with right, edge.part("How many we answer"):
    weekly.card(charts.reached(responses, shown, colours), file)
if spoken_of:
    with edge.part("What buyers speak of"):
        topic_table.draw(spoken_of, file)
st.caption(weekly.SMALL_PRINT)
