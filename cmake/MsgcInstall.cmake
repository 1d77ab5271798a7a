# SPDX-License-Identifier: MIT
# What `cmake --install` puts where, and what find_package(msgc) and pkg-config say of it. Targets install themselves into the
# export set `msgc`, beside their own CMakeLists.txt; this is the rest.
include(CMakePackageConfigHelpers)

# msgc::msgc: what a server needs.
add_library(msgc_all INTERFACE)
add_library(msgc::msgc ALIAS msgc_all)
set_target_properties(msgc_all PROPERTIES EXPORT_NAME msgc)
target_link_libraries(msgc_all INTERFACE msgc_server msgc_codec)

install(TARGETS msgc_all EXPORT msgc)
install(FILES ${PROJECT_SOURCE_DIR}/schemas/std.msg DESTINATION ${CMAKE_INSTALL_DATADIR}/msgc)
install(FILES ${PROJECT_BINARY_DIR}/runtime/server/msgc/std.msgc.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/msgc)

# Shared libraries find each other beside themselves.
foreach(library msgc_server msgc_json_c msgc_jwt msgc_sqlite msgc_test)
	if(TARGET ${library})
		set_target_properties(${library} PROPERTIES INSTALL_RPATH "$ORIGIN")
	endif()
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/msgc)
install(EXPORT msgc NAMESPACE msgc:: FILE msgcTargets.cmake DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/msgcConfig.cmake.in ${PROJECT_BINARY_DIR}/cmake/msgcConfig.cmake
	INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/msgcConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/msgcConfig.cmake ${PROJECT_BINARY_DIR}/cmake/msgcConfigVersion.cmake
	${CMAKE_CURRENT_LIST_DIR}/MsgcGenerate.cmake DESTINATION ${package_dir})

# pkg-config, relative to where the file lies, so that the folder can be moved. Static libraries name what they need themselves.
file(RELATIVE_PATH MSGC_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
if(NOT BUILD_SHARED_LIBS)
	set(MSGC_PC_CODEC_LIBS " -pthread")
	set(MSGC_PC_SERVER_REQUIRES ", libwebsockets >= 4.1, libssl >= 3.0, libcrypto >= 3.0, zlib")
	set(MSGC_PC_SERVER_LIBS " -lev -pthread")
	set(MSGC_PC_JWT_REQUIRES ", libcrypto >= 3.0")
endif()
set(components msgc-codec msgc msgc-jwt msgc-json-c msgc-sqlite)
if(TARGET msgc_test)
	list(APPEND components msgc-test)
endif()
foreach(component IN LISTS components)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/${component}.pc.in ${PROJECT_BINARY_DIR}/cmake/${component}.pc @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/cmake/${component}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
