/* SPDX-License-Identifier: MIT */
/* A certificate for one test. It must not know who serves with it. */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

extern char certificate_file[64], certificate_key[64]; /* PEM, of this process */

void certificate_make(void);
void certificate_remove(void);

#endif
