-- Remember a delivery and raise the wanted generation of what it is about, in one step.
-- KEYS: delivery, state, work, wake
-- ARGV: item, request (JSON), fresh ("1" or ""), delivery expiry (ms), item expiry (ms), the time (ms) within
--       which pushes count as one ("0": work on this at once)
-- Returns: "recorded", "known" (a redelivery of what is not done yet) or "done" (a redelivery of what is).
local generation = redis.call('HGET', KEYS[1], 'generation')
local done = tonumber(redis.call('HGET', KEYS[2], 'done') or '0')
local wanted = tonumber(redis.call('HGET', KEYS[2], 'wanted') or '0')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = tonumber(redis.call('HGET', KEYS[2], 'due') or '0')
local window = tonumber(ARGV[6])
local begun = wanted <= done or redis.call('HGET', KEYS[2], 'tried') == tostring(wanted)

-- The first push is due at once. Further ones wait until no more come, yet never longer than five times that.
local function put_off()
  local last = tonumber(redis.call('HGET', KEYS[2], 'pushed') or '0')
  if window == 0 or now - last >= window or (due <= now and not begun) then
    return now
  end
  if due <= now then
    redis.call('HSET', KEYS[2], 'gathering', now)
  end
  local gathering = tonumber(redis.call('HGET', KEYS[2], 'gathering') or now)
  return math.min(now + window, gathering + 5 * window)
end

local answer = 'recorded'
if generation and tonumber(generation) <= wanted then
  if tonumber(generation) <= done then
    return 'done'
  end
  answer = 'known'
else
  if wanted <= done then
    redis.call('HDEL', KEYS[2], 'fresh')
  end
  due = put_off()
  redis.call('HSET', KEYS[2], 'due', string.format('%.0f', due))
  if window > 0 then
    redis.call('HSET', KEYS[2], 'pushed', string.format('%.0f', now))
  end
  generation = redis.call('HINCRBY', KEYS[2], 'wanted', 1)
  redis.call('HSET', KEYS[2], 'request', ARGV[2])
  if ARGV[3] == '1' then
    redis.call('HSET', KEYS[2], 'fresh', '1')
  end
  redis.call('HSET', KEYS[1], 'item', ARGV[1], 'generation', generation)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local planned = tonumber(redis.call('ZSCORE', KEYS[3], ARGV[1]))
local queued = planned and not begun and due <= now
if not queued and (not planned or planned > now) then
  redis.call('ZADD', KEYS[3], math.max(now, due), ARGV[1])
end
if redis.call('LLEN', KEYS[4]) == 0 then
  redis.call('LPUSH', KEYS[4], '1')
end
return answer
