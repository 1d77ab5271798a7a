/* SPDX-License-Identifier: MIT */
/*
 * Reference pages in a real browser: search, light and dark, anchors, three widths; nothing is fetched, nothing of a contract runs, and the
 * page keeps to its own Content-Security-Policy and to a strict one of a server's.
 *
 * MSGC: the compiler; ROOT: the tree.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { launchBrowser } from "./visitor.mjs";

const WIDTHS = [[1440, 1000], [820, 1100], [390, 844]];
const CONTRACTS = { chat: "examples/chat/chat.msg", hostile: "tests/reference/hostile.msg", gateway: "tests/apis/contracts/gateway.msg", topics: "tests/compiler/model/topics.msg" };

let folder;
let server;
let browser;
let origin;

const page = (name) => readFileSync(join(folder, `${name}.html`), "utf8");
const policyOf = (text) => /Content-Security-Policy" content="([^"]*)"/.exec(text)[1];

before(async () => {
	folder = mkdtempSync(join(tmpdir(), "msgc-reference-"));
	for (const path of Object.values(CONTRACTS)) {
		const done = spawnSync(process.env.MSGC, ["--emit", "html", "-o", folder, join(process.env.ROOT, path)], { encoding: "utf8" });
		assert.equal(done.status, 0, done.stderr);
	}
	/* The page's policy once more in the header, with what only a header can say. */
	server = createServer((request, response) => {
		const name = request.url.slice(1).split(/[?#]/)[0];
		if (!(name in CONTRACTS)) return response.writeHead(404).end();
		response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": `${policyOf(page(name))}; frame-ancestors 'none'` }).end(page(name));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	origin = `http://127.0.0.1:${server.address().port}`;
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	server?.close();
	if (folder) rmSync(folder, { recursive: true });
});

/* A page, and everything that should not happen on it. */
async function open(name, options = {}, hash = "") {
	const context = await browser.newContext(options);
	const tab = await context.newPage();
	const wrong = [];
	await tab.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`)));
	tab.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
	tab.on("pageerror", (error) => wrong.push(String(error)));
	tab.on("dialog", (dialog) => wrong.push(`dialog ${dialog.message()}`));
	tab.on("request", (request) => !request.url().startsWith(`${origin}/${name}`) && !request.url().startsWith("data:") && wrong.push(request.url()));
	await tab.goto(`${origin}/${name}${hash}`);
	return { tab, wrong, close: () => context.close() };
}

const shown = (tab) => tab.locator(".entry:visible").evaluateAll((entries) => entries.map(({ id }) => id));

describe("reference pages", () => {
	for (const name of Object.keys(CONTRACTS)) {
		it(`${name}: breaks no policy, fetches nothing, fits, at three widths, light and dark`, async () => {
			for (const [width, height] of WIDTHS) {
				for (const colorScheme of ["light", "dark"]) {
					const { tab, wrong, close } = await open(name, { viewport: { width, height }, colorScheme });
					assert.equal(await tab.evaluate(() => document.documentElement.classList.contains("script")), true, "the script has run");
					assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width} wide: it fits`);
					assert.equal(await tab.evaluate(() => getComputedStyle(document.documentElement).colorScheme), colorScheme);
					const lightness = await tab.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)[0]));
					assert.equal(lightness > 128, colorScheme === "light");
					if (process.env.SCREENSHOTS) {
						mkdirSync(process.env.SCREENSHOTS, { recursive: true });
						await tab.screenshot({ path: join(process.env.SCREENSHOTS, `reference-${name}-${width}-${colorScheme}.png`) });
					}
					assert.deepEqual(wrong, []);
					await close();
				}
			}
		});
	}

	it("texts of a contract are texts", async () => {
		const { tab, wrong, close } = await open("hostile");
		assert.equal(await tab.evaluate(() => typeof globalThis.hacked), "undefined");
		assert.equal(await tab.locator("img, iframe, form, svg[onload], main script").count(), 0);
		assert.ok((await tab.locator("h1").textContent()).startsWith("<script>hacked = 1</script>"));
		assert.ok((await tab.title()).startsWith("<script>hacked = 1</script>"));
		await tab.locator("#search").fill("<script>");
		assert.ok((await shown(tab)).length > 0);
		assert.deepEqual(wrong, []);
		await close();
	});

	it("the search takes every word, in entries and in the contents, and gives all back", async () => {
		const { tab, wrong, close } = await open("chat");
		const all = await shown(tab);
		await tab.keyboard.press("/");
		assert.equal(await tab.evaluate(() => document.activeElement.id), "search");
		await tab.keyboard.type("string_too_long stored");
		assert.deepEqual(await shown(tab), ["message-chat"]);
		assert.deepEqual(await tab.locator("nav a:visible").allTextContents(), ["chat"]);
		assert.deepEqual(await tab.locator("nav h2:visible").allTextContents(), ["Messages"]);
		await tab.locator("#search").fill("zebra");
		assert.deepEqual(await shown(tab), []);
		assert.equal(await tab.locator("#nothing").isVisible(), true);
		await tab.keyboard.press("Escape");
		assert.deepEqual(await shown(tab), all);
		await tab.locator("#search").fill("display_name");
		await tab.keyboard.press("Enter");
		assert.ok((await tab.evaluate(() => location.hash)).length > 1);
		assert.deepEqual(wrong, []);
		await close();
	});

	it("a link to something that the search hides shows it", async () => {
		const { tab, close } = await open("chat");
		await tab.locator("#search").fill("history");
		await tab.evaluate(() => { location.hash = "type-username"; });
		await tab.locator("#type-username").waitFor({ state: "visible" });
		assert.equal(await tab.locator("#search").inputValue(), "");
		await close();
	});

	it("light and dark: the system's, until somebody chooses; the choice stays", async () => {
		const { tab, wrong, close } = await open("chat", { colorScheme: "dark" });
		const scheme = () => tab.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
		assert.equal(await scheme(), "dark");
		await tab.locator("#theme").click();
		assert.equal(await scheme(), "light");
		await tab.reload();
		assert.equal(await scheme(), "light");
		await tab.locator("#theme").click();
		assert.equal(await scheme(), "dark");
		assert.deepEqual(wrong, []);
		await close();
	});

	it("on a phone the contents are behind a button, and a click leads there", async () => {
		const { tab, close } = await open("chat", { viewport: { width: 390, height: 844 } });
		assert.equal(await tab.locator("nav").isVisible(), false);
		await tab.locator(".menu-button").click();
		assert.equal(await tab.locator("nav").isVisible(), true);
		await tab.locator('nav a[href="#message-history"]').click();
		assert.equal(await tab.locator("nav").isVisible(), false);
		const top = await tab.locator("#message-history").evaluate((element) => element.getBoundingClientRect().top);
		assert.ok(top >= 56 && top < 200, `${top}`);
		await close();
	});

	it("without scripts everything is there", async () => {
		const { tab, close } = await open("chat", { javaScriptEnabled: false });
		assert.ok(await tab.locator("#message-chat").isVisible());
		assert.equal(await tab.locator("#search").isVisible(), false);
		await close();
	});

	it("on paper there is neither bar nor contents", async () => {
		const { tab, close } = await open("chat");
		await tab.emulateMedia({ media: "print" });
		assert.equal(await tab.locator(".bar").isVisible(), false);
		assert.equal(await tab.locator("nav").isVisible(), false);
		assert.ok(await tab.locator("#message-chat pre").isVisible());
		await close();
	});
});
