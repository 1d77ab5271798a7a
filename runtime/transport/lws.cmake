# SPDX-License-Identifier: MIT
# The transport over libwebsockets, for whoever links it: MSGC_LWS_SOURCES, and msgc_link_lws(TARGET) for what they need.

find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS SSL Crypto)
find_package(ZLIB REQUIRED)
pkg_check_modules(LWS REQUIRED IMPORTED_TARGET libwebsockets>=4.1)
find_path(EV_INCLUDE_DIR ev.h PATH_SUFFIXES libev REQUIRED)
find_library(EV_LIBRARY ev REQUIRED)

set(MSGC_LWS_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../deflate/deflate.c ${CMAKE_CURRENT_LIST_DIR}/../deflate/offer.c)
foreach(file buffer client client_deflate client_holder context crowd decrypt gather guard head http inherit kernel link listen log loop reader receive refuse send settings sock tls)
	list(APPEND MSGC_LWS_SOURCES ${CMAKE_CURRENT_LIST_DIR}/lws_${file}.c)
endforeach()

function(msgc_link_lws target)
	target_link_libraries(${target} PRIVATE PkgConfig::LWS OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB ${EV_LIBRARY})
	target_include_directories(${target} PRIVATE ${EV_INCLUDE_DIR})
endfunction()
