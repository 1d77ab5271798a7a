/* SPDX-License-Identifier: MIT */
/*
 * Joins the client's modules into the texts that msgc puts into its outputs: bundle/{values,client}.{ts,js,d.ts} and bundle/names.txt.
 * `node bundle.mjs --check` writes nothing and fails where what is there is not what it would write. Needs the packages of tests/ts.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { derive } from "../derived.mjs";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const ts = createRequire(new URL("../../tests/ts/package.json", import.meta.url))("typescript");

/* In the order in which they stand in the output: classes behind those that they extend. */
const BUNDLES = {
	values: ["json", "shapes", "errors", "wire", "formats", "validate"],
	client: ["host", "positions", "presence", "outbox", "connection", "channel", "topic", "client"],
};

/* What a generated module exports of it. Everything else is its own affair, and has names that no contract makes: Shape$. */
const PUBLIC = new Set(["AbortLike", "backoff", "check", "Client", "ClientCredentials", "ClientOptions", "ClientState", "Completion", "ErrorReason",
	"Incoming", "InvalidError", "mayReconnect", "PresenceChange", "PresentUser", "Problem", "Protocol", "QueueOptions", "ReconnectOptions",
	"RequestError", "RequestOptions", "RefusalError", "RetryLaterError", "Roster", "SendOptions", "StreamGap", "StreamPosition", "Topic", "TopicState",
	"UnknownMessage", "UnknownValue", "Validator", "validator", "WebSocketConstructor", "WebSocketLike"]);

const options = ts.parseJsonConfigFileContent(
	JSON.parse(readFileSync(join(here, "tsconfig.json"), "utf8")), ts.sys, here).options;

function programOf(files, host, more = {}) {
	const program = ts.createProgram(files, { ...options, ...more }, host);
	const problems = ts.getPreEmitDiagnostics(program);
	if (problems.length) {
		console.error(ts.formatDiagnostics(problems,
			{ getCanonicalFileName: (name) => name, getCurrentDirectory: () => here, getNewLine: () => "\n" }));
		process.exit(1);
	}
	return program;
}

/* ---- the modules, each by itself, with their inner names changed ---- */

const program = programOf(Object.values(BUNDLES).flat().map((name) => join(here, `${name}.ts`)));
const checker = program.getTypeChecker();

/** The declaration at the top of a module that an identifier means, in whatever module. */
function topLevel(node) {
	let symbol = checker.getSymbolAtLocation(node);
	if (symbol && symbol.flags & ts.SymbolFlags.Alias)
		symbol = checker.getAliasedSymbol(symbol);
	let declaration = symbol?.declarations?.[0];
	if (!declaration || program.isSourceFileFromExternalLibrary(declaration.getSourceFile()) || !declaration.getSourceFile().fileName.startsWith(here))
		return null;
	if (ts.isVariableDeclaration(declaration))
		declaration = declaration.parent.parent;
	return ts.isSourceFile(declaration.parent) && !ts.isImportDeclaration(declaration) ? symbol.name : null;
}

/* The header, imports and `export` of inner names go; inner names get a dollar. */
function inner(file) {
	const edits = [];
	const visit = (node) => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
			edits.push([node.getFullStart(), node.getEnd(), ""]);
			return;
		}
		if (ts.isIdentifier(node)) {
			const name = topLevel(node);
			if (name !== null && !PUBLIC.has(name)) {
				if (ts.isShorthandPropertyAssignment(node.parent))
					throw new Error(`${file.fileName}: ${name} is used as a shorthand`);
				edits.push([node.getEnd(), node.getEnd(), "$"]);
			}
		}
		const exported = ts.canHaveModifiers(node) && ts.isSourceFile(node.parent)
			? ts.getModifiers(node)?.find((each) => each.kind === ts.SyntaxKind.ExportKeyword) : undefined;
		const named = ts.isVariableStatement(node) ? node.declarationList.declarations[0].name.text : node.name?.text;
		if (exported && !PUBLIC.has(named))
			edits.push([exported.getStart(), exported.getEnd() + 1, ""]);
		ts.forEachChild(node, visit);
	};
	visit(file);
	let text = file.text;
	for (const [from, to, put] of edits.sort((a, b) => b[0] - a[0]))
		text = text.slice(0, from) + put + text.slice(to);
	return text.replace(/^\/\* SPDX[^]*?\*\/\n\/\*\n \* (\w+)\.ts - [^]*?\*\/\n/, "").trim();
}

const bundles = Object.fromEntries(Object.entries(BUNDLES).map(([bundle, modules]) =>
	[bundle, modules.map((name) => `/* ---- ${name} ---- */\n\n${inner(program.getSourceFile(join(here, `${name}.ts`)))}`).join("\n\n") + "\n"]));

/* ---- both together, compiled ---- */

const SEAM = "/* ==== */";
const whole = join(here, "whole.ts");
const compilerHost = ts.createCompilerHost(options);
const { getSourceFile } = compilerHost;
const text = `${bundles.values}\n${SEAM}\nexport const seam$ = 0;\n\n${bundles.client}`;
compilerHost.getSourceFile = (name, ...rest) => name === whole
	? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : getSourceFile(name, ...rest);
const more = { noEmit: false, noUnusedLocals: false, declaration: true, outDir: "/out", newLine: ts.NewLineKind.LineFeed };
const emitted = new Map();
programOf([whole], compilerHost, more).emit(undefined, (path, made) => emitted.set(path.split("/").at(-1), made));

/* tsc indents with four blanks, and leaves no empty lines between declarations. */
const tabs = (made) => made.replace(/^(?: {4})+/gm, (blanks) => "\t".repeat(blanks.length / 4));
function halves(made) {
	const [values, client] = tabs(made).split(/(?:\/\* ==== \*\/\n)?(?:export )?(?:declare )?const seam\$ = 0;\n/);
	return { values: `${values.trim()}\n`, client: `${client.trim()}\n` };
}

const outputs = new Map();
for (const [kind, parts] of [["ts", bundles], ["js", halves(emitted.get("whole.js"))], ["d.ts", halves(emitted.get("whole.d.ts"))]])
	for (const bundle of Object.keys(BUNDLES))
		outputs.set(`${bundle}.${kind}`, parts[bundle]);
outputs.set("names.txt", [...PUBLIC].map((name) => `${name}\n`).join(""));

process.exit(derive(join(here, "bundle"), outputs));
