/* SPDX-License-Identifier: MIT */
/*
 * Makes bundle/playground.js, which libmsgc embeds beside the page and its style, out of the modules here, of clients/typescript's reader
 * of JSON and of the validator from npm. `node bundle.mjs --check` writes nothing and fails where what is there is not what it would write.
 * Needs the packages of tests/playground, by its lock file.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { derive } from "../derived.mjs";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const packages = new URL("../../tests/playground/package.json", import.meta.url);
const require = createRequire(packages);
const ts = require("typescript");
const esbuild = require("esbuild");

const config = ts.parseJsonConfigFileContent(JSON.parse(readFileSync(join(here, "tsconfig.json"), "utf8")), ts.sys, here);
const problems = ts.getPreEmitDiagnostics(ts.createProgram(config.fileNames, { ...config.options, noEmit: true }));
if (problems.length) {
	console.error(ts.formatDiagnostics(problems, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => here, getNewLine: () => "\n" }));
	process.exit(1);
}

const version = JSON.parse(readFileSync(join(new URL(".", packages).pathname, "node_modules/@cfworker/json-schema/package.json"), "utf8")).version;
const made = await esbuild.build({
	entryPoints: [join(here, "main.ts")], bundle: true, write: false, format: "esm", target: "es2022", minify: true, lineLimit: 160, charset: "ascii",
	legalComments: "none", nodePaths: [join(new URL(".", packages).pathname, "node_modules")], tsconfig: join(here, "tsconfig.json"),
	banner: { js: `/* SPDX-License-Identifier: MIT */\n/* Made by clients/playground/bundle.mjs. Holds @cfworker/json-schema ${version}, (c) Jeremy Danyow, MIT. */` },
});

const outputs = new Map([
	["playground.js", made.outputFiles[0].text],
]);

process.exit(derive(join(here, "bundle"), outputs));
