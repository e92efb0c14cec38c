-- Leave an item for later and release its lease.
-- KEYS: state, lease, work, running, wake
-- ARGV: token, item, delay (ms), the field that counts the tries, "1" when this try counts, the
--       generation that failed ("" for a command)
-- Returns: 1, or 0 when the lease is not ours any more and nothing was changed.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
if ARGV[5] ~= '1' then
  redis.call('HINCRBY', KEYS[1], ARGV[4], -1)
end
local delay = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[6] ~= '' and redis.call('HGET', KEYS[1], 'wanted') ~= ARGV[6] then
  delay = math.max(0, tonumber(redis.call('HGET', KEYS[1], 'due') or '0') - now)
end
redis.call('ZADD', KEYS[3], now + delay, ARGV[2])
redis.call('ZREM', KEYS[4], ARGV[2])
redis.call('DEL', KEYS[2])
if redis.call('LLEN', KEYS[5]) == 0 then
  redis.call('LPUSH', KEYS[5], '1')
end
return 1
