# SPDX-License-Identifier: MIT
# For the scripts that write files into C: include() it.
#
# embed_bytes(PATH ID ARRAYS [LENGTH]) appends to the variable ARRAYS the definition of ID, an array with the file's bytes and a NUL behind them; LENGTH
# becomes their number, without the NUL.
function(embed_bytes path id ret_arrays)
	file(READ ${path} bytes HEX)
	string(LENGTH "${bytes}" length)
	math(EXPR length "${length} / 2")
	string(REGEX REPLACE "(..)" "0x\\1, " bytes "${bytes}")
	string(REGEX REPLACE "(((0x.., )?){16})" "\\1\n\t" bytes "${bytes}")
	set(${ret_arrays} "${${ret_arrays}}static const unsigned char ${id}[] = {\n\t${bytes}0x00};\n\n" PARENT_SCOPE)
	if(ARGC GREATER 3)
		set(${ARGV3} ${length} PARENT_SCOPE)
	endif()
endfunction()
