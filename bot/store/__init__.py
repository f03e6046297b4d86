"""The database: users' settings, updates, sent messages, readings, corrections, trainings."""
