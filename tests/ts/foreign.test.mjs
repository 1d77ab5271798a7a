/* SPDX-License-Identifier: MIT */
/*
 * The generated client where the protocol is somebody else's: array frames whose answers only a ref tells apart, refusals in the contract's
 * words, calls of the server; integer opcodes with a greeting. Against the server of tests/apis.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";

import { folder, generate, here } from "./generate.mjs";

const out = folder();
for (const name of ["devices", "gateway"])
	generate(join(here, "../apis/contracts", `${name}.msg`), out, "js");
writeFileSync(join(out, "package.json"), '{"type":"module"}\n');
const { ChargePointClient, Registration } = await import(join(out, "devices.js"));
const { GatewaySocketClient } = await import(join(out, "gateway.js"));

let server;
let url;
let clients = [];

before(async () => {
	server = spawn(process.env.FOREIGN, ["--port=0"], { stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	const port = await new Promise((resolve, reject) => {
		for (const stream of [server.stdout, server.stderr])
			stream.on("data", (chunk) => {
				output += chunk;
				const found = /event=listen\.ready .*port=(\d+) .*admin=no/.exec(output);
				if (found)
					resolve(found[1]);
			});
		server.on("exit", (code) => reject(new Error(`the server has ended with ${code}: ${output}`)));
	});
	url = `http://127.0.0.1:${port}`;
});
after(() => server.kill("SIGKILL"));
afterEach(() => {
	for (const each of clients)
		each.close();
	clients = [];
});

async function eventually(what, check) {
	for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(10))
		if (check())
			return;
	assert.fail(`not within 20 s: ${what}`);
}

function client(Class, options) {
	const made = new Class({ url, WebSocket, ...options });
	made.problems = [];
	made.onProblem((problem) => made.problems.push(problem));
	clients.push(made);
	return made;
}

describe("a charge point", () => {
	const point = () => client(ChargePointClient, { params: { identity: "CP 1" } });

	it("calls, and tells answers apart by their refs", async () => {
		const cp = point();
		await cp.connect();
		const [boot, beat] = await Promise.all([
			cp.request.boot_notification([{ chargePointVendor: "ACME", chargePointModel: "One" }]),
			cp.request.heartbeat([{}])]);
		assert.deepEqual([boot[0], boot[2].interval, boot[2].status], [3, 300, Registration.accepted]);
		assert.deepEqual([beat[0], Object.keys(beat[2])], [3, ["currentTime"]]);
		const refused = await cp.request.boot_notification([{ chargePointVendor: "Nobody", chargePointModel: "One" }]);
		assert.deepEqual(refused.filter((_, i) => i !== 1).slice(0, 3), [4, "SecurityError", "unknown vendor"]);
	});

	it("is called, and answers", async () => {
		const cp = point();
		const asked = [];
		cp.answer("remote_start", (call, reply) => {
			asked.push(call[3].idTag);
			reply.remote_start_result([{ status: "Accepted" }]);
		});
		await cp.connect();
		const done = await cp.request.data_transfer([{ vendorId: "test", data: "start" }]);
		assert.deepEqual([asked, done[2]], [["GOOD"], { status: "Accepted" }]);
	});

	it("is refused in the contract's words", async () => {
		const cp = point();
		await cp.connect();
		const answer = await cp.request.authorize([{ idTag: "x".repeat(21) }]);
		assert.deepEqual([answer[0], answer[2]], [4, "PropertyConstraintViolation"]);
		await assert.rejects(cp.request.meter_values([{ connectorId: 1, meterValue: [] }]), (error) =>
			error.name === "RefusalError" && error.reason === "refused" && error.refusal[0] === 4);
		assert.equal(cp.state.name, "live");
	});
});

describe("a bot", () => {
	const identify = (token) => ({ d: { token, intents: 1, properties: { os: "linux", browser: "none", device: "test" } } });

	it("says who it is when it has been greeted", async () => {
		const greetings = [];
		const bot = client(GatewaySocketClient, { auth: { message: "identify", body: (hello) => {
			greetings.push(hello.d.heartbeat_interval);
			return identify("good");
		} }, reconnect: false });
		const heard = [];
		bot.onMessage((message) => heard.push(message.op === 0 ? message.t : message.op));
		await bot.connect();
		await eventually("it is ready", () => heard.includes("READY"));
		bot.send.heartbeat({ d: null });
		await eventually("its heart is heard", () => heard.includes(11));
		assert.deepEqual([greetings, heard], [[41250], [10, "READY", 11]]);
		await assert.rejects(bot.request.heartbeat({ d: null }), { reason: "unanswered" });
	});

	it("is sent away when it is somebody else, and stays away", async () => {
		const bot = client(GatewaySocketClient, { auth: { message: "identify", body: () => identify("bad") }, reconnect: { firstDelay: 10 } });
		const states = [];
		bot.onState(({ name, code }) => states.push(code ?? name));
		await bot.connect().catch(() => {});
		await eventually("it is closed", () => bot.state.name === "closed");
		assert.equal(bot.state.code, 4401);
		assert.equal(states.filter((state) => state === "connecting").length, 1);
	});
});
