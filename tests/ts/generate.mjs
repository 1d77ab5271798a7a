/* SPDX-License-Identifier: MIT */
/*
 * What tests share: outputs of msgc in folders of their own, and the stage's server as a process that can be stopped, killed and started
 * again on its port. MSGC and STAGE_SERVER name the programs.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { fixedPort } from "../package/ports.mjs";

export const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;

/** A folder that goes when the process ends. */
export function folder() {
	const made = mkdtempSync(join(tmpdir(), "msgc-ts-"));
	process.on("exit", () => rmSync(made, { recursive: true, force: true }));
	return made;
}

/** Writes the outputs of a contract's file into a folder, the contract's text changed before that. */
export function generate(contract, into, emit, change = (text) => text) {
	const changed = join(folder(), basename(contract));
	writeFileSync(changed, change(readFileSync(contract, "utf8")));
	mkdirSync(into, { recursive: true });
	execFileSync(process.env.MSGC, ["--emit", emit, "-I", join(contract, ".."), "-o", into, changed], { stdio: ["ignore", "ignore", "inherit"] });
	return into;
}

/** The stage's module as a client of an older version has it: without what is marked as new. */
export function oldStage(into) {
	generate(join(here, "stage.msg"), into, "js", (text) => text.replace(/^.*\/\/ new$/gm, ""));
	writeFileSync(join(into, "package.json"), '{"type":"module"}\n');
	return join(into, "stage.js");
}

export class Stage {
	#child = null;
	#exited = null;
	#arguments;
	log = "";
	port;

	static async start(...more) {
		const stage = new Stage();
		stage.port = await fixedPort();
		stage.#arguments = more;
		await stage.start();
		return stage;
	}

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	async start() {
		this.#child = spawn(process.env.STAGE_SERVER, [`--port=${this.port}`, "--host=127.0.0.1", ...this.#arguments],
			{ stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [this.#child.stdout, this.#child.stderr])
			stream.on("data", (chunk) => {
				this.log = (this.log + chunk).slice(-20_000);
			});
		this.#exited = new Promise((resolve) => this.#child.once("exit", (code, signal) => resolve(code ?? signal)));
		for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
			if (await fetch(`${this.url}/`).catch(() => null))
				return;
			if (Date.now() > deadline || this.#child.exitCode !== null)
				throw new Error(`the stage does not answer\n${this.log}`);
		}
	}

	async end(signal) {
		this.#child?.kill(signal);
		return this.#exited;
	}

	/** Says nothing any more, and does not close: as if it were gone. */
	freeze() {
		this.#child.kill("SIGSTOP");
	}

	thaw() {
		this.#child.kill("SIGCONT");
	}
}
