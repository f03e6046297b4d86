"""One file per topic; each ends with `handlers(services)`, its table of handlers."""

from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import BaseHandler, ContextTypes

Handler: TypeAlias = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
