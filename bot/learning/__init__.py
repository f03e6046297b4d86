"""From users' corrections to a version that serves: training, test, promotion, messages."""
