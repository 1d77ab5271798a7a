/* SPDX-License-Identifier: MIT */
/*
 * What a program writes with the client of stage.msg. It is type-checked, never run; where a line says `error`, tsc must refuse it.
 */
import {
	type ClientState, type Face, GalleryClient, InvalidError, type Line, LoungeDoorClient, Mood, RequestError, RetryLaterError, type Said, type SayInput, StageDoorClient,
	type StdPong, type Told, validator, type Waved,
} from "./stage.js";

const door = new StageDoorClient({ url: "https://example.org", params: { name: "globe", level: 2 }, auth: { token: async () => "token" }, validator });
const gallery = new GalleryClient({ params: { name: "globe" }, queue: { limit: 10, whenFull: "drop-oldest" } });

export async function sends(): Promise<void> {
	const ref: string = door.send.say({ payload: "hello" });
	door.send.wave({ payload: new Uint8Array(3), prop: { kind: "lamp", watts: 60 } });
	door.send.wave({ payload: new Uint8Array(3), prop: { kind: "rope", metres: 1 } });
	door.send.wave({ payload: new Uint8Array(3), prop: { unknown: { kind: "later" } } });
	const said: Said = await door.request.say({ payload: ref, mood: Mood.calm }, { idempotent: true, timeout: 5 });
	const id: bigint = said.payload.id;
	const { payload: { total, price } } = await door.request.add({ payload: { a: id, b: 1n } });
	const exact: [bigint, string] = [total, price];
	const nothing: void = await gallery.request.say({ payload: String(exact) });
	const body: SayInput = { payload: "hello", mood: "a mood of another version" };
	door.send.ping();
	return gallery.send.say(body) === "" ? nothing : undefined;
}

export function hears(): () => void {
	door.onState((state: ClientState) => state.name === "waiting" ? state.until : state.name === "closed" ? state.code : 0);
	door.onProblem((error) => error instanceof InvalidError ? error.problems[0]?.msg : error instanceof RetryLaterError ? error.retryAfter : error.reason);
	door.onGap(({ group }) => group.length);
	/* Every message, told apart by its action: what is left has no type. */
	door.onMessage((message) => {
		switch (message.action) {
		case "line": return shows(message);
		case "waved": return waves(message);
		case "said":
		case "sum":
		case "waited":
		case "fine":
		case "counted": return message.action.length;
		default: return never(message);
		}
	});
	return door.on("line", (line) => shows(line));
}

const lounge = new LoungeDoorClient({ params: { name: "main" }, auth: { ticket: () => "ticket", in: "frame" } });

export async function follows(): Promise<string> {
	const topic = lounge.topics.discussion({ id: "weather" });
	topic.on("told", (told: Told) => told.payload);
	topic.onState((state) => state === "refused");
	topic.presence.onChange(({ left }) => left[0]?.info.mood);
	await topic.subscribe();
	const { payload } = await topic.request.talk({ payload: "fine" });
	const faces: Face[] = [...lounge.presence.lounge({ name: "main" }).users.values()].map(({ info }) => info);
	lounge.presence.lounge({ name: "main" }).onChange(({ joined }) => joined[0]?.info.name);
	lounge.answer("ask", async (ask, reply) => ask.payload.question === "" ? reply.no_idea() : reply.answer({ payload: { choice: 1 } }));
	const pong: StdPong = await lounge.request.ping();
	return String(payload + faces.length) + pong.action;
}

function never(message: never): never {
	throw new RequestError("refused", String(message));
}

function shows(line: Line): string {
	return line.payload.text + (line.is_mine ? " (mine)" : "") + (line.seq ?? 0);
}

function waves({ prop, payload, tags }: Waved): number {
	if (prop === null)
		return payload.length + tags.length;
	switch (prop.kind) {
	case "lamp": return prop.watts;
	case "rope": return prop.metres + prop.colour.length;
	default: return Object.keys(prop.unknown).length;
	}
}

export async function mistakes(): Promise<void> {
	new StageDoorClient({}); // error: params
	new StageDoorClient({ params: { name: 7 } }); // error: a number
	door.send.say({ payload: 5 }); // error: a number
	door.send.say({}); // error: no payload
	door.send.say({ payload: "x", mod: "calm" }); // error: misspelt
	door.send.line({ payload: "x" }); // error: the server's own
	door.request.wave({ payload: new Uint8Array() }); // error: nothing answers it
	door.send.add({ payload: { a: 1, b: 2n } }); // error: a number for a bigint
	door.send.wave({ payload: "AAAA" }); // error: text for bytes
	door.send.wave({ payload: new Uint8Array(), prop: undefined }); // error: undefined is not absent
	door.send.wave({ payload: new Uint8Array(), prop: { kind: "lamp", metres: 1 } }); // error: of another arm
	door.on("lines", () => undefined); // error: no such message
	door.on("line", (line) => line.payload.tex); // error: no such member
	(await door.request.say({ payload: "x" })).payload.id + 1; // error: bigint and number
	door.topics.anything({}); // error: no topics
	lounge.topics.discussion({}); // error: params
	lounge.topics.discussion({ id: "x" }).send.wave({ payload: new Uint8Array() }); // error: not said there
	lounge.topics.discussion({ id: "x" }).on("line", () => undefined); // error: not heard there
	lounge.presence.lounge({ name: "x" }).users.get("x")?.info.colour; // error: no such member
	lounge.answer("ask", (ask, reply) => reply.wave({ payload: 1 })); // error: no such answer
	lounge.answer("line", () => undefined); // error: no question
	new GalleryClient({ params: { name: "x" }, auth: { message: "say", body: () => ({ payload: "" }) } }); // error: does not authenticate
}
