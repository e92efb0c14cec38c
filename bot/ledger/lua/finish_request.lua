-- Mark a generation done.
-- KEYS: state, lease
-- ARGV: token, generation
-- Returns: 1, or 0 when the lease is not ours any more and nothing was marked.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
local done = tonumber(redis.call('HGET', KEYS[1], 'done') or '0')
if tonumber(ARGV[2]) > done then
  redis.call('HSET', KEYS[1], 'done', ARGV[2])
end
return 1
