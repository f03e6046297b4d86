"""Evaluation of a network: corruptions, metrics, labelled photos, report and plots."""
