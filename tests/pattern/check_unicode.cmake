# SPDX-License-Identifier: MIT
# pattern_unicode.c must be what pattern_unicode.py writes. PYTHON, FOLDER.
execute_process(COMMAND ${PYTHON} ${FOLDER}/pattern_unicode.py OUTPUT_VARIABLE written RESULT_VARIABLE result)
if(result)
	message(FATAL_ERROR "pattern_unicode.py failed")
endif()
file(READ ${FOLDER}/pattern_unicode.c committed)
string(REGEX MATCH "Unicode [0-9.]+" here "${written}")
string(REGEX MATCH "Unicode [0-9.]+" there "${committed}")
if(NOT here STREQUAL there)
	message("another version of Unicode: ${here}, not ${there}")
elseif(NOT written STREQUAL committed)
	message(FATAL_ERROR "pattern_unicode.c is not what pattern_unicode.py writes")
endif()
