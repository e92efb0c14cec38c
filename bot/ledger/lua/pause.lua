-- GitHub limited an installation: nothing is sent for it until this time is over.
-- KEYS: pause, strikes
-- ARGV: milliseconds, "1" when GitHub said how long (else every further limit doubles it), the longest (ms)
-- Returns: the milliseconds that are left now; a longer pause is never cut short.
local left = redis.call('PTTL', KEYS[1])
local wanted = tonumber(ARGV[1])
if ARGV[2] ~= '1' then
  if left <= 0 then
    redis.call('INCR', KEYS[2])
  end
  local strikes = tonumber(redis.call('GET', KEYS[2]) or '1')
  wanted = math.min(wanted * 2 ^ (strikes - 1), tonumber(ARGV[3]))
  redis.call('PEXPIRE', KEYS[2], math.floor(wanted * 2))
end
if wanted > left then
  left = math.floor(wanted)
  redis.call('SET', KEYS[1], '1', 'PX', left)
end
return left
