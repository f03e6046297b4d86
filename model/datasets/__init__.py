"""What the networks learn from: MNIST, synthetic digits, negatives, users' corrections."""
