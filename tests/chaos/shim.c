/* SPDX-License-Identifier: MIT */
/*
 * The file system that fails. Everything goes to the real one, unless the dice say otherwise. It must not know what the files are.
 */
#include "shim.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "../../runtime/server/boot.h"
#include "shim_power.h"

static struct chaos_wishes *wishes;
static sqlite3_vfs *real_vfs;
static _Thread_local uint64_t dice;

static int chance(const _Atomic uint32_t *of_thousand)
{
	uint32_t wanted = *of_thousand;

	if (wanted == 0)
		return 0;
	if (dice == 0)
		dice = (uint64_t)time(NULL) ^ (uint64_t)(uintptr_t)&dice ^ (uint64_t)getpid() << 32;
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (dice >> 33) % 1000 < wanted;
}

/* ---- the clock: the linker sends the server's time() here */

time_t __real_time(time_t *to);
time_t __wrap_time(time_t *to);

time_t __wrap_time(time_t *to)
{
	time_t now = __real_time(NULL) + (wishes ? wishes->clock_offset : 0);

	if (to)
		*to = now;
	return now;
}

/* ---- the machine's number: the same way */

void __real_msgc__boot_read(char ret_boot[MSGC__BOOT_MAX]);
void __wrap_msgc__boot_read(char ret_boot[MSGC__BOOT_MAX]);

void __wrap_msgc__boot_read(char ret_boot[MSGC__BOOT_MAX])
{
	__real_msgc__boot_read(ret_boot);
	if (wishes && wishes->boot && ret_boot[0])
		ret_boot[0] = (char)('A' + wishes->boot % 26); /* which the kernel's are not */
}

/* ---- files */

struct file {
	sqlite3_file base;
	sqlite3_file *real;        /* behind it */
	struct chaos_power *power; /* NULL: it is not remembered */
};

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->real;
}

#define FORWARD(name, parameters, arguments)                                                       \
	static int name parameters                                                                 \
	{                                                                                          \
		return real_of(file)->pMethods->name arguments;                                    \
	}

static int xClose(sqlite3_file *file)
{
	int result = real_of(file)->pMethods->xClose(real_of(file));

	chaos_power_close(((struct file *)(void *)file)->power);
	file->pMethods = NULL;
	return result;
}

static int xRead(sqlite3_file *file, void *to, int amount, sqlite3_int64 offset)
{
	if (chance(&wishes->read_fails))
		return SQLITE_IOERR_READ;
	return real_of(file)->pMethods->xRead(real_of(file), to, amount, offset);
}

static struct chaos_power *power_of(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->power;
}

/* Half of what fails has been written in part. */
static int xWrite(sqlite3_file *file, const void *from, int amount, sqlite3_int64 offset)
{
	int result = SQLITE_OK;

	if (chance(&wishes->write_fails))
		result = SQLITE_IOERR_WRITE;
	else if (chance(&wishes->disk_full))
		result = SQLITE_FULL;
	if (result != SQLITE_OK) {
		if (dice >> 40 & 1)
			(void)chaos_power_write(
			        power_of(file), real_of(file), from, amount / 2, offset);
		return result;
	}
	return chaos_power_write(power_of(file), real_of(file), from, amount, offset);
}

static int xSync(sqlite3_file *file, int flags)
{
	const struct timespec tenth = {.tv_nsec = 100 * 1000 * 1000};

	if (chance(&wishes->slow_syncs))
		nanosleep(&tenth, NULL);
	if (chance(&wishes->sync_fails))
		return SQLITE_IOERR_FSYNC;
	return chaos_power_sync(power_of(file), real_of(file), flags);
}

static int xTruncate(sqlite3_file *file, sqlite3_int64 size)
{
	return chaos_power_truncate(power_of(file), real_of(file), size);
}

FORWARD(xFileSize, (sqlite3_file * file, sqlite3_int64 *size), (real_of(file), size))
FORWARD(xLock, (sqlite3_file * file, int level), (real_of(file), level))
FORWARD(xUnlock, (sqlite3_file * file, int level), (real_of(file), level))
FORWARD(xCheckReservedLock, (sqlite3_file * file, int *result), (real_of(file), result))
FORWARD(xFileControl, (sqlite3_file * file, int op, void *arg), (real_of(file), op, arg))
FORWARD(xSectorSize, (sqlite3_file * file), (real_of(file)))
FORWARD(xDeviceCharacteristics, (sqlite3_file * file), (real_of(file)))
FORWARD(xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **to),
        (real_of(file), page, size, extend, to))
FORWARD(xShmLock, (sqlite3_file * file, int offset, int n, int flags),
        (real_of(file), offset, n, flags))
FORWARD(xShmUnmap, (sqlite3_file * file, int delete_it), (real_of(file), delete_it))

static void xShmBarrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = xClose,
        .xRead = xRead,
        .xWrite = xWrite,
        .xTruncate = xTruncate,
        .xSync = xSync,
        .xFileSize = xFileSize,
        .xLock = xLock,
        .xUnlock = xUnlock,
        .xCheckReservedLock = xCheckReservedLock,
        .xFileControl = xFileControl,
        .xSectorSize = xSectorSize,
        .xDeviceCharacteristics = xDeviceCharacteristics,
        .xShmMap = xShmMap,
        .xShmLock = xShmLock,
        .xShmBarrier = xShmBarrier,
        .xShmUnmap = xShmUnmap,
};

static int open_file(
        sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *ret_flags)
{
	struct file *shim = (struct file *)(void *)file;
	int result;

	(void)vfs;
	shim->real = (sqlite3_file *)(void *)(shim + 1);
	result = real_vfs->xOpen(real_vfs, name, shim->real, flags, ret_flags);
	file->pMethods = shim->real->pMethods ? &methods : NULL;
	shim->power = NULL;
	if (result == SQLITE_OK && wishes->remember &&
	        flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))
		shim->power = chaos_power_open(name);
	return result;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
	(void)vfs;
	if (wishes->remember)
		chaos_power_forget(name);
	return real_vfs->xDelete(real_vfs, name, sync_directory);
}

/* ---- installing */

int chaos_shim_install(const char *path)
{
	static sqlite3_vfs shim;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *map = fd < 0 ? MAP_FAILED
	                   : mmap(NULL, sizeof *wishes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	real_vfs = sqlite3_vfs_find(NULL);
	if (map == MAP_FAILED || !real_vfs)
		return -1;
	wishes = map;
	shim = *real_vfs;
	shim.zName = "chaos";
	shim.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	shim.xOpen = open_file;
	shim.xDelete = delete_file;
	return sqlite3_vfs_register(&shim, 1) == SQLITE_OK ? 0 : -1;
}
