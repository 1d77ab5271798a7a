" SPDX-License-Identifier: MIT
" setfiletype would keep what Vim itself may have guessed of a file that ends in .msg.
autocmd BufNewFile,BufRead *.msg set filetype=msg
