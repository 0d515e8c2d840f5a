;;; mandatum.el --- Problems of mandatum in compilation buffers  -*- lexical-binding: t; -*-

;; Load this file, then M-x compile RET mandatum check PACK.

(require 'compile)

(add-to-list 'compilation-error-regexp-alist-alist
             '(mandatum
               "^\\(?:error\\|\\(warning\\)\\)\\[[a-z0-9-]+\\]: .*\n *--> \\(.+\\):\\([0-9]+\\):\\([0-9]+\\)$"
               2 3 4 (1)))
(add-to-list 'compilation-error-regexp-alist 'mandatum)

(add-to-list 'compilation-error-regexp-alist-alist
             '(mandatum-one-line
               "^\\(.+\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\)\\[[a-z0-9-]+\\]: "
               1 2 3 (4)))
(add-to-list 'compilation-error-regexp-alist 'mandatum-one-line)

(provide 'mandatum)
;;; mandatum.el ends here
