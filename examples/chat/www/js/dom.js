/* SPDX-License-Identifier: MIT */
/*
 * Small help with elements. Text from people or the server reaches the page through textContent only; nothing here, or in any
 * other script of the chat, parses HTML.
 */

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text nodes. */
export function el(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		if (value !== undefined && value !== null && value !== false)
			element.setAttribute(name, value === true ? "" : String(value));
	element.append(...children);
	return element;
}

export function show(element, visible) {
	element.hidden = !visible;
}

/** Shows a sentence in an element that is hidden while it has nothing to say. */
export function say(element, sentence) {
	element.textContent = sentence;
	element.hidden = !sentence;
}

/** Runs an action once at a time; the button is busy meanwhile. */
export async function busy(button, action) {
	if (button.getAttribute("aria-busy") === "true")
		return;
	button.setAttribute("aria-busy", "true");
	try {
		await action();
	} finally {
		button.removeAttribute("aria-busy");
	}
}
