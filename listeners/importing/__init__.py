"""What importing a file is made of: its rows, its times, and the border where a row becomes a mention."""
