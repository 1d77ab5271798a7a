/* SPDX-License-Identifier: MIT */
/*
 * The judgement on a WebSocket handshake (RFC 6455 section 4.2.1) before libwebsockets answers it. libwebsockets itself lets through
 * other versions, other methods, doubled headers and h2c, and hangs up without a word on much else, so all of it is decided here and
 * refused with a status; the core then decides about consumer, origin and load. It must not touch what the callback was handed
 * (CVE-2025-11677).
 */
#include <string.h>

#include "lws_internal.h"

static const struct msgc_str *find(const struct msgc__lws_head *head, const char *name)
{
	return msgc__lws_head_find(head, name);
}

/* base64 of sixteen bytes */
static bool is_key(const struct msgc_str *key)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	if (!key || key->len != 24 || memcmp(key->ptr + 22, "==", 2))
		return false;
	for (i = 0; i < 22; i++)
		if (!key->ptr[i] || !strchr(digits, key->ptr[i]))
			return false;
	return strchr("AQgw", key->ptr[21]);
}

/*
 * libwebsockets takes these lists apart with its own tokenizer in a buffer of its own, and hangs up where it stumbles: so it is asked
 * beforehand. `word` NULL: is the list readable? Else: does it hold that word, before which libwebsockets does not stop?
 */
static bool list_holds(const struct msgc_str *list, const char *word)
{
	struct lws_tokenize ts;
	lws_tokenize_elem element;
	char text[MSGC__LWS_LIST_MAX + 1], token[MSGC__LWS_SUBPROTOCOL_MAX + 1];

	if (list->len > MSGC__LWS_LIST_MAX)
		return false;
	memcpy(text, list->ptr, list->len);
	text[list->len] = '\0';
	lws_tokenize_init(&ts, text,
	        LWS_TOKENIZE_F_COMMA_SEP_LIST | LWS_TOKENIZE_F_DOT_NONTERM |
	                LWS_TOKENIZE_F_RFC7230_DELIMS | LWS_TOKENIZE_F_MINUS_NONTERM);
	ts.len = list->len;
	for (;;) {
		element = lws_tokenize(&ts);
		if (element == LWS_TOKZE_ENDED)
			return !word;
		if (element == LWS_TOKZE_DELIMITER)
			continue;
		if (element != LWS_TOKZE_TOKEN || lws_tokenize_cstr(&ts, token, sizeof(token)))
			return false;
		if (word && !strcmp(token, word))
			return true;
	}
}

static void refuse(struct msgc__lws_refusal *refusal, int status, const char *detail)
{
	*refusal = (struct msgc__lws_refusal){status, 0, detail, NULL};
}

static void judge_form(struct msgc__lws_sock *sock, const struct msgc__lws_head *head,
        struct msgc__lws_refusal *refusal)
{
	const struct msgc_str *upgrade = find(head, "upgrade"),
	                      *version = find(head, "sec-websocket-version");
	const struct msgc_str *connection = find(head, "connection"),
	                      *offered = find(head, "sec-websocket-protocol");

	if (!upgrade || upgrade->len != 9 || !msgc__lws_has_word(upgrade, "websocket")) {
		refuse(refusal, 400, "only websocket can be upgraded to");
	} else if (!head->is_get) {
		refuse(refusal, 405, "a WebSocket handshake is a GET request");
		refusal->header = "Allow: GET\r\n";
	} else if (!head->is_11) {
		refuse(refusal, 505, "a WebSocket handshake needs HTTP/1.1");
	} else if (sock->admin) {
		refuse(refusal, 404, "there is no WebSocket here");
	} else if (head->length) {
		refuse(refusal, 400, "a WebSocket handshake has no body");
	} else if (!connection || !msgc__lws_has_word(connection, "upgrade") ||
	        !list_holds(connection, NULL)) {
		refuse(refusal, 400, "the Connection header does not say upgrade");
	} else if (!version || version->len != 2 || memcmp(version->ptr, "13", 2)) {
		refuse(refusal, 426, "WebSocket version 13 is spoken here");
		refusal->header = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
	} else if (!is_key(find(head, "sec-websocket-key"))) {
		refuse(refusal, 400, "Sec-WebSocket-Key is missing or malformed");
	} else if (offered && !list_holds(offered, NULL)) {
		refuse(refusal, 400, "the list of subprotocols is malformed or too long");
	}
}

/*
 * libwebsockets answers with the first subprotocol offered that it knows by name; it knows one, whose name is written here, and
 * the handshake is answered before anything else runs.
 */
static bool choose_subprotocol(
        struct msgc__lws_loop *loop, const struct msgc__lws_head *head, struct msgc_str chosen)
{
	const struct msgc_str *offered = find(head, "sec-websocket-protocol");

	loop->subprotocol[0] = '\0';
	if (!offered)
		return true;
	if (!chosen.len || chosen.len > MSGC__LWS_SUBPROTOCOL_MAX)
		return false;
	memcpy(loop->subprotocol, chosen.ptr, chosen.len);
	loop->subprotocol[chosen.len] = '\0';
	return list_holds(offered, loop->subprotocol);
}

/* libwebsockets speaks no extension itself: it is answered beside. */
static bool keep_extensions(struct msgc__lws_loop *loop, struct msgc_str answer)
{
	if (answer.len >= sizeof(loop->extensions))
		return false;
	if (answer.len > 0)
		memcpy(loop->extensions, answer.ptr, answer.len);
	loop->extensions[answer.len] = '\0';
	return true;
}

int msgc__lws_guard_headers(struct msgc__lws_sock *sock, struct lws_process_html_args *args)
{
	static const char name[] = "Sec-WebSocket-Extensions: ";
	const char *value = sock->loop->extensions;
	size_t len = strlen(value), all = sizeof(name) - 1 + len + 2;

	if (sock->phase != MSGC__LWS_UPGRADING || !len)
		return 0;
	if (args->max_len < 0 || all >= (size_t)args->max_len)
		return -1;
	memcpy(args->p, name, sizeof(name) - 1);
	memcpy(args->p + sizeof(name) - 1, value, len);
	memcpy(args->p + sizeof(name) - 1 + len, "\r\n", 2);
	args->p += all;
	return 0;
}

static int turn_down(struct msgc__lws_sock *sock, const struct msgc__lws_refusal *refusal)
{
	msgc__lws_refuse(sock, refusal, false);
	return -1;
}

int msgc__lws_guard(struct msgc__lws_sock *sock)
{
	struct msgc__lws_head head;
	struct msgc__lws_refusal refusal;
	struct msgc__verdict verdict = {0};
	bool ours;

	/* With no headers at all libwebsockets has answered already (CVE-2025-11677). */
	if (sock->phase != MSGC__LWS_HEAD || !lws_hdr_total_length(sock->wsi, WSI_TOKEN_UPGRADE))
		return -1;
	msgc__lws_head_read(sock, &head, &refusal);
	if (!refusal.status)
		judge_form(sock, &head, &refusal);
	if (refusal.status)
		return turn_down(sock, &refusal);
	ours = msgc__lws_reader_may(sock);
	head.request.may_deflate = ours;
	msgc__worker_handshake(sock->loop->worker, &head.request, &verdict);
	if (verdict.status != 101) {
		refusal = (struct msgc__lws_refusal){
		        verdict.status, verdict.retry_after, verdict.detail, NULL};
		return turn_down(sock, &refusal);
	}
	if (!choose_subprotocol(sock->loop, &head, verdict.subprotocol) ||
	        !keep_extensions(sock->loop, verdict.extensions)) {
		msgc__admission_drop(verdict.admission);
		refuse(&refusal, 400, "none of the subprotocols is spoken here");
		return turn_down(sock, &refusal);
	}
	memset(&sock->ws, 0, sizeof(sock->ws));
	sock->ws.admission = verdict.admission;
	sock->ws.ours = ours;
	sock->ws.deflate = sock->loop->extensions[0] != '\0';
	sock->phase = MSGC__LWS_UPGRADING;
	msgc__lws_buffer_save(sock->loop);
	return 0;
}
