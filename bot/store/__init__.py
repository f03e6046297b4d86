"""What the bot remembers: users, updates in work, readings, corrections, training jobs."""
