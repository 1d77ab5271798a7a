/* SPDX-License-Identifier: MIT */
/*
 * Documents of contracts over HTTP, which the program carries as bytes. They never change while it runs. It must not know what
 * stands in them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "http_exchange.h"

int msgc_server_documents(struct msgc_server *server, const struct msgc_documents *documents)
{
	struct msgc__http *http = &server->http;

	for (size_t i = 0; i < http->document_count; i++) {
		if (strcmp(http->documents[i]->contract, documents->contract) == 0)
			return msgc_server_fail(server, "documents of '%s' are registered twice",
			        documents->contract);
	}
	if (http->document_count == MSGC__DOCUMENTS_MAX)
		return msgc_server_fail(
		        server, "documents of more than %d contracts", MSGC__DOCUMENTS_MAX);
	http->documents[http->document_count++] = documents;
	return MSGC_OK;
}

/* What stands between a beginning and an end, or an empty text. */
static struct msgc_str between(struct msgc_str path, struct msgc_str before, struct msgc_str after)
{
	if (path.len <= before.len + after.len || memcmp(path.ptr, before.ptr, before.len) != 0 ||
	        memcmp(path.ptr + path.len - after.len, after.ptr, after.len) != 0)
		return msgc_str_of(NULL, 0);
	return msgc_str_of(path.ptr + before.len, path.len - before.len - after.len);
}

const struct msgc_documents *msgc__documents_find(
        const struct msgc__http *http, struct msgc_str name)
{
	for (size_t i = 0; i < http->document_count; i++) {
		if (msgc_str_equal(name, msgc_str_from(http->documents[i]->contract)))
			return http->documents[i];
	}
	return NULL;
}

/* The document that a path names. ptr NULL: none. */
static struct msgc_str find_document(const struct msgc__http *http, struct msgc_str path)
{
	static const char *const ends[] = {".schema.json", ".json"};
	const struct msgc_documents *found;

	if (msgc_str_equal(path, MSGC_STR("/asyncapi.json")))
		return http->documents[0]->asyncapi;
	found = msgc__documents_find(
	        http, between(path, MSGC_STR("/asyncapi/"), MSGC_STR(".json")));
	if (found)
		return found->asyncapi;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		found = msgc__documents_find(
		        http, between(path, MSGC_STR("/schema/"), msgc_str_from(ends[i])));
		if (found)
			return found->schema;
	}
	return msgc_str_of(NULL, 0);
}

/* FNV-1a: another document has another one, by all that matters to caches. */
static uint64_t hash_of(struct msgc_str text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(0x100000001b3);
	return hash;
}

void msgc__exchange_constant(
        struct msgc__exchange *exchange, struct msgc_str body, const char *type)
{
	const struct msgc_str *known =
	        msgc__request_header(&exchange->request.head, "if-none-match");
	struct msgc_http_response *response = &exchange->response;
	char etag[32];

	exchange->todo = MSGC__DO_ANSWER;
	snprintf(etag, sizeof etag, "\"%016" PRIx64 "\"", hash_of(body));
	msgc_http_set_header(response, "etag", etag);
	msgc_http_set_header(response, "cache-control", "no-cache");
	if (known && msgc__etag_matches(*known, etag)) {
		response->status = 304;
		return;
	}
	msgc__response_put(response, "content-type", msgc_str_from(type), true);
	response->body = body;
}

bool msgc__exchange_document(struct msgc__exchange *exchange)
{
	const struct msgc__http *http = &exchange->server->http;
	struct msgc_str document;

	if (!exchange->server->config.documents || http->document_count == 0)
		return false;
	document = find_document(http, exchange->request.path_text);
	if (!document.ptr)
		return false;
	if (exchange->request.is_safe) {
		msgc__exchange_constant(exchange, document, "application/json");
	} else {
		snprintf(exchange->allow, sizeof exchange->allow, "GET, HEAD");
		msgc__exchange_wrong_method(exchange);
	}
	return true;
}
