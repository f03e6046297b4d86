"""How good a network is: corruptions, metrics, photos, report and plots."""
