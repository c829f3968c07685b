"""Scores, ranks and counts mentions: values in, values out; no database, no clock, no network."""

# Imports go down this list, those inside functions and for types too; packages on one line do not import each other:
#   __main__
#   training, adapting
#   evaluation
#   scoring
#   cues
#   text
#   measuring, ranking, trends (any of the above may import these)
