/* SPDX-License-Identifier: MIT */
/*
 * A reporter for node's test runner: one line a test, what went wrong below it, and at the end "N passed, N failed".
 */

function* failure(error) {
	const cause = error?.cause ?? error;
	const text = cause?.stack ?? String(cause);
	for (const line of text.split("\n"))
		yield `      ${line}\n`;
}

export default async function* report(events) {
	let passed = 0;
	let failed = 0;
	for await (const { type, data } of events) {
		if (type === "test:diagnostic" || type === "test:stderr")
			continue;
		const isSuite = data.details?.type === "suite";
		if (type === "test:pass" && !isSuite && data.skip === undefined) {
			passed++;
			yield `ok    ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`;
		} else if (type === "test:fail" && !(isSuite && data.details.error?.failureType === "subtestsFailed")) {
			failed++;
			yield `FAIL  ${data.name}\n`;
			yield* failure(data.details.error);
		} else if (type === "test:pass" && data.skip !== undefined) {
			yield `skip  ${data.name}: ${data.skip}\n`;
		}
	}
	yield `${passed} passed, ${failed} failed\n`;
}
