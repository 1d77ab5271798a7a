/* SPDX-License-Identifier: MIT */
/*
 * A change of the contract that breaks a program in C is an error of the compiler, at the line that no longer fits. CC is the compiler,
 * INCLUDES where the runtime's headers are.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

import { folder, generate, here } from "./generate.mjs";

const out = folder();
const path = join(here, "usage.c");
const usage = readFileSync(path, "utf8").split("\n");

/** Lines of usage.c that the compiler complains of, where the contract's text has been changed. */
function complaints(name, change) {
	const into = generate(join(here, "stage.msg"), join(out, name), "c", change);
	const includes = process.env.INCLUDES.split(":").filter(Boolean).flatMap((folder_) => ["-I", folder_]);
	const { status, stderr } = spawnSync(process.env.CC ?? "cc",
		["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", into, ...includes, path], { encoding: "utf8" });
	const lines = [...stderr.matchAll(/usage\.c:(\d+):\d+: error/g)].map(([, line]) => Number(line));
	assert.equal(status !== 0, lines.length > 0, stderr);
	return lines;
}

describe("a program in C", () => {
	it("compiles with its contract", () => assert.deepEqual(complaints("as-it-is", (text) => text), []));

	const changes = {
		"a member is renamed": [/text: string; mood/, "words: string; mood", "line.payload.text.ptr"],
		"a member gets another type": [/total: int64\(as number\)/, "total: int32", "&sum->payload.total"],
		"a list becomes a single one": [/tags: string\[\] = \[\]/, 'tags: string = ""', "waved->tags.count"],
		"a member may no longer be null": [/prop: prop \| null/, "prop: prop", "waved->prop_is_null"],
		"an arm is taken away": [/ {4}lamp:.*\n/, "", "case STAGE_PROP_LAMP"],
		"an arm comes": [/( {4}lamp:.*\n)/, "$1    bell: { tone: string; };\n", "switch (prop->kind)"],
		"a message is no longer received": [/receive add -> sum;/, "", ".add = add"],
		"a message is answered with another": [/receive say -> said;/, "receive say -> counted;", ".say = say"],
		"a parameter of a group comes": [/group stage\(name: string\(len 1..20\)\) = "stage_\{name\}"/,
			'group stage(name: string(len 1..20), floor: int32) = "stage_{name}_{floor}"', "stage_stage_broadcast_line("],
		"a value of an enum is renamed": [/enum mood \{ calm/, "enum mood { quiet", "STAGE_MOOD_CALM"],
	};
	for (const [what, [from, to, at]] of Object.entries(changes))
		it(`does not compile at its line where ${what}`, () => {
			const lines = complaints(what.replace(/\W+/g, "-"), (text) => {
				const result = text.replace(from, to).replaceAll("join    stage(name);", what.includes("group") ? "join    stage(name, 1);" : "join    stage(name);")
					.replaceAll(what.includes("enum") ? "= calm" : "\0", "= quiet");
				assert.notEqual(result, text);
				return result;
			});
			const line = usage.findIndex((each) => each.includes(at)) + 1;
			assert.ok(line > 0 && lines.includes(line), `the compiler complains of lines ${lines}, not of ${line}`);
		});
});
