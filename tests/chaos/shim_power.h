/* SPDX-License-Identifier: MIT */
/*
 * What a loss of power would take: beside each file, in FILE.unsynced, stand the bytes that every write since the last sync has replaced. Whoever
 * ends the process can put them back, all or some, as a disk would that had not got around to the new ones: power.py does. It must not
 * know what the files are, and it does not model the directory: a file that was created or deleted stays so.
 *
 * A record, little-endian: int64 offset, int64 size of the file before, int64 length; then so many bytes that stood there. Records are
 * written before what they are about, so the last one may be torn, and then nothing has happened yet.
 */
#ifndef CHAOS_SHIM_POWER_H
#define CHAOS_SHIM_POWER_H

#include <sqlite3.h>

struct chaos_power; /* one file, for all who have it open in this process */

/* By the file's name; it aborts where that cannot be done, since a run that forgets half would judge wrongly. */
struct chaos_power *chaos_power_open(const char *name);
void chaos_power_close(struct chaos_power *power);
/* The file is deleted: there is nothing to put back any more. */
void chaos_power_forget(const char *name);

/* What the file system's methods do, for the real file; power may be NULL. */
int chaos_power_write(struct chaos_power *power, sqlite3_file *real, const void *from, int amount,
        sqlite3_int64 offset);
int chaos_power_truncate(struct chaos_power *power, sqlite3_file *real, sqlite3_int64 size);
int chaos_power_sync(struct chaos_power *power, sqlite3_file *real, int flags);

#endif
