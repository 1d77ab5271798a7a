# SPDX-License-Identifier: MIT
#[=[
msgc_generate(TARGET target CONTRACTS file.msg…
	[EMIT output…]        what to write: c (default), c-client (beside c), jsonschema, asyncapi, documents, ts, js, html, markdown
	[OPTIMIZE what]       speed: readers for every record, beside its table; size: none; auto (default): for what messages
	                      begin with
	[IMPORT_DIRS folder…] where imports are looked for, beside the importing file
	[OUTPUT_DIR folder])  where to write; ${CMAKE_CURRENT_BINARY_DIR}/msgc by default

Compiles contracts when they, or what they import, have changed. NAME.msgc.c becomes a source of the target, and NAME.msgc.h
can be included by it and by what links to it. An imported contract needs a place of its own in CONTRACTS, of this or of a
linked target. Other outputs are written into the same folder.

The same function inside msgc's own tree and behind find_package(msgc): it runs the target msgc::compiler.
#]=]
include_guard(GLOBAL)

# Which files an output consists of. Sets ${ret}.
function(msgc__output_files ret output stem)
	if(output STREQUAL "c")
		set(${ret} ${stem}.msgc.h ${stem}.msgc.c PARENT_SCOPE)
	elseif(output STREQUAL "c-client")
		set(${ret} ${stem}.client.h ${stem}.client.c PARENT_SCOPE)
	elseif(output STREQUAL "jsonschema")
		set(${ret} ${stem}.schema.json PARENT_SCOPE)
	elseif(output STREQUAL "asyncapi")
		set(${ret} ${stem}.asyncapi.json PARENT_SCOPE)
	elseif(output STREQUAL "documents")
		set(${ret} ${stem}.documents.h ${stem}.documents.c PARENT_SCOPE)
	elseif(output STREQUAL "ts")
		set(${ret} ${stem}.ts PARENT_SCOPE)
	elseif(output STREQUAL "js")
		set(${ret} ${stem}.js ${stem}.d.ts PARENT_SCOPE)
	elseif(output STREQUAL "html")
		set(${ret} ${stem}.html PARENT_SCOPE)
	elseif(output STREQUAL "markdown")
		set(${ret} ${stem}.md PARENT_SCOPE)
	else()
		message(FATAL_ERROR "msgc_generate: EMIT ${output}: there are c, c-client, jsonschema, asyncapi, documents, ts, js, html and markdown")
	endif()
endfunction()

# The command for one contract. Sets ${ret} to its outputs.
function(msgc__add_command ret contract emit optimize import_dirs output_dir)
	get_filename_component(file ${contract} ABSOLUTE)
	get_filename_component(name ${file} NAME)
	get_filename_component(stem ${file} NAME_WLE)
	set(outputs "")
	set(arguments --optimize ${optimize})
	foreach(output IN LISTS emit)
		msgc__output_files(files ${output} ${stem})
		list(TRANSFORM files PREPEND ${output_dir}/)
		list(APPEND outputs ${files})
		list(APPEND arguments --emit ${output})
	endforeach()
	foreach(dir IN LISTS import_dirs)
		get_filename_component(dir ${dir} ABSOLUTE)
		list(APPEND arguments -I ${dir})
	endforeach()
	add_custom_command(
		OUTPUT ${outputs}
		COMMAND msgc::compiler ${arguments} -MD -MF ${output_dir}/${stem}.d -o ${output_dir} ${file}
		DEPENDS ${file} msgc::compiler
		DEPFILE ${output_dir}/${stem}.d
		COMMENT "Compiling contract ${name}"
		VERBATIM)
	set(${ret} ${outputs} PARENT_SCOPE)
endfunction()

function(msgc_generate)
	cmake_parse_arguments(PARSE_ARGV 0 G "" "TARGET;OPTIMIZE;OUTPUT_DIR" "CONTRACTS;EMIT;IMPORT_DIRS")
	if(G_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "msgc_generate: what is ${G_UNPARSED_ARGUMENTS}?")
	endif()
	if(NOT G_TARGET OR NOT G_CONTRACTS)
		message(FATAL_ERROR "msgc_generate: TARGET and CONTRACTS are needed")
	endif()
	if(NOT G_EMIT)
		set(G_EMIT c)
	endif()
	if(NOT G_OPTIMIZE)
		set(G_OPTIMIZE auto)
	endif()
	if(NOT G_OUTPUT_DIR)
		set(G_OUTPUT_DIR ${CMAKE_CURRENT_BINARY_DIR}/msgc)
	endif()
	get_filename_component(G_OUTPUT_DIR ${G_OUTPUT_DIR} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
	file(MAKE_DIRECTORY ${G_OUTPUT_DIR})

	foreach(contract IN LISTS G_CONTRACTS)
		msgc__add_command(outputs ${contract} "${G_EMIT}" ${G_OPTIMIZE} "${G_IMPORT_DIRS}" ${G_OUTPUT_DIR})
		target_sources(${G_TARGET} PRIVATE ${outputs})
	endforeach()
	target_include_directories(${G_TARGET} PUBLIC $<BUILD_INTERFACE:${G_OUTPUT_DIR}>)
endfunction()
