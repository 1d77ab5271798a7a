/* SPDX-License-Identifier: MIT */
/*
 * Which keys may change while the server runs, and how two configurations differ. It must not know how a change takes effect.
 */
#include <string.h>

#include "config_internal.h"
#include "reload.h"

const char *const msgc__config_live[] = {"max-connections", "max-connections-per-address",
        "depth-limit", "outbox-limit", "pending-frames", "pending-questions", "bad-frame-limit",
        "outbox-policy", "consumer-outbox-policy", "compression", "compression-threshold",
        "max-groups", "max-topics", "connection-rate", "user-rate", "address-rate",
        "handshake-rate", "handshake-timeout", "auth-timeout", "handler-timeout",
        "question-timeout", "request-timeout", "keepalive-timeout", "ping-interval", "ping-timeout",
        "close-timeout", "drain-timeout", "reconnect-hint", "ticket-lifetime", "publish-key",
        "revocation-memory", "auth-failure-rate", "log-level", "log-muted-actions", NULL};

static bool is_live(const char *name)
{
	for (size_t i = 0; msgc__config_live[i]; i++) {
		if (strcmp(msgc__config_live[i], name) == 0)
			return true;
	}
	return false;
}

static size_t size_of(int type)
{
	switch (type) {
	case MSGC_SETTING_STRING: return sizeof(const char *);
	case MSGC_SETTING_BOOL:
	case MSGC__KEY_FORMAT: return sizeof(bool);
	case MSGC__KEY_LIST: return sizeof(struct msgc__config_list);
	case MSGC__KEY_LEVEL: return sizeof(enum msgc_log_level);
	case MSGC__KEY_RATE: return sizeof(struct msgc_rate);
	case MSGC__KEY_POLICY: return sizeof(enum msgc_outbox_policy);
	default: return sizeof(int64_t);
	}
}

static const char *text_of(const struct msgc__config *config, size_t key)
{
	const char *text = config->state->entries[key].text;

	return text ? text : "";
}

static void add(struct msgc_buf *list, const char *name)
{
	if (list->len > 0)
		msgc_buf_append_str(list, ", ");
	msgc_buf_append_str(list, name);
}

/* The table's keys come first, in its order, in every configuration; the program's own follow. */
int msgc__config_merge(const struct msgc__config *started, const struct msgc__config *now,
        const struct msgc__config *fresh, struct msgc__config *ret, struct msgc_buf *ret_changed,
        struct msgc_buf *ret_restart)
{
	struct msgc__config merged = *now;

	merged.state = fresh->state;
	merged.outcome = fresh->outcome;
	for (size_t i = 0; i < fresh->state->entry_count; i++) {
		const struct msgc__entry *entry = &fresh->state->entries[i];
		const struct msgc__key *key = &entry->key;
		bool live = !entry->of_program && is_live(key->name);
		const struct msgc__config *before = live ? now : started;

		if (live) /* also where it is the same: the old text belongs to the old one */
			memcpy((char *)&merged + key->offset, (const char *)fresh + key->offset,
			        size_of(key->type));
		if (strcmp(text_of(fresh, i), text_of(before, i)) != 0)
			add(live ? ret_changed : ret_restart, key->name);
	}
	if (ret_changed->error || ret_restart->error)
		return MSGC_ENOMEM;
	*ret = merged;
	return 0;
}
