"""The dashboard that the team works in; the only Streamlit code."""

# Imports go down this list, those inside functions and for types too; packages on one line do not import each other:
#   main
#   queue, trends, judgement, sources, setup
#   shared
#   runtime
