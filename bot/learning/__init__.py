"""From users' corrections to a version that serves: lessons, trainings, promotion."""
