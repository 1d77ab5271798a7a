/* SPDX-License-Identifier: MIT */
/*
 * The generated client in Chromium, loaded as it is by a page that the real server serves: reconnect, recovery, refused frames, expiry and
 * refresh, a slow server, unknown messages, the network going and coming.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

import { folder, oldStage, Stage } from "./generate.mjs";

let stage;
let browser;
let page;
let complaints = [];
let names = 0;
const fresh = () => `b${++names}`;

/* What each test's page begins with. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Stage</title><script type="module">
import * as stage from "/stage.js";
const seconds = () => Math.floor(Date.now() / 1000);
window.tokenOf = (name, lasts = 3600) => name + "." + seconds() + "." + (seconds() + lasts);
window.open_ = async (name, options = {}) => {
	const door = new stage.StageDoorClient({ params: { name }, auth: { token: () => tokenOf("ada") }, validator: stage.validator,
		reconnect: { firstDelay: 50, longestDelay: 200 }, ...options });
	window.seen = { lines: [], states: [], unknown: [], problems: [], gaps: [], recovered: [] };
	door.on("line", ({ payload }) => seen.lines.push(payload.text));
	door.onState(({ name }) => seen.states.push(name));
	door.onUnknown(({ frame }) => seen.unknown.push(frame.action));
	door.onProblem(({ reason }) => seen.problems.push(reason));
	door.onGap(({ group }) => seen.gaps.push(group));
	door.onRecovered(({ recovered }) => seen.recovered.push(recovered));
	window.door = door;
	await door.connect();
};
window.stage = stage;
window.ready = true;
</script>`;

before(async () => {
	const pages = folder();
	oldStage(pages);
	writeFileSync(join(pages, "index.html"), PAGE);
	process.env.STAGE_PAGES = pages;
	stage = await Stage.start("--reconnect-hint=200ms");
	browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"] });
});

after(async () => {
	await browser?.close();
	await stage?.end("SIGKILL");
});

async function open(name, options) {
	page = await browser.newPage();
	page.setDefaultTimeout(10_000);
	complaints = [];
	page.on("pageerror", (error) => complaints.push(error.message));
	await page.goto(`${stage.url}/index.html`);
	await page.waitForFunction(() => window.ready);
	await page.evaluate(([name, options]) => window.open_(name, options), [name, options ?? {}]);
}

afterEach(async () => {
	await page?.close();
	assert.deepEqual(complaints, []);
});

const seen = () => page.evaluate(() => window.seen);
const say = (text) => page.evaluate((text) => door.request.say({ payload: text }).then(({ payload }) => String(payload.id)), text);
const until = (condition) => page.waitForFunction(condition);

describe("in a browser the client", () => {
	it("asks, is answered, and hears", async () => {
		await open(fresh());
		assert.match(await say("hello"), /^9007199254740\d{3}$/);
		await until(() => seen.lines.length === 1);
		assert.deepEqual(await page.evaluate(async () => {
			const { payload } = await door.request.add({ payload: { a: 2n ** 62n, b: 1n, price: "1.10" } });
			return [String(payload.total), payload.price];
		}), ["4611686018427387905", "1.10"]);
		assert.deepEqual(await seen(), { lines: ["hello"], states: ["idle", "connecting", "live"], unknown: [], problems: [], gaps: [], recovered: [false] });
	});

	it("is refused with every problem, and by the handler", async () => {
		await open(fresh());
		assert.deepEqual(await page.evaluate(() => door.request.say({ payload: 5 }).catch((error) =>
			[error instanceof stage.InvalidError, error.problems.map(({ type, loc }) => `${type} ${loc}`)])), [true, ["string_type payload"]]);
		assert.deepEqual(await page.evaluate(() => door.request.refuse({ payload: "not now" }).catch(({ reason, message }) => [reason, message])),
			["refused", "not now"]);
	});

	it("gives up on a slow server", async () => {
		await open(fresh());
		assert.equal(await page.evaluate(() => door.request.wait_for({ payload: 500 }, { timeout: 50 }).catch(({ reason }) => reason)), "timeout");
	});

	it("tells what it does not know", async () => {
		await open(fresh());
		await page.evaluate(() => door.send.wonder());
		await until(() => seen.unknown.length === 1);
		assert.deepEqual((await seen()).unknown, ["surprise"]);
	});

	it("comes back to a server that was killed, and sends what waited", async () => {
		await open(fresh());
		await say("before");
		await stage.end("SIGKILL");
		await until(() => seen.states.at(-1) !== "live");
		const queued = say("meanwhile");
		await stage.start();
		await queued;
		await until(() => seen.lines.length === 2);
		const { lines, gaps } = await seen();
		assert.deepEqual([lines, gaps.length], [["before", "meanwhile"], 1]);
	});

	it("recovers what it has missed, once and in order", async () => {
		const name = fresh();
		await open(name);
		const ada = page;
		await say("1");
		await until(() => seen.lines.length === 1);
		await ada.evaluate(() => door.close());
		await open(name);
		const grace = page;
		for (const text of ["2", "3"])
			await say(text);
		page = ada;
		await ada.evaluate(() => door.connect());
		await until(() => seen.lines.length === 3);
		page = grace;
		await say("4");
		page = ada;
		await until(() => seen.lines.length === 4);
		await grace.close();
		const { lines, gaps, recovered } = await seen();
		assert.deepEqual([lines, gaps, recovered], [["1", "2", "3", "4"], [], [false, true]]);
	});

	it("refreshes its token, and stays", async () => {
		await open(fresh());
		await page.evaluate(() => {
			door.close();
			window.refreshed = 0;
			const auth = { token: () => {
				const expiresAt = (Math.floor(Date.now() / 1000) + 3) * 1000;
				return { token: `ada.1.${expiresAt / 1000}`, expiresAt };
			} };
			window.second = new stage.StageDoorClient({ params: { name: "refresh" }, auth });
			second.states = [];
			second.onState(({ name }) => second.states.push(name));
			second.onRefreshed(() => window.refreshed++);
			return second.connect();
		});
		await until(() => window.refreshed > 0);
		await sleep(2_000);
		assert.deepEqual(await page.evaluate(() => second.states), ["idle", "connecting", "live"]);
	});

	it("notices by silence that the server has gone", async () => {
		await open(fresh(), { heartbeat: { every: 100, within: 200 }, connectWithin: 500 });
		stage.freeze();
		await until(() => seen.states.at(-1) !== "live");
		stage.thaw();
		await until(() => seen.states.at(-1) === "live");
	});

	for (const first of ["the network", "the server"])
		it(`says that it is offline once ${first} has gone, and tries as soon as there is a network`, async () => {
			await open(fresh(), { reconnect: { firstDelay: 60_000, longestDelay: 60_000 } });
			if (first === "the server") {
				await stage.end("SIGKILL");
				await until(() => seen.states.at(-1) === "waiting");
			}
			await page.context().setOffline(true);
			if (first === "the network")
				await stage.end("SIGKILL");
			await until(() => seen.states.at(-1) === "offline");
			await stage.start();
			await page.context().setOffline(false);
			await until(() => seen.states.at(-1) === "live");
		});
});
