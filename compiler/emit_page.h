/* SPDX-License-Identifier: MIT */
/*
 * emit_page.h - texts of page/ that pages carry; part of the compiler at build time.
 */
#ifndef MSGC_COMPILER_EMIT_PAGE_H
#define MSGC_COMPILER_EMIT_PAGE_H

extern const char *const page_reference_css;
extern const char *const page_reference_js;

#endif
