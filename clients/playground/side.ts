/* SPDX-License-Identifier: MIT */
/*
 * side.ts - what the connection knows beside its frames: topics that are followed, who is present, positions in streams. Knows the session,
 * and nothing of how it sends.
 */
import type { Endpoint, TopicKind } from "./contract.js";
import { byId, h, replace } from "./dom.js";
import { filled, parameterForm, type ParameterForm } from "./connect.js";
import type { Position, Session } from "./session.js";
import { pretty } from "./text.js";

export interface SideActions {
	subscribe(topic: string, from: Position | undefined): void;
	unsubscribe(topic: string): void;
	sendTo(topic: string): void;
	reconnectFrom(position: Position): void;
}

export class SidePanel {
	readonly #kind = byId<HTMLSelectElement>("topic-kind");
	readonly #parameters = byId("topic-parameters");
	readonly #button = byId<HTMLButtonElement>("subscribe");
	#kinds: TopicKind[] = [];
	#form: ParameterForm | null = null;
	#endpoint: Endpoint | null = null;

	constructor(readonly session: Session, readonly actions: SideActions) {
		this.#kind.addEventListener("change", () => this.#showKind());
		byId("topic-form").addEventListener("submit", (event) => {
			event.preventDefault();
			const kind = this.#kinds[Number(this.#kind.value)];
			if (kind && this.session.canSend)
				this.actions.subscribe(this.#name(kind), undefined);
		});
	}

	show(endpoint: Endpoint): void {
		this.#endpoint = endpoint;
		this.#kinds = endpoint.topics;
		byId("topics-panel").hidden = this.#kinds.length === 0;
		replace(this.#kind, ...this.#kinds.map(({ name, address }, i) => h("option", { value: String(i) }, `${name}  ${address}`)));
		if (this.#kinds.length)
			this.#showKind();
		this.update();
	}

	#name(kind: TopicKind): string {
		return filled(kind.address, this.#form?.values() ?? {}, encodeURIComponent);
	}

	#showKind(): void {
		const kind = this.#kinds[Number(this.#kind.value)];
		this.#form = kind?.parameters.length && this.#endpoint ? parameterForm(kind.parameters, this.#endpoint.contract, () => undefined, "Parameters of the topic") : null;
		replace(this.#parameters, this.#form?.form.element);
	}

	update(): void {
		this.#button.disabled = !this.session.canSend;
		replace(byId("topics"), ...[...this.session.topics.values()].map(({ name, state, why, frames }) => {
			const position = this.session.positions.get(name);
			return h("li", { "data-topic": name },
				h("div", { class: "side-head" }, h("code", {}, name), h("span", { class: `tag ${state === "subscribed" ? "good" : state === "refused" ? "bad" : "warn"}` }, state)),
				h("p", { class: "quiet" }, why || `${frames} ${frames === 1 ? "frame" : "frames"}${position ? ` · seq ${position.seq}` : ""}`),
				h("div", { class: "tools" },
					h("button", { type: "button", class: "small", onclick: () => this.actions.sendTo(name) }, "Send to it"),
					state === "subscribed" ? h("button", { type: "button", class: "small", onclick: () => this.actions.unsubscribe(name) }, "Unsubscribe") : null));
		}), ...this.#left());
		this.#presence();
		this.#positions();
	}

	/** Topics that are followed no more, but whose stream we could come back to. */
	#left(): HTMLElement[] {
		return [...this.session.positions].filter(([name]) => name !== "" && !this.session.topics.has(name)).map(([name, position]) => h("li", {},
			h("div", { class: "side-head" }, h("code", {}, name), h("span", { class: "tag" }, "left")),
			h("p", { class: "quiet" }, `seen up to seq ${position.seq}`),
			this.session.canSend ? h("div", { class: "tools" }, h("button", { type: "button", class: "small", onclick: () => this.actions.subscribe(name, position) }, "Subscribe, recover")) : null));
	}

	#presence(): void {
		const rosters = [...this.session.rosters.values()];
		byId("presence-panel").hidden = rosters.length === 0;
		replace(byId("presence"), ...rosters.map(({ group, count, users }) => h("li", {},
			h("div", { class: "side-head" }, h("code", {}, group), h("span", { class: "tag" }, `${count} here`)),
			h("ul", { class: "users" }, ...[...users].map(([id, { connections, info }]) => h("li", {}, h("b", {}, id || "somebody"),
				connections > 1 ? h("span", { class: "tag" }, `× ${connections}`) : null,
				info === null || info === undefined ? null : h("code", {}, pretty(info).replace(/\s+/g, " "))))))));
	}

	#positions(): void {
		const position = this.session.positions.get("");
		byId("stream-panel").hidden = !position;
		if (!position)
			return;
		replace(byId("stream"), h("p", { class: "quiet" }, "Seen up to ", h("code", {}, `seq ${position.seq}`), " of epoch ", h("code", {}, position.epoch)),
			h("button", { type: "button", class: "small", onclick: () => this.actions.reconnectFrom(position) }, "Reconnect and recover"));
	}
}
