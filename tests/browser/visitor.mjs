/* SPDX-License-Identifier: MIT */
/*
 * A visitor of the chat: a browser context of its own (cookies, storage), the page in it, what travelled over its WebSockets,
 * and everything that should not have happened there (errors, refused resources).
 */
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export function launchBrowser() {
	return chromium.launch({
		executablePath: CHROMIUM,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"],
	});
}

export class Visitor {
	/** Every frame, oldest first: {socket, sent, message}. */
	frames = [];
	sockets = 0;
	complaints = [];

	static async open(browser, url, options = {}) {
		const visitor = new Visitor();
		visitor.url = url;
		visitor.context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
		visitor.page = await visitor.context.newPage();
		visitor.page.setDefaultTimeout(10_000);
		visitor.#watch();
		return visitor;
	}

	#watch() {
		this.page.on("pageerror", (error) => this.complaints.push(`script error: ${error.message}`));
		this.page.on("console", (message) => {
			if (/Content Security Policy|Refused to/.test(message.text()))
				this.complaints.push(message.text());
		});
		this.page.on("websocket", (socket) => {
			const number = ++this.sockets;
			const note = (sent) => ({ payload }) => this.frames.push({ socket: number, sent, message: JSON.parse(payload) });
			socket.on("framereceived", note(false));
			socket.on("framesent", note(true));
		});
	}

	/** What came in with that action, on one socket or on any. */
	received(action, socket) {
		return this.frames
			.filter((frame) => !frame.sent && frame.message.action === action && (!socket || frame.socket === socket))
			.map((frame) => frame.message);
	}

	async logInAs(name) {
		await this.page.goto(`${this.url}/login.html`);
		await this.page.locator(`[data-demo=${name}]`).click();
		await this.page.locator("#page").waitFor();
	}

	/** The same log-in without its page, for tests of what comes after it. */
	async signIn(name) {
		const answer = await this.context.request.post(`${this.url}/api/login`,
			{ headers: { origin: this.url }, data: { name, password: "demo-password" } });
		if (!answer.ok())
			throw new Error(`${name} is not let in: ${answer.status()} ${await answer.text()}`);
	}

	async enter(slug) {
		await this.page.goto(`${this.url}/room.html?room=${encodeURIComponent(slug)}`);
	}

	/** Logs in and waits in the room until it is live. */
	async enterAs(name, slug) {
		await this.signIn(name);
		await this.enter(slug);
		await this.waitLive();
	}

	waitLive(timeout) {
		return this.page.locator("#state[data-state=live]").waitFor({ timeout });
	}

	async say(text) {
		await this.page.locator("#text").fill(text);
		await this.page.locator("#text").press("Enter");
	}

	/** The messages on the page with exactly that text. */
	messages(text) {
		return this.page.locator(".message[data-id]").filter({ has: this.page.getByText(text, { exact: true }) });
	}

	notice(text) {
		return this.page.locator(".notice").filter({ hasText: text });
	}

	close() {
		return this.context.close();
	}
}
