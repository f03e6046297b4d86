"""The bot's side over HTTP: /bot<token>/METHOD and /file/bot<token>/PATH."""

import hmac
from inspect import iscoroutinefunction

from aiohttp import web

from bot.local import methods, profile
from bot.local.call import ApiError, Call
from bot.local.world import World

CALL = web.RequestKey("call", Call)  # for whoever watches requests go through
METHODS: dict[str, profile.Method] = {
    name.replace("_", ""): function
    for module in (methods, profile)
    for name, function in vars(module).items()
    if iscoroutinefunction(function) and function.__module__ == module.__name__
}
for _field in profile.TEXT_CAPS:
    METHODS |= profile.text_methods(_field)


def routes(world: World, token: str) -> list[web.RouteDef]:
    def check(request: web.Request) -> None:
        if not hmac.compare_digest(request.match_info["token"].encode(), token.encode()):
            raise ApiError(401, "Unauthorized")

    async def call_method(request: web.Request) -> web.Response:
        check(request)
        method = METHODS.get(request.match_info["method"].lower())
        if not method:
            raise ApiError(404, "Not Found: method not found")
        request[CALL] = call = await Call.read(request)
        return web.json_response({"ok": True, "result": await method(world, call)})

    async def download(request: web.Request) -> web.Response:
        check(request)
        file = world.files.by_id.get(request.match_info["file_id"])
        if not file:
            raise ApiError(404, "Not Found")
        return web.Response(body=file.data, content_type="application/octet-stream")

    return [
        web.route("*", "/bot{token}/{method}", call_method),
        web.get("/file/bot{token}/{kind}/{file_id}", download),
    ]
