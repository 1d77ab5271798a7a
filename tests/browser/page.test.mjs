/* SPDX-License-Identifier: MIT */
/*
 * The room's page against a WebSocket that this test plays itself: what a good server does rarely or never, such as vanishing
 * between a message and its echo, or sending what nobody understands. Pages and HTTP routes are the real server's.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { ChatServer } from "./server.mjs";
import { launchBrowser, Visitor } from "./visitor.mjs";

let server;
let browser;
let ada;
let wire;

/** The other end of the page's socket: the newest one, how many there were, what the page sent. */
class Wire {
	opened = [];
	sent = [];
	#waiting = [];

	constructor() {
		this.accept = (socket) => {
			this.socket = socket;
			this.opened.push(Date.now());
			socket.onMessage((text) => this.sent.push(JSON.parse(text)));
			this.#waiting.splice(0).forEach((resolve) => resolve());
		};
	}

	async connected(count) {
		while (this.opened.length < count)
			await new Promise((resolve) => this.#waiting.push(resolve));
	}

	tell(message) {
		this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
	}

	welcome(history) {
		this.tell({ action: "authentication", payload: { status_code: 200, status_text: "OK", data: { detail: "OK" } } });
		this.tell({ action: "history", payload: history });
	}

	chats() {
		return this.sent.filter((message) => message.action === "chat");
	}
}

const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const entry = (id, message, username = "grace", timestamp = minutesAgo(1000 - id)) =>
	({ id, username, display_name: username === "ada" ? "Ada Lovelace" : "Grace Hopper", message, timestamp });
const live = (id, payload) => ({ action: "chat", id, payload, username: "grace", display_name: "Grace Hopper",
	timestamp: minutesAgo(1000 - id), is_mine: false, is_current: false });

const shown = () => ada.page.locator(".message[data-id] .bubble").allTextContents();

async function eventually(what, check, timeout = 20_000) {
	for (const deadline = Date.now() + timeout; Date.now() < deadline; await sleep(25))
		if (await check())
			return;
	assert.fail(`not within ${timeout} ms: ${what}`);
}

const showing = (expected) => eventually(`the page shows ${expected}`, async () =>
	JSON.stringify(await shown()) === JSON.stringify(expected));

before(async () => {
	server = await ChatServer.create();
	await server.start();
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	await server?.destroy();
});

beforeEach(async () => {
	ada = await Visitor.open(browser, server.url);
	wire = new Wire();
	await ada.page.routeWebSocket(/\/ws\/chat\//, wire.accept);
	await ada.signIn("ada");
	await ada.enter("lobby");
	await wire.connected(1);
});

afterEach(async () => {
	const { complaints } = ada;
	await ada.close();
	assert.deepEqual(complaints, []);
});

describe("what came in", () => {
	it("is shown once, in the order of ids, whichever way it came", async () => {
		wire.welcome([]);
		wire.tell(live(7, "seven"));
		wire.tell({ action: "history", payload: [entry(5, "five"), entry(6, "six"), entry(7, "seven")] });
		wire.tell(live(7, "seven"));
		wire.tell(live(8, "eight"));
		await showing(["five", "six", "seven", "eight"]);
	});

	it("goes on after a reconnect with what was missed", async () => {
		wire.welcome([entry(1, "one"), entry(2, "two")]);
		await ada.waitLive();
		await wire.socket.close({ code: 1011 });
		await wire.connected(2);
		wire.welcome([entry(2, "two"), entry(3, "three")]);
		await showing(["one", "two", "three"]);
	});

	it("starts afresh where history does not reach back to what is shown", async () => {
		wire.welcome([entry(1, "one"), entry(2, "two")]);
		await ada.waitLive();
		await wire.socket.close({ code: 1011 });
		await wire.connected(2);
		wire.welcome([entry(60, "sixty"), entry(61, "sixty-one")]);
		await showing(["sixty", "sixty-one"]);
	});

	it("is set apart by days and drawn together by author", async () => {
		const day = 24 * 60;
		wire.welcome([entry(1, "long ago", "grace", "2020-02-03T12:00:00Z"), entry(2, "yesterday", "grace", minutesAgo(day)),
			entry(3, "now", "grace", minutesAgo(0)), entry(4, "and on", "grace", minutesAgo(0)),
			entry(5, "mine", "ada", minutesAgo(0))]);
		await showing(["long ago", "yesterday", "now", "and on", "mine"]);
		assert.deepEqual(await ada.page.locator(".day").allTextContents(), ["February 3, 2020", "Yesterday", "Today"]);
		assert.deepEqual(await ada.page.locator(".message.follows .bubble").allTextContents(), ["and on"]);
		assert.deepEqual(await ada.page.locator(".message.mine .bubble").allTextContents(), ["mine"]);
	});

	it("does no harm when it is no message at all", async () => {
		wire.welcome([]);
		for (const junk of ["", "{", "null", "[]", "7", '"x"', "{}", '{"action":"constructor"}', '{"action":"__proto__"}',
			'{"action":"surprise","payload":{}}', '{"action":7}'])
			wire.tell(junk);
		wire.tell(live(1, "still working"));
		await showing(["still working"]);
	});

	it("counts in the title while nobody looks", async () => {
		wire.welcome([]);
		await ada.waitLive();
		const other = await ada.context.newPage();
		await other.goto(`${server.url}/login.html`);
		await ada.page.evaluate(() => {
			Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
		});
		wire.tell(live(1, "psst"));
		wire.tell(live(2, "hello?"));
		await eventually("the title counts", async () => (await ada.page.title()).startsWith("(2) Lobby"));
	});
});

describe("what one says", () => {
	it("waits under the log until it comes back", async () => {
		wire.welcome([]);
		await ada.waitLive();
		await ada.say("on its way");
		await ada.page.locator(".pending").waitFor();
		const [{ ref, payload }] = wire.chats();
		assert.equal(payload, "on its way");
		wire.tell({ ...live(1, payload), username: "ada", is_mine: true, is_current: true });
		wire.tell({ action: "complete", ref });
		await showing(["on its way"]);
		assert.equal(await ada.page.locator(".pending").count(), 0);
	});

	it("is sent again with the same id when the connection went before the answer", async () => {
		wire.welcome([]);
		await ada.waitLive();
		await ada.say("did it arrive?");
		await eventually("it was sent", () => wire.chats().length === 1);
		await wire.socket.close({ code: 1011 });
		await wire.connected(2);
		wire.welcome([]);
		await eventually("it was sent again", () => wire.chats().length === 2);
		const [first, second] = wire.chats();
		assert.deepEqual(second, first);
		assert.match(first.message_id, /^[0-9a-f]{32}$/);
		wire.tell({ ...live(1, "did it arrive?"), username: "ada", is_mine: true });
		wire.tell({ action: "complete", ref: first.ref });
		await showing(["did it arrive?"]);
		assert.equal(await ada.page.locator(".pending").count(), 0);
	});

	it("waits for the connection, and is sent in the order in which it was written", async () => {
		await ada.say("one");
		await ada.say("two");
		assert.equal(wire.chats().length, 0);
		wire.welcome([]);
		await eventually("both were sent", () => wire.chats().length === 2);
		assert.deepEqual(wire.chats().map(({ payload }) => payload), ["one", "two"]);
	});

	it("is offered again when it was not sent", async () => {
		wire.welcome([]);
		await ada.waitLive();
		await ada.say("lost");
		await eventually("it was sent", () => wire.chats().length === 1);
		await wire.socket.close({ code: 4403, reason: "no" });
		await ada.page.locator("#gate-join").click();
		await wire.connected(2);
		wire.welcome([]);
		await ada.page.getByText("Not sent: there is no connection.").waitFor();
		await ada.page.getByRole("button", { name: "Send again" }).click();
		await eventually("it was sent again", () => wire.chats().length === 2);
		assert.equal(await ada.page.locator(".failed").count(), 0);
	});

	it("goes back into the field when the server refuses it", async () => {
		wire.welcome([]);
		await ada.waitLive();
		await ada.say("refuse me");
		await eventually("it was sent", () => wire.chats().length === 1);
		wire.tell({ action: "error", ref: wire.chats()[0].ref, payload: [
			{ type: "string_too_long", loc: ["payload"], msg: "String should have at most 9 characters", ctx: { max_length: 9 } }] });
		await ada.page.getByText("A message has at most 9 characters.").waitFor();
		await ada.page.getByRole("button", { name: "Edit" }).click();
		assert.equal(await ada.page.locator("#text").inputValue(), "refuse me");
		assert.equal(await ada.page.locator(".failed").count(), 0);
	});

	it("stays in the field through a reload", async () => {
		await ada.page.locator("#text").fill("half a thought");
		await ada.page.reload();
		await wire.connected(2);
		assert.equal(await ada.page.locator("#text").inputValue(), "half a thought");
	});

	it("takes Shift + Enter for a new line, and leaves an input method its Enter", async () => {
		wire.welcome([]);
		await ada.waitLive();
		const text = ada.page.locator("#text");
		await text.fill("one");
		await text.press("Shift+Enter");
		await text.pressSequentially("two");
		await text.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
		assert.equal(await text.inputValue(), "one\ntwo");
		await text.press("Enter");
		await eventually("it was sent", () => wire.chats().length === 1);
		assert.equal(wire.chats()[0].payload, "one\ntwo");
	});

	it("is answered in the bar above when no message of ours is meant", async () => {
		wire.welcome([]);
		wire.tell({ action: "error", payload: { reason: "handler_failed", detail: "That did not work." } });
		await ada.page.locator("#problem", { hasText: "That did not work." }).waitFor();
		await ada.page.getByRole("button", { name: "Dismiss" }).click();
		await ada.page.locator("#problem").waitFor({ state: "hidden" });
	});
});

describe("the connection", () => {
	it("answers a ping", async () => {
		wire.welcome([]);
		wire.tell({ action: "ping" });
		await eventually("a pong", () => wire.sent.some((message) => message.action === "pong"));
	});

	it("comes back when a draining server says so", async () => {
		wire.welcome([]);
		await ada.waitLive();
		wire.tell({ action: "draining", payload: { reconnect_after_ms: 1500 } });
		const closed = Date.now();
		await wire.socket.close({ code: 1001 });
		await wire.connected(2);
		const waited = wire.opened[1] - closed;
		assert.ok(waited >= 1400 && waited < 4000, `it waited ${waited} ms`);
	});

	it("waits longer after 1013, unless the visitor does not", async () => {
		await wire.socket.close({ code: 1013 });
		await ada.page.getByText(/^Reconnecting in [4-9] s$/).waitFor();
		await sleep(1000);
		assert.equal(wire.opened.length, 1);
		await ada.page.getByRole("button", { name: "Try now" }).click();
		await wire.connected(2);
	});

	it("stays away after each code that says so", async () => {
		for (const [index, code] of [4401, 4403, 4404, 4410].entries()) {
			await wire.connected(index + 1);
			await wire.socket.close({ code, reason: "no" });
			await ada.page.locator("#gate-code", { hasText: `${code} · no` }).waitFor();
			await sleep(900);
			assert.equal(wire.opened.length, index + 1);
			await ada.page.reload();
		}
	});

	it("spreads its attempts over time", async () => {
		const delays = await ada.page.evaluate(async () => {
			const { backoff } = await import("/js/chat.js");
			return [0, 1, 4, 30].map((attempt) => [0, 1].map((number) => backoff(attempt, { random: () => number })));
		});
		assert.deepEqual(delays, [[0, 500], [0, 1000], [0, 8000], [0, 30000]]);
	});
});

describe("small things", () => {
	it("makes initials of every kind of name", async () => {
		const made = await ada.page.evaluate(async () => {
			const { initials } = await import("/js/people.js");
			return ["Ada Lovelace", "ada", "Mary Ann Evans", "  ", "\u00e9lodie", "\u{1f469}\u200d\u{1f680} Ride", "snake_case"].map(initials);
		});
		assert.deepEqual(made, ["AL", "A", "ME", "?", "\u00c9", "\u{1f469}\u200d\u{1f680}R", "SC"]);
	});

	it("says times as people do", async () => {
		const said = await ada.page.evaluate(async () => {
			const { dayName, moment, since } = await import("/js/time.js");
			const now = new Date(2025, 2, 15, 12, 0, 0);
			const ago = (minutes) => new Date(now - minutes * 60_000);
			return [moment(ago(0.5), now), moment(ago(-1), now), moment(ago(59), now), since(ago(180), now), since(ago(1440), now),
				since(ago(20 * 1440), now), dayName(ago(0), now), dayName(ago(1440), now), dayName(ago(3 * 1440), now),
				dayName(ago(20 * 1440), now), dayName(ago(400 * 1440), now)];
		});
		assert.deepEqual(said, ["just now", "just now", "59 min ago", "3 h ago", "yesterday", "Feb 23", "Today", "Yesterday",
			"Wednesday", "Sunday, February 23", "February 9, 2024"]);
	});
});
