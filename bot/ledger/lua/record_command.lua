-- Remember a delivery and the slash command in it; a command is known by its comment's id.
-- KEYS: delivery, commands, answered, work, wake
-- ARGV: item, comment id, command (JSON), delivery expiry (ms), item expiry (ms)
-- Returns: "recorded", "known" (still pending) or "done" (answered before).
redis.call('HSET', KEYS[1], 'item', ARGV[1], 'command', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if redis.call('SISMEMBER', KEYS[3], ARGV[2]) == 1 then
  return 'done'
end
local answer = 'known'
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 1 then
  answer = 'recorded'
end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[4], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
if redis.call('LLEN', KEYS[5]) == 0 then
  redis.call('LPUSH', KEYS[5], '1')
end
return answer
