// SPDX-License-Identifier: MIT
// What members of a group are told of its roster: by hand, and as a real server says it.
//
// MSGC, STAGE_SERVER: the programs of tests/ts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { folder, generate, here, Stage } from "../ts/generate.mjs";

const WebSocket = createRequire(new URL("../ts/package.json", import.meta.url))("ws");
const document = JSON.parse(readFileSync(join(generate(join(here, "stage.msg"), folder(), "jsonschema"), "stage.schema.json"), "utf8"));
const ajv = addFormats(new Ajv2020({ strict: true }));
ajv.addSchema(document);

function verdict(definition, value) {
  const validate = ajv.getSchema(`stage.schema.json#/$defs/${definition}`);
  return validate(value) ? "" : JSON.stringify(validate.errors);
}

const user = (info, more = {}) => ({ id: "session:ada", connections: 1, info, ...more });
const state = (users, more = {}) => ({ action: "presence_state", payload: { group: "lounge-a", users, count: 1, ...more } });
const diff = (joins, leaves, more = {}) => ({ action: "presence_diff", payload: { group: "lounge-a", joins, leaves, count: 1, ...more } });

test("rosters have the contract's entries", () => {
  const ada = { name: "Ada", mood: "fine" };
  const good = [
    ["state", state([user(ada)])], ["state", state([])], ["state", state(undefined, { count: 4294967295 })],
    ["state", { ...state([user(ada)]), topic: "discussion:1", ref: "7" }],
    ["diff", diff([user(ada)], [])], ["diff", diff([], [user(ada), user(ada, { id: "x", connections: 2 })])],
  ];
  for (const [what, value] of good) assert.equal(verdict(`lounge-presence-${what}`, value), "", JSON.stringify(value));
  const bad = [
    ["state", state([user({ name: 7 })])], ["state", state([user(null)])], ["state", state([user(ada, { connections: -1 })])],
    ["state", state([user(ada, { id: undefined })])], ["state", state({})], ["state", state([], { count: 4294967296 })], ["state", diff([], [])],
    ["state", { ...state([]), topic: 7 }], ["state", { action: "presence_state" }], ["diff", state([])], ["diff", diff([user({})], [])],
    ["diff", diff([], [user(undefined)])], ["diff", diff([], undefined)], ["diff", { ...diff([], []), payload: null }],
  ];
  for (const [what, value] of bad) {
    const text = JSON.stringify(value);
    assert.notEqual(verdict(`lounge-presence-${what}`, JSON.parse(text)), "", text);
  }
});

test("groups without a roster have none", () => {
  const rosters = Object.keys(document.$defs).filter((name) => name.includes("-presence-")).sort();
  const of = (group) => ["diff", "state", "user"].map((what) => `${group}-presence-${what}`);
  assert.deepEqual(rosters, [...of("discussion"), ...of("lounge")]);
});

class Guest {
  heard = [];

  constructor(stage, name) {
    const now = Math.floor(Date.now() / 1000);
    this.socket = new WebSocket(`${stage.url.replace("http", "ws")}/ws/lounge/a/`);
    this.socket.on("message", (data) => this.heard.push(JSON.parse(data)));
    this.socket.on("open", () => this.say({ action: "authenticate", payload: { token: `${name}.${now}.${now + 600}` } }));
  }

  say(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  async hears(action, where = () => true) {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 5))) {
      const found = this.heard.find((frame) => frame.action === action && where(frame));
      if (found) return found;
    }
    return assert.fail(`no ${action} among ${JSON.stringify(this.heard)}`);
  }
}

test("what a server says is what its contract's schema says", async () => {
  const stage = await Stage.start("--presence-window=10ms", "--presence-linger=10ms");
  try {
    const ada = new Guest(stage, "ada");
    await ada.hears("presence_state");
    const bob = new Guest(stage, "bob");
    await ada.hears("presence_diff", ({ payload }) => payload.joins.length === 1);
    await bob.hears("presence_state", ({ payload }) => payload.users.length === 2);
    bob.say({ action: "subscribe", topic: "discussion:1" });
    await bob.hears("presence_state", ({ topic }) => topic === "discussion:1");
    bob.socket.close();
    await ada.hears("presence_diff", ({ payload }) => payload.leaves.length === 1);
    const told = [...ada.heard, ...bob.heard].filter(({ action }) => action.startsWith("presence_"));
    assert.ok(told.length >= 5);
    for (const frame of told) {
      const definition = `${frame.topic ? "discussion" : "lounge"}-presence-${frame.action.replace("presence_", "")}`;
      assert.equal(verdict(definition, frame), "", JSON.stringify(frame));
    }
    ada.socket.close();
  } finally {
    await stage.end("SIGTERM");
  }
});
