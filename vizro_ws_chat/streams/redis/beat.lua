-- Say that a process is alive, and ask who is not.
-- KEYS: the processes, the apps, that Redis has lost what it had
-- ARGV: the process's id, for how long it is alive (ms), the app, whether it was here before (1 or 0)
-- Returns whether it was still taken for alive (1 or 0), the processes whose time is over, and the apps that were heard
-- of in that time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local was_until = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[4] == '1' and not was_until then
  redis.call('SET', KEYS[3], '1', 'PX', ARGV[2])
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[2], now, ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[2])
local was_alive = was_until and tonumber(was_until) > now
return {was_alive and 1 or 0, redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now), redis.call('ZRANGE', KEYS[2], 0, -1)}
