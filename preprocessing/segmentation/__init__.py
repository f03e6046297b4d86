"""Ink -> digits: which components are strokes, and which strokes are one digit."""
