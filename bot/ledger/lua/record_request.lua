-- Remember a delivery and raise the wanted generation of what it is about, in one step.
-- KEYS: delivery, state, work, wake
-- ARGV: item, request (JSON), fresh ("1" or ""), delivery expiry (ms), item expiry (ms)
-- Returns: "recorded", "known" (a redelivery of what is not done yet) or "done" (a redelivery of what is).
local generation = redis.call('HGET', KEYS[1], 'generation')
local done = tonumber(redis.call('HGET', KEYS[2], 'done') or '0')
local wanted = tonumber(redis.call('HGET', KEYS[2], 'wanted') or '0')
local answer = 'recorded'
if generation and tonumber(generation) <= wanted then
  if tonumber(generation) <= done then
    return 'done'
  end
  answer = 'known'
else
  if wanted <= done then
    redis.call('HDEL', KEYS[2], 'fresh')
  end
  generation = redis.call('HINCRBY', KEYS[2], 'wanted', 1)
  redis.call('HSET', KEYS[2], 'request', ARGV[2])
  if ARGV[3] == '1' then
    redis.call('HSET', KEYS[2], 'fresh', '1')
  end
  redis.call('HSET', KEYS[1], 'item', ARGV[1], 'generation', generation)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
if redis.call('LLEN', KEYS[4]) == 0 then
  redis.call('LPUSH', KEYS[4], '1')
end
return answer
