/* SPDX-License-Identifier: MIT */
/*
 * permessage-deflate on a client's WebSocket. To libwebsockets it is an extension that does nothing: so it offers it, takes the server's answer, and lets RSV1
 * pass; messages are inflated when they are whole, and long ones leave as frames that are made here. It must not know what is in them.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec.h>

#include "lws_client.h"

enum {
	THRESHOLD = 512, /* as the server's */
	HEAD_MAX = 14,
	ANSWER_MAX = 256,
	FIRST_ROOM = 4096,
	CODE_LOST = 1006,
	CODE_MALFORMED = 1007,
	CODE_TOO_BIG = 1009,
};

static const struct lws_ext_options options[] = {
        {"server_no_context_takeover", EXTARG_NONE},
        {"client_no_context_takeover", EXTARG_NONE},
        {"server_max_window_bits", EXTARG_OPT_DEC},
        {"client_max_window_bits", EXTARG_OPT_DEC},
        {NULL, EXTARG_NONE},
};

/* 0: as if there were no extension. */
static int on_extension(struct lws_context *context, const struct lws_extension *extension,
        struct lws *wsi, enum lws_extension_callback_reasons reason, void *user, void *in,
        size_t len)
{
	(void)context;
	(void)extension;
	(void)wsi;
	(void)user;
	(void)len;
	if (reason == LWS_EXT_CB_CLIENT_CONSTRUCT)
		*(const struct lws_ext_options **)in = options;
	return 0;
}

void msgc__wire_packing_extension(struct lws_extension *ret)
{
	*ret = (struct lws_extension){"permessage-deflate", on_extension, msgc__deflate_offer};
}

void msgc__wire_packing_free(struct msgc__wire *wire)
{
	msgc__deflater_free(wire->packing.deflater);
	msgc__inflater_free(wire->packing.inflater);
	msgc_buf_free(&wire->packing.frame);
	free(wire->packing.text);
}

bool msgc__wire_packing_agree(struct msgc__wire *wire, struct lws *wsi)
{
	char answer[ANSWER_MAX];
	int len = lws_hdr_total_length(wsi, WSI_TOKEN_EXTENSIONS);

	wire->packing.is_agreed = false;
	if (!wire->limits.deflate || len <= 0)
		return true;
	if (len >= ANSWER_MAX || lws_hdr_copy(wsi, answer, ANSWER_MAX, WSI_TOKEN_EXTENSIONS) < 0 ||
	        !msgc__deflate_agrees(msgc_str_of(answer, (size_t)len)))
		return false;
	wire->packing.is_agreed = true;
	return true;
}

bool msgc__wire_packing_begins(struct msgc__wire *wire, struct lws *wsi)
{
	unsigned bits = lws_get_reserved_bits(wsi) & 0x70u;
	bool begins = !wire->is_inside, same = lws_is_first_fragment(wsi);

	if (!wire->packing.is_agreed)
		return true; /* libwebsockets has seen to it */
	wire->is_inside = true;
	if (begins)
		wire->packing.is_deflated = bits == MSGC__DEFLATE_RSV1;
	/* Pieces of the first frame have its bits, those of later ones none. */
	return begins || same
	        ? (bits & ~(unsigned)MSGC__DEFLATE_RSV1) == 0
	        : bits == 0 || (bits == MSGC__DEFLATE_RSV1 && wire->packing.is_deflated);
}

size_t msgc__wire_packing_limit(const struct msgc__wire *wire)
{
	return wire->packing.is_agreed && wire->packing.is_deflated
	        ? msgc__deflated_limit(wire->limits.frame)
	        : wire->limits.frame;
}

static uint16_t inflate_partial(struct msgc__wire *wire, size_t *ret_len)
{
	struct msgc__wire_packing *packing = &wire->packing;

	if (!packing->inflater)
		packing->inflater = msgc__inflater_new();
	if (!packing->text) {
		packing->text = malloc(FIRST_ROOM + MSGC_PADDING);
		packing->cap = packing->text ? FIRST_ROOM : 0;
	}
	if (!packing->inflater || !packing->text)
		return CODE_LOST;
	switch (msgc__inflate(packing->inflater, msgc_buf_str(&wire->partial), wire->limits.frame,
	        &packing->text, &packing->cap, ret_len)) {
	case 0: return 0;
	case MSGC_ELIMIT: return CODE_TOO_BIG;
	case MSGC_ENOMEM: return CODE_LOST;
	default: return CODE_MALFORMED;
	}
}

uint16_t msgc__wire_packing_read(struct msgc__wire *wire, const char **ret_text, size_t *ret_len)
{
	uint16_t code = 0;

	*ret_text = wire->partial.data ? wire->partial.data : "";
	*ret_len = wire->partial.len;
	if (!wire->packing.is_agreed)
		return wire->limits.deflate && !msgc_utf8_valid(*ret_text, *ret_len)
		        ? CODE_MALFORMED
		        : 0;
	if (wire->packing.is_deflated) {
		code = inflate_partial(wire, ret_len);
		*ret_text = wire->packing.text;
	}
	return !code && !msgc_utf8_valid(*ret_text, *ret_len) ? CODE_MALFORMED : code;
}

/* ---------------------------------------------------------------------------------------------------- out */

/* RFC 6455 section 5.2: a masked text frame, before `len` bytes that lie at `frame` + HEAD_MAX already. Where it begins. */
static unsigned char *put_head(struct msgc__wire *wire, unsigned char *frame, size_t len)
{
	unsigned char *payload = frame + HEAD_MAX, *mask = payload - 4, *head;
	size_t more = len < 126 ? 0 : len < 65536 ? 2 : 8, i;

	if (lws_get_random(wire->context, mask, 4) != 4)
		return NULL;
	head = mask - more - 2;
	head[0] = 0x80 | MSGC__DEFLATE_RSV1 | 1;
	head[1] = (unsigned char)(0x80 | (more == 0 ? len : more == 2 ? 126 : 127));
	for (i = 0; i < more; i++)
		head[2 + i] = (unsigned char)((uint64_t)len >> (8 * (more - 1 - i)));
	for (i = 0; i < len; i++)
		payload[i] ^= mask[i % 4];
	return head;
}

int msgc__wire_packing_write(struct msgc__wire *wire, const char *text, size_t len)
{
	struct msgc__wire_packing *packing = &wire->packing;
	unsigned char *frame, *head;
	size_t deflated;

	if (!packing->is_agreed || len < THRESHOLD)
		return 0;
	if (!packing->deflater)
		packing->deflater = msgc__deflater_new();
	msgc_buf_reset(&packing->frame);
	frame = (unsigned char *)msgc_buf_reserve(
	        &packing->frame, HEAD_MAX + len + MSGC__DEFLATE_TAIL);
	if (!packing->deflater || !frame ||
	        msgc__deflate(packing->deflater,
	                msgc__deflate_window(MSGC__DEFLATE_WINDOW_MAX, len), msgc_str_of(text, len),
	                msgc_str_of(NULL, 0), (char *)frame + HEAD_MAX, len + MSGC__DEFLATE_TAIL,
	                &deflated) < 0 ||
	        deflated >= len)
		return 0;
	head = put_head(wire, frame, deflated);
	if (!head)
		return 0;
	return lws_write(wire->wsi, head, (size_t)(frame + HEAD_MAX - head) + deflated,
	               LWS_WRITE_RAW) < 0
	        ? -1
	        : 1;
}
