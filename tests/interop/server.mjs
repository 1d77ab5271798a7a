/* SPDX-License-Identifier: MIT */
/*
 * The servers under test, as programs: the transport with its mock core, and the echo example. Both send back what they are told; they
 * differ in how it is written.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

const mock = {
	name: "mock core",
	program: process.env.INTEROP_MOCK,
	options: [],
	path: "/echo",
	port: /^port (\d+)/m,
	say: (text) => text,
	heard: (frame) => frame,
	largest: 900_000,
	hangUp: (server) => server.process.stdin.end(),
};

const echo = {
	name: "echo example",
	program: process.env.INTEROP_ECHO,
	options: ["--port=0"],
	path: "/ws/echo/",
	port: /event=listen\.ready .*port=(\d+) .*admin=no/,
	say: (text) => JSON.stringify({ action: "say", payload: text }),
	/* null: a message of the server's own, such as the result of authentication */
	heard(frame) {
		const message = JSON.parse(frame);
		return message.action === "said" ? message.payload : null;
	},
	largest: 2000,
	hangUp: (server) => server.process.kill("SIGTERM"),
};

export const kinds = [mock, echo].filter((kind) => kind.program);

export async function start(kind, ...options) {
	const child = spawn(kind.program, [...kind.options, ...options], { stdio: ["pipe", "pipe", "pipe"] });
	let output = "";
	const port = await new Promise((resolve, reject) => {
		const read = (chunk) => {
			output += chunk;
			const found = kind.port.exec(output);
			if (found)
				resolve(Number(found[1]));
		};
		child.stdout.on("data", read);
		child.stderr.on("data", read);
		child.on("exit", (code) => reject(new Error(`the server has ended with ${code}: ${output}`)));
	});
	return {
		process: child,
		url: `ws://127.0.0.1:${port}${kind.path}`,
		base: `ws://127.0.0.1:${port}`,
		/* The exit code; 0 when every connection was told its end. */
		async stop() {
			const end = once(child, "exit");
			kind.hangUp(this);
			const [code, signal] = await end;
			if (code !== 0)
				throw new Error(`the server has ended with ${signal ?? code}: ${output}`);
		},
	};
}
