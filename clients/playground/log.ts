/* SPDX-License-Identifier: MIT */
/*
 * log.ts - what has travelled, one row a frame, with a filter. What came from outside is text everywhere. Knows entries, and nothing of how
 * they came about.
 */
import { closeWords, reasonWords } from "./codes.js";
import { append, byId, copyText, h, replace } from "./dom.js";
import { isRecord } from "./schema.js";
import type { Entry } from "./session.js";
import { coloured, millisecondsOf, pretty, sizeOf, timeOf } from "./text.js";

const MOST = 2000;
const MAX_SHOWN = 200_000;

export interface LogActions {
	resend(entry: Entry): void;
	edit(entry: Entry): void;
	answer(entry: Entry, name: string): void;
	recoverFrom(entry: Entry): void;
}

function tag(text: string, kind = "", title = ""): HTMLElement {
	return h("span", { class: `tag ${kind}`, title: title || undefined }, text);
}

function summary(entry: Entry): string {
	if (entry.direction === "note" || !isRecord(entry.frame))
		return entry.direction === "note" ? entry.text : entry.text.slice(0, 200);
	const { payload } = entry.frame;
	if (entry.label === "error" && isRecord(payload))
		return [payload.reason, payload.detail].filter((each) => each !== undefined).map(String).join(": ");
	if (entry.label === "error" && Array.isArray(payload))
		return payload.filter(isRecord).map((each) => `${Array.isArray(each.loc) ? each.loc.join(".") : ""}: ${String(each.msg)}`).join("; ");
	return payload === undefined ? "" : pretty(payload).replace(/\s*\n\s*/g, " ").slice(0, 200);
}

export class Log {
	readonly #scroller = byId("log");
	readonly #list = byId("rows");
	readonly #filter = byId<HTMLInputElement>("filter");
	readonly #count = byId("log-count");
	readonly #empty = byId("log-empty");
	readonly #entries: Entry[] = [];
	readonly #rows = new Map<Entry, HTMLElement>();
	#direction = "all";
	#standard = true;

	constructor(readonly actions: LogActions) {
		this.#filter.addEventListener("input", () => this.#refilter());
		for (const button of document.querySelectorAll<HTMLButtonElement>("[data-direction]"))
			button.addEventListener("click", () => {
				this.#direction = button.dataset.direction ?? "all";
				for (const each of document.querySelectorAll<HTMLButtonElement>("[data-direction]"))
					each.setAttribute("aria-pressed", String(each === button));
				this.#refilter();
			});
		const standard = byId<HTMLInputElement>("show-standard");
		standard.addEventListener("change", () => {
			this.#standard = standard.checked;
			this.#refilter();
		});
		byId("clear-log").addEventListener("click", () => this.clear());
		byId("copy-log").addEventListener("click", () => void copyText(this.#shown().map((entry) =>
			`${entry.at.toISOString()} ${entry.direction === "in" ? "<-" : entry.direction === "out" ? "->" : "--"} ${entry.text}`).join("\n")));
	}

	clear(): void {
		this.#entries.length = 0;
		this.#rows.clear();
		replace(this.#list);
		this.#recount();
	}

	#shown(): Entry[] {
		return this.#entries.filter((entry) => this.#passes(entry));
	}

	/* Every word must be somewhere; "-word" nowhere. */
	#passes(entry: Entry): boolean {
		if (this.#direction !== "all" && entry.direction !== this.#direction)
			return false;
		if (!this.#standard && entry.message?.standard && entry.tone !== "bad")
			return false;
		const text = `${entry.label} ${entry.topic ?? ""} ${entry.text}`.toLowerCase();
		return this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean)
			.every((word) => (word.startsWith("-") && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word)));
	}

	#refilter(): void {
		for (const [entry, row] of this.#rows)
			row.hidden = !this.#passes(entry);
		this.#recount();
	}

	#recount(): void {
		const shown = this.#shown().length;
		this.#count.textContent = shown === this.#entries.length ? `${shown}` : `${shown} of ${this.#entries.length}`;
		this.#empty.hidden = this.#entries.length > 0;
	}

	add(entry: Entry): void {
		const scroller = this.#scroller;
		const follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
		this.#entries.push(entry);
		const row = this.#row(entry);
		this.#rows.set(entry, row);
		row.hidden = !this.#passes(entry);
		this.#list.append(row);
		if (this.#entries.length > MOST) {
			const oldest = this.#entries.shift();
			if (oldest) {
				this.#rows.get(oldest)?.remove();
				this.#rows.delete(oldest);
			}
		}
		this.#recount();
		if (follows)
			scroller.scrollTop = scroller.scrollHeight;
	}

	change(entry: Entry): void {
		const row = this.#rows.get(entry);
		const head = row?.querySelector(".row-head");
		if (head)
			replace(head, ...this.#head(entry));
	}

	#row(entry: Entry): HTMLElement {
		const row = h("li", { class: `row ${entry.direction} ${entry.tone ?? ""}${entry.recovered ? " recovered" : ""}`, "data-action": entry.label });
		if (entry.direction === "note") {
			append(row, h("div", { class: "row-head still" }, ...this.#head(entry)), closing(entry));
			return row;
		}
		const body = h("div", { class: "row-body", hidden: true });
		const head = h("button", { type: "button", class: "row-head", "aria-expanded": "false", onclick: () => {
			body.hidden = !body.hidden;
			head.setAttribute("aria-expanded", String(!body.hidden));
			if (!body.hidden && !body.firstChild)
				append(body, ...this.#body(entry));
			if (!body.hidden)
				row.scrollIntoView({ block: "nearest" });
		} }, ...this.#head(entry));
		append(row, head, body);
		return row;
	}

	#head(entry: Entry): HTMLElement[] {
		const tags: HTMLElement[] = [];
		if (entry.topic)
			tags.push(tag(entry.topic, "topic", "topic"));
		if (entry.recovered)
			tags.push(tag("recovered", "good", "missed before, sent again in order"));
		if (entry.position)
			tags.push(tag(`#${entry.position.seq}`, "", `seq ${entry.position.seq} of epoch ${entry.position.epoch}`));
		if (entry.mine)
			tags.push(tag("mine", "", "is_mine: from this user"));
		if (entry.asks)
			tags.push(tag("question", "warn", "the server waits for an answer"));
		for (const answer of entry.answers ?? [])
			tags.push(tag(`${answer.label} ${millisecondsOf(answer.after)}`, answer.bad ? "bad" : "good", "answered"));
		if (entry.after !== undefined)
			tags.push(tag(`to ${entry.ref ?? ""} in ${millisecondsOf(entry.after)}`, "", `answers ${entry.answered?.label ?? ""}`));
		const arrow = entry.direction === "in" ? "←" : entry.direction === "out" ? "→" : "·";
		const what = entry.direction === "in" ? "received" : entry.direction === "out" ? "sent" : "note";
		return [
			h("span", { class: "arrow", role: "img", "aria-label": what }, arrow),
			entry.direction === "note" ? h("span") : h("b", { class: "action" }, entry.label),
			h("span", { class: "tags" }, ...tags),
			h("span", { class: "sum" }, summary(entry)),
			h("span", { class: "meta" }, entry.direction === "note" ? "" : sizeOf(entry.bytes)),
			h("time", { class: "meta", datetime: entry.at.toISOString() }, timeOf(entry.at)),
		];
	}

	#body(entry: Entry): HTMLElement[] {
		const text = entry.frame === undefined ? entry.text : pretty(entry.frame);
		const tools = h("div", { class: "tools" });
		const add = (label: string, onclick: () => void) => append(tools, h("button", { type: "button", class: "small", onclick }, label));
		add("Copy", () => void copyText(entry.text));
		if (entry.direction === "out") {
			add("Resend", () => this.actions.resend(entry));
			add("Edit", () => this.actions.edit(entry));
		}
		if (entry.position)
			add("Recover from here", () => this.actions.recoverFrom(entry));
		for (const name of entry.asks ?? [])
			add(`Answer ${name}`, () => this.actions.answer(entry, name));
		const words = explained(entry);
		const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n…` : text;
		return [...(words ? [words] : []), h("pre", { class: "json", tabindex: "0" }, coloured(shown)), tools];
	}
}

function closing(entry: Entry): HTMLElement | null {
	if (!/^\d{4}$/.test(entry.label))
		return null;
	const { title, words, next } = closeWords(Number(entry.label));
	return h("p", { class: "explain" }, h("b", {}, `${entry.label} ${title}. `), `${words} ${next}`);
}

function explained(entry: Entry): HTMLElement | null {
	const payload = isRecord(entry.frame) ? entry.frame.payload : undefined;
	const words = entry.label === "error" && isRecord(payload) ? reasonWords(String(payload.reason)) : entry.label === "error" ? "The frame broke the contract. The connection stays open." : "";
	const doc = entry.message?.description ?? "";
	return words || doc ? h("p", { class: "explain" }, words || doc) : null;
}
