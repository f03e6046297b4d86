"""The address of the page to draw on, for the buttons that open it."""

from urllib.parse import urljoin

from telegram import Chat, User, WebAppInfo
from telegram.constants import ChatType

from bot.services import Services
from bot.settings import Settings


def page_url(webhook_url: str, language: str = "") -> str:
    """Return the page's address beside the webhook; without a language the browser's is used."""
    return urljoin(webhook_url, "draw") + (f"?language={language}" if language else "")


def page_for_all(settings: Settings) -> WebAppInfo | None:
    """Return the page; None without https, which Telegram requires."""
    url = settings.webhook_url or ""
    return WebAppInfo(page_url(url)) if url.startswith("https:") else None


def page_for(user: User | None, chat: Chat, services: Services) -> WebAppInfo | None:
    """Return the page in a user's language; None also outside private chats."""
    url = services.settings.webhook_url or ""
    if chat.type != ChatType.PRIVATE or page_for_all(services.settings) is None:
        return None
    return WebAppInfo(page_url(url, services.language(user)))
