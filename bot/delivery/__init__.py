"""Receiving updates and sending messages, each exactly once also after a crash."""
