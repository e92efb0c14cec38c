-- When will something be due that is not due yet?
-- KEYS: work
-- Returns: milliseconds from now, or false.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
return due and math.ceil(tonumber(due) - now)
