"""Training data: MNIST, synthetic digits, negatives, users' corrections."""
