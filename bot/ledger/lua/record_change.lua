-- Remember a delivery, and what it changes about where the App is installed.
-- KEYS: delivery, changes
-- ARGV: change (JSON), delivery expiry (ms)
-- Returns: "recorded", or "known" for a redelivery.
if redis.call('HSETNX', KEYS[1], 'change', '1') == 0 then
  return 'known'
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[1])
return 'recorded'
