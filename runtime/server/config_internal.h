/* SPDX-License-Identifier: MIT */
/*
 * The parts of configuration among themselves: the table of keys (config_table.c), reading one value (config_value.c), the three sources
 * (config.c, config_file.c), checks across keys (config_check.c) and what people read (config_print.c).
 */
#ifndef MSGC__CONFIG_INTERNAL_H
#define MSGC__CONFIG_INTERNAL_H

#include "config.h"
#include "log.h"

/* Types beyond those of msgc_setting. */
enum msgc__key_type {
	MSGC__KEY_LIST = MSGC_SETTING_DURATION + 1, /* struct msgc__config_list: "a, b" */
	MSGC__KEY_PORT,                             /* int64_t: 0 to 65535, or "off" */
	MSGC__KEY_LEVEL,                            /* enum msgc_log_level */
	MSGC__KEY_FORMAT,                           /* bool: "logfmt" or "json" */
	MSGC__KEY_RATE,   /* struct msgc_rate: "20 per 1s burst 50", or "off" */
	MSGC__KEY_POLICY, /* enum msgc_outbox_policy */
	MSGC__KEY_AUTO,   /* int64_t: yes, no or "auto" (MSGC__AUTO) */
};

struct msgc__key {
	const char *section;
	const char *name;
	int type; /* of either enum */
	size_t offset;
	const char *initial; /* NULL: must be given */
	int64_t min, max;    /* of numbers; max 0: no bounds */
	const char *help;
	bool secret;
};

enum msgc__source {
	MSGC__FROM_DEFAULT,
	MSGC__FROM_FILE,
	MSGC__FROM_ENVIRONMENT,
	MSGC__FROM_COMMAND_LINE
};

/* A key in use. Rising sources override lower ones. */
struct msgc__entry {
	struct msgc__key key;
	void *target;
	bool of_program; /* a struct msgc_setting */
	bool is_set;
	enum msgc__source source;
	int line;          /* in the file; 0: not from there */
	const char *text;  /* as it was given; owned by the state */
	char variable[96]; /* "MSGC_PORT", "CHAT_DATABASE" */
};

struct msgc__complaint {
	bool warning;
	char *where; /* "command line", "chat.conf:3", "MSGC_PORT" */
	char *text;
};

enum { MSGC__COMPLAINTS_MAX = 32 };

struct msgc__config_state {
	struct msgc__entry *entries;
	size_t entry_count;
	const char *program;
	const char *file; /* of --config; NULL: none */
	enum msgc__source file_source;
	bool help, version, print;
	bool wrong, command_line_wrong, no_memory;
	struct msgc__complaint complaints[MSGC__COMPLAINTS_MAX];
	size_t complaint_count;
	void **owned; /* values that the configuration points to */
	size_t owned_count, owned_cap;
	struct msgc__log_muted muted;
};

extern const struct msgc__key msgc__config_keys[];
/* Names of those that may change while the server runs, NULL at the end. (config_live.c) */
extern const char *const msgc__config_live[];
extern const size_t msgc__config_key_count;

/* Keys that are none of the table: they choose what is read or done. */
extern const char msgc__key_file[]; /* "config" */

/* Copies, remembered until the configuration is freed. NULL: no memory (noted in the state). */
void *msgc__config_own(struct msgc__config_state *state, size_t size);
char *msgc__config_copy(struct msgc__config_state *state, const char *text, size_t len);

/* Notes what is wrong. `where` is text for people. */
void msgc__config_complain(struct msgc__config_state *state, bool warning, const char *where,
        const char *format, ...) MSGC_PRINTF(4, 5);

/* NULL: no such key. */
struct msgc__entry *msgc__config_find(
        struct msgc__config_state *state, const char *name, size_t len);
/* The key that was probably meant, or NULL. */
const char *msgc__config_guess(
        const struct msgc__config_state *state, const char *name, size_t len);

/* Reads `text` into the entry's target. MSGC_EINVAL: complained about with `where`; the target is as before. */
int msgc__config_set(struct msgc__config_state *state, struct msgc__entry *entry, const char *text,
        size_t len, enum msgc__source source, const char *where);
bool msgc__config_read_bool(const char *text, bool *ret);

/* "command line", "environment (MSGC_PORT)", "chat.conf:3", "default" */
void msgc__config_where(const struct msgc__config_state *state, const struct msgc__entry *entry,
        char *out, size_t size);

int msgc__config_read_file(struct msgc__config_state *state, const char *path);
/* Text of a file, for fuzzing and tests. */
void msgc__config_read_text(
        struct msgc__config_state *state, const char *path, char *text, size_t len);

void msgc__config_check(struct msgc__config *config);

void msgc__config_print_help(const struct msgc__config *config, FILE *out);
void msgc__config_print_values(const struct msgc__config *config, FILE *out);

#endif
