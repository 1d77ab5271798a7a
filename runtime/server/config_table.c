/* SPDX-License-Identifier: MIT */
/*
 * The server's keys: the one place that names them. Their order is the order of --help, --print-config and docs/configuration.md.
 */
#include "config_internal.h"

#define AT(member) offsetof(struct msgc__config, member)

#define TEXT(name, member, initial, help)                                                          \
	{                                                                                          \
		section, name, MSGC_SETTING_STRING, AT(member), initial, 0, 0, help, false         \
	}
#define INTEGER(name, member, initial, min, max, help)                                             \
	{                                                                                          \
		section, name, MSGC_SETTING_INT, AT(member), initial, min, max, help, false        \
	}
#define SWITCH(name, member, initial, help)                                                        \
	{                                                                                          \
		section, name, MSGC_SETTING_BOOL, AT(member), initial, 0, 0, help, false           \
	}
#define SIZE(name, member, initial, min, max, help)                                                \
	{                                                                                          \
		section, name, MSGC_SETTING_SIZE, AT(member), initial, min, max, help, false       \
	}
#define DURATION(name, member, initial, min, max, help)                                            \
	{                                                                                          \
		section, name, MSGC_SETTING_DURATION, AT(member), initial, min, max, help, false   \
	}
#define OTHER(type, name, member, initial, help)                                                   \
	{                                                                                          \
		section, name, type, AT(member), initial, 0, 0, help, false                        \
	}

#define RATE(name, member, help) OTHER(MSGC__KEY_RATE, name, member, "off", help)

#define KIB    1024LL
#define MIB    (1024 * KIB)
#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

const char msgc__key_file[] = "config";

/* clang-format off */
const struct msgc__key msgc__config_keys[] = {
#define section "Listening"
	TEXT("host", host, "127.0.0.1", "address to listen on; 0.0.0.0 or :: for all"),
	INTEGER("port", port, "8000", 0, 65535, "port of WebSockets, pages and routes; 0: any free one, which the log names"),
	TEXT("admin-host", admin_host, "127.0.0.1", "address of the administrative listener (/healthz, /readyz, /metrics, /publish, /playground)"),
	OTHER(MSGC__KEY_PORT, "admin-port", admin_port, "off", "port of the administrative listener; 0: any free one"),
	{section, "publish-key", MSGC_SETTING_STRING, AT(publish_key), "", 0, 0, "key for POST /publish on the administrative listener, of at least 16 bytes; empty: nobody publishes there", true},
	OTHER(MSGC__KEY_AUTO, "playground", playground, "auto", "a page on the administrative listener to try consumers with: yes, no or auto, which is yes where only this machine can reach both listeners"),
	TEXT("tls-certificate", tls_certificate, "", "PEM file with the certificate chain; empty: no TLS"),
	TEXT("tls-key", tls_key, "", "PEM file with its private key"),
#undef section
#define section "Clients"
	TEXT("public-url", public_url, "", "how browsers reach this server, such as https://chat.example.org; needed behind a proxy that ends TLS. Empty: as the Host header says"),
	OTHER(MSGC__KEY_LIST, "allowed-origins", allowed_origins, "", "origins of other sites whose pages may connect with cookies, such as https://app.example.org"),
	SWITCH("origin-required", origin_required, "yes", "believe cookies only beside an Origin header; no: also from clients that are no browsers"),
	OTHER(MSGC__KEY_LIST, "trusted-proxies", trusted_proxies, "", "addresses and networks (10.0.0.0/8) of proxies; each must send exactly one address in X-Forwarded-For"),
	INTEGER("max-connections", max_connections, "10000", 1, 10000000, "open at once, HTTP included; more are answered 503"),
	INTEGER("max-connections-per-address", max_connections_per_address, "0", 0, 10000000, "open at once from one address; 0: no limit"),
#undef section
#define section "Threads"
	INTEGER("workers", workers, "1", 1, MSGC__WORKERS_MOST, "threads with an event loop and connections of their own; 64 at most"),
	INTEGER("pool-threads", pool_threads, "4", 1, 1024, "threads for work that blocks"),
	INTEGER("pool-queue", pool_queue, "1024", 1, 1000000, "jobs that may wait for them; more are refused as busy"),
	INTEGER("mailbox", mailbox, "65536", 16, 10000000, "tasks that may wait for one worker"),
	SIZE("keys-memory", keys_memory, "64MiB", 64 * KIB, 1024 * 1024 * MIB, "what tickets and kept answers to message_ids may take; beyond it new ones are busy"),
	SIZE("history-memory", history_memory, "64MiB", 64 * KIB, 1024 * 1024 * MIB, "what the histories of all groups may take; those silent longest make room"),
#undef section
#define section "On disk"
	TEXT("sqlite-file", sqlite_file, "", "file for histories, message_ids, tickets and revocations, so that they survive the process; in programs that use msgc::sqlite. Empty: in memory"),
	SIZE("sqlite-limit", sqlite_limit, "0", 0, 1024 * 1024 * MIB, "largest size of that file; 0: as the disk has room"),
	SIZE("sqlite-queue", sqlite_queue, "16MiB", 64 * KIB, 1024 * 1024 * MIB, "what may wait to be written; beyond it senders are told busy"),
	DURATION("sqlite-lock-timeout", sqlite_lock_timeout, "2s", 1, HOUR, "how long to wait for a file that somebody has locked; then senders are told busy"),
	DURATION("sqlite-forget", sqlite_forget, "30d", MINUTE, 3660 * DAY, "silence after which an empty history is forgotten, its epoch too"),
#undef section
#define section "One connection"
	SIZE("frame-limit", frame_limit, "64KiB", 128, 64 * MIB, "largest message from a client; a larger one closes with 1009"),
	INTEGER("depth-limit", depth_limit, "64", 1, 1024, "objects and arrays inside one another"),
	SIZE("outbox-limit", outbox_limit, "1MiB", 4 * KIB, 1024 * MIB, "output that may wait for a slow reader"),
	INTEGER("pending-frames", pending_frames, "64", 1, 65536, "frames that may wait behind one that is answered later"),
	INTEGER("pending-questions", pending_questions, "16", 1, 65536, "questions that one client may leave unanswered; more are not asked"),
	INTEGER("bad-frame-limit", bad_frame_limit, "100", 0, 1000000, "refused frames in ten seconds that close with 4429; 0: no limit"),
	OTHER(MSGC__KEY_POLICY, "outbox-policy", outbox_policy, "disconnect", "what becomes of group messages when the outbox is full: disconnect, drop-oldest or drop-new"),
	OTHER(MSGC__KEY_LIST, "consumer-outbox-policy", consumer_outbox_policy, "", "the same for single consumers, such as feed=drop-oldest, rooms.room=disconnect"),
	SWITCH("compression", compression, "yes", "permessage-deflate for clients that offer it, at consumers whose contract says compression; no: for none"),
	SIZE("compression-threshold", compression_threshold, "512", 0, 64 * MIB, "shortest message that is deflated on its way out"),
	INTEGER("max-groups", max_groups, "256", 1, 65536, "groups that one connection may be in"),
	INTEGER("max-topics", max_topics, "128", 1, 65536, "topics that one connection may follow; each is a group, too"),
#undef section
#define section "Presence"
	INTEGER("presence-limit", presence_limit, "100", 0, 10000, "users of a group that clients get listed; of larger groups they get counts only"),
	SIZE("presence-entry", presence_entry, "1KiB", 16, 64 * KIB, "largest entry of one user in a roster, as JSON"),
	DURATION("presence-window", presence_window, "250ms", 0, HOUR, "between two presence_diff messages of one group; what happens meanwhile is told at once"),
	DURATION("presence-linger", presence_linger, "5s", 0, HOUR, "how long a user whose connection broke is still present, and may come back unnoticed"),
#undef section
#define section "Rates"
	RATE("connection-rate", connection_rate, "frames of one connection, such as 20 per 1s burst 50; or off"),
	RATE("user-rate", user_rate, "frames of one user over all connections"),
	RATE("address-rate", address_rate, "frames from one address; IPv6 counts by /64"),
	RATE("handshake-rate", handshake_rate, "WebSocket handshakes from one address; more are answered 429"),
#undef section
#define section "Time"
	DURATION("handshake-timeout", handshake_timeout, "10s", 100, HOUR, "from accepting a connection to its last request header"),
	DURATION("auth-timeout", auth_timeout, "10s", 100, HOUR, "to tell who a client is; then 4408"),
	DURATION("handler-timeout", handler_timeout, "30s", 10, DAY, "for a frame that is answered later; then handler_failed"),
	DURATION("question-timeout", question_timeout, "30s", 10, DAY, "for a client's answer to a question of the server, where the program does not say"),
	DURATION("request-timeout", request_timeout, "30s", 100, HOUR, "to send an HTTP body, and to read the answer"),
	DURATION("keepalive-timeout", keepalive_timeout, "30s", 100, HOUR, "of an idle HTTP connection"),
	DURATION("ping-interval", ping_interval, "25s", 100, DAY, "silence after which the server pings a WebSocket"),
	DURATION("ping-timeout", ping_timeout, "33s", 200, DAY, "silence after which it hangs up"),
	DURATION("message-id-window", message_id_window, "10m", 1000, DAY, "how long the answer to a message_id is kept, to be given again"),
	DURATION("close-timeout", close_timeout, "5s", 10, HOUR, "to answer a CLOSE frame"),
	DURATION("drain-timeout", drain_timeout, "10s", 0, DAY, "to finish what was accepted after SIGTERM"),
	DURATION("reconnect-hint", reconnect_hint, "5s", 0, HOUR, "longest wait that a draining server asks a client for; each gets a random part of it"),
#undef section
#define section "Credentials"
	DURATION("ticket-lifetime", ticket_lifetime, "30s", 1000, HOUR, "from a ticket's making to its use"),
	DURATION("revocation-memory", revocation_memory, "24h", MINUTE, 366 * DAY, "how long credentials from before a user was logged out everywhere are refused: as long as tokens live"),
	OTHER(MSGC__KEY_RATE, "auth-failure-rate", auth_failure_rate, "30 per 1m", "wrong passwords from one address, and for one name; more are answered 429"),
#undef section
#define section "HTTP"
	SIZE("header-limit", header_limit, "16KiB", KIB, 64 * KIB, "request line and headers"),
	SWITCH("documents", documents, "no", "give out /asyncapi.json and /schema/NAME.json of the contracts that the program carries documents of"),
	DURATION("static-max-age", static_max_age, "0s", 0, 366 * DAY, "for which browsers keep static files other than HTML without asking again"),
#undef section
#define section "Log"
	OTHER(MSGC__KEY_LEVEL, "log-level", log_level, "info", "debug, info, warning or error"),
	OTHER(MSGC__KEY_FORMAT, "log-format", log_json, "logfmt", "logfmt or json"),
	OTHER(MSGC__KEY_LIST, "log-muted-actions", log_muted_actions, "", "actions that leave no lines, such as ping, typing"),
#undef section
};
/* clang-format on */

const size_t msgc__config_key_count = sizeof(msgc__config_keys) / sizeof(msgc__config_keys[0]);
