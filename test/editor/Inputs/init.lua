-- Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
-- See LICENSE for license information.
-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
--
-- A user's configuration as in docs/editors.md: vfio-clangd for C files, and
-- keys for its code actions. The command comes by the environment.
vim.opt.swapfile = false
vim.opt.number = true
vim.opt.hlsearch = false
vim.opt.termguicolors = true
vim.cmd('colorscheme desert')
vim.cmd('highlight NormalFloat guibg=#4a4a4a')
vim.cmd('highlight SignColumn guibg=NONE')
vim.diagnostic.config({ virtual_text = { prefix = '' }, severity_sort = true })
vim.api.nvim_create_autocmd('FileType', {
  pattern = 'c',
  callback = function()
    local client = vim.lsp.start_client({
      name = 'vfio-clangd',
      cmd = vim.split(vim.env.VFIO_CLANGD, ' '),
      root_dir = vim.fn.getcwd(),
    })
    vim.lsp.buf_attach_client(0, client)
    vim.keymap.set('n', '<Space>a', vim.lsp.buf.code_action, { buffer = true })
    vim.keymap.set('n', '<Space>e', vim.diagnostic.open_float, { buffer = true })
  end,
})
