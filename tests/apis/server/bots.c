/* SPDX-License-Identifier: MIT */
/*
 * bots.c - a gateway for bots, as gateway.msg has it: says hello before it knows who is there, lets them identify or resume, acknowledges
 * heartbeats, sends events. It must not know who drives it.
 */
#include "foreign.h"

#include "gateway.msgc.h"

static bool is(struct msgc_str text, const char *word)
{
	return msgc_str_equal(text, msgc_str_from(word));
}

static int on_greet(struct gateway_gateway_socket *bot, struct gateway_hello *message)
{
	(void)bot;
	message->d.heartbeat_interval = 41250;
	return MSGC_OK;
}

static int name_user(struct msgc_str token, struct msgc_user *ret_user)
{
	if (!is(token, "good") && !is(token, "stale"))
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = MSGC_STR("80351110224678912");
	return MSGC_OK;
}

static int whom_identify(void *app, struct msgc_lookup *lookup,
        const struct gateway_gateway_socket_params *params, void *state,
        const struct gateway_identify *in, struct msgc_user *ret_user)
{
	(void)app, (void)lookup, (void)params, (void)state;
	return name_user(in->d.token, ret_user);
}

static int whom_resume(void *app, struct msgc_lookup *lookup,
        const struct gateway_gateway_socket_params *params, void *state,
        const struct gateway_resume *in, struct msgc_user *ret_user)
{
	(void)app, (void)lookup, (void)params, (void)state;
	return name_user(in->d.token, ret_user);
}

static const struct gateway_user user = {.id = UINT64_C(80351110224678912),
        .username = {"nelly", 5},
        .discriminator = {"1337", 4},
        .global_name_is_null = true,
        .avatar_is_null = true,
        .bot = true};

static int on_identify(struct gateway_gateway_socket *bot, const struct gateway_identify *in,
        struct gateway_gateway_socket_identify_reply *reply)
{
	static const struct gateway_ready_d_guilds_item guild = {
	        .id = UINT64_C(41771983423143937), .unavailable = true};

	(void)in;
	reply->kind = GATEWAY_GATEWAY_SOCKET_IDENTIFY_REPLY_READY;
	reply->ready = (struct gateway_ready){.s = 1,
	        .d = {.v = bot->params.v,
	                .user = user,
	                .session_id = MSGC_STR("s1"),
	                .resume_gateway_url = MSGC_STR("wss://gateway.example/"),
	                .guilds = {&guild, 1}}};
	return MSGC_OK;
}

static int on_resume(struct gateway_gateway_socket *bot, const struct gateway_resume *in,
        struct gateway_gateway_socket_resume_reply *reply)
{
	(void)bot, (void)in;
	reply->kind = GATEWAY_GATEWAY_SOCKET_RESUME_REPLY_INVALID_SESSION;
	return MSGC_OK;
}

static int on_heartbeat(struct gateway_gateway_socket *bot, const struct gateway_heartbeat *in,
        struct gateway_heartbeat_ack *reply)
{
	(void)bot, (void)in, (void)reply;
	return MSGC_OK;
}

/* Whoever goes online hears of it: one event, and a wish for a heartbeat. */
static int on_presence(struct gateway_gateway_socket *bot, const struct gateway_presence_update *in)
{
	struct gateway_message_create event = {.s = 2,
	        .d = {.id = UINT64_C(334385199974967042),
	                .channel_id = UINT64_C(290926798999357250),
	                .author = user,
	                .content = MSGC_STR("hello"),
	                .timestamp = {.seconds = 1795323600},
	                .edited_timestamp_is_null = true}};
	int result;

	if (in->d.status != GATEWAY_PRESENCE_UPDATE_D_STATUS_ONLINE)
		return gateway_gateway_socket_send_reconnect(bot, &(struct gateway_reconnect){0});
	result = gateway_gateway_socket_send_message_create(bot, &event);
	if (result == MSGC_OK)
		result = gateway_gateway_socket_send_heartbeat(
		        bot, &(struct gateway_heartbeat){.d_is_null = true});
	return result;
}

void foreign_serve_bots(struct msgc_server *server)
{
	static const struct gateway_gateway_socket_handlers handlers = {
	        .greet_hello = on_greet,
	        .authenticate_identify = whom_identify,
	        .authenticate_resume = whom_resume,
	        .heartbeat = on_heartbeat,
	        .identify = on_identify,
	        .resume = on_resume,
	        .presence_update = on_presence,
	};

	gateway_gateway_socket_serve(server, &handlers, NULL);
}
