"""The list of pages, and the banners above each."""

from __future__ import annotations

import streamlit as st

from dashboard import edge
from dashboard.access import gate
from dashboard.shared import frame

st.set_page_config(page_title="Hearback", page_icon="dashboard/shared/icon.svg", layout="wide")
is_open = gate.is_open()
chosen = st.navigation(
    [
        st.Page("queue/page.py", title="Reply queue", icon=":material/inbox:", default=True),
        st.Page("trends/page.py", title="Trends", icon=":material/monitoring:", url_path="trends"),
        st.Page("judgement/page.py", title="Judgement", icon=":material/balance:", url_path="judgement"),
        st.Page("sources/page.py", title="Sources", icon=":material/sensors:", url_path="sources"),
        st.Page("setup/page.py", title="Setup", icon=":material/tune:", url_path="setup"),
    ],
    position="top" if is_open else "hidden",
)
if is_open:
    with frame.patient():
        with edge.part("What stands above every page"):
            frame.notices(chosen.title)
        chosen.run()
