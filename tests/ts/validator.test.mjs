/* SPDX-License-Identifier: MIT */
/*
 * The validator of generated modules against the generated decoders and ajv, on the documents of tests/differential: where the two agree, it
 * agrees with them. JUDGES is as there; AJV the folder whose packages serve; DOCUMENTS how many of each type.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";

import { Maker } from "../differential/generate.mjs";
import { parse } from "../differential/json.mjs";
import { Schemas } from "../differential/schemas.mjs";
import { folder } from "./generate.mjs";

const require = createRequire(join(process.env.AJV, "package.json"));
const Ajv2020 = require("ajv/dist/2020.js").default;
const addFormats = require("ajv-formats").default;
const EACH = Number(process.env.DOCUMENTS ?? 25);
const out = folder();

/* What has been found once. A bracket that nobody closes, and closed ones. */
const FOUND = {
	"shapes.image": ["[v0.yBz\u0085", "[v0.yBz", "[v0.yBz]", "[::1", "[::1]", "[::1]:80", "[::1]x", "a[::1]", "a[b"].map(
		(authority) => JSON.stringify({ url: `s://${authority}/a`, alt: "b" })),
};

/* Numbers are JavaScript's to the maker: what it draws is text again. */
function treeOf(node) {
	switch (node.kind) {
	case "object": return Object.fromEntries(node.members.map(({ key, value }) => [key, treeOf(value)]));
	case "array": return node.items.map(treeOf);
	case "string": return node.value;
	default: return JSON.parse(node.text);
	}
}

/** Verdicts of a decoder: true where it accepts. */
function judge(program, questions) {
	const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
	return new Promise((resolve, reject) => {
		let text = "";
		child.stdout.setEncoding("utf8").on("data", (data) => {
			text += data;
		});
		child.on("error", reject);
		child.on("exit", () => resolve(text.split("\n").slice(0, -1).map((line) => ({ accepted: line.startsWith("ok\t"), said: line }))));
		child.stdin.end(Buffer.concat(questions));
	});
}

const pascal = (name) => name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");

/** A contract's module, and the names that it can check. */
async function moduleOf(dir, stem, set) {
	const path = join(out, `${set}-${stem}.mjs`);
	writeFileSync(path, `${readFileSync(join(dir, `${stem}.js`), "utf8")}\nexport { parseExact$ as parseExact };\n`);
	const [, names] = /^export type CheckedName =(.*);$/m.exec(readFileSync(join(dir, `${stem}.d.ts`), "utf8"));
	return { ...await import(path), names: new Set([...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name)) };
}

function attempt(action) {
	try {
		return action();
	} catch {
		return undefined;
	}
}

/* What only one of the two sees is listed in the language's reference; here it must not become more. */
const tally = { documents: 0, accepted: 0, both: 0, withDecoder: 0, withAjv: 0, types: 0, unchecked: 0 };

for (const row of process.env.JUDGES.split(",").filter(Boolean)) {
	const [set, program, dir] = row.split("=");
	describe(set, () => it("is judged alike where decoder and ajv agree", async () => {
		const files = readdirSync(dir).filter((file) => file.endsWith(".schema.json")).sort();
		const texts = files.map((file) => [file, readFileSync(join(dir, file), "utf8")]);
		const schemas = new Schemas(new Map(texts.map(([file, text]) => [file, treeOf(parse(text))])));
		const ajv = addFormats(new Ajv2020({ strict: false, logger: false }));
		schemas.hasFormat = (format, text) => ajv.validate({ type: "string", format }, text);
		for (const [, text] of texts)
			ajv.addSchema(JSON.parse(text));
		const modules = {};
		const differences = [];
		const types = spawnSync(program, ["--list"], { encoding: "utf8" }).stdout.split("\n").filter(Boolean);
		for (const [at, type] of types.entries()) {
			const [stem, definition] = [type.slice(0, type.indexOf(".")), type.slice(type.indexOf(".") + 1)];
			const module = modules[stem] ??= await moduleOf(dir, stem, set);
			const name = [pascal(definition), `${pascal(definition)}_`, `Std${pascal(definition)}`].find((each) => module.names.has(each));
			if (!name) {
				tally.unchecked++;
				continue;
			}
			tally.types++;
			const file = `${stem}.schema.json`;
			const schema = schemas.documents.get(file).$defs[definition];
			const validate = ajv.getSchema(`${encodeURIComponent(stem)}.schema.json#/$defs/${definition}`);
			const documents = (FOUND[type] ?? []).map((text) => Buffer.from(text)).concat(
				Array.from({ length: EACH }, (_, i) => new Maker(at * 1009 + i, schemas).document([[schema, file]])));
			const verdicts = await judge(program, documents.map((bytes) => Buffer.concat([Buffer.from(`${at} ${bytes.length}\n`), bytes])));
			documents.forEach((bytes, i) => {
				const text = attempt(() => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
				const value = text === undefined ? undefined : attempt(() => ({ plain: JSON.parse(text), exact: module.parseExact(text) }));
				if (!value)
					return;
				const theirs = attempt(() => validate(value.plain)) === true;
				const problems = module.check(name, value.exact);
				const mine = problems.length === 0;
				tally.documents++;
				tally.accepted += mine;
				if (theirs !== verdicts[i].accepted)
					tally[mine === verdicts[i].accepted ? "withDecoder" : "withAjv"]++;
				else if (mine === theirs)
					tally.both++;
				else
					differences.push(`${type}: ${text.slice(0, 400)}\n  decoder: ${verdicts[i].said.slice(0, 300)}\n  ours: ${JSON.stringify(problems).slice(0, 300)}`);
			});
		}
		assert.equal(differences.slice(0, 8).join("\n"), "", `${differences.length} differences`);
	}));
}

describe("all of them", () => it("are enough, of both kinds", () => {
	const said = JSON.stringify(tally);
	assert.ok(tally.types > 100 && tally.documents > 4_000, said);
	assert.ok(tally.accepted * 10 > tally.documents && tally.accepted * 10 < tally.documents * 9, said);
	/* Where they differ, the one or the other is right; but they seldom do. */
	assert.ok((tally.withDecoder + tally.withAjv) * 5 < tally.documents, said);
	if (process.env.DOCUMENTS)
		process.stderr.write(`${said}\n`);
}));
