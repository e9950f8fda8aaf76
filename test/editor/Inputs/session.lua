-- Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
-- See LICENSE for license information.
-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
--
-- What a person does in the editor: opens a file, waits for a diagnostic, asks
-- for the code actions on its line, takes one, saves. By the environment:
--   VFIO_FILE, VFIO_DIAGNOSTIC (part of its text), VFIO_ACTION (part of its title)
-- Prints each step with its time; exit status 1 where something does not come.

local function say(text)
  io.stdout:write(text .. '\n')
end

local function stop(text)
  say('FAILED: ' .. text)
  for _, message in ipairs(vim.diagnostic.get(0)) do
    say('  ' .. (message.lnum + 1) .. ': ' .. message.message)
  end
  vim.cmd('cquit 1')
end

local now = vim.loop.hrtime
local function wait(what, condition)
  local start = now()
  if not vim.wait(60000, condition, 5) then
    stop('no ' .. what)
  end
  return (now() - start) / 1e9
end

local function find(text)
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    if diagnostic.message:find(text, 1, true) then
      return diagnostic
    end
  end
end

-- True where the diagnostics are those of the text as it is now, after a change:
-- an unchanged text has no version.
local seen = 0
local publish = vim.lsp.handlers['textDocument/publishDiagnostics']
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(err, result, ...)
  publish(err, result, ...)
  seen = result.version or seen
end
local function settled()
  return seen == vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
end

local wanted = vim.env.VFIO_DIAGNOSTIC
local start = now()
vim.cmd('edit ' .. vim.env.VFIO_FILE)
wait('diagnostic with ' .. wanted, function() return find(wanted) end)
say(string.format('open to diagnostics: %.2f s', (now() - start) / 1e9))

-- A keystroke somewhere else, as while typing; and undone.
local escape = vim.api.nvim_replace_termcodes('<Esc>', true, true, true)
vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.api.nvim_feedkeys('O/* typed */' .. escape, 'xt', false)
local typed = wait('diagnostics after a keystroke', settled)
say(string.format('keystroke to diagnostics: %.2f s', typed))
vim.cmd('silent undo')
wait('diagnostic again', function() return settled() and find(wanted) end)

local diagnostic = find(wanted)
say('diagnostic on line ' .. (diagnostic.lnum + 1) .. ': ' .. diagnostic.message)
vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })

-- The menu of code actions, answered.
local chosen
vim.ui.select = function(items, _, on_choice)
  for _, item in ipairs(items) do
    local title = item[2].title
    say('offered: ' .. title)
    if not chosen and title:find(vim.env.VFIO_ACTION, 1, true) then
      chosen = item
    end
  end
  if chosen then
    on_choice(chosen)
  end
end
local tick = vim.api.nvim_buf_get_changedtick(0)
vim.lsp.buf.code_action()
local taken = wait('code action ' .. vim.env.VFIO_ACTION, function() return chosen end)
taken = taken + wait('edit', function()
  return vim.api.nvim_buf_get_changedtick(0) > tick
end)
say(string.format('code action to edit: %.2f s', taken))
say('taken: ' .. chosen[2].title)
wait('silence', function() return settled() and not find(wanted) end)
vim.cmd('silent write')
say('saved')
vim.lsp.stop_client(vim.lsp.get_active_clients())
vim.cmd('quit')
