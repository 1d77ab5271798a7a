/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi.h - what the files that write AsyncAPI documents share.
 */
#ifndef MSGC_COMPILER_EMIT_ASYNCAPI_H
#define MSGC_COMPILER_EMIT_ASYNCAPI_H

#include "emit_channels.h"
#include "emit_jsonschema.h"

/* A document being written; objects are borrowed from its root. */
struct asyncapi {
	const struct model *model;
	const struct model_contract *contract;
	struct channels *channels;
	struct schema_document doc; /* its definitions are components.schemas */
	struct json_object *messages;
	struct json_object *security;
};

/* --------------------------------------------------- schemas (emit_asyncapi_schema.c)
 *
 * AsyncAPI's schemas are those of JSON Schema draft-07: a reference stands alone, tuples are
 * "items", and nothing knows what another schema has looked at. Both judge as the schema did.
 */

/* In place, with all schemas inside. */
void asyncapi_schema_adapt(struct json_object *schema);

/* A message's payload: adapted, what may stand beside its members written out where it is closed. */
struct json_object *asyncapi_payload(struct asyncapi *a, const struct model_message *message);

/* A type where it is used, adapted. */
struct json_object *asyncapi_use(struct asyncapi *a, const struct model_use *use);

/* A contract's whole document. (emit_asyncapi.c) */
struct json_object *asyncapi_contract(const struct model *model);

/* ------------------------------------------------------ the parts of the document */

/* {"$ref": "PATH"}, the path by its format. */
struct json_object *asyncapi_reference(const char *format, ...) WRITER_FORMAT(1, 2);

/* "info" and "servers" (emit_asyncapi_info.c) */
struct json_object *asyncapi_info(const struct model_contract *contract);
struct json_object *asyncapi_servers(const struct model_contract *contract);

/* A channel without its messages' definitions (emit_asyncapi_channel.c) */
struct json_object *asyncapi_channel(struct asyncapi *a, const struct channel *channel);

/* Adds the channel's operations to a document's (emit_asyncapi_operation.c) */
void asyncapi_put_operations(
        struct asyncapi *a, struct json_object *operations, const struct channel *channel);

/* The key of a message in components.messages; defines it at its first use. The text lives until
 * channels_free(). (emit_asyncapi_message.c) */
const char *asyncapi_message_key(
        struct asyncapi *a, const struct model_message *message, bool incoming);

/* "correlationIds", or NULL where frames have no ref. (emit_asyncapi_message.c) */
struct json_object *asyncapi_correlation(const struct model_contract *contract);

/* [{"name": NAME}] */
struct json_object *asyncapi_tag(const char *name);

#endif
