"""Retraining: users' corrections -> a trained version, its promotion test, messages about it."""
