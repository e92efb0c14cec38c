-- What the holder of the lease should do now. With nothing left the lease is released in the same step,
-- so that no work can arrive unseen between the last look and the release.
-- A push that is followed by others is left until they all came.
-- KEYS: state, lease, commands, work, running, wake
-- ARGV: token, item
-- Returns: {"command", comment id, command, tries}, {"request", generation, request, tries, fresh},
--          {"idle"} or {"lost"}.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return {'lost'}
end
local first = false
for _, id in ipairs(redis.call('HKEYS', KEYS[3])) do
  if not first or tonumber(id) < tonumber(first) then
    first = id
  end
end
if first then
  local tries = redis.call('HINCRBY', KEYS[1], 'tries:' .. first, 1)
  return {'command', first, redis.call('HGET', KEYS[3], first), tries}
end
local wanted = redis.call('HGET', KEYS[1], 'wanted') or '0'
local done = redis.call('HGET', KEYS[1], 'done') or '0'
local time = redis.call('TIME')
local due = tonumber(redis.call('HGET', KEYS[1], 'due') or '0')
local later = due > time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(wanted) > tonumber(done) and not later then
  if redis.call('HGET', KEYS[1], 'tried') ~= wanted then
    redis.call('HSET', KEYS[1], 'tried', wanted, 'tries', 0)
  end
  local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
  local fresh = redis.call('HGET', KEYS[1], 'fresh') or ''
  return {'request', wanted, redis.call('HGET', KEYS[1], 'request'), tries, fresh}
end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[5], ARGV[2])
if tonumber(wanted) > tonumber(done) then
  redis.call('ZADD', KEYS[4], due, ARGV[2])
else
  redis.call('ZREM', KEYS[4], ARGV[2])
end
if redis.call('LLEN', KEYS[6]) == 0 then
  redis.call('LPUSH', KEYS[6], '1')
end
return {'idle'}
