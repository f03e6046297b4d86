"""The bot's side over HTTP: /bot<token>/METHOD and /file/bot<token>/PATH."""

import hmac

from aiohttp import web

from bot.local import methods, profile
from bot.local.call import ApiError, Call
from bot.local.world import World

_FUNCTIONS = (
    methods.send_message,
    methods.send_photo,
    methods.send_document,
    methods.send_media_group,
    methods.send_chat_action,
    methods.edit_message_text,
    methods.edit_message_caption,
    methods.edit_message_media,
    methods.edit_message_reply_markup,
    methods.delete_message,
    methods.set_message_reaction,
    methods.answer_callback_query,
    methods.get_file,
    methods.get_updates,
    profile.get_me,
    profile.set_my_commands,
    profile.get_my_commands,
    profile.delete_my_commands,
    profile.set_chat_menu_button,
    profile.set_webhook,
    profile.delete_webhook,
    profile.get_webhook_info,
)
METHODS: dict[str, profile.Method] = {f.__name__.replace("_", ""): f for f in _FUNCTIONS}
for _field in profile.TEXT_CAPS:
    METHODS |= profile.text_methods(_field)


def routes(world: World, token: str) -> list[web.RouteDef]:
    def authorised(request: web.Request) -> None:
        if not hmac.compare_digest(request.match_info["token"], token):
            raise ApiError(401, "Unauthorized")

    async def call_method(request: web.Request) -> web.StreamResponse:
        authorised(request)
        method = METHODS.get(request.match_info["method"].lower())
        if not method:
            raise ApiError(404, "Not Found: method not found")
        call = await Call.read(request)
        request["fields"] = call.fields
        result = await method(world, call)
        return web.json_response({"ok": True, "result": result})

    async def download(request: web.Request) -> web.StreamResponse:
        authorised(request)
        file = world.files.by_path.get(request.match_info["path"])
        if not file:
            raise ApiError(404, "Not Found")
        return web.Response(body=file.data, content_type="application/octet-stream")

    return [
        web.route("*", "/bot{token}/{method}", call_method),
        web.get("/file/bot{token}/{path:.+}", download),
    ]
