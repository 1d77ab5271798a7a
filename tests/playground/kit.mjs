/* SPDX-License-Identifier: MIT */
/*
 * Servers with an administrative listener as child processes, and the playground's page in a browser, with everything that should not happen
 * there. What is tested stands in the test files.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";

const { chromium } = createRequire(import.meta.url)("playwright-core");
const START_WITHIN = 30_000;
const WITHIN = 25_000; /* a slow machine with much to do */

const children = new Set();

/** What a test that failed has left: no server may outlive its file. */
export async function stopAll() {
	for (const child of children)
		child.kill("SIGKILL");
}

/** A program on free ports: { url, admin, log(), stop() }. */
export async function serve(program, args = [], environment = {}) {
	const folder = await mkdtemp(join(tmpdir(), "playground-"));
	const child = spawn(program, ["--port=0", "--admin-port=0", "--host=127.0.0.1", "--reconnect-hint=1s", "--drain-timeout=1s",
		...args.map((arg) => arg.replace("FOLDER", folder))], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
	let log = "";
	children.add(child);
	const ended = new Promise((resolve) => child.once("exit", (code) => {
		children.delete(child);
		resolve(code);
	}));
	const ports = {};
	await new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`the server does not listen\n${log}`)), START_WITHIN);
		ended.then((code) => reject(new Error(`the server ended with ${code}\n${log}`)));
		const read = (chunk) => {
			log = (log + chunk).slice(-40_000);
			for (const [, port, admin] of log.matchAll(/event=listen\.ready.* port=(\d+) .*admin=(yes|no)/g))
				ports[admin] = port;
			if (ports.yes && ports.no) {
				clearTimeout(late);
				resolve();
			}
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
	});
	return {
		url: `http://127.0.0.1:${ports.no}`, admin: `http://127.0.0.1:${ports.yes}`, log: () => log,
		stop: async () => {
			child.kill("SIGKILL");
			await ended;
			await rm(folder, { recursive: true, force: true });
		},
		drain: async () => {
			child.kill("SIGTERM");
			return ended;
		},
	};
}

export function launchBrowser() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}

/** The playground of a server. `wrong` holds what should not happen: errors, refused resources, requests to elsewhere. */
export class Player {
	wrong = [];

	static async open(browser, server, options = {}) {
		const player = new Player();
		player.server = server;
		player.context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
		player.page = await player.context.newPage();
		player.page.setDefaultTimeout(WITHIN);
		player.#watch();
		await player.load();
		return player;
	}

	#watch() {
		const { page, wrong, server } = this;
		page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
		/* That a handshake was refused is said by the browser itself; tests that want one look at it. */
		page.on("console", (message) => ["error", "warning"].includes(message.type()) && !/WebSocket connection to/.test(message.text()) && wrong.push(message.text()));
		page.on("dialog", (dialog) => {
			wrong.push(`dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		page.on("request", (request) => !request.url().startsWith(server.admin) && !request.url().startsWith("data:") && wrong.push(`request: ${request.url()}`));
	}

	async load() {
		await this.page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
		await this.page.goto(`${this.server.admin}/playground`);
		await this.page.locator("html[data-ready]").waitFor();
	}

	/** Chooses the endpoint of that name. */
	async endpoint(name) {
		const option = this.page.locator("#endpoint option").filter({ hasText: new RegExp(`^${name} `) });
		await this.page.locator("#endpoint").selectOption(await option.getAttribute("value"));
	}

	auth(kind) {
		return this.page.locator(`#auth input[value=${kind}]`).check({ force: true });
	}

	field(label) {
		return this.page.getByLabel(label, { exact: true }).and(this.page.locator(":not([type=radio])"));
	}

	async connect() {
		await this.page.locator("#connect").click();
	}

	state(state) {
		return this.page.locator(`#state[data-state=${state}]`).waitFor();
	}

	async message(name) {
		const option = this.page.locator("#message option").filter({ hasText: new RegExp(`^${name}( |$)`) }).first();
		await this.page.locator("#message").selectOption(await option.getAttribute("value"));
	}

	send() {
		return this.page.locator("#send").click();
	}

	/** Rows of the log: direction in, out or note; an action. */
	rows(direction, action) {
		return this.page.locator(`#log .row.${direction}${action === undefined ? "" : `[data-action="${action}"]`}`);
	}

	/** The text of the frame in the editor, as it would be sent. */
	json() {
		return this.page.locator("#editor-place textarea").inputValue().then(JSON.parse);
	}

	setJson(text) {
		return this.page.locator("#editor-place textarea").fill(text);
	}

	problems() {
		return this.page.locator("#problems li").allTextContents();
	}

	close() {
		return this.context.close();
	}
}
