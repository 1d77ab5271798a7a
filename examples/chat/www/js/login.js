/* SPDX-License-Identifier: MIT */
/*
 * The login page: one click for the demo's people, log in, create an account; then to where the visitor was going.
 */
import * as api from "./api.js";
import { busy, byId } from "./dom.js";
import { dressAvatar } from "./people.js";

const DEMO_PASSWORD = "demo-password";

/* Only a path of our own: "//host" and "/\host" would lead elsewhere, tabs and line ends between them or not. */
function next() {
	const wanted = new URLSearchParams(location.search).get("next") ?? "";
	return /^\/(?![\t\n\r]*[/\\])/.test(wanted) ? wanted : "/rooms.html";
}

function explain(error) {
	if (error.status === 429)
		return `Too many attempts. Try again in ${Math.max(1, error.retryAfter)} s.`;
	if (error.reason === "taken")
		return "That name is taken. Choose another one.";
	return error.message;
}

const sayIn = (form, sentence) => {
	form.querySelector(".form-error").textContent = sentence;
};

async function enter(form, button, action) {
	sayIn(form, "");
	await busy(button, async () => {
		try {
			await action();
			location.assign(next());
		} catch (error) {
			sayIn(form, explain(error));
			form.querySelector("input[type=password]").select();
		}
	});
}

/* Our own words, in the page's language, at the field that needs a look. */
function firstFault(form) {
	for (const input of form.querySelectorAll("input")) {
		const label = form.querySelector(`label[for=${input.id}]`).firstChild.textContent.trim();
		if (input.validity.valid)
			continue;
		input.focus();
		if (input.validity.valueMissing)
			return `${label} is missing.`;
		if (input.name === "name")
			return "A name is 3 to 32 of a–z, 0–9 and _.";
		return `${label} needs at least ${input.minLength} characters.`;
	}
	return "";
}

function wireForm(form, action) {
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const fault = firstFault(form);
		if (fault) {
			sayIn(form, fault);
			return;
		}
		enter(form, form.querySelector("button"), () => action(new FormData(form)));
	});
}

function select(tab) {
	for (const other of document.querySelectorAll("[role=tab]")) {
		const selected = other === tab;
		other.setAttribute("aria-selected", String(selected));
		other.tabIndex = selected ? 0 : -1;
		byId(other.getAttribute("aria-controls")).hidden = !selected;
	}
}

function wireTabs() {
	const tabs = [...document.querySelectorAll("[role=tab]")];
	for (const [index, tab] of tabs.entries()) {
		tab.addEventListener("click", () => select(tab));
		tab.addEventListener("keydown", (event) => {
			if (event.key !== "ArrowRight" && event.key !== "ArrowLeft")
				return;
			const other = tabs[(index + 1) % tabs.length];
			select(other);
			other.focus();
		});
	}
}

for (const avatar of document.querySelectorAll(".avatar[data-name]"))
	dressAvatar(avatar, avatar.dataset.name, avatar.dataset.display);
for (const button of document.querySelectorAll("[data-demo]"))
	button.addEventListener("click", () =>
		enter(byId("panel-login"), button, () => api.login(button.dataset.demo, DEMO_PASSWORD)));
wireTabs();
wireForm(byId("panel-login"), (form) => api.login(form.get("name").trim().toLowerCase(), form.get("password")));
wireForm(byId("panel-signup"), (form) => api.signup(form.get("name"), form.get("display").trim(), form.get("password")));
