/* SPDX-License-Identifier: MIT */
/*
 * Files that are derived from others here and committed, so that nobody needs node to build: written where they differ, or, with --check among the
 * program's arguments, named.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes a map of names to texts; returns the exit status. */
export function derive(folder, outputs) {
	const check = process.argv.includes("--check");
	let stale = 0;
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of outputs) {
		const path = join(folder, name);
		let old = null;
		try {
			old = readFileSync(path, "utf8");
		} catch { /* not there yet */ }
		if (old === text)
			continue;
		if (check) {
			console.error(`${path} is not what bundle.mjs makes of the sources: run it`);
			stale++;
		} else {
			writeFileSync(path, text);
		}
	}
	return stale ? 1 : 0;
}
