-- Take the lease of an item, with a fencing token that only ever rises.
-- KEYS: lease, state
-- ARGV: nonce (so that tokens differ even after Redis lost its data), lease time (ms), item expiry (ms)
-- Returns: the token, or false when somebody holds the lease.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return false
end
local token = redis.call('HINCRBY', KEYS[2], 'token', 1) .. ':' .. ARGV[1]
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
