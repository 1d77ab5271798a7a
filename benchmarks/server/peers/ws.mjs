// SPDX-License-Identifier: MIT
// The package `ws`, as its documentation teaches: one server, messages parsed, looked at and written again; a broadcast is made once and
// sent to all clients. Its optional native part (bufferutil) is installed; compression is off, as it is by default.
import { WebSocketServer, WebSocket } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });
const room = new Set();

function isChat(message) {
	return message?.action === "chat" && Number.isInteger(message.payload?.id) &&
		typeof message.payload.name === "string" && typeof message.payload.text === "string";
}

server.on("connection", (socket, request) => {
	const isMember = request.url === "/room/";

	if (isMember) room.add(socket);
	socket.on("error", () => socket.terminate());
	socket.on("close", () => room.delete(socket));
	socket.on("message", (data) => {
		let message;

		try {
			message = JSON.parse(data.toString());
		} catch {
			return;
		}
		if (!isChat(message)) return;
		if (!isMember) {
			socket.send(JSON.stringify(message));
			return;
		}
		const text = JSON.stringify({ ...message, is_mine: false, is_current: false });

		for (const member of room) {
			if (member.readyState === WebSocket.OPEN) member.send(text);
		}
	});
});
