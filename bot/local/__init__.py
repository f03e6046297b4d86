"""The local chat: the Bot API and a page in the browser, where there is no token."""
