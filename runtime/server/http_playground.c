/* SPDX-License-Identifier: MIT */
/*
 * The playground on the administrative listener: its page, what the page has to know of this server, and tickets for it; and the contracts'
 * reference pages at /docs. It must not know what pages look like, nor who may reach that listener.
 */
#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "http_exchange.h"
#include "playground.h"
#include "worker.h"

static const char page[] = "playground.html";

/* ----------------------------------------------------------------------------------------- its files */

static const struct msgc__asset *find_asset(struct msgc_str name)
{
	for (size_t i = 0; i < msgc__playground_asset_count; i++) {
		if (msgc_str_equal(name, msgc_str_from(msgc__playground_assets[i].name)))
			return &msgc__playground_assets[i];
	}
	return NULL;
}

/* Where the page may open WebSockets: this host's other port. A policy has no way to write an IPv6 address. */
static void add_sockets(struct msgc_buf *policy, const struct msgc__exchange *exchange)
{
	const struct msgc_server *server = exchange->server;
	const struct msgc_str *host = msgc__request_header(&exchange->request.head, "host");
	const char *scheme = *server->config.tls_certificate ? "wss" : "ws";
	struct msgc__origin own;

	if (host && msgc__origin_of_host(*host, "http", &own) == 0 && own.host[0] != '[')
		msgc_buf_printf(policy, " %s://%s:%d", scheme, own.host, server->port);
	else
		msgc_buf_printf(policy, " %s:", scheme);
	if (server->origins.has_public)
		msgc_buf_printf(policy, " %s://%s:%d",
		        strcmp(server->origins.own.scheme, "https") == 0 ? "wss" : "ws",
		        server->origins.own.host, server->origins.own.port);
}

static void put_policy(struct msgc__exchange *exchange)
{
	struct msgc_buf policy;

	msgc_buf_init(&policy, 2048);
	msgc_buf_append_str(&policy,
	        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'");
	add_sockets(&policy, exchange);
	if (!msgc_buf_c(&policy) ||
	        msgc_http_set_header(
	                &exchange->response, "content-security-policy", msgc_buf_c(&policy)) < 0)
		exchange->response.no_memory = true;
	msgc_buf_free(&policy);
}

static void send_asset(struct msgc__exchange *exchange, const struct msgc__asset *asset)
{
	put_policy(exchange);
	msgc__exchange_constant(
	        exchange, msgc_str_of(asset->bytes, asset->len), msgc__mime_type(asset->name));
}

/* ------------------------------------------------------------------------------- what it has to know */

static void write_flag(struct msgc_buf *out, const char *name, bool value)
{
	msgc_buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void write_text(struct msgc_buf *out, const char *name, const char *value)
{
	msgc_buf_printf(out, ",\"%s\":", name);
	msgc_write_str(out, msgc_str_from(value ? value : ""));
}

/* Those that have no documents are not told of: the page says so where none has. */
static void write_contracts(struct msgc_buf *out, const struct msgc__http *http)
{
	msgc_buf_append_str(out, ",\"contracts\":[");
	for (size_t i = 0; i < http->document_count; i++) {
		if (i > 0)
			msgc_buf_append_char(out, ',');
		msgc_write_str(out, msgc_str_from(http->documents[i]->contract));
	}
	msgc_buf_append_char(out, ']');
}

static void write_consumers(struct msgc_buf *out, const struct msgc_server *server)
{
	msgc_buf_append_str(out, ",\"consumers\":[");
	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		msgc_buf_append_str(out, i > 0 ? ",{\"contract\":" : "{\"contract\":");
		msgc_write_str(out, msgc_str_from(consumer->contract));
		write_text(out, "name", consumer->name);
		msgc_buf_append_char(out, '}');
	}
	msgc_buf_append_char(out, ']');
}

static void describe(struct msgc__exchange *exchange)
{
	const struct msgc_server *server = exchange->server;
	struct msgc_buf out;

	msgc_buf_init(&out, MSGC__HTTP_ARENA_MAX / 2);
	msgc_buf_printf(&out, "{\"port\":%d", server->port);
	write_text(&out, "program", msgc__config_program(&server->config));
	write_flag(&out, "tls", *server->config.tls_certificate != '\0');
	write_text(&out, "public_url", server->config.public_url);
	write_text(&out, "session_cookie", server->sessions.cookie_name);
	write_text(&out, "token_cookie", server->tokens.cookie_name);
	msgc_buf_printf(&out, ",\"ticket_lifetime\":%lld",
	        (long long)(exchange->config->ticket_lifetime / 1000));
	write_contracts(&out, &server->http);
	write_consumers(&out, server);
	msgc_buf_append_char(&out, '}');
	if (out.error || msgc_http_json(&exchange->response, msgc_buf_str(&out)) < 0)
		exchange->response.no_memory = true;
	msgc_buf_free(&out);
	exchange->todo = MSGC__DO_ANSWER;
}

/* ----------------------------------------------------------------------------------------------- paths */

/* "/playground/asyncapi/NAME.json": NAME. Empty: it is no such path. */
static struct msgc_str contract_of(struct msgc_str rest)
{
	static const char before[] = "asyncapi/", after[] = ".json";
	size_t around = sizeof before - 1 + sizeof after - 1;

	if (rest.len <= around || memcmp(rest.ptr, before, sizeof before - 1) != 0 ||
	        memcmp(rest.ptr + rest.len - (sizeof after - 1), after, sizeof after - 1) != 0)
		return msgc_str_of(NULL, 0);
	return msgc_str_of(rest.ptr + sizeof before - 1, rest.len - around);
}

static bool read_only(struct msgc__exchange *exchange)
{
	if (exchange->request.is_safe)
		return true;
	snprintf(exchange->allow, sizeof exchange->allow, "GET, HEAD");
	msgc__exchange_wrong_method(exchange);
	return false;
}

/*
 * The page asks with the session's cookie, which browsers send to every port of a host. Its own POST comes from its own origin; another
 * site's does not get here.
 */
static void ticket(struct msgc__exchange *exchange)
{
	if (strcmp(exchange->request.method, "POST") != 0) {
		snprintf(exchange->allow, sizeof exchange->allow, "POST");
		msgc__exchange_wrong_method(exchange);
	} else if (exchange->request.origin == MSGC__ORIGIN_FOREIGN) {
		msgc__exchange_answer(
		        exchange, 403, "This request does not come from a page of this site.");
	} else {
		exchange->todo = MSGC__DO_TICKET;
	}
}

/* A page's own policy lets in its script and its style; this one says what only a header can. */
static bool answer_docs(struct msgc__exchange *exchange, struct msgc_str below)
{
	const struct msgc__http *http = &exchange->server->http;
	const struct msgc_documents *documents =
	        http->document_count > 0 ? http->documents[0] : NULL;

	if (below.len > 1)
		documents = msgc__documents_find(http, msgc_str_of(below.ptr + 1, below.len - 1));
	if (!documents || documents->html.len == 0)
		return false;
	if (!read_only(exchange))
		return true;
	msgc__response_put(&exchange->response, "content-security-policy",
	        MSGC_STR("frame-ancestors 'none'"), true);
	msgc__exchange_constant(exchange, documents->html, "text/html; charset=utf-8");
	return true;
}

static bool answer_below(struct msgc__exchange *exchange, struct msgc_str rest)
{
	const struct msgc__asset *asset = find_asset(rest);
	const struct msgc_documents *documents =
	        msgc__documents_find(&exchange->server->http, contract_of(rest));

	if (msgc_str_equal(rest, MSGC_STR("ticket"))) {
		ticket(exchange);
		return true;
	}
	if (!asset && !documents && !msgc_str_equal(rest, MSGC_STR("server.json")))
		return false;
	if (!read_only(exchange))
		return true;
	if (asset)
		send_asset(exchange, asset);
	else if (documents)
		msgc__exchange_constant(exchange, documents->asyncapi, "application/json");
	else
		describe(exchange);
	return true;
}

/* "/playground" and "/playground/…": what stands behind it, with its slash. */
static bool is_below(struct msgc_str path, struct msgc_str place, struct msgc_str *ret_below)
{
	if (path.len < place.len || memcmp(path.ptr, place.ptr, place.len) != 0 ||
	        (path.len > place.len && path.ptr[place.len] != '/'))
		return false;
	*ret_below = msgc_str_of(path.ptr + place.len, path.len - place.len);
	return true;
}

bool msgc__exchange_playground(struct msgc__exchange *exchange)
{
	struct msgc_str path = exchange->request.path_text, below;

	if (!exchange->server->playground)
		return false;
	if (is_below(path, MSGC_STR("/docs"), &below))
		return answer_docs(exchange, below);
	if (!is_below(path, MSGC_STR("/playground"), &below))
		return false;
	if (below.len > 1)
		return answer_below(exchange, msgc_str_of(below.ptr + 1, below.len - 1));
	if (read_only(exchange))
		send_asset(exchange, find_asset(msgc_str_from(page)));
	return true;
}
