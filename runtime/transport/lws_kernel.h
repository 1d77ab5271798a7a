/* SPDX-License-Identifier: MIT */
/* What the kernel knows of a TCP socket. A file of its own, because the headers for it clash with those that everybody else uses. */
#ifndef MSGC__LWS_KERNEL_H
#define MSGC__LWS_KERNEL_H

#include <stdint.h>

/* Bytes that have been read from the socket so far; 0 where the kernel does not tell. */
uint64_t msgc__lws_bytes_read(int fd);
/* The same, but when more arrives meanwhile it is too much instead of too little; UINT64_MAX where the kernel does not tell. */
uint64_t msgc__lws_bytes_read_or_more(int fd);

#endif
