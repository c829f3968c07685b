"""Parts that several pages use: words, addresses, colours, tables, the frame around a page."""
