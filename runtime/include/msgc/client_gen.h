/* SPDX-License-Identifier: MIT */
/*
 * What the code of `msgc --emit c-client` hands to the client: const tables that describe consumers and topics from their clients' side, and
 * the calls that its thin typed functions wrap. Programs do not use this header directly; it may change with MSGC_GENERATED_ABI.
 */
#ifndef MSGC_CLIENT_GEN_H
#define MSGC_CLIENT_GEN_H

#include <msgc/client.h>
#include <msgc/consumer.h>
#include <msgc/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A function of the program's, to be cast to what it is. */
typedef void msgc_client_fn(void);

/* What a callback is about. */
struct msgc_client_call {
	struct msgc_channel *channel;
	const struct msgc_client_frame *frame;
	const void *handlers;
	void *app;
};

/* What comes in. `call` hands it to its handler; false: there is none. */
struct msgc_client_incoming {
	const struct msgc_message *message;
	bool (*call)(const struct msgc_client_call *call, const void *message);
	bool is_question; /* of the server: somebody has to answer it */
};

/* What is sent, and what answers it. `call` hands the outcome to the program's function: `answer` is NULL unless the result is MSGC_OK and
 * there is one; `which` of the answers it is. */
struct msgc_client_sent {
	const struct msgc_message *message;
	const struct msgc_message *const *answers;
	size_t answer_count;
	void (*call)(const struct msgc_client_call *call, const struct msgc_outcome *outcome,
	        unsigned which, const void *answer, msgc_client_fn *answered, void *arg);
};

/* A consumer or a topic, seen by a client. */
struct msgc_client_type {
	unsigned abi; /* MSGC_GENERATED_ABI */
	const char *contract;
	const char *name;
	size_t handlers_size;
	struct msgc_envelope_names said; /* frames of clients */
	struct msgc_speech heard;        /* frames of the server */
	bool has_std;                    /* standard messages are understood */
	bool heartbeat, completion, recoverable;
	bool announces;           /* the URL says that the first frame will name the user */
	bool asks_first;          /* `greet`: the server speaks first */
	const char *subprotocols; /* "a, b"; NULL: none */
	const struct msgc_client_sent *sent;
	size_t sent_count;
	const struct msgc_client_incoming *incoming; /* questions of the server among them */
	size_t incoming_count;
	const struct msgc_message *refusal; /* `error problem;`; NULL: none */
};

/*
 * `path`: of the URL, with the query, encoded; `handlers` is copied and may be NULL. MSGC_EINVAL (the url), MSGC_ECONFIG (another ABI, a CA
 * file that is none), MSGC_ENOMEM, MSGC_EIO.
 */
int msgc_client_new(const struct msgc_client_type *type, const struct msgc_client_options *options,
        struct msgc_str path, const void *handlers, struct msgc_client **ret);
/* The topic of that name: a handle; of the same name there is one. MSGC_EINVAL, MSGC_ENOMEM. */
int msgc_client_topic(struct msgc_client *client, const struct msgc_client_type *type,
        struct msgc_str name, const void *handlers, void *app, struct msgc_channel **ret);

/*
 * Sends the message of that row. MSGC_EINVAL: a value that JSON cannot say; MSGC_ECONTRACT: it breaks the contract; MSGC_EBUSY: too much
 * waits; MSGC_EGONE: closed for good, or a topic that is not followed; MSGC_ENOMEM.
 */
int msgc_channel_send(struct msgc_channel *channel, unsigned row, const void *message,
        const struct msgc_send_options *options);
/* And waits for the answer: `answered` is called once, later, if and only if this returns MSGC_OK. */
int msgc_channel_request(struct msgc_channel *channel, unsigned row, const void *message,
        const struct msgc_send_options *options, msgc_client_fn *answered, void *arg);
/* The answer to a question of the server, whose frame had that ref. MSGC_EGONE: the connection that asked has gone. */
int msgc_channel_answer(struct msgc_channel *channel, const struct msgc_message *type,
        const void *message, struct msgc_str ref);
/* ---- addresses ---- */

/* Text of a URL as it is; a value, percent-encoded. */
void msgc_url_text(struct msgc_buf *url, const char *text);
void msgc_url_str(struct msgc_buf *url, struct msgc_str value);
/* A name of a group that has one parameter: its value, encoded. */
void msgc_url_value(struct msgc_buf *url, const struct msgc_group_name *value);
/* Before a parameter of the query: "?" or "&", the name, "=". */
void msgc_url_query(struct msgc_buf *url, const char *name);

#ifdef __cplusplus
}
#endif

#endif
