" SPDX-License-Identifier: MIT
" Comments, and the layout of `msgc fmt`.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s comments=:///,:// formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=4 softtabstop=4 textwidth=100
if executable('msgc')
  setlocal formatprg=msgc\ fmt\ - makeprg=msgc\ check\ %
  setlocal errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m
endif

let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop< textwidth< formatprg< makeprg< errorformat<'
