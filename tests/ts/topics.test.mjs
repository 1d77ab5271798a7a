/* SPDX-License-Identifier: MIT */
/*
 * Topics, presence and questions of the server, in Node against the real server.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";

import { folder, oldStage, Stage } from "./generate.mjs";

const { LoungeDoorClient, Mood, validator } = await import(oldStage(folder()));

let stage;
let clients = [];
let names = 0;
const fresh = () => `t${++names}`;
const seconds = () => Math.floor(Date.now() / 1000);

function lounge(user, options = {}) {
	const made = new LoungeDoorClient({ url: stage.url, WebSocket, validator, params: { name: "main" },
		auth: { token: () => `${user}.${seconds()}.${seconds() + 3600}` }, reconnect: { firstDelay: 50, longestDelay: 100 }, ...options });
	made.problems = [];
	made.onProblem((problem) => made.problems.push(problem));
	clients.push(made);
	return made;
}

async function eventually(what, check, timeout = 20_000) {
	for (const deadline = Date.now() + timeout; Date.now() < deadline; await sleep(10))
		if (await check())
			return;
	assert.fail(`not within ${timeout} ms: ${what}\n${stage.log.slice(-2000)}`);
}

function follow(client, id) {
	const topic = client.topics.discussion({ id });
	topic.heard = [];
	topic.states = [];
	topic.on("told", ({ payload }) => topic.heard.push(payload));
	topic.onState((state) => topic.states.push(state));
	topic.onGap(() => topic.heard.push("(gap)"));
	return topic;
}

before(async () => {
	stage = await Stage.start("--reconnect-hint=100ms", "--presence-window=20ms", "--presence-linger=200ms");
});
after(() => stage.end("SIGKILL"));
afterEach(() => {
	for (const each of clients)
		each.close();
	clients = [];
});

describe("a topic", () => {
	it("is followed, spoken to and left", async () => {
		const [ada, grace] = [lounge("ada"), lounge("grace")];
		const id = fresh();
		const [hers, its] = [follow(ada, id), follow(grace, id)];
		await Promise.all([ada.connect(), grace.connect()]);
		await assert.rejects(hers.request.talk({ payload: "too early" }), { reason: "not_subscribed" });
		await Promise.all([hers.subscribe(), its.subscribe()]);
		assert.deepEqual(hers.states, ["subscribing", "subscribed"]);
		assert.equal((await hers.request.talk({ payload: "one" })).action, "talked");
		await eventually("both heard it", () => hers.heard.length === 1 && its.heard.length === 1);
		await assert.rejects(hers.request.refuse({ payload: "no" }), { reason: "refused", message: "no" });
		await assert.rejects(hers.request.talk({ payload: 7 }), { reason: "invalid" });
		its.unsubscribe();
		assert.equal(its.state, "unsubscribed");
		await hers.request.talk({ payload: "two" });
		await eventually("one heard it", () => hers.heard.length === 2);
		await sleep(50);
		assert.deepEqual(its.heard, ["one"]);
		await its.subscribe();
		await hers.request.talk({ payload: "three" });
		await eventually("both heard it", () => its.heard.length === 2);
		assert.deepEqual(its.heard, ["one", "three"]);
		assert.equal(ada.topics.discussion({ id }), hers);
		assert.deepEqual([ada.problems, grace.problems].flat(), []);
	});

	it("has a name that its parameters make, whatever is in them", async () => {
		const ada = lounge("ada");
		const topic = follow(ada, "a b/é-1");
		assert.equal(topic.name, "discussion:a%20b%2F%C3%A9%2D1");
		await ada.connect();
		await topic.subscribe();
		await topic.request.talk({ payload: "x" });
		await eventually("it was heard", () => topic.heard.length === 1);
	});

	it("may be refused, and that is final until asked again", async () => {
		const ada = lounge("ada");
		const secret = follow(ada, "secret");
		await ada.connect();
		await assert.rejects(secret.subscribe(), { reason: "unauthorized" });
		assert.equal(secret.state, "refused");
		await assert.rejects(secret.request.talk({ payload: "x" }), { reason: "unauthorized" });
		ada.close();
		await ada.connect();
		await sleep(50);
		assert.deepEqual(secret.states, ["subscribing", "refused"]);
	});

	it("is followed again after a reconnect, with what was missed once and in order", async () => {
		const [ada, grace] = [lounge("ada"), lounge("grace")];
		const id = fresh();
		const [hers, its] = [follow(ada, id), follow(grace, id)];
		await Promise.all([ada.connect(), grace.connect()]);
		await Promise.all([hers.subscribe(), its.subscribe()]);
		await hers.request.talk({ payload: "1" });
		await eventually("it was heard", () => its.heard.length === 1);
		grace.close();
		for (const text of ["2", "3", "4"])
			await hers.request.talk({ payload: text });
		await grace.connect();
		await eventually("all were heard", () => its.heard.length === 4);
		await hers.request.talk({ payload: "5" });
		await eventually("and what is live", () => its.heard.length === 5);
		assert.deepEqual(its.heard, ["1", "2", "3", "4", "5"]);
		assert.equal(its.state, "subscribed");
	});

	it("signals a gap after the server has lost it, and sends what waited", async () => {
		const ada = lounge("ada");
		const topic = follow(ada, fresh());
		await ada.connect();
		await topic.subscribe();
		await topic.request.talk({ payload: "before" });
		await eventually("it was heard", () => topic.heard.length === 1);
		await stage.end("SIGKILL");
		await eventually("it is gone", () => topic.state === "subscribing");
		const waiting = topic.request.talk({ payload: "meanwhile" });
		await stage.start();
		await waiting;
		await eventually("it was heard", () => topic.heard.length === 3);
		assert.deepEqual(topic.heard, ["before", "(gap)", "meanwhile"]);
	});

	it("can be followed before there is a connection", async () => {
		const ada = lounge("ada");
		const topic = follow(ada, fresh());
		const subscribed = topic.subscribe();
		const talked = topic.request.talk({ payload: "early" });
		await ada.connect();
		await subscribed;
		assert.equal((await talked).action, "talked");
	});
});

describe("presence", () => {
	/* In a lounge of their own: who has left the last test may still be seen in the other. */
	const seen = (client, name) => [...client.presence.lounge({ name }).users.values()].map(({ info }) => `${info.name} ${info.mood}`).sort();

	it("is who is there, who comes, changes and goes", async () => {
		const name = fresh();
		const ada = lounge("ada", { params: { name } });
		const roster = ada.presence.lounge({ name });
		const changes = [];
		roster.onChange(({ joined, changed, left }) => changes.push([joined, changed, left].map((list) => list.map(({ info }) => info.name)).join("|")));
		await ada.connect();
		await eventually("she is there", () => roster.known && roster.count === 1);
		assert.equal(roster.group, `lounge-${name}`);
		assert.deepEqual(seen(ada, name), ["ada calm"]);
		const grace = lounge("grace", { params: { name } });
		await grace.connect();
		await eventually("both are there", () => roster.count === 2);
		grace.send.feel({ payload: Mood.loud });
		await eventually("one is loud", () => seen(ada, name).includes("grace loud"));
		grace.close();
		await eventually("one is gone", () => roster.count === 1);
		assert.deepEqual(seen(ada, name), ["ada calm"]);
		assert.deepEqual(changes, ["ada||", "grace||", "|grace|", "||grace"]);
		ada.close();
		assert.equal(roster.known, false);
	});

	it("of a topic is who follows it", async () => {
		const [ada, grace] = [lounge("ada"), lounge("grace")];
		const id = fresh();
		const [hers, its] = [follow(ada, id), follow(grace, id)];
		const readers = () => [...hers.presence.users.values()].map(({ info }) => `${info.name} ${info.mood}`).sort();
		await Promise.all([ada.connect(), grace.connect()]);
		await Promise.all([hers.subscribe(), its.subscribe()]);
		await eventually("both are there", () => hers.presence.count === 2);
		assert.deepEqual(readers(), ["ada loud", "grace loud"]);
		its.unsubscribe();
		await eventually("one is gone", () => hers.presence.count === 1);
		assert.deepEqual(readers(), ["ada loud"]);
		hers.unsubscribe();
		assert.equal(hers.presence.known, false);
	});

	it("is right again after the server's restart", async () => {
		const name = fresh();
		const [ada, grace] = [lounge("ada", { params: { name } }), lounge("grace", { params: { name } })];
		await Promise.all([ada.connect(), grace.connect()]);
		const roster = ada.presence.lounge({ name });
		await eventually("both are there", () => roster.count === 2);
		await stage.end("SIGKILL");
		grace.close();
		await stage.start();
		await eventually("she is back, and alone", () => roster.known && roster.count === 1);
		assert.deepEqual(seen(ada, name), ["ada calm"]);
	});
});

describe("a question of the server", () => {
	it("is answered by one of its answers, once", async () => {
		const ada = lounge("ada");
		const results = [];
		const errors = [];
		let choose;
		ada.on("result", ({ payload }) => results.push(payload));
		ada.answer("ask", async ({ payload }, reply) => {
			assert.equal(payload.question, "1 + 2?");
			await sleep(5);
			choose(reply);
			try {
				reply.no_idea();
			} catch (error) {
				errors.push(error.reason);
			}
		});
		await ada.connect();
		for (const [how, result] of [[(reply) => reply.answer({ payload: { choice: 3 } }), "right"], [(reply) => reply.answer({ payload: { choice: 4 } }), "wrong"],
			[(reply) => reply.no_idea(), "no idea"]]) {
			choose = how;
			ada.send.quiz();
			await eventually(result, () => results.at(-1) === result);
		}
		assert.deepEqual(errors, ["unanswered", "unanswered", "unanswered"]);
		assert.deepEqual(ada.problems, []);
	});

	it("that nobody answers is a problem of the program", async () => {
		const ada = lounge("ada");
		await ada.connect();
		ada.send.quiz();
		await eventually("it is told", () => ada.problems.length === 1);
		assert.equal(ada.problems[0].reason, "unanswered");
	});
});
