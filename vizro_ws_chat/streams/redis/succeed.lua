-- End a run whose process has died, unless something was written in the meantime.
-- KEYS: its frames
-- ARGV: the id of the last entry that is known, the id of the new one, its frames, how long they are kept (ms)
-- Returns 1 when it was ended, else 0.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if not last[1] or last[1][1] ~= ARGV[1] then
  return 0
end
redis.call('XADD', KEYS[1], ARGV[2], 'f', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
