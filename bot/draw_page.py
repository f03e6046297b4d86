"""Where the page to draw on is, for the buttons that open it."""

from urllib.parse import urljoin

from telegram import Chat, User, WebAppInfo
from telegram.constants import ChatType

from bot.services import Services


def page_url(webhook_url: str, language: str) -> str:
    """Return the page's address beside the webhook, for a user of that language."""
    return f"{urljoin(webhook_url, 'draw')}?language={language}"


def page_for(user: User | None, chat: Chat, services: Services) -> WebAppInfo | None:
    """Return the page; None where Telegram would not open it: over https, in private chats."""
    url = services.settings.webhook_url or ""
    if not url.startswith("https:") or chat.type != ChatType.PRIVATE:
        return None
    return WebAppInfo(page_url(url, services.language(user)))
