/* SPDX-License-Identifier: MIT */
/* permessage-deflate with npm's ws, against a server whose contract says compression. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import WebSocket from "ws";

import { start } from "./server.mjs";

const packed = {
	name: "packed server",
	program: process.env.INTEROP_PACKED,
	options: ["--port=0", "--admin-port=0"],
	path: "/packed/1/",
	port: /event=listen\.ready .*port=(\d+) .*admin=no/,
	hangUp: (server) => server.process.kill("SIGTERM"),
};
assert.ok(packed.program, "INTEROP_PACKED names the server's program");

const words = "what is said again and again is said once more, and ";
const text = (length) => words.repeat(Math.ceil(length / words.length)).slice(0, length);

/** An open socket, what it hears by action, and how many bytes have come over the wire. */
async function open(server, options) {
	const socket = new WebSocket(server.url, options);
	const heard = [];
	const waiting = [];
	socket.on("message", (data) => {
		const message = JSON.parse(data.toString());
		if (message.action === "authentication")
			return;
		const next = waiting.shift();
		if (next)
			next(message);
		else
			heard.push(message);
	});
	await once(socket, "open");
	return {
		socket,
		say: (action, payload) => socket.send(JSON.stringify({ action, payload })),
		next: () => (heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve))),
		received: () => socket._socket.bytesRead,
		async close() {
			const closed = once(socket, "close");
			socket.close(1000);
			return (await closed)[0];
		},
	};
}

describe("ws with permessage-deflate", { timeout: 60_000 }, () => {
	let server;

	before(async () => {
		server = await start(packed);
	});
	after(() => server.stop());

	const ways = {
		"as it offers by itself": {},
		"with a small window for the server": { serverMaxWindowBits: 9 },
		"with windows both ways": { serverMaxWindowBits: 10, clientMaxWindowBits: 11 },
		"without context takeover": { serverNoContextTakeover: true, clientNoContextTakeover: true },
		"deflating everything": { threshold: 0 },
	};

	for (const [name, options] of Object.entries(ways))
		test(name, async () => {
			const client = await open(server, { perMessageDeflate: options });
			assert.equal(client.socket.extensions, "permessage-deflate");
			for (const length of [0, 1, 511, 512, 4096, 5000, 70_000, 200_000]) {
				const before = client.received();
				client.say("say", text(length));
				assert.deepEqual(await client.next(), { action: "said", payload: text(length) });
				if (length >= 4096)
					assert.ok(client.received() - before < length / 4, `${client.received() - before} bytes for ${length}`);
			}
			assert.equal(await client.close(), 1000);
		});

	test("no offer, no compression", async () => {
		const client = await open(server, { perMessageDeflate: false });
		assert.equal(client.socket.extensions, "");
		client.say("say", text(5000));
		assert.equal((await client.next()).payload, text(5000));
		assert.equal(await client.close(), 1000);
	});

	test("fragments that are deflated together", async () => {
		const client = await open(server, { perMessageDeflate: { threshold: 0 } });
		const bytes = Buffer.from(JSON.stringify({ action: "say", payload: "é€😀 and more ".repeat(100) }));
		for (let i = 0; i < bytes.length; i += 100)
			client.socket.send(bytes.subarray(i, i + 100), { binary: false, compress: true, fin: i + 100 >= bytes.length });
		assert.equal((await client.next()).payload, "é€😀 and more ".repeat(100));
		assert.equal(await client.close(), 1000);
	});

	test("some of a group inflate, others do not", async () => {
		const members = await Promise.all([{}, { serverMaxWindowBits: 9 }, false, { serverNoContextTakeover: true }, false].map(
			(perMessageDeflate) => open(server, { perMessageDeflate })));
		for (let i = 0; i < 20; i++)
			members[i % members.length].say("tell", `${i} ${text(i % 3 * 3000)}`);
		const seen = await Promise.all(members.map(async (member) => {
			const all = [];
			for (let i = 0; i < 20; i++)
				all.push((await member.next()).payload);
			return all;
		}));
		for (const each of seen)
			assert.deepEqual(each, seen[0]);
		assert.deepEqual(seen[0].map((payload) => parseInt(payload)).sort((a, b) => a - b), [...Array(20).keys()]);
		for (const member of members)
			assert.equal(await member.close(), 1000);
	});

	test("what inflates to more than the limit is refused", async () => {
		const client = await open(server, { perMessageDeflate: {} });
		const closed = once(client.socket, "close");
		client.say("say", "b".repeat(30_000_000));
		assert.equal((await closed)[0], 1009);
	});
});
