/* SPDX-License-Identifier: MIT */
/* permessage-deflate in a real browser, which offers it by itself. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, it } from "node:test";

import { launchBrowser } from "./visitor.mjs";

let browser;
let server;
let port;

before(async () => {
	server = spawn(process.env.PACKED_SERVER, ["--port=0"], { stdio: ["ignore", "pipe", "pipe"] });
	port = await new Promise((resolve, reject) => {
		let output = "";
		const read = (chunk) => {
			const found = /event=listen\.ready .*port=(\d+) .*admin=no/.exec((output += chunk));
			if (found)
				resolve(Number(found[1]));
		};
		server.stdout.on("data", read);
		server.stderr.on("data", read);
		server.on("exit", (code) => reject(new Error(`the server has ended with ${code}: ${output}`)));
	});
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	const end = once(server, "exit");
	server.kill("SIGTERM");
	assert.equal((await end)[0], 0);
});

/** What a page gets that says texts of these lengths, and the extensions of its socket. */
async function visit(path, lengths) {
	const page = await browser.newPage();
	try {
		return await page.evaluate(
			async ([url, sizes]) => {
				const socket = new WebSocket(url);
				const heard = [];
				const words = "what is said again and again is said once more, and ";
				const told = new Promise((resolve, reject) => {
					socket.onclose = (event) => reject(new Error(`closed with ${event.code}`));
					socket.onmessage = (event) => {
						const message = JSON.parse(event.data);
						if (message.action !== "said")
							return;
						heard.push(message.payload.length);
						if (!words.repeat(4000).startsWith(message.payload))
							reject(new Error("another text"));
						if (heard.length === sizes.length)
							resolve();
					};
				});
				await new Promise((resolve) => {
					socket.onopen = resolve;
				});
				for (const size of sizes)
					socket.send(JSON.stringify({ action: "say", payload: words.repeat(4000).slice(0, size) }));
				await told;
				socket.onclose = null;
				socket.close();
				return { extensions: socket.extensions, heard };
			},
			[`ws://127.0.0.1:${port}${path}`, lengths],
		);
	} finally {
		await page.close();
	}
}

it("compresses where the contract says so", async () => {
	const { extensions, heard } = await visit("/packed/1/", [0, 5, 600, 5000, 70_000, 200_000]);
	assert.match(extensions, /^permessage-deflate; server_no_context_takeover; client_no_context_takeover$/);
	assert.deepEqual(heard, [0, 5, 600, 5000, 70_000, 200_000]);
});

it("does not elsewhere", async () => {
	const { extensions, heard } = await visit("/plain/1/", [5, 70_000]);
	assert.equal(extensions, "");
	assert.deepEqual(heard, [5, 70_000]);
});
