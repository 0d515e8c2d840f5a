" Problems of mandatum in the quickfix list. Put this file into ~/.vim/compiler/ (Neovim: ~/.config/nvim/compiler/),
" then :compiler mandatum and :make PACK.
if exists("current_compiler")
  finish
endif
let current_compiler = "mandatum"

CompilerSet makeprg=mandatum\ check
CompilerSet errorformat=
      \%f:%l:%c:\ %trror[%*[a-z0-9-]]:\ %m,
      \%f:%l:%c:\ %tarning[%*[a-z0-9-]]:\ %m,
      \%Eerror[%*[a-z0-9-]]:\ %m,
      \%Wwarning[%*[a-z0-9-]]:\ %m,
      \%Z%*\\s-->\ %f:%l:%c,
      \%Z-->\ %f:%l:%c,
      \%-G%.%#
