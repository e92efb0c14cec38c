-- Remember an answer of GitHub, and forget the oldest of an installation's.
-- KEYS: answer, index (sorted set of answers by when they were kept)
-- ARGV: ETag, body, expiry (ms), how many are kept
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'tag', ARGV[1], 'body', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
for _, old in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(ARGV[4]))) do
  redis.call('DEL', old)
  redis.call('ZREM', KEYS[2], old)
end
