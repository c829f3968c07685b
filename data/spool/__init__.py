"""Files by which processes hand work to each other: batches, outbox, pushes, recheck lists, budgets."""
