"""The bot's HTTP server: Telegram's webhook, health and metrics, the page to draw on."""
