" SPDX-License-Identifier: MIT
" Vim syntax file: contracts of msgc (.msg).
"
" Keywords are contextual, so all of them are matches: where two begin at the same place the later one here wins, and names of members win over all words. Its
" words, and those of the TextMate grammar in schemas/vscode, are compared with the compiler's by a test; so is what both make of every contract.
if exists('b:current_syntax')
  finish
endif

let s:cpo_save = &cpo
set cpo&vim

syn match msgOperator /->\|\.\.\.\|\.\.\|[=!<>]=\|[-=|<>+*\/%?]/

" Words of clauses, words that change a declaration, words that declare.
syn match msgClause /\v\.@1<!<%(as|at|auth|broadcast|burst|by|check|completion|compression|else|error|for|greet|history|join|keep|limit|object|per|permit|presence|receive|require|send|subprotocol|topics|use)>/
syn match msgModifier /\v\.@1<!<%(closed|deprecated|durable|open)>/
syn match msgDeclaration /\v\.@1<!<%(consumer|contract|enum|envelope|event|group|import|message|mixin|option|topic|type|union)>/

syn match msgType /\v\.@1<!<%(bool|int8|int16|int32|int53|int64|uint8|uint16|uint32|uint64|float32|float64|decimal|string|bytes|datetime|date|time|duration|uuid|json|map)>/
syn match msgConstraint /\v<%(min|max|above|below|step|len|bytes|count|format|pattern)>\ze\s+%(-?\d|\.\.|r?"|\a)/
syn match msgConstraint /\v<%(unique|trim|lower|upper|not_blank)>\ze\s*[,)]/
syn match msgConstraint /\v<%(len|count|has)>\ze\(/

syn match msgWord /\v<%(and|or|not)>/
syn match msgConstant /\v<%(null|true|false)>/

" What is declared, and what a member is called.
syn match msgDeclaration /\v\.@1<!<%(group\s+message>)@!%(consumer|contract|enum|event|group|message|mixin|topic|type|union)>\ze\s+\h/ nextgroup=msgDeclared skipwhite
syn match msgDeclared /\h\w*/ contained
syn match msgDeclaration /\v\.@1<!<option>\ze\s+\h/ nextgroup=msgOption skipwhite
syn match msgOption /\h\w*/ contained
syn match msgMember /\v<%(%(as|and|or|not|null|true|false)>)@!\h\w*>\ze\s*%(as\s*%("%([^"\\]|\\.)*"|-?\w+)\s*)?\??\s*:/

syn match msgNumber /\v<\d+%(\.\d+)?%([eE][-+]?\d+>|\h\w*)?/
syn match msgEscape /\v\\%(["\\\/bfnrt]|u\x{4})/ contained
syn region msgString start=/"/ skip=/\\./ end=/"/ oneline contains=msgEscape
syn region msgRaw start=/\<r"/ end=/"/ oneline

syn match msgComment /\/\/.*$/ contains=msgTodo,@Spell
syn match msgDoc /\/\/\/\%(\/\)\@!.*$/ contains=msgCode,@Spell
syn match msgCode /`[^`]*`/ contained
syn keyword msgTodo TODO FIXME XXX contained

hi def link msgClause Statement
hi def link msgModifier StorageClass
hi def link msgDeclaration Structure
hi def link msgType Type
hi def link msgConstraint Function
hi def link msgWord Operator
hi def link msgOperator Operator
hi def link msgConstant Constant
hi def link msgDeclared Identifier
hi def link msgOption PreProc
hi def link msgMember Normal
hi def link msgNumber Number
hi def link msgString String
hi def link msgRaw String
hi def link msgEscape SpecialChar
hi def link msgComment Comment
hi def link msgDoc SpecialComment
hi def link msgCode Special
hi def link msgTodo Todo

let b:current_syntax = 'msg'
let &cpo = s:cpo_save
unlet s:cpo_save
