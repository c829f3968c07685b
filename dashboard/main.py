"""The page list, and what stands above every page."""

from __future__ import annotations

import streamlit as st

from dashboard.components import frame

st.set_page_config(page_title="Hearback", page_icon="dashboard/components/icon.svg", layout="wide")
chosen = st.navigation(
    [
        st.Page("reply_queue.py", title="Reply queue", icon=":material/inbox:", default=True),
        st.Page("trends.py", title="Trends", icon=":material/monitoring:"),
        st.Page("judgement.py", title="Judgement", icon=":material/balance:"),
        st.Page("sources.py", title="Sources", icon=":material/sensors:"),
        st.Page("setup_page.py", title="Setup", icon=":material/tune:", url_path="setup"),
    ],
    position="top",
)
frame.notices(chosen.title)
chosen.run()
