/* SPDX-License-Identifier: MIT */
/*
 * Faults that a chaos run asks for: a file system between SQLite and the real one that fails now and then or remembers what has not reached the
 * disk, a wall clock that jumps, a machine that was started anew. What is asked for stands in a file that both sides map, so that it works whatever the server is doing.
 */
#ifndef CHAOS_SHIM_H
#define CHAOS_SHIM_H

#include <stdint.h>

/* In chances out of 1000, but for the clock. Little-endian 32 bit numbers, for the other side: chaos.py. */
struct chaos_wishes {
	_Atomic uint32_t write_fails; /* SQLITE_IOERR_WRITE */
	_Atomic uint32_t disk_full;   /* SQLITE_FULL */
	_Atomic uint32_t sync_fails;  /* SQLITE_IOERR_FSYNC */
	_Atomic uint32_t read_fails;  /* SQLITE_IOERR_READ */
	_Atomic uint32_t slow_syncs;  /* they take a tenth of a second */
	_Atomic int32_t clock_offset; /* seconds that the wall clock is wrong */
	_Atomic uint32_t
	        remember; /* 1: keep what a loss of power would take, as shim_power.h says */
	_Atomic uint32_t
	        boot; /* how often the machine was started anew, if the server were to ask */
};

/* Maps the file and puts itself before SQLite's default file system. -1: it could not. */
int chaos_shim_install(const char *path);

#endif
