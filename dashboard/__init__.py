"""The dashboard: what the team sees. The only Streamlit code."""
