/* SPDX-License-Identifier: MIT */
/*
 * A value of the contract's type `json`, which is kept as its text, opened with json-c
 * (https://json-c.github.io/json-c/): the component json_c, libmsgc-json-c. The other libraries of
 * msgc do without json-c.
 */
#ifndef MSGC_JSON_C_H
#define MSGC_JSON_C_H

#include <msgc/codec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct json_object; /* <json-c/json.h> */

/*
 * *ret is a new reference, for json_object_put(); NULL stands for the value null, as everywhere in
 * json-c. It holds copies: text and arena may go. 0, or
 *
 *	MSGC_EINVAL    `value` is no JSON text (one that was decoded is; json-c takes some that are none,
 *	               "1." among them), or has more than INT_MAX bytes
 *	MSGC_ELIMIT    deeper than MSGC_DEPTH_MOST (1024) objects and arrays
 *	MSGC_ECONTRACT JSON that json-c would change: a name with U+0000 in it, which it cuts off there
 *	MSGC_ENOMEM
 *
 * What else json-c 0.16 does its own way: integers beyond int64_t and uint64_t become the nearest of these, numbers
 * beyond a double's range infinity, and an escaped pair of surrogates whose character has lower 16 bits from
 * D800 to DFFF (\ud836\udc00) becomes U+FFFD. Who needs these exactly reads `value` by a type of the contract.
 */
int msgc_json_open(struct msgc_json value, struct json_object **ret);

#ifdef __cplusplus
}
#endif

#endif
