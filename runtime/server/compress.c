/* SPDX-License-Identifier: MIT */
/* See compress.h. What cannot be deflated, for want of memory or because it would be longer, is sent as it is: that is always allowed. */
#include "compress.h"

#include <stdlib.h>
#include <string.h>

#include "../deflate/deflate.h"
#include "worker.h"

enum { PACKING_KEPT = 256 * 1024 };

struct msgc_str msgc__compress_agree(struct msgc_connection *connection,
        const struct msgc__request *request, struct msgc_str offers)
{
	struct msgc__worker *worker = connection->worker;
	struct msgc__deflate_terms terms;
	size_t len;

	if (!connection->served->consumer->compression || !worker->config->compression ||
	        !request->may_deflate || !msgc__deflate_choose(offers, &terms))
		return MSGC_STR("");
	connection->window = (unsigned char)terms.window;
	len = msgc__deflate_answer(&terms, worker->extensions);
	return msgc_str_of(worker->extensions, len);
}

static bool have_room(struct msgc__output *output, size_t room)
{
	char *larger;

	if (!output->deflater)
		output->deflater = msgc__deflater_new();
	if (!output->deflater)
		return false;
	if (room <= output->packing_cap)
		return true;
	larger = malloc(room);
	if (!larger)
		return false;
	free(output->packing);
	output->packing = larger;
	output->packing_cap = room;
	return true;
}

/* A large message's room does not stay. */
static void shrink(struct msgc__output *output)
{
	if (output->packing_cap <= PACKING_KEPT)
		return;
	free(output->packing);
	output->packing = NULL;
	output->packing_cap = 0;
}

/* Into output->packing; *ret_len is less than what it was. */
static bool deflate_both(struct msgc_connection *connection, unsigned window, struct msgc_str head,
        struct msgc_str tail, size_t *ret_len)
{
	struct msgc__output *output = &connection->worker->output;
	struct msgc__consumer_metrics *metrics = msgc__connection_metrics(connection);
	size_t len = head.len + tail.len;

	/* The tail that is cut off needs room, too; what is not shorter does not fit. */
	if (!have_room(output, len + MSGC__DEFLATE_TAIL) ||
	        msgc__deflate(output->deflater, window, head, tail, output->packing,
	                len + MSGC__DEFLATE_TAIL, ret_len) < 0 ||
	        *ret_len >= len)
		return false;
	msgc__counter_add(&metrics->deflated, 1);
	msgc__counter_add(&metrics->deflated_from, len);
	msgc__counter_add(&metrics->deflated_to, *ret_len);
	return true;
}

static bool is_long_enough(const struct msgc_connection *connection, size_t len)
{
	return len >= (size_t)connection->worker->config->compression_threshold && len > 0;
}

unsigned char msgc__compress_message(
        struct msgc_connection *connection, struct msgc_str *head, struct msgc_str *tail)
{
	struct msgc__output *output = &connection->worker->output;
	size_t len = head->len + tail->len, deflated;

	shrink(output);
	if (!is_long_enough(connection, len) ||
	        !deflate_both(connection, msgc__deflate_window(connection->window, len), *head,
	                *tail, &deflated))
		return 0;
	*head = msgc_str_of(output->packing, deflated);
	*tail = msgc_str_of(NULL, 0);
	msgc__counter_add(&msgc__connection_metrics(connection)->frames_deflated, 1);
	return MSGC__DEFLATE_RSV1;
}

/* ------------------------------------------------------------------------------------------- shared frames */

static struct msgc__buffer *find(const struct msgc__buffer *frame, unsigned window)
{
	struct msgc__buffer *deflated = frame->deflated;

	while (deflated && deflated->window != window)
		deflated = deflated->next;
	return deflated;
}

static struct msgc__buffer *make(struct msgc_connection *connection,
        const struct msgc__buffer *frame, unsigned window, struct msgc_str payload)
{
	struct msgc__output *output = &connection->worker->output;
	unsigned char head[MSGC__WIRE_HEAD_MAX];
	struct msgc__buffer *buffer;
	size_t head_len, len;

	shrink(output);
	if (!deflate_both(connection, window, payload, msgc_str_of(NULL, 0), &len))
		return NULL;
	head_len = msgc__wire_head(head, len);
	buffer = msgc__buffer_new(output, head_len + len);
	if (!buffer)
		return NULL;
	head[0] |= MSGC__DEFLATE_RSV1;
	memcpy(buffer->bytes, head, head_len);
	memcpy(buffer->bytes + head_len, output->packing, len);
	buffer->len = head_len + len;
	buffer->kind = frame->kind;
	buffer->window = (uint8_t)window;
	return buffer;
}

struct msgc__buffer *msgc__compress_frame(
        struct msgc_connection *connection, struct msgc__buffer *frame)
{
	size_t head_len = msgc__wire_head_of(frame->bytes), len, window;
	struct msgc__buffer *deflated;
	unsigned bit;

	len = msgc__buffer_frame_len(frame) - head_len;
	if (!is_long_enough(connection, len))
		return frame;
	window = msgc__deflate_window(connection->window, len);
	bit = 1u << (window - MSGC__DEFLATE_WINDOW_MIN);
	deflated = find(frame, (unsigned)window);
	if (!deflated && !(frame->tried & bit)) {
		deflated = make(connection, frame, (unsigned)window,
		        msgc_str_of(frame->bytes + head_len, len));
		if (deflated) {
			deflated->next = frame->deflated;
			frame->deflated = deflated;
		} else {
			frame->tried |= (uint8_t)bit;
		}
	}
	if (!deflated)
		return frame;
	msgc__counter_add(&msgc__connection_metrics(connection)->frames_deflated, 1);
	return deflated;
}
