// SPDX-License-Identifier: MIT
// Every schema that msgc writes compiles under ajv's strict mode without a warning; defaults and examples are valid; a message's own document
// says what the contract's says. What schemas accept is compared with the decoders in tests/differential.
//
// SCHEMAS: folders with NAME.schema.json and NAME/MESSAGE.schema.json, separated by colons.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { Maker } from "../differential/generate.mjs";
import { Schemas } from "../differential/schemas.mjs";

function complain(...words) {
  throw new Error(`ajv says: ${words.join(" ")}`);
}

function newAjv() {
  return addFormats(new Ajv2020({ strict: true, allErrors: true, logger: { log: complain, warn: complain, error: complain } }));
}

const count = { defaults: 0, examples: 0, alone: 0, verdicts: [0, 0] };

for (const folder of process.env.SCHEMAS.split(":")) {
  const label = basename(folder);
  const documents = new Map(readdirSync(folder).filter((file) => file.endsWith(".schema.json")).sort().map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))]));
  let made;
  const together = () => {
    if (!made) {
      made = newAjv();
      for (const document of documents.values()) made.addSchema(document);
    }
    return made;
  };
  const schemas = new Schemas(documents);
  schemas.hasFormat = () => true;

  for (const [file, document] of documents) {
    const stem = file.replace(".schema.json", "");

    test(`${label}: ${file} compiles, and every definition in it`, () => {
      const ajv = together();
      assert.equal(document.$schema, "https://json-schema.org/draft/2020-12/schema");
      assert.equal(document.$id, file);
      for (const name of Object.keys(document.$defs)) assert.equal(typeof ajv.getSchema(`${file}#/$defs/${name}`), "function", name);
    });

    test(`${label}: defaults and examples of ${file} are valid`, () => {
      const ajv = together();
      for (const [name, schema] of Object.entries(document.$defs)) {
        for (const example of schema.examples ?? []) {
          const validate = ajv.getSchema(`${file}#/$defs/${name}`);
          assert.ok(validate(example), `${name}: ${JSON.stringify(validate.errors)}`);
          count.examples++;
        }
        for (const [member, property] of Object.entries(schema.properties ?? {})) {
          if (property.default === undefined) continue;
          const validate = ajv.getSchema(`${file}#/$defs/${name}/properties/${encodeURIComponent(member.replaceAll("~", "~0").replaceAll("/", "~1"))}`);
          assert.ok(validate(property.default), `${name}.${member}: ${JSON.stringify(validate.errors)}`);
          count.defaults++;
        }
      }
    });

    test(`${label}: the documents of the messages of ${file} need no other, and say the same`, () => {
      const own = join(folder, stem);
      for (const name of existsSync(own) ? readdirSync(own) : []) {
        const message = name.replace(".schema.json", "");
        const schema = JSON.parse(readFileSync(join(own, name), "utf8"));
        const alone = newAjv().compile(schema);
        const whole = together().getSchema(`${file}#/$defs/${message}`);
        assert.equal(schema.$id, `${stem}/${name}`);
        count.alone++;
        for (let seed = 0; seed < 60; seed++) {
          const bytes = new Maker(seed, schemas).document([[document.$defs[message], file]]);
          let value;
          try {
            value = JSON.parse(bytes);
          } catch {
            continue;
          }
          const verdict = whole(value);
          assert.equal(alone(value), verdict, `${message} ${bytes}`);
          count.verdicts[Number(verdict)]++;
        }
      }
    });
  }
}

test("all of this has been looked at", () => {
  console.log(JSON.stringify(count));
  assert.ok(count.defaults >= 50 && count.examples >= 80 && count.alone >= 80, JSON.stringify(count));
  assert.ok(Math.min(...count.verdicts) >= 1000, JSON.stringify(count));
});
