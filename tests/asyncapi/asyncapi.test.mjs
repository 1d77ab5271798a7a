// SPDX-License-Identifier: MIT
// AsyncAPI documents of every contract and every example of the documentation: the official parser has nothing to say against them, examples are
// valid, and schemas judge as those of the JSON Schema documents do.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";

import { Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { Maker } from "../differential/generate.mjs";
import { Schemas } from "../differential/schemas.mjs";
import { compileAll } from "./contracts.mjs";

const WARNING = 1;

/* The parser's library compiles AsyncAPI's own schema anew for each document, a second's work: here all documents share one. */
const validators = createRequire(import.meta.url)("@stoplight/spectral-functions/dist/schema/ajv.js");
const shared = validators.createAjvInstances();
validators.createAjvInstances = () => shared;

const { made, remove } = compileAll("asyncapi,jsonschema");
const parser = new Parser();
const count = { documents: 0, operations: 0, replies: 0, examples: 0, verdicts: [0, 0] };

const read = ({ folder, stem }) => JSON.parse(readFileSync(join(folder, `${stem}.asyncapi.json`), "utf8"));
const find = (end) => read(made.find(({ label }) => label.endsWith(end)));
const resolve = (document, pointer) => pointer.split("/").slice(1).reduce((value, part) => value?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], document);

/* The parser says nothing of references that lead nowhere. */
function* lost(document, value = document) {
  if (value === null || typeof value !== "object") return;
  if (typeof value.$ref === "string" && (!value.$ref.startsWith("#/") || resolve(document, value.$ref) === undefined)) yield value.$ref;
  for (const part of Object.values(value)) yield* lost(document, part);
}

const complaints = async (text) => (await parser.parse(text)).diagnostics.filter(({ severity }) => severity <= WARNING).map(({ code, message, path }) => `${path.join("/")}: ${message} (${code})`);

after(remove);

for (const contract of made) {
  test(`${contract.label}: the official parser reports nothing, and references lead somewhere`, async () => {
    const text = readFileSync(join(contract.folder, `${contract.stem}.asyncapi.json`), "utf8");
    const { document, diagnostics } = await parser.parse(text);
    assert.deepEqual(diagnostics.filter(({ severity }) => severity <= WARNING).map(({ path, message }) => `${path.join("/")}: ${message}`), []);
    assert.deepEqual([...lost(JSON.parse(text))], []);
    for (const { address, parameters = {} } of Object.values(JSON.parse(text).channels))
      assert.deepEqual(Object.keys(parameters).sort(), [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(), address);
    count.documents++;
    for (const operation of document.operations().all()) {
      count.operations++;
      assert.equal(operation.messages().all().length, 1, operation.id());
      count.replies += operation.reply()?.messages().all().length ?? 0;
    }
  });
}

/* ------------------------------------------------------------------------ schemas */

const folders = new Map();
for (const contract of made) folders.set(contract.folder, [...folders.get(contract.folder) ?? [], contract]);

function complain(...words) {
  throw new Error(`ajv says: ${words.join(" ")}`);
}
const logger = { log: complain, warn: complain, error: complain };

for (const [folder, contracts] of folders) {
  const schemaFiles = new Map(readdirSync(folder).filter((file) => file.endsWith(".schema.json")).map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))]));
  const schemas = new Schemas(schemaFiles);
  schemas.hasFormat = () => true;

  for (const contract of contracts) {
    test(`${contract.label}: messages judge as their JSON Schema does`, () => {
      const whole = read(contract);
      const theirs = addFormats(new Ajv2020({ strict: true, logger }));
      const ours = addFormats(new Ajv({ strictSchema: false, strictTypes: true, strictTuples: true, validateSchema: false, logger }));
      for (const document of schemaFiles.values()) theirs.addSchema(document);
      ours.addSchema(whole, "whole", undefined, false);
      for (const [key, message] of Object.entries(whole.components?.messages ?? {})) {
        const mine = ours.getSchema(`whole#/components/messages/${key}/payload`);
        assert.equal(typeof mine, "function", key);
        for (const { payload } of message.examples ?? []) {
          assert.ok(mine(payload), `${key}: ${JSON.stringify(mine.errors)}`);
          count.examples++;
        }
        const file = `${contract.stem}.schema.json`;
        const definition = schemaFiles.get(file).$defs[key];
        if (!definition) continue; // of another contract
        const other = theirs.getSchema(`${file}#/$defs/${key}`);
        for (let seed = 0; seed < 40; seed++) {
          const bytes = new Maker(seed, schemas).document([[definition, file]]);
          let value;
          try {
            value = JSON.parse(bytes);
          } catch {
            continue;
          }
          const verdict = other(value);
          assert.equal(mine(value), verdict, `${key} ${bytes}`);
          count.verdicts[Number(verdict)]++;
        }
      }
    });
  }
}

/* ------------------------------------------------------------- what stands in them */

const names = (references) => references.map(({ $ref }) => $ref.split("/").at(-1));

test("the chat's room: address, parameters, security, and every standard message that it has to do with", () => {
  const { info, channels, operations, components } = find("examples/chat/chat.msg");
  const { talk } = channels;
  assert.deepEqual(info, { title: "Chat", version: "1.0.0", description: "Rooms with members, the last fifty messages on entering, and live talk." });
  assert.equal(talk.address, "/ws/chat/{room_id}/");
  assert.deepEqual(talk.parameters.room_id["x-schema"], { type: "integer", minimum: 1, maximum: 9007199254740991 });
  assert.deepEqual(talk["x-auth"], ["session"]);
  assert.deepEqual(talk["x-limits"], [{ message: "chat", count: 5, periodMs: 1000, burst: 10 }, { frameBytes: 32768 }]);
  for (const name of ["authentication", "chat", "chat_posted", "complete", "draining", "error", "event_complete", "group_complete", "history", "ping", "pong", "presence_diff", "presence_state", "user_joined", "user_left"])
    assert.ok(name in talk.messages, name);
  for (const name of ["authenticate", "refresh", "subscribe"]) assert.ok(!(name in talk.messages), name);
  assert.deepEqual(names(operations["talk-receive-ping"].reply.messages), ["pong", "complete", "error"]);
  assert.deepEqual(names(operations["talk-receive-chat"].reply.messages), ["complete", "error"]);
  assert.equal(operations["talk-broadcast-chat_posted"].action, "send");
  assert.deepEqual(operations["talk-send-history"].security, [{ $ref: "#/components/securitySchemes/session" }]);
  assert.equal(components.securitySchemes.session.type, "httpApiKey");
  assert.equal(components.correlationIds.ref.location, "$message.payload#/ref");
  assert.equal(components.messages.chat_posted.payload.properties.action.const, "chat");
});

test("topics are channels at their consumer's address, with their own names", () => {
  const { channels, operations, components } = find("docs/language.md/forum.msg");
  assert.deepEqual(Object.keys(channels), ["forum_door", "forum_door.discussion", "discussion"]);
  const mounted = channels["forum_door.discussion"];
  assert.equal(mounted.address, channels.forum_door.address);
  assert.equal(mounted["x-topic"].address, "discussion:{id}");
  assert.equal(mounted["x-topic"].parameters.id.type, "integer");
  assert.deepEqual(mounted["x-topic"].history, [{ message: "posted", keep: 200, forMs: 3600000 }]);
  assert.equal(channels.discussion.address, "/ws/discussion/{id}/");
  assert.deepEqual(Object.keys(channels.discussion.bindings.ws.query.properties), ["epoch", "seq"]);
  assert.deepEqual(names(operations["forum_door.discussion-receive-subscribe"].reply.messages), ["subscribed", "error"]);
  assert.ok(operations["discussion-standard-recovered"] && !operations["discussion-receive-subscribe"]);
  assert.ok(!operations["forum_door.discussion-standard-authentication"]);
  assert.ok(components.messages.subscribe.payload);
});

test("presence names its entries, and brings its messages; two topics on one connection", () => {
  const { channels, operations } = find("tests/compiler/model/topics.msg");
  assert.deepEqual(Object.keys(channels), ["c", "c.discussion", "c.run", "discussion"]);
  assert.deepEqual(channels["c.discussion"]["x-topic"].presence.properties.name, { type: "string" });
  assert.deepEqual(channels["c.run"]["x-topic"].presence, {});
  assert.ok(operations["c.run-standard-presence_state"] && operations["discussion-standard-presence_diff"]);
  assert.ok(operations["c.run-receive-cancel"] && operations["c.discussion-receive-cancel"]);
  assert.ok(!operations["c-standard-presence_state"]);
  assert.equal(operations["c.discussion-event-cleared"]["x-group"], "discussion");
});

test("questions of the server are answered by clients", () => {
  const { operations } = find("docs/language.md/quiz.msg");
  const ask = operations["quiz_show-ask-ask"];
  assert.equal(ask.action, "send");
  assert.deepEqual(names(ask.reply.messages), ["answer", "no_idea"]);
});

test("foreign envelopes: discriminators, ref, subprotocols; no standard messages where there are none", () => {
  const gateway = find("docs/language.md/gateway.msg");
  assert.equal(gateway.components.correlationIds.ref.location, "$message.payload#/nonce");
  assert.deepEqual(gateway.channels.gate.bindings.ws.headers.properties["Sec-WebSocket-Protocol"].enum, ["gateway.v2", "gateway.v1"]);
  assert.deepEqual(gateway.channels.gate.bindings.ws.query.properties.v, { default: 2, type: "integer", minimum: -2147483648, maximum: 2147483647 });
  assert.deepEqual(Object.keys(gateway.channels.gate.messages), ["heartbeat", "heartbeat_ack", "ready", "dispatch", "result"]);
  const devices = find("docs/language.md/devices.msg");
  assert.equal(devices.components.correlationIds.ref.location, "$message.payload#/1");
  const renamed = find("tests/protocol/contracts/renamed.msg");
  assert.deepEqual(renamed["x-envelope"], { ref: "id", is_mine: "mine" });
  assert.equal("x-envelope" in find("examples/chat/chat.msg"), false);
  const error = renamed.components.messages.error.payload;
  assert.ok(!("action" in error.properties), "a standard message has the contract's discriminator");
});

test("a contract's own greeting and refusals, and groups that survive loss of power", () => {
  const all = made.flatMap((contract) => Object.values(read(contract).channels));
  const greeting = all.filter((channel) => channel["x-greeting"]);
  assert.ok(greeting.length > 0 && greeting.every((channel) => channel["x-greeting"] in channel.messages));
  const error = all.filter((channel) => channel["x-error"]);
  assert.ok(error.length > 0 && error.every((channel) => channel["x-error"] in channel.messages));
  assert.ok(all.some((channel) => channel["x-groups"]?.some(({ durable }) => durable)));
});

test("a document that is wrong is reported: this parser does look", async () => {
  const wrong = find("examples/chat/chat.msg");
  wrong.operations["talk-receive-chat"].messages[0].$ref = "#/components/messages/chat";
  assert.notDeepEqual(await complaints(JSON.stringify(wrong)), []);
  const odd = find("examples/chat/chat.msg");
  odd.components.schemas.username.minLength = "3";
  assert.notDeepEqual(await complaints(JSON.stringify(odd)), []);
  const more = find("examples/chat/chat.msg");
  more.channels.talk.colour = "red";
  assert.notDeepEqual(await complaints(JSON.stringify(more)), []);
});

test("all of this has been looked at", () => {
  console.log(JSON.stringify(count));
  assert.ok(count.documents >= 80 && count.operations >= 300 && count.replies >= 150 && count.examples >= 300, JSON.stringify(count));
  assert.ok(Math.min(...count.verdicts) >= 1000, JSON.stringify(count));
});
