/* SPDX-License-Identifier: MIT */
/*
 * Where a message is written: grows with its text, counts near the limit, keeps a draft through a reload and through a lost
 * connection. What becomes of it is the caller's affair.
 */
import { show } from "./dom.js";

const MOST = 2000; /* code points, as the contract says */
const COUNT_FROM = 1800;

export class Composer {
	#form;
	#text;
	#hint;
	#count;
	#usualHint;
	#standing = "";
	#key;
	#submit;

	/** submit(text) takes the text. */
	constructor(form, { hint, count, draftKey, submit }) {
		this.#form = form;
		this.#text = form.querySelector("textarea");
		this.#hint = hint;
		this.#count = count;
		this.#usualHint = hint.textContent;
		this.#key = draftKey;
		this.#submit = submit;
		this.#text.value = sessionStorage.getItem(this.#key) ?? "";
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			this.#trySend();
		});
		this.#text.addEventListener("keydown", (event) => this.#keydown(event));
		this.#text.addEventListener("input", () => this.#changed());
		this.#changed();
	}

	focus() {
		this.#text.focus();
	}

	/** Puts a text in, before what stands there. */
	restore(text) {
		const rest = this.#text.value;
		this.#text.value = rest ? `${text}\n${rest}` : text;
		this.#changed();
		this.focus();
	}

	/** A sentence under the field in place of the usual one, until "" brings that back. */
	tell(sentence) {
		this.#standing = sentence;
		this.#show(sentence);
	}

	#show(sentence) {
		this.#hint.textContent = sentence || this.#usualHint;
		this.#hint.classList.toggle("strong", Boolean(sentence));
	}

	#keydown(event) {
		/* An input method's Enter chooses a word; 229 is how older ones say so. */
		if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
			return;
		event.preventDefault();
		this.#form.requestSubmit();
	}

	#length() {
		return [...this.#text.value.trim()].length;
	}

	#trySend() {
		const text = this.#text.value.trim();
		if (!text)
			return;
		if (this.#length() > MOST) {
			this.#show(`A message has at most ${MOST} characters.`);
			return;
		}
		this.#submit(text);
		this.#text.value = "";
		this.#show(this.#standing);
		this.#changed();
		this.focus();
	}

	#changed() {
		const { style } = this.#text;
		style.height = "auto";
		style.height = `${Math.min(this.#text.scrollHeight, 200)}px`;
		const length = this.#length();
		show(this.#count, length >= COUNT_FROM);
		this.#count.textContent = `${length} / ${MOST}`;
		this.#count.classList.toggle("over", length > MOST);
		this.#form.classList.toggle("has-text", length > 0);
		if (this.#text.value)
			sessionStorage.setItem(this.#key, this.#text.value);
		else
			sessionStorage.removeItem(this.#key);
	}
}
