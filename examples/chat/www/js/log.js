/* SPDX-License-Identifier: MIT */
/*
 * The list of what was said: ordered by id, nothing twice, days set apart, runs of one author drawn together, scrolled to the end
 * unless the reader has scrolled up. Knows nothing of sockets.
 */
import { el, show } from "./dom.js";
import { dressAvatar } from "./people.js";
import { dayName, dayOf, fullTime, moment } from "./time.js";

const KEPT = 500; /* messages and notices on the page; the oldest go */
const RUN = 5 * 60_000;
const NEAR_END = 60; /* px */

export class MessageLog {
	#log;
	#empty;
	#newer;
	#items = []; /* {kind, element, at, …}, in the order of the page */
	#ids = new Set();
	#pending = new Set();
	#unseen = 0;
	#atEnd = true;

	constructor(log, empty, newer) {
		this.#log = log;
		this.#empty = empty;
		this.#newer = newer;
		log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
		newer.addEventListener("click", () => {
			this.toEnd();
			log.focus({ preventScroll: true });
		});
		/* A phone's keyboard, a growing composer: the end stays in sight. */
		new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(log);
		setInterval(() => this.refreshTimes(), 20_000);
	}

	get newestId() {
		return this.#items.findLast((item) => item.kind === "message")?.id ?? 0;
	}

	/** A message {id, name, display, text, at: Date, mine}. False: it is there already. */
	add(message) {
		if (this.#ids.has(message.id))
			return false;
		this.#ids.add(message.id);
		const item = { kind: "message", ...message };
		item.element = this.#draw(item);
		this.#insert(item);
		if (!item.mine && !this.#atEnd)
			this.#unseen++;
		this.#settle(item.mine);
		return true;
	}

	/** The last messages, oldest first, as the server gives them on entering. */
	addHistory(messages) {
		const gap = this.#ids.size > 0 && messages.length > 0 && !messages.some((message) => this.#ids.has(message.id)) &&
			messages[0].id > this.newestId;
		/* More was said meanwhile than history holds: start afresh, rather than show a hole as if it were none. */
		if (gap)
			this.#forget();
		this.#log.setAttribute("aria-busy", "true");
		for (const message of messages)
			this.add(message);
		this.#log.removeAttribute("aria-busy");
		show(this.#empty, this.#ids.size === 0 && this.#pending.size === 0);
	}

	/** Somebody came or went. Of one person's coming and going in a row only the last is kept. */
	notice(name, display, verb, at) {
		const last = this.#items.at(-1);
		if (last?.kind === "notice" && last.name === name)
			this.#remove(last);
		const element = el("p", { class: "notice" }, el("bdi", {}, display), ` ${verb} · `, this.#time(at));
		this.#insert({ kind: "notice", element, name, at });
		this.#settle(false);
	}

	/** One's own message before the server has it. Returns a handle for settle and fail. */
	addPending(text) {
		const status = el("span", { class: "pending-status" }, "Sending");
		const bubble = el("p", { class: "bubble", dir: "auto" });
		bubble.textContent = text;
		const element = el("div", { class: "message mine pending" }, el("div", { class: "message-main" }, bubble, status));
		const pending = { element, status };
		this.#pending.add(pending);
		this.#log.append(element);
		show(this.#empty, false);
		this.toEnd();
		return pending;
	}

	/** It has arrived (or will not be shown here any more). */
	dropPending(pending) {
		this.#pending.delete(pending);
		pending.element.remove();
	}

	/** It was not sent: says why, and offers what can be done about it. */
	failPending(pending, sentence, actions) {
		pending.element.classList.add("failed");
		const buttons = actions.map(([label, action]) => {
			const button = el("button", { type: "button", class: "link" }, label);
			button.addEventListener("click", action);
			return button;
		});
		pending.status.replaceChildren(sentence, el("span", { class: "pending-actions" }, ...buttons));
		this.#settle(false);
	}

	toEnd() {
		this.#log.scrollTop = this.#log.scrollHeight;
		this.#atEnd = true;
		this.#unseen = 0;
		this.#showNewer();
	}

	refreshTimes() {
		const now = new Date();
		for (const item of this.#items)
			for (const time of item.element.querySelectorAll("time"))
				time.textContent = moment(item.at, now);
		for (const day of this.#log.querySelectorAll(".day"))
			day.firstChild.textContent = dayName(new Date(Number(day.dataset.at)), now);
	}

	#time(at) {
		const valid = !Number.isNaN(at.getTime());
		return el("time", valid ? { datetime: at.toISOString(), title: fullTime(at) } : {}, valid ? moment(at) : "");
	}

	#draw(item) {
		const who = el("bdi", { class: "who" }, item.mine ? "You" : item.display);
		const bubble = el("p", { class: "bubble", dir: "auto", title: fullTime(item.at) });
		bubble.textContent = item.text;
		const main = el("div", { class: "message-main" }, el("p", { class: "by" }, who, " ", this.#time(item.at)), bubble);
		const element = el("article", { class: item.mine ? "message mine" : "message", "data-id": item.id }, main);
		if (!item.mine) {
			const avatar = el("span", { "aria-hidden": true });
			dressAvatar(avatar, item.name, item.display);
			element.prepend(avatar);
		}
		return element;
	}

	/* Ids order messages; notices, which have none, stand among them by their time. */
	#place(item) {
		const isLater = (other) => other.kind === "message" && other.id > item.id;
		const later = item.kind === "message" ? this.#items.findIndex(isLater) : -1;
		let index = later < 0 ? this.#items.length : later;
		while (index > 0 && this.#items[index - 1].kind === "notice" && this.#items[index - 1].at > item.at)
			index--;
		return index;
	}

	#insert(item) {
		const index = this.#place(item);
		const next = this.#items[index];
		const anchor = next ? next.day ?? next.element : this.#firstPending();
		this.#log.insertBefore(item.element, anchor);
		this.#items.splice(index, 0, item);
		this.#relate(index);
		if (next)
			this.#relate(index + 1);
		show(this.#empty, false);
		if (this.#items.length > KEPT)
			this.#remove(this.#items[0]);
	}

	#firstPending() {
		return this.#pending.values().next().value?.element ?? null;
	}

	/* What an item is to the one before it: another day, or the same author going on. */
	#relate(index) {
		const item = this.#items[index];
		const before = this.#items[index - 1];
		const newDay = !before || dayOf(before.at) !== dayOf(item.at);
		const follows = !newDay && item.kind === "message" && before.kind === "message" && before.name === item.name &&
			item.at - before.at < RUN;
		item.element.classList.toggle("follows", follows);
		if (newDay && !item.day) {
			item.day = el("p", { class: "day", "data-at": item.at.getTime() }, el("span", {}, dayName(item.at)));
			this.#log.insertBefore(item.day, item.element);
		} else if (!newDay && item.day) {
			item.day.remove();
			item.day = null;
		}
	}

	#remove(item) {
		const index = this.#items.indexOf(item);
		this.#items.splice(index, 1);
		this.#ids.delete(item.id);
		item.element.remove();
		item.day?.remove();
		if (this.#items[index])
			this.#relate(index);
	}

	#forget() {
		for (const item of [...this.#items])
			this.#remove(item);
	}

	#settle(mine) {
		if (mine || this.#atEnd)
			this.toEnd();
		else
			this.#showNewer();
	}

	#scrolled() {
		const { scrollTop, scrollHeight, clientHeight } = this.#log;
		this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
		if (this.#atEnd)
			this.#unseen = 0;
		this.#showNewer();
	}

	#showNewer() {
		show(this.#newer, this.#unseen > 0);
		this.#newer.textContent = this.#unseen === 1 ? "1 new message" : `${this.#unseen} new messages`;
	}
}
