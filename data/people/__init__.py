"""The people of the team: who they are, what each may do, how they log in, and the log of what they did."""
