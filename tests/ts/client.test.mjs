/* SPDX-License-Identifier: MIT */
/*
 * The generated client in Node against the real server: what it does when all is well, and when the server refuses, is slow, goes,
 * drains, is gone without a word, or speaks of what the client does not know.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";

import { folder, oldStage, Stage } from "./generate.mjs";

const { StageDoorClient, GalleryClient, RequestError, InvalidError, RetryLaterError, Mood, validator, backoff, mayReconnect } =
	await import(oldStage(folder()));

let stage;
let clients = [];
let names = 0;

/** A stage that no other test uses. */
const fresh = () => `s${++names}`;
const seconds = () => Math.floor(Date.now() / 1000);
const tokenOf = (name, lasts = 3600) => `${name}.${seconds()}.${seconds() + lasts}`;

function client(Class, options) {
	const made = new Class({ url: stage.url, WebSocket, auth: { token: () => tokenOf("ada") },
		reconnect: { firstDelay: 50, longestDelay: 200 }, ...options });
	made.problems = [];
	made.states = [];
	made.onProblem((problem) => made.problems.push(problem));
	made.onState((state) => made.states.push(state.name));
	clients.push(made);
	return made;
}

const door = (options = {}) => client(StageDoorClient, { params: { name: fresh() }, ...options });
const gallery = (options = {}) => client(GalleryClient, { params: { name: fresh() }, auth: undefined, ...options });

async function eventually(what, check, timeout = 20_000) {
	for (const deadline = Date.now() + timeout; Date.now() < deadline; await sleep(10))
		if (await check())
			return;
	assert.fail(`not within ${timeout} ms: ${what}\n${stage.log.slice(-2000)}`);
}

/** Lines as they are heard. */
function hear(listener) {
	const heard = [];
	listener.on("line", (line) => heard.push(line.payload.text));
	return heard;
}

before(async () => {
	stage = await Stage.start("--reconnect-hint=300ms");
});
after(() => stage.end("SIGKILL"));
afterEach(() => {
	for (const each of clients)
		each.close();
	clients = [];
});

describe("a connection", () => {
	it("is live after authentication, says so, and closes for good", async () => {
		const ada = door();
		await ada.connect();
		assert.equal(ada.state.name, "live");
		assert.deepEqual(ada.states, ["idle", "connecting", "live"]);
		ada.close();
		assert.deepEqual(ada.state, { name: "closed", code: 1000, reason: "" });
		await assert.rejects(ada.request.say({ payload: "?" }), { reason: "closed" });
		await ada.connect();
		assert.equal(ada.state.name, "live");
	});

	it("does not come back after 4401, and says why", async () => {
		const nobody = door({ auth: undefined, connectWithin: 500, reconnect: { firstDelay: 20 } });
		nobody.connect();
		const wrong = door({ auth: { name: "ada", password: "guess" } });
		await assert.rejects(wrong.connect(), (error) => error instanceof RequestError && error.reason === "closed" && /4401/.test(error.message));
		assert.equal(wrong.state.code, 4401);
		await sleep(200);
		assert.equal(wrong.states.filter((name) => name === "connecting").length, 1);
	});

	it("asks for another token once, and then gives up", async () => {
		let asked = 0;
		const stale = door({ auth: { token: () => (++asked, tokenOf("ada", -60)) } });
		await assert.rejects(stale.connect(), /4401/);
		assert.equal(asked, 2);
		const renewed = door({ auth: { token: () => tokenOf("ada", ++asked === 3 ? -60 : 60) } });
		await renewed.connect();
		assert.equal(asked, 4);
	});

	it("takes a ticket, in the URL or as the first frame, and a password", async () => {
		const ticket = (name) => async () => {
			const answer = await fetch(`${stage.url}/ticket`, { method: "POST",
				headers: { "authorization": `Bearer ${tokenOf(name)}`, "content-type": "application/json" },
				body: JSON.stringify({ path: `/ws/stage/${name}/` }) });
			assert.equal(answer.status, 200, await answer.clone().text());
			return (await answer.json()).ticket;
		};
		await door({ params: { name: "hopper" }, auth: { ticket: ticket("hopper") } }).connect();
		await door({ params: { name: "lovelace" }, auth: { ticket: ticket("lovelace"), in: "frame" } }).connect();
		await door({ auth: { name: "ada", password: "sesame" } }).connect();
	});

	it("spreads its attempts, and knows which codes are final", () => {
		assert.deepEqual([0, 1, 4, 30].map((attempt) => [backoff(attempt, { random: () => 0 }), backoff(attempt, { random: () => 1 })]),
			[[0, 500], [0, 1000], [0, 8000], [0, 30000]]);
		assert.deepEqual([1000, 1001, 1003, 1005, 1006, 1008, 1009, 1011, 1013, 4400, 4401, 4403, 4404, 4408, 4410, 4429, 4999].filter(mayReconnect),
			[1001, 1005, 1006, 1011, 1013, 4408, 4429]);
	});

	it("refreshes its token before it expires", async () => {
		const asked = [];
		const until = [];
		const ada = door({ auth: { token: () => {
			asked.push(Date.now());
			const expiresAt = (seconds() + 3) * 1000;
			return { token: `ada.${seconds()}.${expiresAt / 1000}`, expiresAt };
		} } });
		ada.onRefreshed((at) => until.push(at));
		await ada.connect();
		await eventually("it was refreshed twice", () => until.length >= 2);
		assert.ok(until[0] < until[1]);
		assert.deepEqual(ada.states, ["idle", "connecting", "live"]);
		assert.equal((await ada.request.count()).payload >= 0, true);
	});

	it("comes back with a new token when the old one has expired", async () => {
		let lasts = 2;
		const ada = door({ auth: { token: () => {
			const token = tokenOf("ada", lasts);
			lasts = 60;
			/* It is not told until when the token is good, so it cannot refresh it. */
			return { token };
		} } });
		await ada.connect();
		await eventually("it was sent away", () => ada.states.includes("waiting"));
		await eventually("it is back", () => ada.state.name === "live");
	});
});

describe("a request", () => {
	it("is answered by ref, with all digits", async () => {
		const ada = door();
		await ada.connect();
		const [first, second] = await Promise.all([
			ada.request.add({ payload: { a: 9007199254740993n, b: 1n, price: "12345678901234567890.10" } }),
			ada.request.add({ payload: { a: -1n, b: 1n } })]);
		assert.deepEqual(first.payload, { total: 9007199254740994n, price: "12345678901234567890.10" });
		assert.equal(second.payload.total, 0n);
		assert.match(second.payload.price, /^0\.10?$/);
		const said = await ada.request.say({ payload: "  trimmed  ", mood: Mood.loud });
		assert.equal(typeof said.payload.id, "bigint");
		assert.ok(said.payload.id >= 9007199254740993n);
	});

	it("that breaks the contract is refused with every problem", async () => {
		const ada = door();
		await ada.connect();
		await assert.rejects(ada.request.say({ payload: " ", mood: 7 }), (error) => {
			assert.ok(error instanceof InvalidError);
			assert.equal(error.reason, "invalid");
			assert.deepEqual(error.problems.map((each) => [each.type, each.loc]), [["string_too_short", ["payload"]], ["value_error", ["payload"]], ["enum", ["mood"]]]);
			return true;
		});
		assert.equal(ada.state.name, "live");
	});

	it("is refused by the handler in its words", async () => {
		const ada = door();
		await ada.connect();
		await assert.rejects(ada.request.refuse({ payload: "not today" }), { reason: "refused", message: "not today" });
	});

	it("that comes too fast says when to try again", async () => {
		const ada = door();
		await ada.connect();
		for (let i = 0; i < 6; i++)
			ada.send.wave({ payload: new Uint8Array([i]) });
		await eventually("a problem", () => ada.problems.length > 0);
		assert.ok(ada.problems[0] instanceof RetryLaterError);
		assert.equal(ada.problems[0].reason, "rate_limited");
		assert.ok(ada.problems[0].retryAfter > 0);
	});

	it("gives up on a slow server, and goes on", async () => {
		const ada = door({ timeout: 100 });
		await ada.connect();
		await assert.rejects(ada.request.wait_for({ payload: 400 }), { reason: "timeout" });
		assert.equal((await ada.request.wait_for({ payload: 1 }, { timeout: 3_000 })).action, "waited");
	});

	it("can be given up", async () => {
		const ada = door();
		await ada.connect();
		const control = new AbortController();
		const waiting = ada.request.wait_for({ payload: 300 }, { signal: control.signal });
		control.abort();
		await assert.rejects(waiting, { reason: "aborted" });
		await assert.rejects(ada.request.count({}, { signal: AbortSignal.abort() }), { reason: "aborted" });
	});

	it("is completed where nothing answers it", async () => {
		const ada = gallery();
		const completions = [];
		ada.onCompletion(({ kind }) => completions.push(kind));
		await ada.connect();
		assert.equal(await ada.request.say({ payload: "hello" }), undefined);
		await assert.rejects(ada.request.refuse({ payload: "no" }), { reason: "refused" });
		await eventually("the group's message is completed", () => completions.includes("group_complete"));
	});

	it("with an id happens once", async () => {
		const ada = door();
		await ada.connect();
		const { payload: before } = await ada.request.count();
		const first = await ada.request.say({ payload: "once" }, { messageId: `m${Date.now()}` });
		const id = `n${Date.now()}`;
		const again = await Promise.all([1, 2, 3].map(() => ada.request.say({ payload: "twice" }, { messageId: id }).catch((error) => error.reason)));
		assert.equal(new Set(again.filter((each) => each !== "busy").map((each) => each.payload.id)).size, 1);
		assert.equal((await ada.request.count()).payload - before, 2);
		assert.notEqual(first.payload.id, again[0].payload.id);
		await assert.rejects(ada.request.say({ payload: "another" }, { messageId: id }), { reason: "conflict" });
	});
});

describe("what comes in", () => {
	it("is typed as the contract says", async () => {
		const name = fresh();
		const [ada, grace] = [door({ params: { name } }), gallery({ params: { name } })];
		const waved = [];
		const everything = [];
		grace.on("waved", (message) => waved.push(message));
		grace.onMessage((message) => everything.push(message.action));
		await Promise.all([ada.connect(), grace.connect()]);
		ada.send.wave({ payload: new Uint8Array([0, 255]), prop: { kind: "rope", metres: 2.5 } });
		ada.send.wave({ payload: new Uint8Array(), prop: { unknown: { kind: "sword", sharp: true } } });
		ada.send.wave({ payload: new Uint8Array([1]) });
		await eventually("three came", () => waved.length === 3);
		assert.deepEqual(waved.map(({ payload }) => [...payload]), [[0, 255], [], [1]]);
		assert.deepEqual(waved[0].prop, { kind: "rope", metres: 2.5, colour: "grey" });
		assert.deepEqual(waved[1].prop, { unknown: { kind: "sword", sharp: true } });
		assert.equal(waved[2].prop, null);
		assert.deepEqual(waved[0].tags, []);
		assert.deepEqual([waved[0].is_mine, waved[0].is_current], [false, false]);
		assert.deepEqual(everything, ["waved", "waved", "waved"]);
	});

	it("is told apart from what this version does not know", async () => {
		const ada = door();
		const unknown = [];
		ada.onUnknown((message) => unknown.push(message.frame));
		await ada.connect();
		ada.send.wonder();
		ada.send.wonder_two({ payload: "!" });
		await eventually("both came", () => unknown.length === 2);
		assert.deepEqual(unknown[0], { action: "surprise", payload: "boo" });
		assert.equal(ada.state.name, "live");
	});

	it("passes the validator", async () => {
		const name = fresh();
		const ada = door({ params: { name }, validator });
		const heard = hear(ada);
		await ada.connect();
		await ada.request.say({ payload: "valid" });
		await eventually("it was heard", () => heard.length === 1);
		assert.deepEqual(ada.problems, []);
	});

	it("is nobody's loss when a listener throws", async () => {
		const ada = door();
		const heard = [];
		const thrown = [];
		const catcher = (error) => thrown.push(error.message);
		const others = process.listeners("uncaughtException");
		process.removeAllListeners("uncaughtException").on("uncaughtException", catcher);
		ada.on("line", () => {
			throw new Error("of a listener");
		});
		const off = ada.on("line", (line) => heard.push(line.payload.text));
		await ada.connect();
		await ada.request.say({ payload: "heard" });
		await eventually("it was heard", () => heard.length === 1 && thrown.length === 1);
		off();
		process.removeListener("uncaughtException", catcher);
		others.forEach((each) => process.on("uncaughtException", each));
		assert.deepEqual(thrown, ["of a listener"]);
	});
});

describe("a server that goes", () => {
	it("is found again, and what was missed is heard once and in order", async () => {
		const name = fresh();
		const [ada, grace] = [door({ params: { name } }), gallery({ params: { name } })];
		const heard = hear(grace);
		const gaps = [];
		const recovered = [];
		grace.onGap((gap) => gaps.push(gap));
		grace.onRecovered(({ recovered: whole }) => recovered.push(whole));
		await Promise.all([ada.connect(), grace.connect()]);
		await ada.request.say({ payload: "1" });
		await eventually("it was heard", () => heard.length === 1);

		const position = grace.recoverableFrom;
		grace.close();
		for (const text of ["2", "3", "4"])
			await ada.request.say({ payload: text });
		await grace.connect();
		await eventually("all were heard", () => heard.length === 4);
		await ada.request.say({ payload: "5" });
		await eventually("and what is live", () => heard.length === 5);
		assert.deepEqual(heard, ["1", "2", "3", "4", "5"]);
		assert.deepEqual(gaps, []);
		assert.equal(recovered.at(-1), true);

		/* Another client that was handed the position. */
		const later = gallery({ params: { name }, positions: position });
		const laterHeard = hear(later);
		await later.connect();
		await eventually("it has them too", () => laterHeard.length === 4);
		assert.deepEqual(laterHeard, ["2", "3", "4", "5"]);
	});

	it("signals a gap when more was missed than is kept", async () => {
		const name = fresh();
		const [ada, grace] = [door({ params: { name } }), gallery({ params: { name } })];
		const heard = hear(grace);
		const gaps = [];
		grace.onGap(({ group }) => gaps.push(group));
		await Promise.all([ada.connect(), grace.connect()]);
		await ada.request.say({ payload: "first" });
		await eventually("it was heard", () => heard.length === 1);
		grace.close();
		for (let i = 0; i < 25; i++)
			await ada.request.say({ payload: `${i}` });
		await grace.connect();
		await eventually("the gap is told", () => gaps.length === 1);
		await ada.request.say({ payload: "after" });
		await eventually("what is live is heard", () => heard.at(-1) === "after");
		assert.deepEqual(gaps, [`stage_${name}`]);
	});

	it("says at once which parameter is missing, where no compiler has", () => {
		const missing = { name: "TypeError", message: "The parameter 'name' is missing" };
		assert.throws(() => new StageDoorClient(), missing);
		assert.throws(() => new StageDoorClient({ url: stage.url, WebSocket, params: { nmae: "x" } }), missing);
	});

	for (const signal of ["SIGTERM", "SIGKILL"])
		it(`and comes again after ${signal}: everybody is back, and a gap is signalled`, async () => {
			const name = fresh();
			const ada = door({ params: { name } });
			const heard = hear(ada);
			const gaps = [];
			const draining = [];
			ada.onGap(({ group }) => gaps.push(group));
			ada.onDraining((delay) => draining.push(delay));
			await ada.connect();
			await ada.request.say({ payload: "before" });
			await eventually("it was heard", () => heard.length === 1);
			await stage.end(signal);
			await eventually("it waits", () => ada.state.name !== "live");
			const queued = ada.request.say({ payload: "meanwhile" });
			await stage.start();
			assert.equal((await queued).action, "said");
			await eventually("it was heard", () => heard.length === 2);
			assert.deepEqual(heard, ["before", "meanwhile"]);
			assert.deepEqual(gaps, [`stage_${name}`]);
			assert.equal(draining.length, signal === "SIGTERM" ? 1 : 0);
		});

	it("gets idempotent requests again, and fails the others", async () => {
		const ada = door();
		await ada.connect();
		const lost = assert.rejects(ada.request.wait_for({ payload: 5_000 }), { reason: "disconnected" });
		const kept = ada.request.say({ payload: "kept" }, { idempotent: true });
		await stage.end("SIGKILL");
		await lost;
		await stage.start();
		assert.equal((await kept).action, "said");
	});

	it("that is gone without a word is noticed by its silence", async () => {
		const ada = door({ heartbeat: { every: 100, within: 200 }, connectWithin: 500 });
		await ada.connect();
		stage.freeze();
		await eventually("it is given up", () => ada.state.name !== "live");
		stage.thaw();
		await eventually("it is back", () => ada.state.name === "live");
	});

	it("keeps a bounded queue waiting", async () => {
		const refusing = door({ queue: { limit: 2 } });
		assert.equal(typeof refusing.send.say({ payload: "1" }), "string");
		refusing.send.say({ payload: "2" });
		assert.throws(() => refusing.send.say({ payload: "3" }), { reason: "queue_full" });
		const heard = hear(refusing);
		await refusing.connect();
		await eventually("both were sent", () => heard.length === 2);
		assert.deepEqual(heard, ["1", "2"]);

		const dropping = door({ queue: { limit: 2, whenFull: "drop-oldest" } });
		const fates = ["1", "2", "3"].map((payload) => dropping.request.say({ payload }).then(() => "said", (error) => error.reason));
		await dropping.connect();
		assert.deepEqual(await Promise.all(fates), ["queue_full", "said", "said"]);

		assert.throws(() => door({ queue: false }).send.say({ payload: "1" }), { reason: "queue_full" });
	});

	it("is not sought for ever", async () => {
		const ada = door({ url: "http://127.0.0.1:1", reconnect: { firstDelay: 1, longestDelay: 5, attempts: 3 } });
		await assert.rejects(ada.connect(), { reason: "closed" });
		assert.equal(ada.states.filter((name) => name === "connecting").length, 4);
	});
});
