-- Take a run for a process, unless it was taken before.
-- KEYS: the run's claim, its facts, that it was cancelled; the process's runs
-- ARGV: the process's id, how long the claim holds (ms), how long the facts are kept (ms), the facts, the run's name
-- Returns -1 when it was taken before, 1 when it was cancelled in the meantime, else 0.
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return -1
end
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
redis.call('SADD', KEYS[4], ARGV[5])
return redis.call('EXISTS', KEYS[3])
