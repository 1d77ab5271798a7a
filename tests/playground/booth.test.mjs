/* SPDX-License-Identifier: MIT */
/*
 * The playground of a contract of every kind: the ways to say who one is, the inputs of a form, questions of the server, streams of topics,
 * texts that would like to be markup.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { launchBrowser, Player, serve, stopAll } from "./kit.mjs";

let server;
let browser;

before(async () => {
	server = await serve(process.env.BOOTH_SERVER);
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	await server?.stop();
	await stopAll();
});

async function finish(player) {
	assert.equal(await player.page.evaluate(() => typeof globalThis.hacked), "undefined");
	assert.deepEqual(player.wrong, []);
	await player.close();
}

async function open(endpoint, options) {
	const player = await Player.open(browser, server, options);
	await player.endpoint(endpoint);
	return player;
}

/** What a WebSocket without a page hears first: a frame of less than 64 KiB. */
function firstFrame(url) {
	return new Promise((resolve, reject) => {
		const handshake = request(url, { headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" } });
		handshake.on("error", reject);
		handshake.on("response", ({ statusCode }) => reject(new Error(`status ${statusCode}`)));
		handshake.on("upgrade", (_answer, socket, head) => {
			let bytes = head;
			const read = (chunk) => {
				bytes = Buffer.concat([bytes, chunk]);
				if (bytes.length < 4)
					return;
				const at = bytes[1] === 126 ? 4 : 2, length = at === 4 ? bytes.readUInt16BE(2) : bytes[1];
				if (bytes.length < at + length)
					return;
				socket.destroy();
				resolve(JSON.parse(bytes.subarray(at, at + length).toString()));
			};
			socket.on("data", read);
			read(Buffer.alloc(0));
		});
		handshake.end();
	});
}

/** A ping is answered: the connection is one. */
async function pings(player) {
	await player.state("live");
	await player.message("ping");
	await player.send();
	await player.rows("out", "ping").getByText(/pong \d/).waitFor();
}

describe("who one is", () => {
	it("a cookie by its value", async () => {
		const player = await open("by_cookie");
		await player.field("Value of booth").fill("ada");
		await player.connect();
		await pings(player);
		assert.match(await player.page.locator("#presence").textContent(), /session:ada|booth:ada/);
		await finish(player);
	});

	for (const [way, option] of [["first frame", "frame"], ["header, which the URL stands in for", "header"]])
		it(`a token in the ${way}`, async () => {
			const player = await open("by_token");
			await player.field("Token").fill("token-ada");
			await player.field("Sent").selectOption(option);
			await player.connect();
			await pings(player);
			assert.equal((await player.page.locator("#log").textContent()).includes("Bearer"), false, "what is shown of the URL holds no secret");
			await finish(player);
		});

	it("a wrong token is refused in words", async () => {
		const player = await open("by_token");
		await player.field("Token").fill("nonsense");
		await player.connect();
		await player.state("closed");
		assert.match(await player.page.locator("#closed").textContent(), /4401 Not authenticated/);
		await finish(player);
	});

	for (const [way, cookie, token] of [["the cookie", "ada", ""], ["a token", null, "token-ada"]])
		it(`a ticket that was fetched with ${way}`, async () => {
			const player = await Player.open(browser, server);
			if (cookie)
				await player.context.addCookies([{ name: "booth", value: cookie, url: server.url, httpOnly: true }]);
			await player.endpoint("by_ticket");
			await player.field("Token to get it with").fill(token);
			await player.connect();
			await pings(player);
			assert.match(await player.rows("note").first().textContent(), /ticket=•••/);
			await finish(player);
		});

	it("a ticket in the first frame; without credentials there is none, which is said", async () => {
		const player = await open("by_ticket");
		await player.connect();
		await player.page.locator("#toast").getByText("There is no ticket: 401").waitFor();
		player.wrong.splice(0); /* the browser itself reports a 401 */
		await player.field("Token to get it with").fill("token-grace");
		await player.field("Sent").selectOption("frame");
		await player.connect();
		await pings(player);
		await finish(player);
	});

	it("name and password", async () => {
		const player = await open("by_password");
		await player.field("Name").fill("ada");
		await player.field("Password").fill("wrong");
		await player.connect();
		await player.state("closed");
		await player.field("Password").fill("sesame");
		await player.connect();
		await pings(player);
		await finish(player);
	});

	it("a message of the contract's own, as the first frame", async () => {
		const player = await open("by_message");
		for (const [secret, state] of [["nonsense", "closed"], ["sesame-ada", "live"]]) {
			await player.connect();
			await player.state("open");
			await player.message("identify");
			await player.field("secret").fill(secret);
			await player.send();
			await player.state(state);
		}
		await player.rows("out", "identify").last().getByText(/welcome \d/).waitFor();
		await pings(player);
		await finish(player);
	});

	it("nobody", async () => {
		const player = await open("anybody");
		await player.connect();
		await pings(player);
		await finish(player);
	});

	it("the credentials in the URL are the playground's only: without it the server does not read them", async () => {
		const off = await serve(process.env.BOOTH_SERVER, ["--playground=no"]);
		try {
			for (const [each, live] of [[server, true], [off, false]]) {
				const first = await firstFrame(`${each.url}/ws/password/?playground_authorization=${encodeURIComponent(`Basic ${btoa("ada:sesame")}`)}`);
				assert.equal(first.payload.status_code, live ? 200 : 401);
			}
		} finally {
			await off.stop();
		}
	});

	it("the playground's origin is trusted with cookies where it is served, and only there", async () => {
		const off = await serve(process.env.BOOTH_SERVER, ["--playground=no"]);
		const status = async (each, origin) => {
			const answer = await fetch(`${each.url}/ticket`, { method: "POST", headers: { origin, cookie: "booth=ada", "content-type": "application/json" }, body: '{"path":"/ws/ticket/"}' });
			return answer.status;
		};
		try {
			assert.equal(await status(server, server.url), 200);
			assert.equal(await status(server, server.admin), 200);
			assert.equal(await status(server, server.admin.replace("127.0.0.1", "localhost")), 401);
			assert.equal(await status(server, "http://127.0.0.1:1"), 401);
			assert.equal(await status(off, off.admin), 401);
			const foreign = await fetch(`${server.admin}/playground/ticket`, { method: "POST", headers: { origin: "http://evil.example", cookie: "booth=ada" }, body: '{"path":"/ws/ticket/"}' });
			assert.equal(foreign.status, 403);
		} finally {
			await off.stop();
		}
	});
});

describe("a form of every kind", () => {
	const inside = (player, pointer) => player.page.locator(".member", { has: player.page.locator(`> .problem[data-at="${pointer}"]`) }).last();

	async function everything(options) {
		const player = await open("by_cookie", options);
		await player.field("Value of booth").fill("ada");
		await player.connect();
		await player.state("live");
		await player.message("everything");
		return player;
	}

	it("the example fits, leaves, and comes back as it was", async () => {
		const player = await everything();
		assert.deepEqual(await player.problems(), []);
		assert.equal(await player.page.locator("#check-state").textContent(), "fits the contract");
		await player.send();
		await player.rows("out", "everything").getByText(/seen \d/).waitFor();
		if (process.env.SCREENSHOTS) {
			mkdirSync(process.env.SCREENSHOTS, { recursive: true });
			await player.page.setViewportSize({ width: 1440, height: 2600 });
			await player.page.screenshot({ path: join(process.env.SCREENSHOTS, "playground-form.png") });
		}
		await finish(player);
	});

	it("64 bits and decimals keep their digits, there and back", async () => {
		const player = await everything();
		await player.field("exact").fill("9007199254740993");
		await player.field("price").fill("0.10");
		assert.match(await player.page.locator("#editor-place textarea").inputValue(), /"exact": 9007199254740993,[^]*"price": 0\.10,/);
		await player.send();
		const row = player.rows("in", "seen");
		await row.locator("button.row-head").click();
		const shown = await row.locator("pre").textContent();
		assert.match(shown, /"exact": 9007199254740993/);
		assert.match(shown, /"price": 0\.10/);
		await finish(player);
	});

	it("choices, members that may be absent or null, lists, maps and arms of unions", async () => {
		const player = await everything();
		const { page } = player;
		await player.field("volume").selectOption({ label: "9" });
		await player.field("yes").selectOption("true");
		await player.field("mood").fill("furious");
		await player.field("send essay").uncheck();
		await player.field("Kind of shape").selectOption({ label: "path" });
		await page.getByRole("button", { name: "Add an item to points" }).click();
		await player.field("nothing is null").uncheck();
		await player.field("Kind of either").selectOption({ label: "whole number" });
		await player.field("either").fill("-7");
		const tags = (await player.json()).payload.tags.length;
		for (let i = tags; i < 2; i++)
			await page.getByRole("button", { name: "Add an item to tags" }).click();
		await player.field("item 1 of tags").fill("one");
		await player.field("item 2 of tags").fill("two");
		await player.field("anything, as JSON").fill('{"deep":[1,{"x":null}]}');
		const { payload } = await player.json();
		assert.equal(payload.volume, 9);
		assert.equal(payload.yes, true);
		assert.equal(payload.mood, "furious");
		assert.equal("essay" in payload, false);
		assert.equal(payload.shape.kind, "path");
		assert.equal(payload.shape.points.length, 2);
		assert.equal(typeof payload.nothing.x, "number");
		assert.equal(payload.either, -7);
		assert.deepEqual(payload.tags, ["one", "two"]);
		assert.deepEqual(payload.anything, { deep: [1, { x: null }] });
		assert.deepEqual(await player.problems(), []);
		await player.send();
		await player.rows("out", "everything").getByText(/seen \d/).waitFor();

		await player.field("item 2 of tags").fill("one");
		assert.match((await player.problems()).join(), /tags/);
		await page.getByRole("button", { name: "Remove item 1 of tags" }).click();
		assert.deepEqual((await player.json()).payload.tags, ["one"]);
		assert.deepEqual(await player.problems(), []);
		await page.getByRole("button", { name: "Add a member to weights" }).click();
		assert.deepEqual(await player.problems(), []);
		await finish(player);
	});

	it("each problem stands beside its field, in the union's arm that is meant", async () => {
		const player = await everything();
		await player.field("small").fill("201");
		await player.page.locator("#form-place").getByLabel("name", { exact: true }).first().fill("NOT");
		await player.field("exact").fill("many");
		await player.field("Kind of shape").selectOption({ label: "circle" });
		await player.field("radius").fill("-1");
		const said = await player.problems();
		assert.equal(said.length, 4, said.join("\n"));
		assert.match(await inside(player, "/payload/exact").textContent(), /Should be integer, is string/);
		assert.match(await inside(player, "/payload/shape/radius").textContent(), /-1/);
		await player.send();
		await player.page.locator("#refusal").getByText("payload.shape.radius").waitFor();
		await player.page.locator("#refusal").getByText("payload.small").waitFor();
		await finish(player);
	});

	it("what the editor says, the form shows: arms, nulls, further members", async () => {
		const player = await everything();
		const value = await player.json();
		Object.assign(value.payload, { shape: { kind: "by name", name: "square" }, nothing: { x: 1, y: 2.5 }, either: null, weights: { a: 1, b: 2 }, unknown: "kept" });
		await player.setJson(JSON.stringify(value));
		assert.equal(await player.field("Kind of shape").evaluate((select) => select.selectedOptions[0].textContent), "named");
		assert.equal(await player.field("either is null").isChecked(), true);
		assert.equal(await player.field("nothing is null").isChecked(), false);
		await player.field("small").fill("8");
		const after = (await player.json()).payload;
		assert.deepEqual(after.weights, { a: 1, b: 2 });
		assert.equal(after.unknown, "kept");
		assert.deepEqual(after.shape, { kind: "by name", name: "square" });
		assert.deepEqual(await player.problems(), []);
		await finish(player);
	});

	it("parameters of the URL are typed: numbers that are a choice, optional ones", async () => {
		const player = await open("by_cookie");
		const url = () => player.page.locator("#url").textContent();
		assert.match(await url(), /\/ws\/cookie\/[a-z]+\/$/);
		await player.field("name").first().fill("stage");
		await player.field("send times").check();
		await player.field("times").fill("3");
		await player.field("send volume").check();
		await player.page.locator("#parameters").getByLabel("volume", { exact: true }).selectOption({ label: "9" });
		assert.match(await url(), /\/ws\/cookie\/stage\/\?volume=9&times=3$/);
		await player.field("times").fill("256");
		await player.page.locator("#parameters .problem").getByText("256").waitFor();
		await player.field("times").fill("255");
		await player.field("Value of booth").fill("ada");
		await player.connect();
		await player.state("live");
		await finish(player);
	});
});

describe("conversations", () => {
	it("a question of the server is answered from its row", async () => {
		const player = await open("anybody");
		await player.connect();
		await player.state("live");
		for (const [i, [answer, result]] of [["yes", "I say so"], ["no", "no"]].entries()) {
			await player.message("quiz");
			await player.send();
			const row = player.rows("in", "ask").nth(i);
			await row.locator("button.row-head").click();
			await row.getByRole("button", { name: `Answer ${answer}` }).click();
			if (answer === "yes")
				await player.field("because").fill("I say so");
			await player.send();
			await player.rows("in", "result").last().getByText(`"${result}"`).waitFor();
		}
		await finish(player);
	});

	it("a topic's stream is recovered from where it was left", async () => {
		const player = await open("anybody");
		const { page } = player;
		await player.connect();
		await player.state("live");
		const subscribe = async (id) => {
			await page.locator("#topic-parameters input").fill(id);
			await page.locator("#subscribe").click();
		};
		await subscribe("7");
		const topic = page.locator('[data-topic="thread:7"]');
		await topic.getByText("subscribed", { exact: true }).waitFor();
		await topic.getByRole("button", { name: "Send to it" }).click();
		await player.message("shout");
		for (const text of ["first", "second", "third"]) {
			await player.field("payload").fill(text);
			assert.equal((await player.json()).topic, "thread:7");
			await player.send();
			await player.rows("in", "shouted").getByText(text).waitFor();
		}
		await topic.getByText("3 frames · seq 3").waitFor();
		const first = player.rows("in", "shouted").first();
		await first.locator("button.row-head").click();
		await first.getByRole("button", { name: "Recover from here" }).click();
		await player.rows("in", "shouted").nth(4).waitFor();
		await player.rows("in", "recovered").waitFor();
		assert.deepEqual(await page.locator("#log .row.recovered .sum").allTextContents(), ['"second"', '"third"']);
		await subscribe("13");
		await page.locator('[data-topic="thread:13"]').getByText("unauthorized", { exact: false }).waitFor();
		await finish(player);
	});

	it("a handler's refusal and codes of the application's own are told", async () => {
		const player = await open("anybody");
		await player.connect();
		await player.state("live");
		await player.message("refuse");
		await player.field("payload").fill("<img src=x onerror=hacked()>");
		await player.send();
		await player.page.locator("#refusal").getByText("refused").waitFor();
		assert.match(await player.page.locator("#refusal").textContent(), /<img src=x onerror=hacked\(\)>/);
		for (const [code, words] of [["4010", /4010 The application's own.*as you wish/], ["4429", /4429 Too many frames/], ["4410", /4410 Credentials ended/]]) {
			await player.message("bye");
			await player.field("payload").fill(code);
			await player.send();
			await player.state("closed");
			assert.match(await player.page.locator("#closed").textContent(), words);
			await player.connect();
			await player.state("live");
		}
		await finish(player);
	});

	it("texts of the contract are texts", async () => {
		const player = await open("by_cookie");
		assert.equal(await player.page.locator("h1").textContent(), "Booth <b>&amp; playground");
		await player.message("everything");
		assert.match(await player.page.locator("#message-about").textContent(), /<script>hacked\(\)<\/script> is not/);
		assert.equal(await player.page.locator("#message-about code").first().textContent(), "code");
		assert.equal(await player.page.locator("img, main script, main b > b").count(), 0);
		const answer = await fetch(`${server.admin}/playground`);
		const policy = answer.headers.get("content-security-policy");
		assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
		assert.ok(!policy.includes("unsafe"));
		assert.match(policy, new RegExp(`connect-src 'self' ws://127\\.0\\.0\\.1:${new URL(server.url).port}$`));
		await finish(player);
	});
});
