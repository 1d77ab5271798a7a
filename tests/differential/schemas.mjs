// SPDX-License-Identifier: MIT
// What a schema asks of a value, gathered from all its parts: itself, what it refers to, "allOf", and one chosen arm of "oneOf" and
// "anyOf". Only the keywords that msgc writes are known; another one is an error, so that none goes unnoticed.

const ANNOTATIONS = new Set(["$schema", "$id", "$defs", "title", "description", "examples", "default", "deprecated"]);
const LEAST = ["minLength", "minItems", "minProperties"];
const MOST = ["maxLength", "maxItems", "maxProperties"];
const ONCE = ["const", "enum", "items", "prefixItems", "propertyNames", "uniqueItems", "contentEncoding", "minimum", "maximum", "exclusiveMinimum",
  "exclusiveMaximum", "multipleOf"];

export class Schemas {
  /** documents: Map of file name to document. */
  constructor(documents) {
    this.documents = documents;
  }

  /** A schema and the document that it stands in. */
  resolve(reference, file) {
    const [name, pointer] = reference.split("#");
    const at = name === "" ? file : decodeURIComponent(name);
    let schema = this.documents.get(at);
    for (const part of pointer.split("/").slice(1)) schema = schema[part];
    return [schema, at];
  }

  /**
   * places: [[schema, file], …] that all apply. choose(arms): which of [[schema, file], …] to take, or undefined for none of them.
   */
  gather(places, choose) {
    const spec = { types: undefined, properties: new Map(), required: new Set(), patterns: [], formats: [], notes: [], not: [], closed: false, additional: undefined };
    for (const [schema, file] of places) this.#add(spec, schema, file, choose);
    return spec;
  }

  /** True if a schema, or any that it refers to, has this keyword. */
  reach([schema, file], keyword, seen = new Set()) {
    if (schema === null || typeof schema !== "object" || seen.has(schema)) return false;
    seen.add(schema);
    if (keyword in schema) return true;
    if (typeof schema.$ref === "string" && this.reach(this.resolve(schema.$ref, file), keyword, seen)) return true;
    return Object.values(schema).some((part) => this.reach([part, file], keyword, seen));
  }

  #add(spec, schema, file, choose) {
    if (schema === true) return;
    if (schema === false) {
      spec.never = true;
      return;
    }
    for (const [key, value] of Object.entries(schema)) {
      if (ANNOTATIONS.has(key)) continue;
      if (LEAST.includes(key)) spec[key] = Math.max(spec[key] ?? 0, value);
      else if (MOST.includes(key)) spec[key] = Math.min(spec[key] ?? Infinity, value);
      else if (ONCE.includes(key)) this.#put(spec, key, value, file);
      else this.#keyword(spec, key, value, file, choose);
    }
  }

  #put(spec, key, value, file) {
    if (key === "enum" && spec.enum) spec.enum = spec.enum.filter((one) => value.includes(one));
    else if (key === "items" || key === "propertyNames") spec[key] = value === false ? undefined : [[value, file]];
    else if (key === "prefixItems") spec[key] = value.map((one) => [[one, file]]);
    else spec[key] = value;
  }

  #keyword(spec, key, value, file, choose) {
    switch (key) {
      case "type": {
        const types = [value].flat();
        spec.types = spec.types ? spec.types.filter((type) => types.includes(type)) : types;
        break;
      }
      case "$ref": this.#add(spec, ...this.resolve(value, file), choose); break;
      case "allOf": for (const part of value) this.#add(spec, part, file, choose); break;
      case "oneOf":
      case "anyOf": {
        const arm = choose(value.map((one) => [one, file]));
        if (arm) this.#add(spec, ...arm, choose);
        break;
      }
      case "properties":
        for (const [name, property] of Object.entries(value)) {
          spec.properties.set(name, [...(spec.properties.get(name) ?? []), [property, file]]);
        }
        break;
      case "required": for (const name of value) spec.required.add(name); break;
      case "additionalProperties":
      case "unevaluatedProperties":
        if (value === false) spec.closed = true;
        else spec.additional = [[value, file]];
        break;
      case "pattern": spec.patterns.push(value); break;
      case "format": spec.formats.push(value); break;
      case "not": spec.not.push(...value.enum); break;
      case "$comment": spec.notes.push(...value.split("; ")); break;
      default: throw new Error(`the differential test does not know the keyword ${key}`);
    }
  }
}
