"""Training with TensorFlow and Keras; never imported by the running bot."""
