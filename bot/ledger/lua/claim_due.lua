-- Pick the items that are due and that nobody works on, and put off their next picking.
-- KEYS: work
-- ARGV: limit, milliseconds until a picked item is due again
-- Returns: the picked items. Leased ones are due again when their lease would end.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local picked = {}
for _, item in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local leased = redis.call('PTTL', 'architect:' .. item .. ':lease')
  if leased > 0 then
    redis.call('ZADD', KEYS[1], now + leased, item)
  else
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), item)
    local state = 'architect:' .. item .. ':state'
    local wanted = redis.call('HGET', state, 'wanted')
    if wanted then
      redis.call('HSET', state, 'queued', wanted)
    end
    picked[#picked + 1] = item
  end
end
return picked
