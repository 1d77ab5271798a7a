/* SPDX-License-Identifier: MIT */
/*
 * The chat example from end to end: the real server, the real pages, a real browser, two people in it.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { ChatServer } from "./server.mjs";
import { launchBrowser, Visitor } from "./visitor.mjs";

let server;
let browser;
let visitors = [];

async function visitor(options) {
	const opened = await Visitor.open(browser, server.url, options);
	visitors.push(opened);
	return opened;
}

async function adaAndGrace(slug = "lobby") {
	const [ada, grace] = [await visitor(), await visitor()];
	await ada.enterAs("ada", slug);
	await grace.enterAs("grace", slug);
	return [ada, grace];
}

/** A text that no other test says. */
let texts = 0;
const fresh = (text) => `${text} (${++texts})`;

async function eventually(what, check, timeout = 20_000) {
	for (const deadline = Date.now() + timeout; Date.now() < deadline; await sleep(25))
		if (await check())
			return;
	assert.fail(`not within ${timeout} ms: ${what}`);
}

const openSockets = (who) => who.frames.at(-1)?.socket ?? 0;

const folder = process.env.SCREENSHOTS;

/** Whether the page fits its window; and how it looked, where somebody wants to see it. */
async function look(who, name) {
	const overflow = await who.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
	if (folder)
		await who.page.screenshot({ path: `${folder}/${name}.png` });
}

before(async () => {
	if (folder)
		await mkdir(folder, { recursive: true });
	server = await ChatServer.create();
	await server.start();
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	await server?.destroy();
});

afterEach(async () => {
	const complaints = visitors.flatMap((each) => each.complaints);
	await Promise.all(visitors.map((each) => each.close()));
	visitors = [];
	assert.deepEqual(complaints, []);
});

describe("accounts", () => {
	it("sends a stranger to the login page, and back to where they were going", async () => {
		const ada = await visitor();
		await ada.enter("lobby");
		await ada.page.waitForURL(/\/login\.html\?next=/);
		await ada.page.locator("[data-demo=ada]").click();
		await ada.page.waitForURL(/\/room\.html\?room=lobby$/);
		await ada.waitLive();
	});

	it("does not follow a next address to another site", async () => {
		for (const next of ["//example.org/", "/%5Cexample.org/", "/%09/example.org/", "/%09%5Cexample.org/"]) {
			const ada = await visitor();
			await ada.page.goto(`${server.url}/login.html?next=${next}`);
			await ada.page.locator("[data-demo=ada]").click();
			await ada.page.waitForURL(`${server.url}/rooms.html`);
		}
	});

	it("refuses a wrong password without saying what was wrong", async () => {
		const stranger = await visitor();
		const answers = [];
		for (const name of ["ada", "nobody_here"]) {
			await stranger.page.goto(`${server.url}/login.html`);
			await stranger.page.fill("#login-name", name);
			await stranger.page.fill("#login-password", "not the password");
			await stranger.page.locator("#panel-login button").click();
			await stranger.page.locator("#panel-login .form-error:not(:empty)").waitFor();
			answers.push(await stranger.page.locator("#panel-login .form-error").textContent());
		}
		assert.equal(answers[0], answers[1]);
		assert.deepEqual(await stranger.context.cookies(), []);
	});

	it("opens an account with the keyboard alone, once for each name", async () => {
		const first = await visitor();
		await first.page.goto(`${server.url}/login.html`);
		await first.page.locator("#tab-login").focus();
		await first.page.keyboard.press("ArrowRight");
		for (const text of ["Katherine Johnson", "katherine", "orbit and re-entry"]) {
			await first.page.keyboard.press("Tab");
			await first.page.keyboard.type(text);
		}
		await first.page.keyboard.press("Enter");
		await first.page.waitForURL(/rooms\.html$/);
		await first.page.getByText("Katherine Johnson").waitFor();

		const second = await visitor();
		await second.page.goto(`${server.url}/login.html`);
		await second.page.locator("#tab-signup").click();
		await second.page.fill("#signup-name", "katherine");
		await second.page.fill("#signup-password", "something else");
		await second.page.locator("#panel-signup button").click();
		await second.page.getByText("That name is taken").waitFor();
	});

	it("keeps the session where scripts cannot read it, and ends it with the log-out", async () => {
		const ada = await visitor();
		await ada.logInAs("ada");
		const [cookie] = (await ada.context.cookies()).filter((each) => each.name === "chat_session");
		assert.equal(cookie.httpOnly, true);
		assert.equal(cookie.sameSite, "Lax");
		assert.equal(await ada.page.evaluate(() => document.cookie), "");
		await ada.page.locator("#logout").click();
		await ada.page.waitForURL(/login\.html/);
		const answer = await fetch(`${server.url}/api/me`, { headers: { cookie: `chat_session=${cookie.value}` } });
		assert.equal(answer.status, 401);
	});

	it("ends the session in every window", async () => {
		const ada = await visitor();
		await ada.enterAs("ada", "lobby");
		const second = await ada.context.newPage();
		await second.goto(`${server.url}/rooms.html`);
		await second.locator("#logout").click();
		await ada.page.locator("#gate").waitFor();
		assert.match(await ada.page.locator("#gate-code").textContent(), /4410/);
	});

	it("gives a new session id to who logs in again", async () => {
		const ada = await visitor();
		const ids = [];
		for (const name of ["ada", "grace"]) {
			await ada.logInAs(name);
			ids.push((await ada.context.cookies()).find((each) => each.name === "chat_session").value);
		}
		assert.notEqual(ids[0], ids[1]);
		const answer = await fetch(`${server.url}/api/me`, { headers: { cookie: `chat_session=${ids[0]}` } });
		assert.equal(answer.status, 401);
	});
});

describe("a room", () => {
	it("carries words both ways and marks one's own", async () => {
		const [ada, grace] = await adaAndGrace();
		const [question, answer] = [fresh("Does it run?"), fresh("It does.")];
		await ada.say(question);
		await grace.messages(question).waitFor();
		await grace.say(answer);
		await ada.messages(answer).waitFor();

		assert.match(await ada.messages(question).getAttribute("class"), /\bmine\b/);
		assert.doesNotMatch(await grace.messages(question).getAttribute("class"), /\bmine\b/);
		assert.doesNotMatch(await ada.messages(answer).getAttribute("class"), /\bmine\b/);
		assert.match(await grace.messages(question).locator(".who").textContent(), /Ada Lovelace/);
		assert.equal(await ada.page.locator("#text").inputValue(), "");
		await eventually("nothing is left as being sent", async () => !(await ada.page.locator(".pending").count()));
	});

	it("speaks the wire that was agreed", async () => {
		const [ada, grace] = await adaAndGrace();
		const other = await visitor();
		await other.enterAs("ada", "lobby");
		const text = fresh("Everybody hears this");
		await ada.say(text);
		await eventually("three hear it", () => [ada, grace, other].every((each) => each.received("chat").length === 1));

		const [[mine], [hers], [elsewhere]] = [ada, grace, other].map((each) => each.received("chat"));
		assert.deepEqual([mine.is_mine, mine.is_current], [true, true]);
		assert.deepEqual([hers.is_mine, hers.is_current], [false, false]);
		assert.deepEqual([elsewhere.is_mine, elsewhere.is_current], [true, false]);
		assert.equal(hers.payload, text);
		assert.equal(hers.username, "ada");
		assert.ok(Number.isSafeInteger(hers.id) && hers.id > 0);
		assert.ok(Math.abs(Date.now() - Date.parse(hers.timestamp)) < 60_000, hers.timestamp);

		const [sent] = ada.frames.filter((frame) => frame.sent && frame.message.action === "chat");
		await eventually("the sender is told when it is done", () => ada.received("complete").length === 1);
		assert.equal(ada.received("complete")[0].ref, sent.message.ref);
		await eventually("a receiver is told too", () => grace.received("group_complete").length > 0);

		const order = grace.frames.filter((frame) => !frame.sent).map((frame) => frame.message.action)
			.filter((action) => ["authentication", "user_joined", "history"].includes(action)).slice(0, 3);
		assert.deepEqual(order, ["authentication", "user_joined", "history"]);
		assert.equal(grace.received("authentication")[0].payload.status_code, 200);
	});

	it("shows text as text", async () => {
		const [ada, grace] = await adaAndGrace();
		const hostile = fresh(`<img src=x onerror="document.title='broken'"><b>&amp; </b><script>1</script> \u202e`);
		await ada.say(hostile);
		await grace.messages(hostile).waitFor();
		assert.equal(await grace.messages(hostile).locator(".bubble").textContent(), hostile);
		assert.equal(await grace.page.locator(".bubble *").count(), 0);
		assert.match(await grace.page.title(), /Lobby/);
	});

	it("shows what was said before, after a reload", async () => {
		const [ada, grace] = await adaAndGrace();
		const [asked, answered] = [fresh("Still there?"), fresh("Still here.")];
		await ada.say(asked);
		await grace.messages(asked).waitFor();
		await grace.say(answered);
		await ada.messages(answered).waitFor();
		await ada.page.reload();
		await ada.waitLive();
		await ada.messages(answered).waitFor();
		assert.match(await ada.messages(asked).getAttribute("class"), /\bmine\b/);
		assert.doesNotMatch(await ada.messages(answered).getAttribute("class"), /\bmine\b/);

		const history = ada.received("history").at(-1).payload;
		assert.ok(history.length <= 50);
		assert.deepEqual(history.slice(-2).map((entry) => [entry.username, entry.message]), [["ada", asked], ["grace", answered]]);
		assert.ok(history.every((entry, i) => !i || Date.parse(entry.timestamp) >= Date.parse(history[i - 1].timestamp)));
	});

	it("tells who comes and goes", async () => {
		const ada = await visitor();
		await ada.enterAs("ada", "lobby");
		const grace = await visitor();
		await grace.enterAs("grace", "lobby");
		await ada.notice("Grace Hopper joined").waitFor();
		await grace.page.close();
		await ada.notice("Grace Hopper left").waitFor();
		const [left] = ada.received("user_left");
		assert.equal(left.payload.username, "grace");
		assert.equal(left.payload.room_name, "Lobby");
		assert.ok(!Number.isNaN(Date.parse(left.payload.timestamp)));
	});

	it("does not pull down a reader who has scrolled up", async () => {
		const [ada, grace] = await adaAndGrace();
		const tall = (name) => `${fresh(name)}\n${"line\n".repeat(40)}end`;
		const [first, second, third] = [tall("first"), tall("second"), fresh("third")];
		await ada.say(first);
		await ada.say(second);
		await eventually("both are there", () => grace.received("chat").length === 2);
		const log = grace.page.locator("#log");
		const fromEnd = () => log.evaluate((each) => each.scrollHeight - each.scrollTop - each.clientHeight);
		assert.ok(await fromEnd() < 60, "a reader at the end stays there");
		await log.evaluate((each) => each.scrollTo(0, 0));
		await sleep(100);
		await ada.say(third);
		await grace.page.getByRole("button", { name: "1 new message" }).click();
		assert.ok(await fromEnd() < 60);
		await grace.page.locator("#newer").waitFor({ state: "hidden" });
	});

	it("says what is wrong when one is too fast, and sends again on request", async () => {
		const ada = await visitor();
		await ada.enterAs("ada", "lobby");
		const words = Array.from({ length: 30 }, (_, i) => fresh(`quick ${i}`));
		await ada.page.evaluate((values) => {
			for (const value of values) {
				document.getElementById("text").value = value;
				document.getElementById("composer").requestSubmit();
			}
		}, words);
		await ada.page.locator(".failed").first().waitFor();
		assert.match(await ada.page.locator(".failed").first().textContent(), /too fast/);
		const refused = await ada.page.locator(".failed .bubble").first().textContent();
		await sleep(1_500);
		await ada.page.locator(".failed").first().getByRole("button", { name: "Send again" }).click();
		await ada.messages(refused).waitFor();
	});

	it("keeps its measure: a message that is too long does not leave", async () => {
		const ada = await visitor();
		await ada.enterAs("ada", "lobby");
		await ada.say("x".repeat(2001));
		await ada.page.getByText("A message has at most 2000 characters.").waitFor();
		assert.equal((await ada.page.locator("#text").inputValue()).length, 2001);
		assert.equal(ada.frames.filter((frame) => frame.sent && frame.message.action === "chat").length, 0);
	});
});

describe("the list of rooms", () => {
	it("says live where somebody has spoken, over one connection, until one has looked", async () => {
		const [ada, grace, elsewhere] = [await visitor(), await visitor(), await visitor()];
		for (const [who, name] of [[grace, "grace"], [elsewhere, "ada"]]) {
			await who.signIn(name);
			await who.page.goto(`${server.url}/rooms.html`);
			await who.page.locator(".room-item.mine").first().waitFor();
			const own = await who.page.locator(".room-item.mine").count();
			await eventually("each of one's own rooms is followed", () => who.received("subscribed").length === own);
			assert.equal(who.sockets, 1);
			assert.equal(who.received("error").length, 0);
		}
		const [row, hers] = [grace, elsewhere].map((who) => who.page.locator("[data-slug=lobby]"));
		assert.equal(await row.locator(".room-news").isVisible(), false);

		await ada.enterAs("ada", "lobby");
		const text = fresh(`Anybody <b>here</b>? ${"without-an-end-".repeat(3)}`);
		await ada.say(text);
		await row.getByText("New · just now").waitFor();
		assert.equal(await row.locator(".room-about").textContent(), `Ada Lovelace: ${text}`);
		assert.equal(await grace.page.getByRole("status").textContent(), `New in Lobby: Ada Lovelace: ${text}`);
		assert.equal(await grace.page.locator(".has-news").count(), 1);
		await hers.getByText("last message just now").waitFor();
		assert.equal(await elsewhere.page.locator(".has-news").count(), 0, "what one says oneself is no news");
		await grace.page.setViewportSize({ width: 360, height: 740 });
		for (const colorScheme of ["light", "dark"]) {
			await grace.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await look(grace, `news-${colorScheme}`);
		}

		await row.getByRole("link").click();
		await grace.messages(text).waitFor();
		await grace.page.goto(`${server.url}/rooms.html`);
		await row.waitFor();
		assert.equal(await row.locator(".room-news").isVisible(), false);
	});

	it("follows on after the server has been away, and sends who is logged out to the log-in", async () => {
		const [ada, grace] = [await visitor(), await visitor()];
		await grace.signIn("grace");
		await grace.page.goto(`${server.url}/rooms.html`);
		await eventually("it is live", () => grace.received("subscribed").length > 0);
		await server.stop();
		await server.start();
		await eventually("it is live again", () => grace.received("subscribed", 2).length > 0, 30_000);
		await ada.enterAs("ada", "lobby");
		await ada.say(fresh("Back?"));
		await grace.page.locator("[data-slug=lobby]").getByText("New · just now").waitFor();

		const second = await grace.context.newPage();
		await second.goto(`${server.url}/rooms.html`);
		await second.locator("#logout").click();
		await grace.page.waitForURL(/login\.html\?next=.*rooms/);
	});
});

describe("who may not enter", () => {
	it("is shown 4403, does not knock again, and may join", async () => {
		const ada = await visitor();
		await ada.signIn("ada");
		await ada.enter("engine-room");
		await ada.page.locator("#gate").waitFor();
		assert.match(await ada.page.locator("#gate-title").textContent(), /not a member/);
		assert.match(await ada.page.locator("#gate-code").textContent(), /4403/);
		assert.equal(ada.received("authentication")[0].payload.status_code, 403);
		assert.equal(ada.received("history").length, 0);
		await sleep(1_500);
		assert.equal(ada.sockets, 1);

		await ada.page.locator("#gate-join").click();
		await ada.waitLive();
		const text = fresh("Now I am in");
		await ada.say(text);
		await ada.messages(text).waitFor();
	});

	it("is told that there is no such room", async () => {
		const ada = await visitor();
		await ada.logInAs("ada");
		await ada.enter("no-such-room");
		await ada.page.getByText("There is no such room").waitFor();
	});

	it("is shown 4401 when the session has ended meanwhile", async () => {
		const ada = await visitor();
		await ada.enterAs("ada", "lobby");
		await ada.context.clearCookies();
		await server.stop();
		await server.start();
		await ada.page.locator("#gate").waitFor({ timeout: 20_000 });
		assert.match(await ada.page.locator("#gate-code").textContent(), /4401/);
		await ada.page.locator("#gate-login").click();
		await ada.page.waitForURL(/login\.html\?next=.*lobby/);
	});
});

describe("a server that goes", () => {
	it("drains with exit code 0, and the pages come back by themselves", async () => {
		const [ada, grace] = await adaAndGrace();
		const [before, kept, later] = [fresh("Before the restart"), fresh("Kept meanwhile"), fresh("After it")];
		await ada.say(before);
		await grace.messages(before).waitFor();
		const socketsBefore = ada.sockets;
		assert.deepEqual(await server.stop(), { code: 0, signal: null });

		await ada.page.locator("#state[data-state=waiting], #state[data-state=connecting]").first().waitFor();
		await ada.page.getByText("What you write is sent when the connection is back.").waitFor();
		await ada.say(kept);
		await ada.page.locator(".pending").waitFor();

		await server.start();
		await ada.waitLive(30_000);
		await grace.waitLive(30_000);
		assert.ok(ada.sockets > socketsBefore);
		assert.equal(await ada.messages(before).count(), 1);
		await grace.messages(kept).waitFor();
		await grace.say(later);
		await ada.messages(later).waitFor();
		assert.equal(await ada.messages(kept).count(), 1);
		assert.equal(openSockets(ada), ada.sockets);
	});

	it("is killed: what was acknowledged is there afterwards", async () => {
		const [ada] = await adaAndGrace();
		const text = fresh("Acknowledged");
		await ada.say(text);
		await eventually("it is acknowledged", () => ada.received("complete").length === 1);
		await server.kill();
		await server.start();
		await ada.waitLive(30_000);
		await ada.page.reload();
		await ada.messages(text).waitFor();
		assert.equal(await ada.messages(text).count(), 1);
	});
});

describe("who was away", () => {
	/* Ada's page reaches the real server through us, so that she alone can be kept away from it. */
	async function adaAway() {
		const ada = await visitor();
		const way = { open: true, sockets: [], received: [] };
		await ada.page.routeWebSocket(/\/ws\/chat\//, (socket) => {
			if (!way.open) {
				socket.close({ code: 1011 });
				return;
			}
			const server = socket.connectToServer();
			way.sockets.push({ socket, server });
			way.received.push([]);
			server.onMessage((text) => {
				way.received.at(-1).push(JSON.parse(text));
				socket.send(text);
			});
		});
		way.close = async () => {
			way.open = false;
			const { socket, server } = way.sockets.at(-1);
			await server.close();
			await socket.close({ code: 1011 });
		};
		return { ada, way };
	}

	for (const restart of [false, true])
		it(`is shown what was missed once and in order${restart ? ", the server's restart included" : ""}`, async () => {
			const { ada, way } = await adaAway();
			const grace = await visitor();
			await ada.enterAs("ada", "lobby");
			await grace.enterAs("grace", "lobby");
			const texts = ["before", "missed one", "missed two", "missed three", "after"].map(fresh);
			await grace.say(texts[0]);
			await ada.messages(texts[0]).waitFor();
			await way.close();
			for (const text of texts.slice(1, 3)) {
				await grace.say(text);
				await grace.messages(text).waitFor();
			}
			if (restart) {
				await server.kill();
				await server.start();
				await grace.waitLive(30_000);
			}
			await grace.say(texts[3]);
			await grace.messages(texts[3]).waitFor();
			way.open = true;
			await ada.page.locator("#retry").click({ timeout: 1_000 }).catch(() => {});
			await ada.waitLive(40_000);
			await grace.say(texts[4]);
			await ada.messages(texts[4]).waitFor();

			const shown = await ada.page.locator(".message[data-id] .bubble").allTextContents();
			assert.deepEqual(shown.filter((text) => texts.includes(text)), texts);
			const ids = await ada.page.locator(".message[data-id]").evaluateAll((all) => all.map((each) => Number(each.dataset.id)));
			assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
			/* The server told it before what is live: nothing was left to the fifty messages of history. */
			const last = way.received.at(-1);
			const recovered = last.findIndex(({ action }) => action === "recovered");
			assert.equal(last[recovered].payload.recovered, true);
			assert.deepEqual(last.slice(0, recovered).filter(({ action }) => action === "chat").map(({ payload }) => payload), texts.slice(1, 4));
		});
});

describe("how it looks", () => {
	const sizes = { narrow: { width: 360, height: 740 }, middle: { width: 768, height: 900 }, wide: { width: 1280, height: 800 } };

	for (const [size, viewport] of Object.entries(sizes))
		for (const colorScheme of ["light", "dark"])
			it(`fits a ${size} window, ${colorScheme}`, async () => {
				const grace = await visitor({ viewport, colorScheme });
				const style = `${size}-${colorScheme}`;
				await grace.page.goto(`${server.url}/login.html`);
				await look(grace, `login-${style}`);
				await grace.logInAs("grace");
				await grace.page.locator(".room-item").first().waitFor();
				await look(grace, `rooms-${style}`);
				await grace.enter("lobby");
				await grace.waitLive();
				await grace.say(`${fresh("A word")} ${"without-an-end-".repeat(20)}`);
				await eventually("it is there", () => grace.received("chat").length === 1);
				await look(grace, `room-${style}`);
				const paper = await grace.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
				const [red] = paper.match(/\d+/g).map(Number);
				assert.equal(red > 128, colorScheme === "light", `${colorScheme} is ${paper}`);
			});
});
