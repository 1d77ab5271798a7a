#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A validator of JSON Schema with exact numbers: jsonschema, where every number is an int or a Decimal.

usage: oracle.py FOLDER…            folders with NAME.schema.json
stdin: a line each, {"schema": "FOLDER_INDEX/FILE#POINTER", "text": "…"}; stdout: a line each, "ok" or "refused" and why.
Formats and patterns are not looked at.
"""
import decimal
import json
import pathlib
import sys

import jsonschema
import referencing
import referencing.jsonschema

decimal.getcontext().prec = 1200
decimal.getcontext().Emax = decimal.MAX_EMAX
decimal.getcontext().Emin = decimal.MIN_EMIN
HUGE = 1100
BASE = "https://contracts.invalid/"


def load(text):
    def number(digits):
        value = decimal.Decimal(digits)
        # An integer is one however it is written.
        if value == 0:
            return 0
        if value.adjusted() < HUGE and value.as_tuple().exponent > -HUGE and value == value.to_integral_value():
            return int(value)
        return value
    return json.loads(text, parse_float=number, parse_int=number)


def is_number(_, instance):
    return isinstance(instance, (int, decimal.Decimal)) and not isinstance(instance, bool)


def is_integer(_, instance):
    return is_number(_, instance) and (isinstance(instance, int) or instance.as_tuple().exponent >= 0)


def nothing(*_):
    """Formats and patterns are another validator's: Python's expressions are not ECMAScript's."""


def multiple_of(validator, step, instance, _):
    if not is_number(validator, instance):
        return
    value, step = decimal.Decimal(instance), decimal.Decimal(step)
    # Beyond what is computed, only whole tens of a step with few digits are multiples of it.
    is_multiple = value.as_tuple().exponent >= HUGE - 64 if abs(value.adjusted()) >= HUGE else value % step == 0
    if not is_multiple:
        yield jsonschema.ValidationError(f"not a multiple of {step}")


CHECKER = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many({"number": is_number, "integer": is_integer})
Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"multipleOf": multiple_of, "pattern": nothing}, type_checker=CHECKER)


def documents(folders):
    for index, folder in enumerate(folders):
        for path in pathlib.Path(folder).glob("*.schema.json"):
            schema = load(path.read_text())
            schema["$id"] = f"{BASE}{index}/{path.name}"
            yield schema["$id"], referencing.jsonschema.DRAFT202012.create_resource(schema)


def main():
    registry = referencing.Registry().with_resources(documents(sys.argv[1:])).crawl()
    validators = {}
    for line in sys.stdin:
        question = json.loads(line)
        name = question["schema"]
        if name not in validators:
            validators[name] = Validator({"$ref": f"{BASE}{name}"}, registry=registry)
        error = next(validators[name].iter_errors(load(question["text"])), None)
        print("ok" if error is None else f"refused {json.dumps([list(error.absolute_path), error.message[:200]], default=str)}", flush=True)


if __name__ == "__main__":
    main()
