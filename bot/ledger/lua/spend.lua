-- May a request be sent now for an installation? What is let in is counted at once.
-- KEYS: pause, points (hash: second -> points), sent (sorted set of times), promised (sorted set of holders)
-- ARGV: holder, points of this request, most points in a minute, patience (ms), and for a lane with limits of
--       its own: the least time between two (ms), then pairs of a window (ms) and how many fit into it
-- Returns: milliseconds to wait before sending (at most the patience), or, negative, milliseconds until
--          there is room; whoever is turned away is promised a moment that no other gets.
local LAPSE = 10000
local paused = redis.call('PTTL', KEYS[1])
if paused > 0 then
  return -paused
end
local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000 + math.floor(time[2] / 1000)

local cost, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local used, seconds, points = 0, {}, {}
local held = redis.call('HGETALL', KEYS[2])
for index = 1, #held, 2 do
  local at = tonumber(held[index])
  if at < second - 60 then
    redis.call('HDEL', KEYS[2], held[index])
  else
    seconds[#seconds + 1] = at
    points[at] = tonumber(held[index + 1])
    used = used + points[at]
  end
end
if used + cost > most then
  table.sort(seconds)
  for _, at in ipairs(seconds) do
    used = used - points[at]
    if used + cost <= most then
      return now - (at + 61) * 1000
    end
  end
  return -61000
end

local at, patience = now, tonumber(ARGV[4])
if ARGV[5] then
  local apart, longest = tonumber(ARGV[5]), tonumber(ARGV[#ARGV - 1])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - longest)
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - LAPSE)
  local mine = tonumber(redis.call('ZSCORE', KEYS[4], ARGV[1]) or '0')
  redis.call('ZREM', KEYS[4], ARGV[1])
  local function free(others)
    local moment = now
    local last = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
    if last then
      moment = math.max(moment, tonumber(last) + apart)
    end
    for index = 6, #ARGV, 2 do
      local place = math.max(1, tonumber(ARGV[index + 1]) - others)
      local blocking = redis.call('ZREVRANGE', KEYS[3], place - 1, place - 1, 'WITHSCORES')[2]
      if blocking then
        moment = math.max(moment, tonumber(blocking) + tonumber(ARGV[index]))
      end
    end
    return moment
  end
  at = free(redis.call('ZCOUNT', KEYS[4], '-inf', now + patience))
  if at > now + patience then
    local last = redis.call('ZREVRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2]
    if mine > now + patience then
      at = mine
    else
      at = free(redis.call('ZCARD', KEYS[4]))
      at = last and math.max(at, tonumber(last) + apart) or at
    end
    redis.call('ZADD', KEYS[4], at, ARGV[1])
    redis.call('PEXPIRE', KEYS[4], math.max(at, tonumber(last or '0')) - now + LAPSE)
    return now - at
  end
  redis.call('ZADD', KEYS[3], at, string.format('%.0f', at))
  redis.call('PEXPIRE', KEYS[3], longest + patience)
end
redis.call('HINCRBY', KEYS[2], string.format('%.0f', math.floor(at / 1000)), cost)
redis.call('PEXPIRE', KEYS[2], 65000)
return at - now
