# SPDX-License-Identifier: MIT
# A table must be what its program writes. PROGRAM: a command; SOURCE: the file.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE written RESULT_VARIABLE result)
if(result)
	message(FATAL_ERROR "${PROGRAM} failed")
endif()
file(READ ${SOURCE} committed)
string(REGEX MATCH "Unicode [0-9.]+[0-9]" here "${written}")
string(REGEX MATCH "Unicode [0-9.]+[0-9]" there "${committed}")
if(NOT here STREQUAL there)
	message("another version of Unicode: ${here}, not ${there}")
elseif(NOT written STREQUAL committed)
	message(FATAL_ERROR "${SOURCE} is not what ${PROGRAM} writes")
endif()
