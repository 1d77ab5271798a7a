/* SPDX-License-Identifier: MIT */
/* npm's ws as a client, against each server. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import WebSocket from "ws";

import { kinds, start } from "./server.mjs";

/* A client whose next() gives the echoes one after the other. */
class Client {
	constructor(kind, url, ...rest) {
		this.kind = kind;
		this.socket = new WebSocket(url, ...rest);
		this.frames = [];
		this.waiting = [];
		this.closed = once(this.socket, "close");
		this.socket.on("message", (data, binary) => {
			assert.equal(binary, false);
			const text = kind.heard(data.toString());
			if (text === null)
				return;
			const waiting = this.waiting.shift();
			if (waiting)
				waiting(text);
			else
				this.frames.push(text);
		});
	}

	static async open(kind, url, ...rest) {
		const client = new Client(kind, url, ...rest);
		await once(client.socket, "open");
		return client;
	}

	say(text) {
		this.socket.send(this.kind.say(text));
	}

	next() {
		const frame = this.frames.shift();
		return frame !== undefined ? Promise.resolve(frame) : new Promise((resolve) => this.waiting.push(resolve));
	}

	/* The close event's code and reason. */
	async close(...args) {
		this.socket.close(...args);
		const [code, reason] = await this.closed;
		return [code, reason.toString()];
	}
}

assert.ok(kinds.length > 0, "INTEROP_MOCK and INTEROP_ECHO name the servers' programs");

for (const kind of kinds)
	describe(`ws against the ${kind.name}`, { timeout: 60_000 }, () => {
		let server;

		before(async () => {
			server = await start(kind);
		});
		after(() => server.stop());

		test("echo", async () => {
			const client = await Client.open(kind, server.url);
			client.say("hello");
			assert.equal(await client.next(), "hello");
			assert.equal(client.socket.protocol, "");
			assert.deepEqual(await client.close(1000, "bye"), [1000, "bye"]);
		});

		test("compression that is offered is not agreed to", async () => {
			const client = await Client.open(kind, server.url, { perMessageDeflate: true });
			assert.equal(client.socket.extensions, "");
			client.say("plain");
			assert.equal(await client.next(), "plain");
			await client.close();
		});

		test("messages stay in order", async () => {
			const client = await Client.open(kind, server.url);
			for (let i = 0; i < 500; i++)
				client.say(`message ${i}`);
			for (let i = 0; i < 500; i++)
				assert.equal(await client.next(), `message ${i}`);
			await client.close();
		});

		test("fragments, cut inside code points", async () => {
			const client = await Client.open(kind, server.url);
			const text = "é€😀 and more";
			const bytes = Buffer.from(kind.say(text));
			for (let i = 0; i < bytes.length; i++)
				client.socket.send(bytes.subarray(i, i + 1), { binary: false, fin: i === bytes.length - 1 });
			assert.equal(await client.next(), text);
			await client.close();
		});

		test("pings are answered, also between fragments", async () => {
			const client = await Client.open(kind, server.url);
			const pong = once(client.socket, "pong");
			const bytes = Buffer.from(kind.say("in two halves"));
			client.socket.send(bytes.subarray(0, 5), { binary: false, fin: false });
			client.socket.ping("are you there");
			const [payload] = await pong;
			assert.equal(payload.toString(), "are you there");
			client.socket.send(bytes.subarray(5), { binary: false, fin: true });
			assert.equal(await client.next(), "in two halves");
			await client.close();
		});

		for (const code of [1000, 1001, 1008, 3000, 4000, 4999])
			test(`client closes with ${code}`, async () => {
				const client = await Client.open(kind, server.url);
				if (code === 1001) {
					/* ws does not let a client say it; the frame is legal all the same */
					client.socket._sender.close(1001, "going away", true);
					const [closed] = await client.closed;
					assert.equal(closed, 1001);
				} else {
					assert.deepEqual(await client.close(code, "why"), [code, "why"]);
				}
			});

		test("client closes without a code", async () => {
			const client = await Client.open(kind, server.url);
			assert.deepEqual(await client.close(), [1005, ""]);
		});

		test("binary is refused with 1003", async () => {
			const client = await Client.open(kind, server.url);
			client.socket.send(Buffer.from([1, 2, 3]));
			const [code] = await client.closed;
			assert.equal(code, 1003);
		});

		test("large message", async () => {
			const client = await Client.open(kind, server.url);
			const text = "large ".repeat(kind.largest / 6).slice(0, kind.largest - 1) + ".";
			client.say(text);
			assert.equal(await client.next(), text);
			await client.close();
		});

		test("too large a message is refused with 1009", async () => {
			const client = await Client.open(kind, server.url);
			client.socket.send("x".repeat(16 << 20));
			const [code] = await client.closed;
			assert.equal(code, 1009);
		});

		test("unknown path is refused with 404", async () => {
			const client = new Client(kind, `${server.base}/ws/nowhere/`);
			const refused = once(client.socket, "unexpected-response");
			client.closed.catch(() => {});
			client.socket.on("error", () => {});
			const [, response] = await refused;
			assert.equal(response.statusCode, 404);
			client.socket.terminate();
		});

		test("client that vanishes is no harm", async () => {
			for (let i = 0; i < 50; i++) {
				const client = await Client.open(kind, server.url);
				client.say("and gone");
				client.socket.terminate();
			}
			const client = await Client.open(kind, server.url);
			client.say("still there");
			assert.equal(await client.next(), "still there");
			await client.close();
		});

		test("two hundred connections talk at once", async () => {
			const clients = await Promise.all(Array.from({ length: 200 }, () => Client.open(kind, server.url)));
			for (let round = 0; round < 5; round++) {
				clients.forEach((client, i) => client.say(`${i} in round ${round}`));
				const answers = await Promise.all(clients.map((client) => client.next()));
				answers.forEach((text, i) => assert.equal(text, `${i} in round ${round}`));
			}
			const codes = await Promise.all(clients.map((client) => client.close(1000)));
			for (const [code] of codes)
				assert.equal(code, 1000);
		});

		test("load: 20,000 messages over 40 connections", async (t) => {
			const clients = await Promise.all(Array.from({ length: 40 }, () => Client.open(kind, server.url)));
			const begin = performance.now();
			await Promise.all(
				clients.map(async (client) => {
					for (let batch = 0; batch < 25; batch++) {
						for (let i = 0; i < 20; i++)
							client.say(`batch ${batch} message ${i}`);
						for (let i = 0; i < 20; i++)
							assert.equal(await client.next(), `batch ${batch} message ${i}`);
					}
				}),
			);
			const seconds = (performance.now() - begin) / 1000;
			t.diagnostic(`${Math.round(20_000 / seconds)} messages per second, the client's own work included`);
			await Promise.all(clients.map((client) => client.close()));
		});
	});

for (const kind of kinds.filter(({ name }) => name === "mock core"))
	describe("ws against the mock core alone", { timeout: 60_000 }, () => {
		let server;

		before(async () => {
			server = await start(kind);
		});
		after(() => server.stop());

		test("a known subprotocol is chosen", async () => {
			const client = await Client.open(kind, server.url, ["other", "ocpp1.6", "one"]);
			assert.equal(client.socket.protocol, "ocpp1.6");
			await client.close();
		});

		test("only unknown subprotocols are refused", async () => {
			const client = new Client(kind, server.url, ["other"]);
			client.closed.catch(() => {});
			client.socket.on("error", () => {});
			const [, response] = await once(client.socket, "unexpected-response");
			assert.equal(response.statusCode, 400);
			client.socket.terminate();
		});

		for (const code of [1000, 1001, 1011, 1012, 1013, 4401, 4999])
			test(`server closes with ${code}`, async () => {
				const client = await Client.open(kind, server.url);
				client.socket.send("!say 100");
				client.socket.send(`!close ${code} the reason é`);
				for (let i = 0; i < 100; i++)
					assert.equal(await client.next(), `line ${i}`);
				assert.equal(await client.next(), "end");
				const [closed, reason] = await client.closed;
				assert.equal(closed, code);
				assert.equal(reason.toString(), "the reason é");
			});
	});

for (const kind of kinds.filter(({ name }) => name === "echo example"))
	describe("ws against the echo example alone", { timeout: 60_000 }, () => {
		test("a server that ends says 1001 and exits with 0", async () => {
			const server = await start(kind);
			const client = await Client.open(kind, server.url);
			const end = server.stop();
			const [code] = await client.closed;
			assert.equal(code, 1001);
			await end;
		});

		test("silent clients are pinged and stay", async () => {
			const server = await start(kind, "--ping-interval=200ms", "--ping-timeout=2s");
			const client = await Client.open(kind, server.url);
			const begin = performance.now();
			while (performance.now() - begin < 2500)
				await once(client.socket, "ping");
			client.say("still here");
			assert.equal(await client.next(), "still here");
			await client.close();
			await server.stop();
		});
	});
