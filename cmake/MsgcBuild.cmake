# SPDX-License-Identifier: MIT
# How every target of this tree is compiled: language level, warnings, sanitizers.
# It must not know which targets there are.

include(GNUInstallDirs)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
	set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

set(MSGC_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wpointer-arith -Wwrite-strings -Wundef)
if(MSGC_WERROR)
	list(APPEND MSGC_WARNINGS -Werror)
endif()

if(MSGC_SANITIZE)
	add_compile_options(-fsanitize=${MSGC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
	add_link_options(-fsanitize=${MSGC_SANITIZE})
endif()

# Hand-written and generated C alike: no target of ours is compiled without these.
function(msgc_target_defaults target)
	target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${MSGC_WARNINGS}>)
endfunction()
