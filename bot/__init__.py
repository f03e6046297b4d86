"""The Telegram side: settings, wiring, handlers, sentences, store and training jobs."""
