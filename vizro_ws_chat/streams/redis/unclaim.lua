-- Give a run back that was claimed and not started, unless another process has it by now.
-- KEYS: the run's claim, its facts; the process's runs
-- ARGV: the process's id, the run's name
redis.call('SREM', KEYS[3], ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1], KEYS[2])
end
