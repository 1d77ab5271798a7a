/* SPDX-License-Identifier: MIT */
/*
 * The standard messages that the server sends by itself, built from schemas/std.msg. Each writes a whole JSON object to `out` (emptied
 * first), with the consumer's own name for the discriminator. It must not know when they are sent.
 */
#ifndef MSGC__STANDARD_H
#define MSGC__STANDARD_H

#include <msgc/consumer.h>

/* What a frame repeats of the one that it answers, and the topic that it comes from; ptr NULL: none. */
struct msgc__address {
	struct msgc_str ref, topic;
};

/* `ref` with ptr NULL: none. All return out->error. */
int msgc__standard_authentication(
        struct msgc_buf *out, const struct msgc_consumer *consumer, int status, const char *detail);
int msgc__standard_problems(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc_problems *problems, struct msgc__address address);
/* `retry_after` in seconds; negative: left out. */
int msgc__standard_error(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const char *reason, struct msgc_str detail, int64_t retry_after,
        struct msgc__address address);
int msgc__standard_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address);
int msgc__standard_group_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address);
int msgc__standard_event_complete(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address);
int msgc__standard_draining(
        struct msgc_buf *out, const struct msgc_consumer *consumer, int64_t reconnect_after_ms);

/*
 * ping and pong, which contracts may name: encoded by the contract `std` they have its discriminator, so here is the whole frame with the
 * consumer's.
 */
bool msgc__standard_is(const struct msgc_message *type);
int msgc__standard_plain(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc_message *type, struct msgc__address address);

/* Whether a frame is the standard message of this name, by the consumer's own (first) discriminator. */
bool msgc__standard_meant(const struct msgc_envelope *envelope, const char *name);

/* A ref as the client has written it: a string, or a number. */
void msgc__standard_write_ref(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc_str ref);

struct msgc__position;
/* An encoded standard message in the words of a consumer. */
int msgc__standard_adopt(struct msgc_buf *out, const struct msgc_consumer *consumer);

int msgc__standard_recovered(struct msgc_buf *out, const struct msgc_consumer *consumer,
        struct msgc_str group, bool whole, const struct msgc__position *position,
        struct msgc__address address);

/* `position` NULL: nothing was asked for. */
int msgc__standard_subscribed(struct msgc_buf *out, const struct msgc_consumer *consumer,
        bool recovered, const struct msgc__position *position, struct msgc__address address);
int msgc__standard_unsubscribed(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address);

/* The tail that makes an encoded object carry its address: `,"ref":"7"}`; "}" without one. Appends. */
int msgc__standard_tail(
        struct msgc_buf *out, const struct msgc_consumer *consumer, struct msgc__address address);

/* Unix seconds; 0: never. */
int msgc__standard_refreshed(struct msgc_buf *out, const struct msgc_consumer *consumer,
        int64_t expires_at, struct msgc_str ref);

/* Reads {"action":"authenticate","payload":{"token":…}}, or the same of "refresh". */
int msgc__standard_read_token(char *text, size_t len, const char *action,
        const struct msgc_consumer *consumer, struct msgc_arena *arena, struct msgc_str *ret_token,
        struct msgc_problems *problems);

/* Reads {"action":"subscribe","payload":{"epoch":…,"seq":…}}; `*ret_asked` false: there is no payload. */
int msgc__standard_read_position(char *text, size_t len, struct msgc_arena *arena, bool *ret_asked,
        struct msgc_str *ret_epoch, int64_t *ret_seq, struct msgc_problems *problems);

#endif
