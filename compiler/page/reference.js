/* SPDX-License-Identifier: MIT */
/* The reference page: search, light and dark, where one is. Without it the page is whole, too. */
"use strict";
(() => {
	const root = document.documentElement;
	const search = document.getElementById("search");
	const nothing = document.getElementById("nothing");
	const menu = document.getElementById("menu");
	const entries = [...document.querySelectorAll(".entry")].map((element) => ({ element, text: `${element.dataset.find} ${element.textContent}`.toLowerCase() }));
	const parts = [...document.querySelectorAll(".part")];
	const links = [...document.querySelectorAll("nav a")];
	const headings = [...document.querySelectorAll("nav h2")];

	root.classList.add("script");

	/* ---- light and dark: as the system has it, until somebody chooses */
	const remember = (theme) => {
		try {
			localStorage.setItem("msgc-theme", theme);
		} catch { /* pages from files have no storage everywhere */ }
	};
	try {
		const theme = localStorage.getItem("msgc-theme");
		if (theme === "light" || theme === "dark") root.dataset.theme = theme;
	} catch { /* the same */ }
	document.getElementById("theme").addEventListener("click", () => {
		const isDark = getComputedStyle(root).colorScheme === "dark";
		root.dataset.theme = isDark ? "light" : "dark";
		remember(root.dataset.theme);
	});

	/* ---- search: every word must stand in an entry */
	const apply = () => {
		const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const { element, text } of entries) {
			element.hidden = !words.every((word) => text.includes(word));
			shown += !element.hidden;
		}
		for (const part of parts) {
			const own = part.querySelectorAll(".entry");
			part.hidden = words.length > 0 && (own.length === 0 || [...own].every(({ hidden }) => hidden));
		}
		for (const link of links) {
			const target = document.getElementById(link.hash.slice(1));
			link.hidden = Boolean(target?.hidden || target?.closest("[hidden]"));
		}
		for (const heading of headings) {
			let next = heading.nextElementSibling, any = false;
			for (; next && next.tagName === "A"; next = next.nextElementSibling) any ||= !next.hidden;
			heading.hidden = !any;
		}
		nothing.hidden = shown > 0 || words.length === 0;
	};
	search.addEventListener("input", apply);
	search.addEventListener("keydown", (event) => {
		if (event.key === "Escape") {
			search.value = "";
			apply();
			search.blur();
		} else if (event.key === "Enter") {
			const first = entries.find(({ element }) => !element.hidden);
			if (first) location.hash = first.element.id;
		}
	});
	document.addEventListener("keydown", (event) => {
		const busy = event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey;
		if (event.key !== "/" || busy) return;
		event.preventDefault();
		search.focus();
		search.select();
	});
	/* What a link leads to is shown, whatever is searched for. */
	addEventListener("hashchange", () => {
		const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (target?.hidden) {
			search.value = "";
			apply();
			target.scrollIntoView();
		}
	});
	for (const link of links) link.addEventListener("click", () => { menu.checked = false; });

	/* ---- where the reader is */
	const byId = new Map(links.map((link) => [link.hash.slice(1), link]));
	const visible = new Set();
	const mark = () => {
		const first = entries.find(({ element }) => visible.has(element.id) && byId.has(element.id));
		for (const [id, link] of byId) link.classList.toggle("here", id === first?.element.id);
	};
	const observer = new IntersectionObserver((changes) => {
		for (const { target, isIntersecting } of changes) isIntersecting ? visible.add(target.id) : visible.delete(target.id);
		mark();
	}, { rootMargin: "-84px 0px -55% 0px" });
	for (const { element } of entries) observer.observe(element);

	/* ---- examples to take away */
	for (const button of document.querySelectorAll(".example button")) {
		if (!navigator.clipboard) continue;
		button.hidden = false;
		button.addEventListener("click", async () => {
			try {
				await navigator.clipboard.writeText(button.closest("figure").querySelector("pre").textContent);
				button.textContent = "Copied";
			} catch {
				button.textContent = "Not allowed";
			}
			setTimeout(() => { button.textContent = "Copy"; }, 1500);
		});
	}
})();
