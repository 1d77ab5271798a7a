/* SPDX-License-Identifier: MIT */
/* A charge point and a bot, by npm's ws, against a server made from their protocols' contracts; byte for byte. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

const require = createRequire(process.env.WS_AT + "/");
const WebSocket = require("ws");

const now = "2026-11-22T05:00:00Z";
let base, child;

before(async () => {
	child = spawn(process.env.FOREIGN, ["--port=0"], { stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	const port = await new Promise((resolve, reject) => {
		const read = (chunk) => {
			output += chunk;
			const found = /event=listen\.ready .*port=(\d+) .*admin=no/.exec(output);
			if (found)
				resolve(found[1]);
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
		child.on("exit", (code) => reject(new Error(`the server has ended with ${code}: ${output}`)));
	});
	base = `ws://127.0.0.1:${port}`;
});

after(async () => {
	const end = once(child, "exit");
	child.kill("SIGTERM");
	assert.deepEqual(await end, [0, null]);
});

/* A client whose next() gives the frames one after the other. */
class Client {
	constructor(path, protocols) {
		this.socket = new WebSocket(base + path, protocols);
		this.frames = [];
		this.waiting = [];
		this.closed = once(this.socket, "close");
		this.socket.on("message", (data) => {
			const waiting = this.waiting.shift();
			if (waiting)
				waiting(data.toString());
			else
				this.frames.push(data.toString());
		});
	}

	static async open(path, protocols) {
		const client = new Client(path, protocols);
		await once(client.socket, "open");
		return client;
	}

	next() {
		return this.frames.length > 0 ? this.frames.shift() : new Promise((resolve) => this.waiting.push(resolve));
	}

	async says(frame, answer) {
		this.socket.send(frame);
		assert.equal(await this.next(), answer);
	}

	async close() {
		this.socket.close(1000);
		await this.closed;
	}
}

test("a charge point calls and is called", async () => {
	const point = await Client.open("/ocpp/CP%20002", "ocpp1.6");
	assert.equal(point.socket.protocol, "ocpp1.6");
	await point.says(
		'[2,"19223201","BootNotification",{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger"}]',
		`[3,"19223201",{"currentTime":"${now}","interval":300,"status":"Accepted"}]`);
	await point.says('[2,"1","Authorize",{"idTag":"a tag that is too long for this"}]',
		'[4,"1","PropertyConstraintViolation","3.idTag: String should have at most 20 characters",{}]');
	point.socket.send('[2,"2","DataTransfer",{"vendorId":"test","data":"start"}]');
	const [type, id, action, payload] = JSON.parse(await point.next());
	assert.deepEqual([type, action, payload], [2, "RemoteStartTransaction", { idTag: "GOOD" }]);
	await point.says(`[3,"${id}",{"status":"Accepted"}]`, '[3,"2",{"status":"Accepted"}]');
	/* Its id is nobody's now. */
	point.socket.send(`[3,"${id}",{"status":"Accepted"}]`);
	await point.says('[2,"3","Heartbeat",{}]', `[3,"3",{"currentTime":"${now}"}]`);
	await point.close();
});

test("many charge points call at once, each in its order", async () => {
	const points = await Promise.all(Array.from({ length: 20 }, (_, i) => Client.open(`/ocpp/CP${i}`, "ocpp1.6")));
	for (const point of points) {
		for (let i = 0; i < 10; i++)
			point.socket.send(`[2,"${i}","Heartbeat",{}]`);
	}
	for (const point of points) {
		for (let i = 0; i < 10; i++)
			assert.equal(await point.next(), `[3,"${i}",{"currentTime":"${now}"}]`);
		await point.close();
	}
});

test("a bot hears hello, identifies, and sends heartbeats", async () => {
	const bot = await Client.open("/gateway?v=10&encoding=json");
	assert.equal(await bot.next(), '{"op":10,"d":{"heartbeat_interval":41250}}');
	bot.socket.send('{"op":2,"d":{"token":"good","intents":513,"properties":{"os":"linux","browser":"x","device":"x"},"shard":[0,1]}}');
	const ready = JSON.parse(await bot.next());
	assert.equal(ready.t, "READY");
	assert.equal(ready.d.session_id, "s1");
	await bot.says('{"op":1,"d":null}', '{"op":11}');
	await bot.says('{"op":3,"d":{"since":1,"activities":[],"status":"idle","afk":true}}', '{"op":7,"d":null}');
	bot.socket.send('{"op":3,"d":{}}');
	assert.equal((await bot.closed)[0], 4400);
});
