/* SPDX-License-Identifier: MIT */
/*
 * The server that the playground is tested against, beside the chat. The cookie `booth`, a token or a name is who one is, if the password is
 * "sesame" where there is one. It must not know what is tested with it.
 */
#include <msgc/http.h>
#include <msgc/server.h>

#include "booth.documents.h"
#include "booth.msgc.h"

static int know(struct msgc_str name, struct msgc_user *ret_user)
{
	if (name.len == 0 || name.len > 30)
		return MSGC_EUNAUTHENTICATED;
	ret_user->realm = MSGC_STR("booth");
	ret_user->id = name;
	ret_user->name = name;
	return MSGC_OK;
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	return know(cookie, ret_user);
}

static int verify(void *context, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	struct msgc_str name;

	(void)context;
	(void)now;
	if (token.len < 7 || !msgc_str_equal(msgc_str_of(token.ptr, 6), MSGC_STR("token-")))
		return MSGC_EUNAUTHENTICATED;
	if (msgc_arena_copy(arena, msgc_str_of(token.ptr + 6, token.len - 6), &name))
		return MSGC_ENOMEM;
	return know(name, ret_user);
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	if (!msgc_str_equal(password, MSGC_STR("sesame")))
		return MSGC_EUNAUTHENTICATED;
	return know(name, ret_user);
}

static int everything(
        struct booth_by_cookie *booth, const struct booth_everything *in, struct booth_seen *reply)
{
	(void)booth;
	reply->payload.exact = in->payload.exact;
	reply->payload.price = in->payload.price;
	reply->payload.shape = in->payload.shape;
	reply->payload.said = in->payload.anything;
	return MSGC_OK;
}

static int shout(struct booth_by_cookie *booth, const struct booth_shout *in)
{
	const struct booth_shouted shouted = {.payload = in->payload};

	return booth_booth_broadcast_shouted(
	        booth->server, booth->params.name, booth->sender, &shouted, MSGC_TO_ALL);
}

static int refuse(
        struct booth_by_cookie *booth, const struct booth_refuse *in, struct booth_fine *reply)
{
	(void)reply;
	return msgc_refuse(booth->connection, "%.*s", (int)in->payload.len, in->payload.ptr);
}

static int present(
        struct booth_by_cookie *booth, struct msgc_str name, struct booth_booth_presence *ret_entry)
{
	(void)name;
	ret_entry->name = booth->user->id;
	return MSGC_OK;
}

/* A secret is "sesame-NAME". */
static int authenticate(void *app, struct msgc_lookup *lookup, const struct booth_identify *in,
        struct msgc_user *ret_user)
{
	struct msgc_str secret = in->payload.secret;

	(void)app;
	(void)lookup;
	if (secret.len < 8 || !msgc_str_equal(msgc_str_of(secret.ptr, 7), MSGC_STR("sesame-")))
		return MSGC_EUNAUTHENTICATED;
	return know(msgc_str_of(secret.ptr + 7, secret.len - 7), ret_user);
}

static int identify(struct booth_by_message *by_message, const struct booth_identify *in,
        struct booth_welcome *reply)
{
	(void)in;
	reply->payload = by_message->user->id;
	return MSGC_OK;
}

/* ----------------------------------------------------------------------------------------------- anybody */

static int open_refuses(
        struct booth_anybody *anybody, const struct booth_refuse *in, struct booth_fine *reply)
{
	(void)reply;
	return msgc_refuse(anybody->connection, "%.*s", (int)in->payload.len, in->payload.ptr);
}

static int bye(struct booth_anybody *anybody, const struct booth_bye *in)
{
	msgc_connection_close(anybody->connection, in->payload, "as you wish");
	return MSGC_OK;
}

static int answered(
        struct booth_anybody *anybody, const struct booth_anybody_ask_answer *answer, void *arg)
{
	struct booth_result result = {.payload = MSGC_STR("no")};

	(void)arg;
	if (answer->result != MSGC_OK)
		return answer->result;
	if (answer->kind == BOOTH_ANYBODY_ASK_ANSWER_YES)
		result.payload = answer->yes.payload.because;
	return booth_anybody_send_result(anybody, &result);
}

static int quiz(struct booth_anybody *anybody, const struct booth_quiz *in)
{
	const struct booth_ask ask = {.payload = MSGC_STR("Really?")};

	(void)in;
	return booth_anybody_ask_ask(anybody, &ask, 30000, answered, NULL);
}

static int may_read(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct booth_thread_params *params, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	(void)user;
	*ret_allowed = params->id != 13;
	return MSGC_OK;
}

static int thread_shouts(struct booth_thread *thread, const struct booth_shout *in)
{
	const struct booth_shouted shouted = {.payload = in->payload};

	return booth_thread_broadcast_shouted(
	        thread->server, thread->params.id, thread->sender, &shouted, MSGC_TO_ALL);
}

int main(int argc, char **argv)
{
	static const struct booth_by_cookie_handlers by_cookie = {.present_booth = present,
	        .everything = everything,
	        .shout = shout,
	        .refuse = refuse};
	static const struct booth_by_token_handlers by_token = {0};
	static const struct booth_by_ticket_handlers by_ticket = {0};
	static const struct booth_by_password_handlers by_password = {0};
	static const struct booth_by_message_handlers by_message = {
	        .authenticate_identify = authenticate, .identify = identify};
	static const struct booth_anybody_handlers anybody = {
	        .refuse = open_refuses, .bye = bye, .quiz = quiz};
	static const struct booth_thread_handlers thread = {
	        .may_read = may_read, .shout = thread_shouts};
	struct msgc_server *server = msgc_server_new(argc, argv);

	msgc_server_use_sessions(server, "booth", find_session, NULL);
	msgc_server_use_tokens(server, verify, NULL, NULL, NULL);
	msgc_server_use_basic(server, check_basic, NULL);
	msgc_server_use_tickets(server, "/ticket", NULL, NULL);
	msgc_server_documents(server, &booth_documents);
	booth_by_cookie_serve(server, &by_cookie, NULL);
	booth_by_token_serve(server, &by_token, NULL);
	booth_by_ticket_serve(server, &by_ticket, NULL);
	booth_by_password_serve(server, &by_password, NULL);
	booth_by_message_serve(server, &by_message, NULL);
	booth_thread_serve(server, &thread, NULL);
	booth_anybody_serve(server, &anybody, NULL);
	return msgc_server_run(server);
}
