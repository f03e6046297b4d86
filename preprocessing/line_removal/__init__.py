"""Ink -> the same without printed lines and boxes."""
