"""The pictures that the bot draws: arrays and readings in, picture files out."""
