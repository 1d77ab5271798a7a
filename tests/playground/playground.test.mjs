/* SPDX-License-Identifier: MIT */
/*
 * The playground of the chat: the real server, its administrative listener, a real browser. Cookies, every message from its form, what is
 * refused before and after sending, topics, presence, recovery, close codes, keys, looks.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { launchBrowser, Player, serve, stopAll } from "./kit.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [[1440, 900], [900, 1000], [380, 780]];

let server;
let browser;

before(async () => {
	server = await serve(process.env.CHAT_SERVER, ["--database=FOLDER/chat.sqlite"]);
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	await server?.stop();
	await stopAll();
});

async function login(player, name) {
	const answer = await player.context.request.post(`${player.server.url}/api/login`, { headers: { origin: player.server.url }, data: { name, password: "demo-password" } });
	assert.equal(answer.status(), 200);
}

/** The page, for somebody who is logged in and in the room. */
async function enter(name, options) {
	const player = await Player.open(browser, server, options);
	await login(player, name);
	await player.connect();
	await player.state("live");
	return player;
}

async function screenshot(page, name) {
	if (!process.env.SCREENSHOTS)
		return;
	mkdirSync(process.env.SCREENSHOTS, { recursive: true });
	await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

async function finish(player) {
	assert.deepEqual(player.wrong, []);
	await player.close();
}

describe("connecting", () => {
	it("finds the endpoints that the server has, with what is said of them", async () => {
		const player = await Player.open(browser, server);
		assert.deepEqual(await player.page.locator("#endpoint option").allTextContents(), ["talk  /ws/chat/{room_id}/", "lobby  /ws/rooms/"]);
		assert.match(await player.page.locator("#endpoint-about").textContent(), /One room, for its members.*chat: 5 per 1 s, 10 at once/s);
		assert.equal(await player.page.locator("#topics-panel").isVisible(), false);
		await player.endpoint("lobby");
		assert.equal(await player.page.locator("#topics-panel").isVisible(), true);
		assert.equal(await player.page.title(), "Chat · playground");
		await finish(player);
	});

	it("Reference leads to the contract's page, which runs under its own policy", async () => {
		const player = await Player.open(browser, server);
		assert.equal(await player.page.locator("#docs").getAttribute("href"), "/docs/chat");
		for (const path of ["/docs", "/docs/", "/docs/chat"]) {
			await player.page.goto(server.admin + path);
			await player.page.locator("html.script").waitFor({ state: "attached" });
			assert.equal(await player.page.locator("h1").textContent(), "Chat");
		}
		assert.equal((await fetch(`${server.admin}/docs/none`)).status, 404);
		assert.equal((await fetch(`${server.url}/docs`)).status, 404);
		await finish(player);
	});

	it("the browser's cookie, though it is HttpOnly and of another port, names the user", async () => {
		const player = await enter("ada");
		assert.match(await player.rows("in", "authentication").textContent(), /200/);
		await player.page.locator("#presence").getByText("session:1").waitFor();
		await player.connect();
		await player.state("closed");
		assert.match(await player.page.locator("#closed").textContent(), /1000 Done/);
		await finish(player);
	});

	it("without one, close 4401 is explained", async () => {
		const player = await Player.open(browser, server);
		await player.connect();
		await player.state("closed");
		const words = await player.page.locator("#closed").textContent();
		assert.match(words, /4401 Not authenticated/);
		assert.match(words, /No credential was recognised.*Log in/);
		assert.match(await player.rows("note", "4401").textContent(), /Log in, or choose another way/);
		await finish(player);
	});

	it("a parameter that its type refuses is marked, and a refused handshake is explained", async () => {
		const player = await Player.open(browser, server);
		await player.field("room_id").fill("zero");
		await player.page.locator("#parameters .problem").getByText("Should be integer, is string").waitFor();
		assert.equal(await player.page.locator("#url").textContent(), `${server.url.replace("http", "ws")}/ws/chat/zero/`);
		await player.connect();
		await player.state("closed");
		assert.match(await player.page.locator("#closed").textContent(), /1006 .*404 \(no such address, or a URL parameter/s);
		await player.field("room_id").fill("3");
		assert.equal(await player.page.locator("#parameters .problem:visible").count(), 0);
		await finish(player);
	});
});

describe("messages", () => {
	it("every message of the chat's contract leaves from its form, and each is answered", async () => {
		const player = await enter("ada");
		const names = () => player.page.locator("#message option").allTextContents();
		assert.deepEqual(await names(), ["chat", "ping"]);
		await player.message("chat");
		await player.field("payload").fill("Good morning");
		assert.deepEqual(await player.json(), { action: "chat", payload: "Good morning" });
		await player.send();
		await player.rows("out", "chat").getByText("complete", { exact: false }).waitFor();
		assert.match(await player.rows("in", "chat").last().textContent(), /mine.*Good morning/);
		await player.message("ping");
		await player.send();
		await player.rows("out", "ping").getByText(/pong \d/).waitFor();

		await player.connect();
		await player.endpoint("lobby");
		await player.connect();
		await player.state("live");
		assert.deepEqual(await names(), ["ping", "subscribe", "unsubscribe"]);
		await player.send();
		await player.rows("out", "ping").last().getByText(/pong \d/).waitFor();
		for (const [name, answer] of [["subscribe", "subscribed"], ["unsubscribe", "unsubscribed"]]) {
			await player.message(name);
			await player.page.locator("#target").fill("room_news:1");
			assert.deepEqual(await player.json(), { action: name, topic: "room_news:1" });
			await player.send();
			await player.rows("out", name).getByText(new RegExp(`${answer} \\d`)).waitFor();
		}
		await finish(player);
	});

	it("what breaks the contract is seen before it is sent, and what the server says to it after", async () => {
		const player = await enter("ada");
		await player.message("chat");
		await player.field("payload").fill("x".repeat(2001));
		assert.deepEqual(await player.problems(), ["payload Should have at most 2000 characters, has 2001"]);
		assert.equal(await player.field("payload").getAttribute("aria-invalid"), "true");
		assert.equal(await player.page.locator("#send").textContent(), "Send anyway");
		assert.equal(await player.rows("out").count(), 0);
		await player.send();
		await player.rows("out", "chat").getByText(/error \d/).waitFor();
		await player.page.locator("#refusal").getByText("String should have at most 2000 characters").waitFor();
		await player.page.locator("#form-place .problem").getByText("Server: String should have at most 2000 characters").waitFor();
		assert.match(await player.rows("in", "error").textContent(), /payload: String should have at most 2000 characters/);
		await player.field("payload").fill("short");
		assert.deepEqual(await player.problems(), []);
		assert.equal(await player.page.locator("#send").textContent(), "Send");
		await player.send();
		await player.rows("in", "chat").last().getByText("short").waitFor();
		await finish(player);
	});

	it("form and editor say the same; text that is no JSON is said to be none, and can be sent", async () => {
		const player = await enter("grace");
		await player.message("chat");
		await player.setJson('{"action":"chat","payload":"typed here","ref":"mine"}');
		assert.equal(await player.field("payload").inputValue(), "typed here");
		await player.field("payload").fill("and there");
		assert.deepEqual(await player.json(), { action: "chat", payload: "and there", ref: "mine" });
		await player.setJson('{"action":"chat"}');
		assert.deepEqual(await player.problems(), ["payload Field required"]);
		await player.setJson('{"action":');
		assert.match((await player.problems())[0], /^Is no JSON/);
		await player.send();
		await player.rows("in", "error").getByText(/JSON/).first().waitFor();
		await player.page.locator("#example").click();
		assert.deepEqual(await player.problems(), []);
		await finish(player);
	});

	it("a message_id makes a resend harmless; Resend and Edit work from the log", async () => {
		const player = await enter("grace");
		await player.message("chat");
		await player.page.locator("#auto-id").check();
		await player.field("payload").fill("only once");
		await player.send();
		await player.rows("in", "chat").getByText("only once").waitFor();
		const row = player.rows("out", "chat");
		await row.locator("button.row-head").click();
		await row.getByRole("button", { name: "Resend" }).click();
		await player.rows("out", "chat").nth(1).getByText(/complete \d/).waitFor();
		assert.equal(await player.rows("in", "chat").count(), 1);
		await row.getByRole("button", { name: "Edit" }).click();
		assert.equal(await player.field("payload").inputValue(), "only once");
		assert.equal("ref" in await player.json(), false);
		await finish(player);
	});
});

describe("beside the messages", () => {
	it("a topic is subscribed, its frames are counted, and it is left", async () => {
		const ada = await enter("ada");
		const grace = await Player.open(browser, server);
		await login(grace, "grace");
		await grace.endpoint("lobby");
		await grace.connect();
		await grace.state("live");
		await grace.field("room_id").fill("1");
		await grace.page.locator("#subscribe").click();
		const topic = grace.page.locator('[data-topic="room_news:1"]');
		await topic.getByText("subscribed", { exact: true }).waitFor();
		await ada.message("chat");
		await ada.field("payload").fill("news of today");
		await ada.send();
		await topic.getByText("1 frame", { exact: false }).waitFor();
		assert.match(await grace.rows("in", "news").textContent(), /room_news:1.*news of today/);
		await topic.getByRole("button", { name: "Unsubscribe" }).click();
		await topic.waitFor({ state: "detached" });
		await grace.field("room_id").fill("999");
		await grace.page.locator("#subscribe").click();
		await grace.page.locator('[data-topic="room_news:999"]').getByText("refused", { exact: true }).waitFor();
		await finish(ada);
		await finish(grace);
	});

	it("presence follows who comes and goes", async () => {
		const ada = await enter("ada");
		await ada.page.locator("#presence").getByText("1 here").waitFor();
		const grace = await enter("grace");
		await ada.page.locator("#presence").getByText("2 here").waitFor();
		assert.match(await ada.page.locator("#presence").textContent(), /Grace/);
		await grace.connect();
		await ada.page.locator("#presence").getByText("1 here").waitFor();
		await finish(ada);
		await finish(grace);
	});

	it("what was missed is recovered, and marked", async () => {
		const ada = await enter("ada");
		const grace = await enter("grace");
		await ada.message("chat");
		await ada.field("payload").fill("before");
		await ada.send();
		await grace.rows("in", "chat").getByText("before").waitFor();
		await grace.page.locator("#stream").getByText(/seq \d+/).waitFor();
		await grace.connect();
		await grace.state("closed");
		for (const text of ["missed one", "missed two"]) {
			await ada.field("payload").fill(text);
			await ada.send();
			await ada.rows("in", "chat").getByText(text).waitFor();
		}
		await grace.page.getByRole("button", { name: "Reconnect and recover" }).click();
		await grace.rows("in", "recovered").waitFor();
		assert.deepEqual((await grace.page.locator("#log .row.recovered .sum").allTextContents()), ['"missed one"', '"missed two"']);
		await ada.field("payload").fill("live again");
		await ada.send();
		await grace.rows("in", "chat").getByText("live again").waitFor();
		assert.equal(await grace.page.locator("#log .row.recovered").count(), 2);
		await finish(ada);
		await finish(grace);
	});

	it("the log is filtered by words, by direction and without standard messages", async () => {
		const player = await enter("ada");
		await player.message("ping");
		await player.send();
		await player.rows("in", "pong").waitFor();
		const shown = () => player.page.locator("#log .row:visible").evaluateAll((rows) => rows.map((row) => row.dataset.action));
		await player.page.locator("#filter").fill("p -history");
		assert.ok((await shown()).includes("pong"));
		assert.ok(!(await shown()).includes("history"));
		await player.page.locator("#filter").fill("pong");
		assert.deepEqual(await shown(), ["pong"]);
		await player.page.locator("#filter").fill("");
		await player.page.locator("[data-direction=out]").click();
		assert.deepEqual(await shown(), ["ping"]);
		await player.page.locator("[data-direction=all]").click();
		await player.page.locator("#show-standard").uncheck();
		assert.ok(!(await shown()).includes("pong"));
		assert.ok((await shown()).includes("history"));
		assert.match(await player.page.locator("#log-count").textContent(), /^\d+ of \d+$/);
		await player.page.locator("#clear-log").click();
		assert.deepEqual(await shown(), []);
		await finish(player);
	});

	it("a server that drains says when to come back, and 1001 is explained", async () => {
		const own = await serve(process.env.CHAT_SERVER, ["--database=FOLDER/chat.sqlite"]);
		const player = await Player.open(browser, own);
		try {
			await login(player, "ada");
			await player.connect();
			await player.state("live");
			await own.drain();
			await player.state("closed");
			await player.rows("in", "draining").waitFor();
			assert.match(await player.page.locator("#closed").textContent(), /1001 Going away.*drains/);
			await finish(player);
		} finally {
			await own.stop();
		}
	});
});

describe("keys and looks", () => {
	it("all of it works without a mouse", async () => {
		const player = await Player.open(browser, server);
		const { page } = player;
		await login(player, "ada");
		await page.keyboard.press("c");
		await player.state("live");
		await page.keyboard.press("m");
		assert.equal(await page.evaluate(() => document.activeElement.id), "message");
		await page.keyboard.press("Tab");
		await page.keyboard.press("Tab");
		await page.keyboard.press("Control+A");
		await page.keyboard.type("by keys / c ?");
		await page.keyboard.press("Control+Enter");
		await player.rows("in", "chat").getByText("by keys / c ?").waitFor();
		const visited = new Set();
		for (let i = 0; i < 60; i++) {
			await page.keyboard.press("Tab");
			const at = await page.evaluate(() => `${document.activeElement.tagName}#${document.activeElement.id}`);
			if (at !== "BODY#")
				visited.add(at);
		}
		for (const id of ["TEXTAREA#", "BUTTON#send", "INPUT#filter", "BUTTON#clear-log", "DIV#log", "SELECT#endpoint", "BUTTON#theme"])
			assert.ok([...visited].includes(id), `${id} is reached, and left again: ${[...visited].join(" ")}`);
		await page.locator("#log-title").click();
		await page.keyboard.press("?");
		await page.locator("#help").getByText("Too many frames", { exact: false }).first().waitFor();
		await page.keyboard.press("Escape");
		assert.equal(await page.locator("#help").isVisible(), false);
		await page.keyboard.press("/");
		assert.equal(await page.evaluate(() => document.activeElement.id), "filter");
		await finish(player);
	});

	for (const [width, height] of WIDTHS)
		it(`${width} wide: it fits, light and dark, and axe finds nothing`, async () => {
			const player = await Player.open(browser, server, { viewport: { width, height }, colorScheme: "light" });
			const { page } = player;
			await login(player, "ada");
			await player.connect();
			await player.state("live");
			await player.message("chat");
			await player.field("payload").fill("  ");
			await player.send();
			await player.rows("in", "error").waitFor({ state: "attached" });
			if (width >= 720)
				await player.rows("in", "error").locator("button.row-head").click();
			await page.evaluate(axe);
			for (const name of width < 720 ? ["connection", "compose", "log"] : ["all"]) {
				if (name !== "all")
					await page.locator(`.parts [data-part=${name}]`).click();
				assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight), true, `${name} fits`);
				for (const colorScheme of ["light", "dark"]) {
					await page.emulateMedia({ colorScheme });
					const lightness = await page.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)[0]));
					assert.equal(lightness > 128, colorScheme === "light");
					const { violations } = await page.evaluate(() => globalThis.axe.run());
					assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`), []);
					await screenshot(page, `playground-${width}-${colorScheme}-${name}`);
				}
			}
			await page.locator("#theme").click();
			assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
			await finish(player);
		});
});

describe("off", () => {
	it("a program that carries no documents says what to do", async () => {
		const own = await serve(process.env.ECHO_SERVER);
		const player = await Player.open(browser, own);
		try {
			assert.match(await player.page.locator("#bare").textContent(), /carries no description.*echo\.talk.*EMIT c documents/s);
			assert.equal(await player.page.locator("#panels").isVisible(), false);
			await finish(player);
		} finally {
			await own.stop();
		}
	});

	it("with playground = no, and by itself where others can reach the server, there is nothing", async () => {
		for (const more of [["--playground=no"], ["--public-url=https://chat.example.org"], ["--trusted-proxies=10.0.0.0/8"], ["--host=0.0.0.0"]]) {
			const own = await serve(process.env.CHAT_SERVER, ["--database=FOLDER/chat.sqlite", ...more]);
			try {
				assert.equal((await fetch(`${own.admin}/healthz`)).status, 200, more[0]);
				for (const path of ["/docs", "/playground", "/playground/server.json", "/playground/asyncapi/chat.json", "/playground/ticket"])
					assert.equal((await fetch(own.admin + path)).status, 404, `${more[0]} ${path}`);
				assert.equal((await fetch(`${own.url}/playground`)).status, 404, "never on the public port");
			} finally {
				await own.stop();
			}
		}
	});
});
