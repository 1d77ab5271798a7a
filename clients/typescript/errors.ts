/* SPDX-License-Identifier: MIT */
/*
 * errors.ts - what can become of a request that is not answered. Knows nothing of sockets.
 */

/** One thing that is wrong with a frame, in the words of the server. */
export interface Problem {
	/** What kind: "missing", "string_too_long", "enum" … */
	type: string;
	/** Where, from the frame inwards. */
	loc: (string | number)[];
	/** A sentence for people. */
	msg: string;
	/** What was expected: {"max_length": 2000}. */
	ctx?: { [name: string]: unknown };
}

/** What the server says, and below the line what the client itself finds out. */
export type ErrorReason =
	| "invalid" | "refused" | "handler_failed" | "rate_limited" | "busy" | "too_large" | "conflict" | "lost"
	| "unknown_topic" | "unauthorized" | "not_subscribed"
	/* ---- */
	| "timeout" | "disconnected" | "closed" | "queue_full" | "aborted" | "unanswered";

/** A request that failed. `reason` says why. */
export class RequestError extends Error {
	override readonly name: string = "RequestError";
	/** One of ErrorReason, or a word of a server newer than this client. */
	readonly reason: ErrorReason | (string & {});
	/** The ref of the frame, where it had one. */
	readonly ref: string | undefined;

	constructor(reason: ErrorReason | (string & {}), detail: string, ref?: string) {
		super(detail);
		this.reason = reason;
		this.ref = ref;
	}
}

/** The frame breaks the contract: every problem with its place. */
export class InvalidError extends RequestError {
	override readonly name = "InvalidError";

	constructor(readonly problems: readonly Problem[], ref?: string) {
		super("invalid", problems.map((each) => `${each.loc.join(".") || "frame"}: ${each.msg}`).join("; "), ref);
	}
}

/** Too fast (rate_limited), or too much at once (busy): may be tried again after so many seconds. */
export class RetryLaterError extends RequestError {
	override readonly name = "RetryLaterError";

	constructor(reason: "rate_limited" | "busy", detail: string, readonly retryAfter: number, ref?: string) {
		super(reason, detail, ref);
	}
}

/** Refused with a message of the contract (`error problem;`): the frame, as the contract has it. */
export class RefusalError extends RequestError {
	override readonly name = "RefusalError";

	constructor(readonly refusal: unknown, ref?: string) {
		super("refused", "The server refuses it.", ref);
	}
}

/** The payload of a standard `error`: a list of problems, or {reason, detail}. */
export function errorOf(payload: unknown, ref?: string): RequestError {
	if (Array.isArray(payload))
		return new InvalidError(payload as Problem[], ref);
	const { reason, detail, retry_after: wait } = (payload ?? {}) as { reason?: unknown; detail?: unknown; retry_after?: unknown };
	const words = typeof detail === "string" ? detail : "The server gives no reason.";
	if (reason === "rate_limited" || reason === "busy")
		return new RetryLaterError(reason, words, typeof wait === "number" ? wait : 0, ref);
	return new RequestError(typeof reason === "string" ? reason : "refused", words, ref);
}
