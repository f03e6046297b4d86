"""What the bot serves itself: Telegram's webhook, its health, the page to draw on."""
