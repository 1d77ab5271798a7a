/* SPDX-License-Identifier: MIT */
/*
 * emit_sha256.h - SHA-256 (FIPS 180-4) in base64, as a Content-Security-Policy names a script.
 */
#ifndef MSGC_COMPILER_EMIT_SHA256_H
#define MSGC_COMPILER_EMIT_SHA256_H

#include <stddef.h>

#define EMIT_SHA256_BASE64 45 /* with the NUL behind it */

void emit_sha256_base64(const char *bytes, size_t length, char ret_text[EMIT_SHA256_BASE64]);

#endif
