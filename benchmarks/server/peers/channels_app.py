# SPDX-License-Identifier: MIT
"""Django Channels as its tutorial teaches: JSON consumers, a group for the room, the layer of one process in memory.

Served as `channels_app:application` by uvicorn or daphne.
"""
import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="for a benchmark on the loopback interface",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10000}}},
)
django.setup()


def is_chat(message):
    payload = message.get("payload") if isinstance(message, dict) and message.get("action") == "chat" else None
    return isinstance(payload, dict) and isinstance(payload.get("id"), int) and isinstance(payload.get("name"), str) \
        and isinstance(payload.get("text"), str)


class Echo(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content, **kwargs):
        if is_chat(content):
            await self.send_json(content)


class Room(AsyncJsonWebsocketConsumer):
    groups = ["room"]

    async def receive_json(self, content, **kwargs):
        if is_chat(content):
            await self.channel_layer.group_send("room", {"type": "posted", "message": content})

    async def posted(self, event):
        await self.send_json({**event["message"], "is_mine": False, "is_current": False})


application = ProtocolTypeRouter({"websocket": URLRouter([path("echo/", Echo.as_asgi()), path("room/", Room.as_asgi())])})
