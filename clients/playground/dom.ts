/* SPDX-License-Identifier: MIT */
/*
 * dom.ts - elements in one call. Text is always text: nothing here takes markup, and nothing writes a style or a handler as an attribute,
 * so that the page's policy holds. Knows nothing of what is shown.
 */
export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | boolean | ((event: Event) => void) | undefined>;

/** h("button", { class: "plain", onclick: save }, "Save") */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function")
			element.addEventListener(name.slice(2), value);
		else if (value === true)
			element.setAttribute(name, "");
		else if (typeof value === "string")
			element.setAttribute(name, value);
	}
	append(element, ...children);
	return element;
}

export function append(parent: Element, ...children: Child[]): void {
	for (const child of children)
		if (child !== null && child !== undefined && child !== false)
			parent.append(child);
}

export function replace(parent: Element, ...children: Child[]): void {
	parent.replaceChildren();
	append(parent, ...children);
}

/** An element that the page is made with. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
	const found = document.getElementById(id);
	if (!found)
		throw new Error(`the page has no #${id}`);
	return found as T;
}

let made = 0;

/** An id that no other element has: for labels and descriptions. */
export function freshId(prefix: string): string {
	return `${prefix}-${++made}`;
}

/** Doc comments say `code` in backticks, and nothing else in them is markup. */
export function prose(text: string): DocumentFragment {
	const fragment = document.createDocumentFragment();
	text.split("`").forEach((part, i, parts) => {
		if (i % 2 === 1 && i < parts.length - 1)
			fragment.append(h("code", {}, part));
		else
			fragment.append(i % 2 === 1 ? `\`${part}` : part);
	});
	return fragment;
}

export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		/* Without a secure context, or without the permission. */
		const area = h("textarea", { "aria-hidden": "true", class: "off-screen" });
		area.value = text;
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
}
