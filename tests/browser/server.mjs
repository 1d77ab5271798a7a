/* SPDX-License-Identifier: MIT */
/*
 * The chat server as a child process with a database and a port of its own; it can be stopped, killed and started again on both.
 * CHAT_SERVER names the program.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { fixedPort } from "../package/ports.mjs";

const START_WITHIN = 20_000;
const STOP_WITHIN = 15_000;

export class ChatServer {
	#child = null;
	#exited = null;
	#dir;
	#log = "";
	port;

	static async create() {
		if (!process.env.CHAT_SERVER)
			throw new Error("CHAT_SERVER must name the chat program");
		const server = new ChatServer();
		server.#dir = await mkdtemp(join(tmpdir(), "chat-browser-"));
		server.port = await fixedPort();
		return server;
	}

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	/** What it has written so far, for the report of a failure. */
	get log() {
		return this.#log;
	}

	async start() {
		this.#child = spawn(process.env.CHAT_SERVER, [`--port=${this.port}`, "--host=127.0.0.1",
			`--database=${join(this.#dir, "chat.sqlite")}`, "--reconnect-hint=1s"], { stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [this.#child.stdout, this.#child.stderr])
			stream.on("data", (chunk) => {
				this.#log = (this.#log + chunk).slice(-20_000);
			});
		this.#exited = new Promise((resolve) => {
			this.#child.once("exit", (code, signal) => resolve({ code, signal }));
			this.#child.once("error", (error) => resolve({ error }));
		});
		await this.#ready();
	}

	async #ready() {
		let end = null;
		this.#exited.then((how) => {
			end = how;
		});
		for (const deadline = Date.now() + START_WITHIN; Date.now() < deadline; await sleep(50)) {
			if (end)
				throw new Error(`the server ended at its start: ${JSON.stringify(end)}\n${this.#log}`);
			const answer = await fetch(`${this.url}/login.html`).catch(() => null);
			if (answer?.ok)
				return;
		}
		throw new Error(`the server does not answer\n${this.#log}`);
	}

	/** SIGTERM, and the exit code that follows. */
	async stop() {
		return this.#end("SIGTERM");
	}

	/** SIGKILL: it learns nothing of it. */
	async kill() {
		return this.#end("SIGKILL");
	}

	async #end(signal) {
		if (!this.#child)
			return null;
		this.#child.kill(signal);
		const late = sleep(STOP_WITHIN, null, { ref: false }).then(() => {
			throw new Error(`the server did not end within ${STOP_WITHIN} ms of ${signal}\n${this.#log}`);
		});
		const how = await Promise.race([this.#exited, late]);
		this.#child = null;
		return how;
	}

	async destroy() {
		await this.kill();
		await rm(this.#dir, { recursive: true, force: true });
	}
}
