# SPDX-License-Identifier: MIT
# Fails unless docs/design/json.md is, byte for byte, what codec_rfc prints.
execute_process(COMMAND ${PROGRAM} --list OUTPUT_VARIABLE written RESULT_VARIABLE result)
file(READ ${LIST} kept)
if(NOT result EQUAL 0 OR NOT written STREQUAL kept)
	message(FATAL_ERROR "docs/design/json.md is not what codec_rfc prints: codec_rfc --list >docs/design/json.md")
endif()
