"""Parts that several pages use: words, address, identity, colours, tables, states of sources, banners."""
