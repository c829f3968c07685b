"""The queue: its ranked rows, the log of actions behind them, and what a person does to a mention."""
