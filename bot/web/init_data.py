"""The init data of a Mini App -> the user who opened it, if Telegram's signature is valid.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hmac
import json
from hashlib import sha256
from urllib.parse import parse_qsl

from telegram import User

VALID = 86_400.0  # s from when the page was opened: later a copied signature is refused
CLOCK_SKEW = 60.0  # s that Telegram's clock may be ahead of this machine's


def signed_user(init_data: str, token: str, now: float) -> User | None:
    """Return the user; None if the signature is not by this bot's token, or the date invalid.

    The date may lie at most VALID before `now` and CLOCK_SKEW after it.
    `init_data`: `Telegram.WebApp.initData`; `now`: Unix seconds.
    """
    fields = dict(parse_qsl(init_data, keep_blank_values=True))
    shown = fields.pop("hash", "")
    content = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    right = hmac.new(key, content.encode(), sha256).hexdigest()
    if not hmac.compare_digest(shown.encode(), right.encode()):
        return None
    age = now - int(fields.get("auth_date", 0))
    if not -CLOCK_SKEW <= age <= VALID or "user" not in fields:
        return None
    about = json.loads(fields["user"])
    language = about.get("language_code")
    return User(about["id"], about["first_name"], is_bot=False, language_code=language)
