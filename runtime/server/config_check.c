/* SPDX-License-Identifier: MIT */
/*
 * Checks that need more than one key, or more than a key's type: what would otherwise show itself at the first client. Runs when
 * every single value is good.
 */
#include "config_internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "origin.h"

/* Complains at the place that a key's value came from. */
static void wrong(
        struct msgc__config *config, const char *key, const char *detail, const char *value)
{
	struct msgc__entry *entry = msgc__config_find(config->state, key, strlen(key));
	char where[320];

	msgc__config_where(config->state, entry, where, sizeof(where));
	msgc__config_complain(config->state, false, where, "%s %s%s%s%s", key, detail,
	        value ? ": '" : "", value ? value : "", value ? "'" : "");
	if (entry->source == MSGC__FROM_COMMAND_LINE)
		config->state->command_line_wrong = true;
}

static void check_origins(struct msgc__config *config)
{
	struct msgc__origin origin;
	struct msgc__network network;

	if (*config->public_url) {
		if (msgc__origin_parse(msgc_str_from(config->public_url), true, &origin) ||
		        (strcmp(origin.scheme, "http") != 0 && strcmp(origin.scheme, "https") != 0))
			wrong(config, "public-url", "must be like https://chat.example.org",
			        config->public_url);
	}
	for (size_t i = 0; i < config->allowed_origins.count; i++) {
		const char *text = config->allowed_origins.items[i];

		if (msgc__origin_parse(msgc_str_from(text), false, &origin))
			wrong(config, "allowed-origins", "holds what is no scheme://host[:port]",
			        text);
	}
	for (size_t i = 0; i < config->trusted_proxies.count; i++) {
		const char *text = config->trusted_proxies.items[i];

		if (msgc__network_parse(text, &network))
			wrong(config, "trusted-proxies", "holds what is no address or network",
			        text);
	}
}

/* "room=drop-new" or "rooms.room=drop-new": the policy if the item is about this consumer; false: it is not, or is malformed. */
static bool read_item(const char *item, const struct msgc_consumer *consumer,
        enum msgc_outbox_policy *ret, bool *ret_formed)
{
	const char *equals = strchr(item, '='), *dot;
	enum msgc_outbox_policy policy = MSGC_OUTBOX_DEFAULT;
	size_t len, contract_len;

	*ret_formed = equals && equals > item && msgc__config_read_policy(equals + 1, &policy);
	if (!*ret_formed || !consumer)
		return false;
	dot = memchr(item, '.', (size_t)(equals - item));
	contract_len = dot ? (size_t)(dot - item) : 0;
	if (dot &&
	        !msgc_str_equal(msgc_str_of(item, contract_len), msgc_str_from(consumer->contract)))
		return false;
	len = (size_t)(equals - item) - (dot ? contract_len + 1 : 0);
	if (!msgc_str_equal(msgc_str_of(equals - len, len), msgc_str_from(consumer->name)))
		return false;
	*ret = policy;
	return true;
}

enum msgc_outbox_policy msgc__config_policy(
        const struct msgc__config *config, const struct msgc_consumer *consumer)
{
	enum msgc_outbox_policy policy = config->outbox_policy;
	bool formed;

	if (consumer->outbox_policy != MSGC_OUTBOX_DEFAULT)
		policy = consumer->outbox_policy;
	for (size_t i = 0; i < config->consumer_outbox_policy.count; i++)
		(void)read_item(
		        config->consumer_outbox_policy.items[i], consumer, &policy, &formed);
	return policy;
}

static void check_policies(struct msgc__config *config)
{
	enum msgc_outbox_policy policy;
	bool formed;

	for (size_t i = 0; i < config->consumer_outbox_policy.count; i++) {
		const char *item = config->consumer_outbox_policy.items[i];

		(void)read_item(item, NULL, &policy, &formed);
		if (!formed)
			wrong(config, "consumer-outbox-policy", "holds what is no consumer=policy",
			        item);
	}
}

/* -------------------------------------------------------------------------------------- playground */

static bool is_loopback(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (strcmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool msgc__config_playground(const struct msgc__config *config)
{
	if (config->playground != MSGC__AUTO)
		return config->playground != 0;
	/* A manager's sockets may listen wherever it likes, and a proxy speaks for others. */
	return is_loopback(config->host) && is_loopback(config->admin_host) &&
	        !*config->public_url && config->trusted_proxies.count == 0 &&
	        !*config->tls_certificate && !getenv("LISTEN_FDS");
}

void msgc__config_check(struct msgc__config *config)
{
	check_policies(config);
	check_origins(config);
	if (*config->publish_key && strlen(config->publish_key) < 16)
		wrong(config, "publish-key", "must have at least 16 bytes", NULL);
	if (!*config->tls_certificate != !*config->tls_key)
		wrong(config, *config->tls_key ? "tls-key" : "tls-certificate",
		        "needs the other one of tls-certificate and tls-key", NULL);
	if (config->ping_timeout <= config->ping_interval)
		wrong(config, "ping-timeout", "must be longer than ping-interval", NULL);
	if (config->outbox_limit < config->frame_limit)
		wrong(config, "outbox-limit", "must not be less than frame-limit", NULL);
	if (!*config->host)
		wrong(config, "host", "must not be empty", NULL);
	if (!*config->admin_host && config->admin_port != MSGC__PORT_OFF)
		wrong(config, "admin-host", "must not be empty", NULL);
}
