/* SPDX-License-Identifier: MIT */
/*
 * editor.ts - a textarea for JSON with colours behind its letters. The browser's own editing stays: undo, spell, screen readers, and a Tab
 * that leaves it. Knows nothing of contracts.
 */
import { h, replace } from "./dom.js";
import { coloured } from "./text.js";

export class Editor {
	readonly element: HTMLElement;
	readonly area: HTMLTextAreaElement;
	readonly #behind: HTMLPreElement;

	constructor(label: string, changed: () => void) {
		this.#behind = h("pre", { "aria-hidden": "true" });
		this.area = h("textarea", { "aria-label": label, spellcheck: "false", autocapitalize: "off", autocomplete: "off", rows: "8" });
		this.element = h("div", { class: "editor" }, this.#behind, this.area);
		this.area.addEventListener("input", () => {
			this.#paint();
			changed();
		});
		this.area.addEventListener("scroll", () => {
			this.#behind.scrollTop = this.area.scrollTop;
			this.#behind.scrollLeft = this.area.scrollLeft;
		});
		this.area.addEventListener("keydown", (event) => this.#newLine(event, changed));
	}

	/* Enter keeps the indent. insertText keeps the browser's undo; where it is gone, the text is set. */
	#newLine(event: KeyboardEvent, changed: () => void): void {
		const { area } = this;
		if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
			return;
		const before = area.value.slice(0, area.selectionStart);
		const indent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(before)?.[1] ?? "";
		const put = `\n${indent}${/[{[]\s*$/.test(before) ? "  " : ""}`;
		event.preventDefault();
		if (!document.execCommand("insertText", false, put)) {
			area.setRangeText(put, area.selectionStart, area.selectionEnd, "end");
			this.#paint();
			changed();
		}
	}

	#paint(): void {
		replace(this.#behind, coloured(`${this.area.value}\n`));
		this.area.rows = Math.min(18, Math.max(5, this.area.value.split("\n").length + 1));
	}

	get text(): string {
		return this.area.value;
	}

	set text(text: string) {
		this.area.value = text;
		this.#paint();
	}
}
