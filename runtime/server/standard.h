/* SPDX-License-Identifier: MIT */
/*
 * The standard messages that the server sends by itself, built from schemas/std.msg. Each writes a whole JSON object to `out` (emptied
 * first), with the consumer's own name for the discriminator. It must not know when they are sent.
 */
#ifndef MSGC__STANDARD_H
#define MSGC__STANDARD_H

#include <msgc/codec.h>

/* `ref` with ptr NULL: none. All return out->error. */
int msgc__standard_authentication(struct msgc_buf *out, const struct msgc_envelope_names *names,
        int status, const char *detail);
int msgc__standard_problems(struct msgc_buf *out, const struct msgc_envelope_names *names,
        const struct msgc_problems *problems, struct msgc_str ref);
/* `retry_after` in seconds; negative: left out. */
int msgc__standard_error(struct msgc_buf *out, const struct msgc_envelope_names *names,
        const char *reason, struct msgc_str detail, int64_t retry_after, struct msgc_str ref);
int msgc__standard_complete(
        struct msgc_buf *out, const struct msgc_envelope_names *names, struct msgc_str ref);
int msgc__standard_group_complete(struct msgc_buf *out, const struct msgc_envelope_names *names);
int msgc__standard_event_complete(struct msgc_buf *out, const struct msgc_envelope_names *names);
int msgc__standard_draining(
        struct msgc_buf *out, const struct msgc_envelope_names *names, int64_t reconnect_after_ms);

/* The tail that makes an encoded object carry its ref: `,"ref":"7"}`; "}" without one. Appends. */
int msgc__standard_tail(
        struct msgc_buf *out, const struct msgc_envelope_names *names, struct msgc_str ref);

/* Unix seconds; 0: never. */
int msgc__standard_refreshed(struct msgc_buf *out, const struct msgc_envelope_names *names,
        int64_t expires_at, struct msgc_str ref);

/* Reads {"action":"authenticate","payload":{"token":…}}, or the same of "refresh". */
int msgc__standard_read_token(char *text, size_t len, const char *action,
        const struct msgc_envelope_names *names, struct msgc_arena *arena,
        struct msgc_str *ret_token, struct msgc_problems *problems);

#endif
