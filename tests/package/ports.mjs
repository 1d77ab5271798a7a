/* SPDX-License-Identifier: MIT */
/* A port for a server that has to come back on it. Where a server may choose for itself, --port=0 is better. */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

function isFree(port) {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", () => resolve(false));
		probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
	});
}

/** A free port of the loopback that nobody gets by chance while no server is there: the kernel gives out those of its range only. */
export async function fixedPort() {
	const first = Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "ascii").split(/\s+/)[0]);
	const lowest = Math.max(1024, first - 20_000);
	for (let tries = 0; tries < 1000; tries++) {
		const port = lowest + Math.floor(Math.random() * (first - lowest));
		if (await isFree(port))
			return port;
	}
	throw new Error("no port is free");
}
