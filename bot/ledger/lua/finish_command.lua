-- Mark a command answered.
-- KEYS: state, lease, commands, answered
-- ARGV: token, comment id, item expiry (ms)
-- Returns: 1, or 0 when the lease is not ours any more and nothing was marked.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('HDEL', KEYS[3], ARGV[2])
redis.call('HDEL', KEYS[1], 'tries:' .. ARGV[2])
redis.call('SADD', KEYS[4], ARGV[2])
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return 1
