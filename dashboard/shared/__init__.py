"""Parts that several pages use: words, address, colours, tables, states of sources, banners."""
