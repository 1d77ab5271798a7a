// SPDX-License-Identifier: MIT
// The package socket.io, as its documentation teaches: events, rooms; over WebSockets alone, without compression. The namespace is told
// by the handshake's query: `?room` joins the room.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

function isChat(message) {
	return message?.action === "chat" && Number.isInteger(message.payload?.id) &&
		typeof message.payload.name === "string" && typeof message.payload.text === "string";
}

io.on("connection", (socket) => {
	const isMember = "room" in socket.handshake.query;

	if (isMember) socket.join("room");
	socket.on("message", (message) => {
		if (!isChat(message)) return;
		if (isMember) io.to("room").emit("message", { ...message, is_mine: false, is_current: false });
		else socket.emit("message", message);
	});
});
http.listen(Number(process.argv[2]), "127.0.0.1");
