/* SPDX-License-Identifier: MIT */
/*
 * main.ts - puts the panels together: what one of them wants done, another one does. Theme, shortcuts and the narrow screen's tabs are here,
 * too.
 */
import { writeExact } from "../typescript/json.js";
import { closeCodes, closeWords } from "./codes.js";
import { ComposePanel } from "./compose.js";
import { ConnectPanel } from "./connect.js";
import { discover, type Endpoint, type Message, type Server, type Contract } from "./contract.js";
import { byId, h, replace } from "./dom.js";
import { Log } from "./log.js";
import { isRecord } from "./schema.js";
import { type Position, Session, type State } from "./session.js";
import { SidePanel } from "./side.js";

const STATES: Record<State, string> = { idle: "not connected", connecting: "connecting", open: "authenticating", live: "connected", closing: "closing", closed: "closed" };

function theme(): void {
	const root = document.documentElement;
	const stored = (() => {
		try {
			return localStorage.getItem("theme");
		} catch {
			return null; /* storage may be switched off */
		}
	})();
	if (stored === "light" || stored === "dark")
		root.dataset.theme = stored;
	byId("theme").addEventListener("click", () => {
		const dark = getComputedStyle(root).colorScheme === "dark";
		root.dataset.theme = dark ? "light" : "dark";
		try {
			localStorage.setItem("theme", root.dataset.theme);
		} catch { /* then it is for this page only */ }
	});
}

/** On narrow screens one part is seen at a time. */
function tabs(): (part: string) => void {
	const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-part]")];
	const show = (part: string) => {
		document.body.dataset.part = part;
		for (const button of buttons)
			button.setAttribute("aria-pressed", String(button.dataset.part === part));
	};
	for (const button of buttons)
		button.addEventListener("click", () => show(button.dataset.part ?? "connection"));
	show("connection");
	return show;
}

class Playground {
	readonly #session: Session;
	readonly #log: Log;
	readonly #compose: ComposePanel;
	readonly #connect: ConnectPanel;
	readonly #side: SidePanel;
	readonly #show = tabs();
	#endpoint: Endpoint | null = null;

	constructor(server: Server, contracts: Contract[]) {
		this.#session = new Session({
			state: () => this.#state(),
			entry: (entry) => {
				this.#log.add(entry);
				if (entry.answered && entry.message?.name === "error" && isRecord(entry.frame))
					this.#compose.refused(entry.ref ?? "", entry.frame.payload);
			},
			changed: (entry) => this.#log.change(entry),
			side: () => this.#sideChanged(),
		});
		this.#log = new Log({
			resend: (entry) => void this.#session.send(entry.text),
			edit: (entry) => {
				this.#show("compose");
				this.#compose.edit(entry.frame, entry.text, entry.message?.name);
			},
			answer: (entry, name) => {
				this.#show("compose");
				this.#compose.answer(name, entry.ref, entry.topic);
			},
			recoverFrom: (entry) => {
				if (!entry.position)
					return;
				if (entry.topic !== undefined && this.#session.endpoint?.topics.length) {
					/* Whoever follows a topic is sent nothing again. */
					if (this.#session.topics.has(entry.topic))
						this.#standard("unsubscribe", entry.topic);
					this.#subscribe(entry.topic, entry.position);
				} else {
					this.#connect.recoverFrom(entry.position);
				}
			},
		});
		this.#compose = new ComposePanel({
			send: (text) => this.#session.send(text) !== null,
			nextRef: () => this.#session.nextRef(),
			topics: () => [...this.#session.topics.keys()],
			say: (words) => this.#say(words),
		});
		this.#side = new SidePanel(this.#session, {
			subscribe: (topic, from) => this.#subscribe(topic, from),
			unsubscribe: (topic) => this.#standard("unsubscribe", topic),
			sendTo: (topic) => {
				this.#show("compose");
				this.#compose.chooseTopic(topic);
				this.#compose.focusList();
			},
			reconnectFrom: (position) => {
				this.#connect.recoverFrom(position);
				this.#session.close();
				void this.#whenClosed(() => this.#connect.toggle());
			},
		});
		this.#connect = new ConnectPanel(server, contracts, {
			chosen: (endpoint) => this.#chosen(endpoint),
			connect: (plan) => {
				this.#session.connect(plan);
				this.#show("compose");
			},
			disconnect: () => this.#session.close(),
			failed: (error) => this.#say(error instanceof Error ? error.message : String(error)),
		});
		this.#shortcuts();
		this.#state();
	}

	#chosen(endpoint: Endpoint): void {
		this.#endpoint = endpoint;
		this.#compose?.show(endpoint);
		this.#side?.show(endpoint);
	}

	async #whenClosed(then: () => unknown): Promise<void> {
		for (let i = 0; i < 100 && this.#session.state !== "closed"; i++)
			await new Promise((resolve) => setTimeout(resolve, 50));
		then();
	}

	#sideChanged(): void {
		this.#side.update();
		this.#compose.topicsChanged();
	}

	/* ---- topics */

	#message(name: string): Message | undefined {
		const { topics = [], sends = [] } = this.#session.endpoint ?? {};
		return [...sends, ...topics.flatMap((topic) => topic.sends)].find((message) => message.standard && message.name === name);
	}

	#standard(name: string, topic: string, payload?: unknown): void {
		const message = this.#message(name);
		const names = this.#session.endpoint?.contract.envelope;
		if (!message || !names)
			return;
		this.#session.send(writeExact({
			...Object.fromEntries(message.tags), [names.topic]: topic,
			...(typeof names.ref === "string" ? { [names.ref]: this.#session.nextRef() } : {}), ...(payload === undefined ? {} : { payload }),
		}));
	}

	#subscribe(topic: string, from: Position | undefined): void {
		this.#standard("subscribe", topic, from && { epoch: from.epoch, seq: Number(from.seq) });
	}

	/* ---- what is said about the connection */

	#state(): void {
		const { state, closed } = this.#session;
		const live = state === "open" || state === "live" || state === "connecting";
		const pill = byId("state");
		pill.textContent = STATES[state];
		pill.dataset.state = state;
		this.#connect?.live(live);
		this.#compose?.live(this.#session.canSend);
		const place = byId("closed");
		place.hidden = !closed;
		if (closed) {
			const words = closeWords(closed.code);
			place.className = `closed ${words.bad ? "bad" : ""}`;
			replace(place, h("b", {}, `${closed.code} ${words.title}`), closed.reason ? h("q", {}, closed.reason) : null, h("p", {}, `${words.words} ${words.next}`));
		}
		this.#side?.update();
	}

	#say(words: string): void {
		const place = byId("toast");
		place.textContent = words;
		place.hidden = false;
		setTimeout(() => {
			place.hidden = place.textContent === words;
		}, 6000);
	}

	/* ---- keys: only where nobody types */

	#shortcuts(): void {
		const help = byId<HTMLDialogElement>("help");
		byId("help-button").addEventListener("click", () => help.showModal());
		const keys: Record<string, () => void> = {
			"?": () => help.showModal(),
			c: () => void this.#connect.toggle(),
			m: () => {
				this.#show("compose");
				this.#compose.focusList();
			},
			j: () => {
				this.#show("compose");
				byId("editor-place").querySelector("textarea")?.focus();
			},
			"/": () => {
				this.#show("log");
				byId("filter").focus();
			},
			l: () => this.#log.clear(),
		};
		document.addEventListener("keydown", (event) => {
			const target = event.target as HTMLElement;
			if (event.ctrlKey || event.metaKey || event.altKey || help.open || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
				return;
			const act = keys[event.key];
			if (act) {
				event.preventDefault();
				act();
			}
		});
	}

	get endpoint(): Endpoint | null {
		return this.#endpoint;
	}
}

function helpTable(): void {
	replace(byId("codes"), ...closeCodes.map(([code, { title, words, next }]) => h("div", {}, h("dt", {}, h("code", {}, String(code)), ` ${title}`), h("dd", {}, `${words} ${next}`))));
}

async function begin(): Promise<void> {
	theme();
	helpTable();
	const { server, contracts } = await discover();
	const title = contracts.find(({ endpoints }) => endpoints.length > 0)?.title ?? server.program;
	byId("title").textContent = title;
	document.title = `${title} · playground`;
	if (contracts.every(({ endpoints }) => endpoints.length === 0)) {
		byId("bare").hidden = false;
		replace(byId("bare-consumers"), ...server.consumers.map(({ contract, name }) => h("li", {}, h("code", {}, `${contract}.${name}`))));
		byId("panels").hidden = byId("docs").hidden = true;
		document.documentElement.dataset.ready = "";
		return;
	}
	const playground = new Playground(server, contracts);
	/* The first endpoint was chosen before all panels were there. */
	byId("endpoint").dispatchEvent(new Event("change"));
	document.documentElement.dataset.ready = playground.endpoint?.name ?? "";
}

begin().catch((error: unknown) => {
	const place = byId("toast");
	place.textContent = `The server does not say what it serves: ${error instanceof Error ? error.message : String(error)}`;
	place.hidden = false;
});
