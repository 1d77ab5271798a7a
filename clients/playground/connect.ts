/* SPDX-License-Identifier: MIT */
/*
 * connect.ts - the panel that says where to connect, and as whom. What a browser cannot put into a handshake, a header, goes into the URL:
 * the server reads it there while it serves this page. Knows nothing of frames but the one that authenticates.
 */
import { check } from "./check.js";
import type { Contract, Endpoint, Parameter, Server } from "./contract.js";
import { append, byId, freshId, h, prose, replace } from "./dom.js";
import { formOf, type Form } from "./form.js";
import { example, isRecord, type Schema } from "./schema.js";
import type { Plan, Position } from "./session.js";

const KINDS: Record<string, string> = { session: "Cookie", jwt: "Token", ticket: "Ticket", basic: "Password", anonymous: "Nobody", message: "First message" };
const HIDDEN = "•••";

interface Credentials {
	query: [string, string][];
	first: unknown[];
}

/** Where everybody may come in as nobody, a client says beforehand that its first frame will tell who it is. */
function announced(endpoint: Endpoint): [string, string][] {
	return endpoint.auth.includes("anonymous") ? [["authenticate", "frame"]] : [];
}

interface AuthPanel {
	element: HTMLElement;
	credentials(path: string): Promise<Credentials>;
}

function field(label: string, type = "text"): { element: HTMLElement; input: HTMLInputElement } {
	const id = freshId("field");
	const input = h("input", { id, type, autocomplete: "off", spellcheck: "false" });
	return { input, element: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

function select(label: string, choices: [string, string][]): { element: HTMLElement; input: HTMLSelectElement } {
	const id = freshId("field");
	const input = h("select", { id }, ...choices.map(([value, text]) => h("option", { value }, text)));
	return { input, element: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

/** The standard message, under the names that the contract gives it. */
function firstFrame(endpoint: Endpoint, token: string): unknown {
	const message = endpoint.sends.find(({ name }) => name === "authenticate");
	return { ...Object.fromEntries(message?.tags ?? [["action", "authenticate"]]), payload: { token } };
}

function basicHeader(name: string, password: string): string {
	return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${name}:${password}`)))}`;
}

/* ---- the ways to say who one is */

function cookiePanel(server: Server, base: string): AuthPanel {
	const value = field(`Value of ${server.session_cookie || "the cookie"}`, "password");
	value.input.placeholder = "empty: the one that the browser has";
	return {
		element: h("div", {}, h("p", { class: "hint" }, "Browsers send a host's cookies to all of its ports: ",
			h("a", { href: base, target: "_blank", rel: "noopener" }, "log in on the application's page"), ", then connect here."), value.element),
		credentials: async () => {
			if (value.input.value && server.session_cookie)
				document.cookie = `${server.session_cookie}=${encodeURIComponent(value.input.value)}; path=/; samesite=lax`;
			return { query: [], first: [] };
		},
	};
}

function tokenPanel(endpoint: Endpoint, server: Server): AuthPanel {
	const token = field("Token", "password");
	const ways: [string, string][] = [["header", "in the Authorization header"]];
	if (endpoint.sends.some(({ name }) => name === "authenticate"))
		ways.unshift(["frame", "in the first frame"]);
	if (server.token_cookie)
		ways.push(["cookie", `in the cookie ${server.token_cookie}`]);
	const way = select("Sent", ways);
	return {
		element: h("div", {}, token.element, way.element),
		credentials: async () => {
			const value = token.input.value.trim();
			if (!value)
				return { query: [], first: [] };
			if (way.input.value === "frame")
				return { query: announced(endpoint), first: [firstFrame(endpoint, value)] };
			if (way.input.value === "header")
				return { query: [["playground_authorization", `Bearer ${value}`]], first: [] };
			document.cookie = `${server.token_cookie}=${encodeURIComponent(value)}; path=/; samesite=lax`;
			return { query: [], first: [] };
		},
	};
}

/** Asks the server for a ticket: with the session's cookie, or with a token. */
async function fetchTicket(path: string, token: string): Promise<string> {
	const headers: Record<string, string> = { "content-type": "application/json" };
	if (token)
		headers.authorization = `Bearer ${token}`;
	const response = await fetch("/playground/ticket", { method: "POST", headers, body: JSON.stringify({ path }) });
	const body: unknown = await response.json().catch(() => null);
	if (response.ok && isRecord(body) && typeof body.ticket === "string")
		return body.ticket;
	const said = isRecord(body) && isRecord(body.error) ? `${String(body.error.reason)}: ${String(body.error.detail)}` : "";
	throw new Error(`There is no ticket: ${response.status} ${said}`);
}

function ticketPanel(endpoint: Endpoint, server: Server): AuthPanel {
	const token = field("Token to get it with", "password");
	token.input.placeholder = "leave empty to use the cookie";
	const ticket = field("Or a ticket that you have", "password");
	const ways: [string, string][] = [["query", "in the URL"]];
	if (endpoint.sends.some(({ name }) => name === "authenticate"))
		ways.push(["frame", "in the first frame"]);
	const way = select("Sent", ways);
	return {
		element: h("div", {}, h("p", { class: "hint" }, `A ticket is fetched when you connect; it opens one connection within ${server.ticket_lifetime} s.`),
			token.element, ticket.element, way.element),
		credentials: async (path) => {
			const value = ticket.input.value.trim() || await fetchTicket(path, token.input.value.trim());
			ticket.input.value = "";
			return way.input.value === "query" ? { query: [["ticket", value]], first: [] } : { query: announced(endpoint), first: [firstFrame(endpoint, value)] };
		},
	};
}

function passwordPanel(): AuthPanel {
	const name = field("Name"), password = field("Password", "password");
	return {
		element: h("div", {}, name.element, password.element),
		credentials: async () => ({ query: [["playground_authorization", basicHeader(name.input.value, password.input.value)]], first: [] }),
	};
}

function plainPanel(words: string, query: [string, string][] = []): AuthPanel {
	return { element: h("p", { class: "hint" }, words), credentials: async () => ({ query, first: [] }) };
}

/* ---- the panel */

/** Texts of parameters in a URL: numbers as their digits. */
function urlText(value: unknown): string {
	return typeof value === "string" ? value : isRecord(value) ? JSON.stringify(value) : value === undefined ? "" : String((value as { text?: string }).text ?? value);
}

function parametersSchema(parameters: Parameter[]): Schema {
	return { type: "object", properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])), required: parameters.filter(({ required }) => required).map(({ name }) => name) };
}

/** Values of parameters in a template, percent-encoded where it is a URL. */
export function filled(address: string, values: Record<string, unknown>, encode: (text: string) => string): string {
	return address.replace(/\{([^}]*)\}/g, (_whole, name: string) => encode(urlText(values[name])));
}

export interface ParameterForm {
	form: Form;
	schema: Schema;
	valid(): boolean;
	values(): Record<string, unknown>;
}

export function parameterForm(parameters: Parameter[], contract: Contract, changed: () => void, label: string): ParameterForm {
	const schema = parametersSchema(parameters);
	const made: ParameterForm = {
		schema,
		form: formOf(schema, example(schema, contract.schemas), contract.schemas, () => {
			made.valid();
			changed();
		}, label),
		valid: () => {
			const problems = check(schema, contract.schemas, made.form.value());
			made.form.show(problems);
			return problems.length === 0;
		},
		values: () => made.form.value() as Record<string, unknown>,
	};
	return made;
}

export interface ConnectActions {
	chosen(endpoint: Endpoint): void;
	connect(plan: Plan): void;
	disconnect(): void;
	failed(error: unknown): void;
}

export class ConnectPanel {
	readonly #select = byId<HTMLSelectElement>("endpoint");
	readonly #about = byId("endpoint-about");
	readonly #parameters = byId("parameters");
	readonly #auth = byId("auth");
	readonly #recovery = byId("recovery");
	readonly #url = byId("url");
	readonly #button = byId<HTMLButtonElement>("connect");
	readonly #endpoints: Endpoint[];
	#form: ParameterForm | null = null;
	#panel: AuthPanel = plainPanel("");
	#epoch: HTMLInputElement | null = null;
	#seq: HTMLInputElement | null = null;
	#live = false;

	constructor(readonly server: Server, contracts: Contract[], readonly actions: ConnectActions) {
		this.#endpoints = contracts.flatMap(({ endpoints }) => endpoints);
		const groups = contracts.filter(({ endpoints }) => endpoints.length > 0).map((contract) => h("optgroup", { label: contract.title },
			...contract.endpoints.map((endpoint) => h("option", { value: String(this.#endpoints.indexOf(endpoint)) }, `${endpoint.name}  ${endpoint.address}`))));
		replace(this.#select, ...groups);
		this.#select.addEventListener("change", () => this.#show());
		this.#button.addEventListener("click", () => void this.toggle());
		byId("connect-form").addEventListener("submit", (event) => {
			event.preventDefault();
			void this.toggle();
		});
		if (this.#endpoints.length)
			this.#show();
	}

	get #endpoint(): Endpoint {
		return this.#endpoints[Number(this.#select.value)] as Endpoint;
	}

	get #base(): string {
		return `${this.server.tls ? "https" : "http"}://${location.hostname}:${this.server.port}`;
	}

	#show(): void {
		const endpoint = this.#endpoint;
		byId<HTMLAnchorElement>("docs").href = `/docs/${encodeURIComponent(endpoint.contract.name)}`;
		replace(this.#about, endpoint.description ? h("p", {}, prose(endpoint.description)) : null,
			endpoint.limits.length ? h("p", { class: "quiet" }, endpoint.limits.join(" · ")) : null);
		const parameters = [...endpoint.path, ...endpoint.query];
		this.#form = parameters.length ? parameterForm(parameters, endpoint.contract, () => this.#showUrl(), "URL parameters") : null;
		replace(this.#parameters, this.#form?.form.element);
		this.#showAuth(endpoint);
		this.#showRecovery(endpoint);
		this.#showUrl();
		this.actions.chosen(endpoint);
	}

	#showAuth(endpoint: Endpoint): void {
		const kinds = endpoint.auth.length ? [...endpoint.auth] : ["anonymous"];
		if (endpoint.sends.some(({ authenticates }) => authenticates))
			kinds.unshift("message");
		const place = h("div", { class: "auth-place" });
		const choose = (kind: string) => {
			this.#panel = this.#authPanel(kind, endpoint);
			replace(place, this.#panel.element);
		};
		const group = h("div", { class: "segments", role: "radiogroup", "aria-label": "Who you are" }, ...kinds.map((kind, i) => {
			const radio = h("input", { type: "radio", name: "auth", value: kind, onchange: () => choose(kind) });
			radio.checked = i === 0;
			return h("label", {}, radio, h("span", {}, KINDS[kind] ?? kind));
		}));
		replace(this.#auth, group, place);
		choose(kinds[0] ?? "anonymous");
	}

	#authPanel(kind: string, endpoint: Endpoint): AuthPanel {
		switch (kind) {
		case "session": return cookiePanel(this.server, this.#base);
		case "jwt": return tokenPanel(endpoint, this.server);
		case "ticket": return ticketPanel(endpoint, this.server);
		case "basic": return passwordPanel();
		case "message": return plainPanel(`Connect, then send ${endpoint.sends.filter(({ authenticates }) => authenticates).map(({ label }) => label).join(" or ")} as the first message.`, announced(endpoint));
		default: return plainPanel("Everybody may come in without saying who they are.");
		}
	}

	#showRecovery(endpoint: Endpoint): void {
		this.#epoch = this.#seq = null;
		replace(this.#recovery);
		if (!endpoint.recovers)
			return;
		const epoch = field("epoch"), seq = field("seq");
		seq.input.inputMode = "numeric";
		[this.#epoch, this.#seq] = [epoch.input, seq.input];
		for (const each of [epoch, seq])
			each.input.addEventListener("input", () => this.#showUrl());
		append(this.#recovery, h("details", {}, h("summary", {}, "Recover what was missed"), h("p", { class: "hint" }, "The position of the last message that was seen; the log's rows have it. Empty: only what is live."),
			h("div", { class: "pair" }, epoch.element, seq.element)));
	}

	/** Fills in where to go on from. */
	recoverFrom(position: Position): void {
		if (!this.#epoch || !this.#seq)
			return;
		this.#epoch.value = position.epoch;
		this.#seq.value = position.seq;
		const details = this.#recovery.querySelector("details");
		if (details)
			details.open = true;
		this.#showUrl();
	}

	get #path(): string {
		return filled(this.#endpoint.address, this.#form?.values() ?? {}, encodeURIComponent);
	}

	get #recovers(): boolean {
		return Boolean(this.#epoch?.value);
	}

	#address(more: [string, string][]): string {
		const values = this.#form?.values() ?? {};
		const query = this.#endpoint.query.filter(({ name }) => values[name] !== undefined).map(({ name }): [string, string] => [name, urlText(values[name])]);
		if (this.#recovers)
			query.push(["epoch", this.#epoch?.value ?? ""], ["seq", this.#seq?.value ?? "0"]);
		const text = [...query, ...more].map(([name, value]) => `${encodeURIComponent(name)}=${value === HIDDEN ? value : encodeURIComponent(value)}`).join("&");
		return `${this.#base.replace(/^http/, "ws")}${this.#path}${text ? `?${text}` : ""}`;
	}

	#showUrl(): void {
		this.#url.textContent = this.#address([]);
	}

	/** Connects, or ends the connection that there is. */
	async toggle(): Promise<void> {
		if (this.#live) {
			this.actions.disconnect();
			return;
		}
		if (this.#endpoints.length === 0)
			return;
		this.#form?.valid();
		const endpoint = this.#endpoint;
		this.#button.disabled = true;
		try {
			const { query, first } = await this.#panel.credentials(this.#path);
			this.actions.connect({
				endpoint, first, recovers: this.#recovers, url: this.#address(query),
				shown: this.#address(query.map(([name, value]) => [name, name === "authenticate" ? value : HIDDEN])),
			});
		} catch (error) {
			this.actions.failed(error);
		} finally {
			this.#button.disabled = false;
		}
	}

	/** The button says what it would do. */
	live(live: boolean): void {
		this.#live = live;
		this.#button.textContent = live ? "Disconnect" : "Connect";
		this.#button.classList.toggle("primary", !live);
	}
}
