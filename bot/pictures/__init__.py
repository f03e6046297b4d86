"""The pictures that the bot draws: arrays or readings -> JPEG or PNG files."""
