# SPDX-License-Identifier: MIT
# cmake -DMSGC=program -DOUT=folder -DCONTRACTS=folder;… -P write_schemas.cmake: NAME.schema.json of every contract in these folders, and
# NAME/MESSAGE.schema.json of its messages.
file(REMOVE_RECURSE ${OUT})
file(MAKE_DIRECTORY ${OUT})
foreach(folder IN LISTS CONTRACTS)
	file(GLOB files ${folder}/*.msg)
	foreach(file IN LISTS files)
		execute_process(COMMAND ${MSGC} --emit jsonschema,jsonschema-messages -o ${OUT} ${file} COMMAND_ERROR_IS_FATAL ANY)
	endforeach()
endforeach()
