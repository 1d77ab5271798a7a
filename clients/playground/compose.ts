/* SPDX-License-Identifier: MIT */
/*
 * compose.ts - the panel that makes a frame: a form and an editor that say the same, checked as one types. Sending a frame that breaks the
 * contract is allowed: what the server says to it is worth seeing. Knows nothing of sockets.
 */
import { parseExact, writeExact } from "../typescript/json.js";
import { check, pointerOf, type Problem } from "./check.js";
import { reasonWords } from "./codes.js";
import type { Channel, Endpoint, Message } from "./contract.js";
import { byId, copyText, h, prose, replace } from "./dom.js";
import { Editor } from "./editor.js";
import { type Form, formOf } from "./form.js";
import { uuid } from "./inputs.js";
import { example, flat, isRecord, schemaOf } from "./schema.js";
import { pretty } from "./text.js";

export interface ComposeActions {
	send(text: string): boolean;
	nextRef(): string | number;
	/** Topics that are followed now. */
	topics(): string[];
	say(words: string): void;
}

interface Choice {
	message: Message;
	channel: Channel;
	/** "": the connection itself. */
	topic: boolean;
}

export class ComposePanel {
	readonly #select = byId<HTMLSelectElement>("message");
	readonly #topic = byId<HTMLInputElement>("target");
	readonly #topicRow = byId("target-row");
	readonly #about = byId("message-about");
	readonly #formPlace = byId("form-place");
	readonly #problems = byId("problems");
	readonly #refusal = byId("refusal");
	readonly #send = byId<HTMLButtonElement>("send");
	readonly #autoRef = byId<HTMLInputElement>("auto-ref");
	readonly #autoId = byId<HTMLInputElement>("auto-id");
	readonly #editor: Editor;
	#endpoint: Endpoint | null = null;
	#choices: Choice[] = [];
	#form: Form | null = null;
	/** The frame as it would be sent, without ref and message_id of the panel's own. */
	#value: unknown;
	#broken = "";
	#live = false;

	constructor(readonly actions: ComposeActions) {
		this.#editor = new Editor("The frame as JSON", () => this.#fromEditor());
		byId("editor-place").append(this.#editor.element);
		this.#select.addEventListener("change", () => this.#showExample());
		this.#topic.addEventListener("input", () => this.#retopic());
		this.#send.addEventListener("click", () => this.send());
		byId("example").addEventListener("click", () => this.#showExample());
		byId("copy-frame").addEventListener("click", () => void copyText(this.#editor.text));
		byId("compose").addEventListener("keydown", (event) => {
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
				event.preventDefault();
				this.send();
			}
		});
	}

	show(endpoint: Endpoint): void {
		this.#endpoint = endpoint;
		this.#choices = [endpoint, ...endpoint.topics].flatMap((channel, i) => channel.sends.map((message) => ({ message, channel, topic: i > 0 })));
		const group = (label: string, channel: Channel) => h("optgroup", { label }, ...this.#choices
			.filter((choice) => choice.channel === channel)
			.sort((a, b) => Number(a.message.standard) - Number(b.message.standard))
			.map(({ message }) => h("option", { value: String(this.#choices.findIndex((each) => each.message === message)) },
				message.label === message.name ? message.name : `${message.name}  ${message.label}`)));
		replace(this.#select, ...[endpoint, ...endpoint.topics].filter(({ sends }) => sends.length > 0).map((channel, i) => group(i === 0 ? `to ${channel.name}` : `to topic ${channel.name}`, channel)));
		const names = endpoint.contract.envelope;
		byId("ref-row").hidden = names.ref === null;
		byId("id-row").hidden = names.messageId === null;
		this.#showExample();
	}

	get #choice(): Choice | undefined {
		return this.#choices[Number(this.#select.value)];
	}

	#named(name: string): number {
		return this.#choices.findIndex(({ message }) => message.name === name);
	}

	/* ---- the message */

	#showExample(): void {
		const { message } = this.#choice ?? {};
		if (!message) {
			replace(this.#formPlace, h("p", { class: "quiet" }, "Clients send nothing here."));
			return;
		}
		const first = message.standard && message.name === "subscribe" ? undefined : message.examples[0];
		this.#value = first ?? this.#bare(message);
		this.#describe(message);
		this.#retopic(false);
		this.#toForm();
		this.#toEditor();
	}

	/** What the schema asks for and nothing else; subscribe's position is for those who come back. */
	#bare(message: Message): unknown {
		const value = example(message.schema, this.#endpoint?.contract.schemas ?? {});
		return isRecord(value) ? { ...Object.fromEntries(message.tags), ...value } : value;
	}

	#describe(message: Message): void {
		const answers = message.answers.filter((name) => name !== "error");
		this.#refusal.hidden = true;
		replace(this.#about, message.description ? h("p", {}, prose(message.description)) : null,
			answers.length ? h("p", { class: "quiet" }, "answered by ", h("code", {}, answers.join(" | "))) : null,
			message.verb === "answer" ? h("p", { class: "quiet" }, "an answer to a question of the server: choose it there") : null,
			message.deprecated ? h("p", { class: "warning" }, `Deprecated: ${message.deprecated}`) : null);
	}

	/** The topic of what is sent to one: the followed ones are offered. */
	#retopic(write = true): void {
		const choice = this.#choice;
		this.#topicRow.hidden = !choice?.topic;
		if (!choice?.topic || !isRecord(this.#value) || !this.#endpoint)
			return;
		replace(byId("targets"), ...this.actions.topics().map((name) => h("option", { value: name })));
		const name = this.#endpoint.contract.envelope.topic;
		if (!write && !this.#topic.value)
			this.#topic.value = this.actions.topics()[0] ?? (choice.channel as { address?: string }).address ?? "";
		this.#value = { ...this.#value, [name]: this.#topic.value };
		if (write)
			this.#toEditor();
	}

	/** Topics have come or gone. */
	topicsChanged(): void {
		replace(byId("targets"), ...this.actions.topics().map((name) => h("option", { value: name })));
	}

	chooseTopic(name: string): void {
		this.#topic.value = name;
		this.#retopic();
	}

	/* ---- form and editor */

	get #envelope(): Set<string> {
		const members = new Set(this.#endpoint?.contract.members ?? []);
		for (const name of Object.keys(schemaOf(this.#choice?.message.schema.properties)))
			members.delete(name);
		return members;
	}

	#toForm(): void {
		const { message } = this.#choice ?? {};
		if (!message || !this.#endpoint)
			return;
		this.#form = formOf(flat(message.schema, this.#endpoint.contract.schemas), this.#value, this.#endpoint.contract.schemas, () => this.#fromForm(), message.name, this.#envelope);
		replace(this.#formPlace, this.#form.element);
	}

	#fromForm(): void {
		const value = this.#form?.value();
		const hidden = this.#envelope;
		const kept = isRecord(this.#value) ? Object.entries(this.#value).filter(([name]) => hidden.has(name)) : [];
		this.#value = isRecord(value) ? { ...value, ...Object.fromEntries(kept) } : value;
		this.#broken = "";
		this.#editor.text = pretty(this.#value);
		this.#check();
	}

	#toEditor(): void {
		this.#broken = "";
		this.#editor.text = pretty(this.#value);
		this.#check();
	}

	#fromEditor(): void {
		try {
			this.#value = parseExact(this.#editor.text);
			this.#broken = "";
			const topic = isRecord(this.#value) && this.#endpoint ? this.#value[this.#endpoint.contract.envelope.topic] : undefined;
			if (typeof topic === "string")
				this.#topic.value = topic;
			this.#toForm();
		} catch (error) {
			this.#broken = error instanceof Error ? error.message : String(error);
		}
		this.#check();
	}

	#check(): void {
		const { message } = this.#choice ?? {};
		const problems: Problem[] = this.#broken ? [{ at: "", words: `Is no JSON: ${this.#broken}` }]
			: message && this.#endpoint ? check(message.schema, this.#endpoint.contract.schemas, this.#value) : [];
		this.#form?.show(this.#broken ? [] : problems);
		replace(this.#problems, ...problems.map(({ at, words }) => h("li", {}, at ? h("code", {}, at.slice(1).replace(/\//g, ".")) : null, at ? ` ${words}` : words)));
		this.#problems.hidden = problems.length === 0;
		this.#send.classList.toggle("risky", problems.length > 0);
		this.#send.textContent = problems.length > 0 ? "Send anyway" : "Send";
		const state = byId("check-state");
		state.textContent = problems.length === 0 ? "fits the contract" : problems.length === 1 ? "1 problem" : `${problems.length} problems`;
		state.className = `tag ${problems.length === 0 ? "good" : "bad"}`;
	}

	/* ---- sending */

	live(live: boolean): void {
		this.#live = live;
		this.#send.disabled = !live;
		byId("send-hint").textContent = live ? "Ctrl + Enter" : "connect first";
	}

	send(): void {
		if (!this.#live) {
			this.actions.say("Connect first.");
			return;
		}
		this.#refusal.hidden = true;
		this.actions.send(this.#broken ? this.#editor.text : writeExact(this.#withEnvelope()));
	}

	/** With the ref and the id that the panel has been asked to choose. */
	#withEnvelope(): unknown {
		const names = this.#endpoint?.contract.envelope;
		if (!names)
			return this.#value;
		const answer = this.#choice?.message.verb === "answer";
		if (Array.isArray(this.#value)) {
			const list = [...this.#value];
			if (typeof names.ref === "number" && this.#autoRef.checked && !answer && names.ref < list.length && list[names.ref] !== undefined)
				list[names.ref] = String(this.actions.nextRef());
			return list;
		}
		if (!isRecord(this.#value))
			return this.#value;
		const value: Record<string, unknown> = { ...this.#value };
		if (typeof names.ref === "string" && this.#autoRef.checked && !(names.ref in value))
			value[names.ref] = this.actions.nextRef();
		if (names.messageId && this.#autoId.checked && !(names.messageId in value))
			value[names.messageId] = uuid();
		return value;
	}

	/** What the server has against the frame that was sent last: problems beside the fields, or a reason. */
	refused(ref: string, payload: unknown): void {
		this.#refusal.hidden = false;
		if (!Array.isArray(payload)) {
			const { reason, detail } = isRecord(payload) ? payload : {};
			replace(this.#refusal, h("b", {}, `The server answers ${ref}: ${String(reason)}`), detail === undefined ? null : ` - ${String(detail)}`,
				h("p", { class: "quiet" }, reasonWords(String(reason))));
			return;
		}
		const problems = payload.filter(isRecord).map((each) => ({ at: pointerOf(Array.isArray(each.loc) ? each.loc : []), words: String(each.msg) }));
		replace(this.#refusal, h("b", {}, `The server refuses ${ref}`), h("ul", {}, ...problems.map(({ at, words }) => h("li", {}, h("code", {}, at.slice(1).replace(/\//g, ".")), ` ${words}`))));
		this.#form?.show(problems.map(({ at, words }) => ({ at, words: `Server: ${words}` })));
	}

	/** A frame of the log, to be changed. */
	edit(frame: unknown, text: string, name: string | undefined): void {
		const at = name === undefined ? -1 : this.#named(name);
		if (at >= 0) {
			this.#select.value = String(at);
			this.#showExample();
		}
		if (frame === undefined) {
			this.#editor.text = text;
		} else {
			const names = this.#endpoint?.contract.envelope;
			const value = isRecord(frame) ? { ...frame } : frame;
			if (isRecord(value) && typeof names?.ref === "string")
				delete value[names.ref];
			this.#editor.text = pretty(value);
		}
		this.#fromEditor();
		this.focus();
	}

	/** An answer to a question, under its ref. */
	answer(name: string, ref: unknown, topic: string | undefined): void {
		const at = this.#named(name);
		const names = this.#endpoint?.contract.envelope;
		if (at < 0 || !names)
			return;
		this.#select.value = String(at);
		this.#showExample();
		if (isRecord(this.#value)) {
			this.#value = { ...this.#value, ...(typeof names.ref === "string" ? { [names.ref]: ref } : {}), ...(topic === undefined ? {} : { [names.topic]: topic }) };
			this.#toEditor();
		} else if (Array.isArray(this.#value) && typeof names.ref === "number") {
			this.#value[names.ref] = ref;
			this.#toEditor();
		}
		this.focus();
	}

	focus(): void {
		(this.#formPlace.querySelector<HTMLElement>("input, textarea, select") ?? this.#editor.area).focus();
	}

	focusList(): void {
		this.#select.focus();
	}
}
