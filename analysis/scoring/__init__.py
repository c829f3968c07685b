"""One mention judged: sentiment, needs a reply, each brand for itself, by the shipped weights or by VADER."""
