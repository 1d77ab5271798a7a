/* SPDX-License-Identifier: MIT */
/*
 * The playground of every contract of the repository: each message's form is made from its schema, holds the contract's example as it is, and
 * finds nothing wrong with it. The page is the real one; only its documents are replaced.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { compileAll } from "../asyncapi/contracts.mjs";
import { launchBrowser, Player, serve, stopAll } from "./kit.mjs";

let server;
let browser;
const documents = [];

before(async () => {
	const { made, remove } = compileAll("asyncapi");
	for (const { label, folder, stem } of made) {
		const text = readFileSync(join(folder, `${stem}.asyncapi.json`), "utf8");
		const { channels = {}, components } = JSON.parse(text);
		const shown = Object.entries(components.messages ?? {}).filter(([, { examples }]) => examples?.length).map(([name]) => name);
		if (Object.keys(channels).length > 0)
			documents.push({ name: stem, label, text, shown });
	}
	remove();
	server = await serve(process.env.BOOTH_SERVER);
	browser = await launchBrowser();
});

after(async () => {
	await browser?.close();
	await server?.stop();
	await stopAll();
});

/* In the page: every endpoint, every message; what is wrong with any of them. */
function tour(shown) {
	const change = (select, value) => {
		select.value = value;
		select.dispatchEvent(new Event("change"));
	};
	const wrong = [];
	let messages = 0;
	const endpoint = document.querySelector("#endpoint"), message = document.querySelector("#message"), editor = document.querySelector("#editor-place textarea");
	for (const { value, textContent } of [...endpoint.options]) {
		change(endpoint, value);
		for (const option of [...message.options]) {
			change(message, option.value);
			messages++;
			const said = () => [...document.querySelectorAll("#problems li")].map((each) => each.textContent).join("; ");
			const where = `${textContent.trim()} ${option.textContent.trim()}`;
			const before = editor.value;
			/* Where the contract's compiler has found no example (patterns), the page's own may not fit. */
			const known = shown.includes(option.textContent.trim().split(" ")[0]);
			if (known && said())
				wrong.push(`${where}: the example: ${said()}\n${before}`);
			/* What the form makes of it must be the same. */
			const input = document.querySelector("#form-place input:not([type=checkbox]), #form-place select, #form-place textarea");
			input?.dispatchEvent(new Event(input.tagName === "SELECT" ? "change" : "input"));
			const isUnion = input?.getAttribute("aria-label")?.startsWith("Kind of");
			if (!isUnion && editor.value !== before)
				wrong.push(`${where}: the form makes\n${editor.value}\nof\n${before}`);
			if (known && said())
				wrong.push(`${where}: the form: ${said()}\n${editor.value}`);
		}
	}
	return { wrong, messages };
}

describe("contracts", () => {
	it("every message of every contract has a form that says what its example says", async () => {
		const player = await Player.open(browser, server);
		const { page } = player;
		let contract;
		await page.route("**/playground/server.json", async (route) => {
			const answer = await (await fetch(`${server.admin}/playground/server.json`)).json();
			await route.fulfill({ json: { ...answer, contracts: [contract.name] } });
		});
		await page.route("**/playground/asyncapi/*", (route) => route.fulfill({ body: contract.text, contentType: "application/json" }));
		const wrong = [];
		let messages = 0;
		for (contract of documents) {
			await player.load();
			const found = await page.evaluate(tour, contract.shown);
			messages += found.messages;
			wrong.push(...found.wrong.map((each) => `${contract.label}: ${each}`));
		}
		assert.deepEqual(wrong, [], wrong.join("\n"));
		assert.ok(documents.length >= 60 && messages >= 300, `${documents.length} contracts, ${messages} messages`);
		assert.deepEqual(player.wrong, []);
		await player.close();
	});
});
