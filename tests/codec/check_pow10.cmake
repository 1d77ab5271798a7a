# SPDX-License-Identifier: MIT
# Fails unless runtime/codec/pow10.c is, byte for byte, what pow10.py writes.
execute_process(COMMAND ${PYTHON} ${FOLDER}/pow10.py OUTPUT_VARIABLE written RESULT_VARIABLE result)
file(READ ${FOLDER}/pow10.c kept)
if(NOT result EQUAL 0 OR NOT written STREQUAL kept)
	message(FATAL_ERROR "pow10.c is not what pow10.py writes: python3 pow10.py >pow10.c")
endif()
