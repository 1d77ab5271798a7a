" SPDX-License-Identifier: MIT
" For each file named in $FILES: the syntax groups at the places ("line column") in FILE.places, to FILE.groups.
filetype plugin on
syntax on
for file in readfile($FILES)
  execute 'edit!' fnameescape(file)
  syntax sync fromstart
  let groups = [&filetype]
  for place in readfile(file . '.places')
    let [line, column] = split(place)
    call add(groups, synIDattr(synID(str2nr(line), str2nr(column), 1), 'name'))
  endfor
  call writefile(groups, file . '.groups')
endfor
qall!
