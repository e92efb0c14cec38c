-- Keep a lease that is still ours.
-- KEYS: lease
-- ARGV: token, lease time (ms)
-- Returns: 1, or 0 when the lease is not ours any more.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
