/* SPDX-License-Identifier: MIT */
/*
 * What msgc writes as TypeScript, under tsc's strictest options: every contract there is, the examples of the documentation, JavaScript's
 * declarations, programs that are right and programs that are wrong, and contracts that change under a program's feet.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { before, describe, it } from "node:test";
import ts from "typescript";

import { folder, generate, here } from "./generate.mjs";

const root = join(here, "../..");
const out = folder();

const STRICT = {
	target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ["lib.es2022.d.ts"],
	types: [], noEmit: true, strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noImplicitOverride: true,
	noImplicitReturns: true, noFallthroughCasesInSwitch: true, isolatedModules: true,
};

/* The library's own files are read once. */
const libraries = new Map();

/** What tsc says: file, line, message. */
function check(files, options = {}) {
	const all = { ...STRICT, ...options };
	const host = ts.createCompilerHost(all);
	const { getSourceFile } = host;
	host.getSourceFile = (name, ...rest) => {
		if (!name.includes("/typescript/lib/"))
			return getSourceFile(name, ...rest);
		if (!libraries.has(name))
			libraries.set(name, getSourceFile(name, ...rest));
		return libraries.get(name);
	};
	const program = ts.createProgram(files, all, host);
	return ts.getPreEmitDiagnostics(program).map((each) => ({
		file: each.file ? each.file.fileName : "",
		line: each.file ? each.file.getLineAndCharacterOfPosition(each.start).line + 1 : 0,
		message: ts.flattenDiagnosticMessageText(each.messageText, "\n"),
	}));
}

const said = (problems) => problems.map(({ file, line, message }) => `${file.replace(out, "")}:${line}: ${message}`).join("\n");

/* The client is the same everywhere, and long: contracts that need it get it from one file. */
const bundle = (name) => readFileSync(join(root, "clients/typescript/bundle", name), "utf8").trim();
const parts = [bundle("values.ts"), bundle("client.ts")];
const DECLARES = /^(?:export )?((?:abstract )?class|function|const|type|interface) ([A-Za-z_$][\w$]*)/gm;
const names = parts.map((part) => [...part.matchAll(DECLARES)].map(([, , name]) => name));

function writeClient() {
	const text = parts.join("\n\n").replace(/^(?:export )?((?:abstract )?class|function|const|type|interface) /gm, "export $1 ");
	writeFileSync(join(out, "client.ts"), text);
}

function shorten(path) {
	const text = readFileSync(path, "utf8");
	let short = text;
	parts.forEach((part, i) => {
		const at = short.indexOf(part);
		if (at >= 0)
			short = `${short.slice(0, at)}import { ${names[i].join(", ")} } from "../client.js";\n${short.slice(at + part.length)}`;
	});
	assert.notEqual(short, text, `${path} has no client in it`);
	writeFileSync(path, short);
	return path;
}

function contracts() {
	const found = [];
	for (const area of ["examples", "tests", "schemas", "benchmarks"])
		for (const each of readdirSync(join(root, area), { recursive: true }))
			if (each.endsWith(".msg") && !/node_modules|diagnostics|\/(diff|fmt|lints)\/|std_off_|broken/.test(`/${each}`))
				found.push(join(root, area, each));
	return found;
}

before(writeClient);

describe("every contract", () => {
	it("of the repository is clean under tsc", () => {
		const files = contracts();
		assert.ok(files.length > 25, `only ${files.length} contracts`);
		const written = files.map((path, i) =>
			shorten(join(generate(path, join(out, `c${i}`), "ts"), basename(path).replace(/msg$/, "ts"))));
		assert.equal(said(check(written)), "");
	});

	it("of the documentation is clean under tsc", () => {
		const written = [];
		for (const page of readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))) {
			const blocks = [...readFileSync(join(root, "docs", page), "utf8").matchAll(/^```msg([^\n]*)\n([^]*?)^```$/gm)];
			blocks.forEach(([, , text], i) => {
				if (!/^\s*(\/\/[^\n]*\n|\s)*contract\s/.test(text) || /^import /m.test(text))
					return;
				const into = join(out, `${basename(page, ".md")}${i}`);
				mkdirSync(into, { recursive: true });
				writeFileSync(join(into, "example.msg"), text);
				written.push(shorten(join(generate(join(into, "example.msg"), into, "ts"), "example.ts")));
			});
		}
		assert.ok(written.length > 25, `only ${written.length} examples`);
		assert.equal(said(check(written)), "");
	});
});

describe("a module", () => {
	it("is clean as a whole, with the DOM's types, with Node's and with neither", () => {
		const path = join(generate(join(here, "stage.msg"), join(out, "whole"), "ts"), "stage.ts");
		for (const more of [{}, { lib: ["lib.es2022.d.ts", "lib.dom.d.ts"] },
			{ types: ["node"], typeRoots: [join(here, "node_modules/@types")] }])
			assert.equal(said(check([path], { noUnusedParameters: true, ...more })), "");
	});

	it("is the same as JavaScript with declarations", () => {
		const into = generate(join(here, "stage.msg"), join(out, "js"), "ts,js");
		const made = ts.transpileModule(readFileSync(join(into, "stage.ts"), "utf8"),
			{ compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 } }).outputText;
		/* What tsc makes of the one is the other, but for comments and blanks. */
		const bare = (text) => ts.createPrinter({ removeComments: true }).printFile(
			ts.createSourceFile("x.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)).replace(/[ \t]+/g, " ");
		assert.equal(bare(readFileSync(join(into, "stage.js"), "utf8")), bare(made));
	});
});

const usage = readFileSync(join(here, "usage.ts"), "utf8");

/** tsc's problems with usage.ts where the contract's text has been changed, without those that it must have. */
function broken(name, change) {
	const into = generate(join(here, "stage.msg"), join(out, name), "js", change);
	writeFileSync(join(into, "usage.ts"), usage);
	return check([join(into, "usage.ts")]);
}

/** The lines of usage.ts that have this text. */
function linesWith(text) {
	const lines = usage.split("\n").flatMap((line, i) => line.includes(text) ? [i + 1] : []);
	assert.ok(lines.length > 0, text);
	return lines;
}

const expected = linesWith("// error: ");
/* What the client's contract does not have yet. */
const old = (text) => text.replace(/^.*\/\/ new$/gm, "");

describe("a program", () => {
	it("that is wrong is refused at each line that is, and nowhere else", () => {
		assert.deepEqual([...new Set(broken("usage", old).map(({ line }) => line))].sort((a, b) => a - b), expected);
	});

	/* What changes in the contract, and the text of the line that no longer fits. */
	const changes = {
		"a member is renamed": [/text: string; mood/, "words: string; mood", "line.payload.text + "],
		"a member gets another type": [/total: int64\(as number\)/, "total: int32", "const exact: [bigint, string]"],
		"a member must be there": [/mood: mood = calm; \}/, "mood: mood; }", 'door.send.say({ payload: "hello" })'],
		"a member may be null": [/total: int64\(as number\)/, "total: int64(as number) | null", "const exact: [bigint, string]"],
		"a list may be absent": [/tags: string\[\] = \[\]/, "tags?: string[]", "tags.length;"],
		"an arm is taken away": [/ {4}lamp:.*\n/, "", 'prop: { kind: "lamp", watts: 60 }'],
		"an arm comes": [/( {4}lamp:.*\n)/, "$1    bell: { tone: string; };\n", "Object.keys(prop.unknown)"],
		"a message is no longer received": [/receive add -> sum;/, "", "door.request.add({ payload: { a: id"],
		"a message is answered with another": [/receive say -> said;/, "receive say -> counted;", "const said: Said = "],
		"a message comes that nobody deals with": [/ {3}\/\/ new$/gm, "", "default: return never(message)"],
		"a parameter gets another type": [/level: int32 = 1/, 'level: string(len ..5) = "1"', "const door = new"],
		"a consumer is renamed": [/consumer gallery/, "consumer balcony", "type Face, GalleryClient"],
	};
	for (const [what, [from, to, at]] of Object.entries(changes))
		it(`does not compile at its line where ${what}`, () => {
			const lines = broken(what.replace(/\W+/g, "-"), (text) => {
				const result = text.replace(from, to);
				assert.notEqual(result, text);
				return old(result);
			}).map(({ line }) => line).filter((line) => !expected.includes(line));
			const [line] = linesWith(at);
			assert.ok(lines.includes(line), `tsc complains of lines ${lines}, not of ${line}`);
		});
});
