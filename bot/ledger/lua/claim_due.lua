-- Pick items that are due and that nobody works on, in turn from each installation, and put off their next
-- picking. What is picked counts as being worked on until it is put off or done, or until it is due again.
-- KEYS: work, running, served
-- ARGV: limit, milliseconds until a picked item is due again, most items of one installation at a time
-- Returns: the picked items. Leased ones are due again when their lease would end, those of an installation
--          that must wait when its pause ends.
local PAGE, CROWD, DAY = 1000, 200, 86400000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, again, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function installation_of(item)
  return string.match(item, '^[^/]+/[^/]+/%d+') or item
end

local function leased(item)
  return redis.call('PTTL', 'architect:' .. item .. ':lease')
end

local busy, running = {}, {}
local entries = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for index = 1, #entries, 2 do
  local item, still = entries[index], tonumber(entries[index + 1]) > now
  if not still then
    local left = leased(item)
    still = left > 0
    if still then
      redis.call('ZADD', KEYS[2], now + left, item)
    else
      redis.call('ZREM', KEYS[2], item)
    end
  end
  if still then
    running[item] = true
    busy[installation_of(item)] = (busy[installation_of(item)] or 0) + 1
  end
end

local groups, names, moves = {}, {}, {}
local function group_of(name)
  if not groups[name] then
    local pause = redis.call('PTTL', 'architect:' .. name .. '/pause')
    groups[name] = {items = {}, seen = 0, room = most - (busy[name] or 0), pause = pause}
    names[#names + 1] = name
  end
  return groups[name]
end

local function sort_in(item)
  local group = group_of(installation_of(item))
  group.seen = group.seen + 1
  if group.pause > 0 then
    moves[#moves + 1] = {now + group.pause, item}
  elseif running[item] or group.room > 0 then
    local left = leased(item)
    if left > 0 then
      moves[#moves + 1] = {now + left, item}
    else
      group.items[#group.items + 1] = item
      group.room = group.room - (running[item] and 0 or 1)
    end
  elseif group.seen > CROWD then
    moves[#moves + 1] = {now + again + group.seen, item}
  end
end

local offset, page = 0, nil
repeat
  page = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', offset, PAGE)
  for _, item in ipairs(page) do
    sort_in(item)
  end
  offset = offset + PAGE
until #page < PAGE
for _, move in ipairs(moves) do
  redis.call('ZADD', KEYS[1], move[1], move[2])
end

local since = {}
for _, name in ipairs(names) do
  since[name] = tonumber(redis.call('ZSCORE', KEYS[3], name) or '0')
end
table.sort(names, function(one, other)
  return since[one] < since[other] or (since[one] == since[other] and one < other)
end)

-- Two pickings in one millisecond keep their order.
local latest = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')
local stamp = math.max(now, tonumber(latest[2] or '0') + 0.001)
local picked = {}
local function pick(name, item)
  redis.call('ZADD', KEYS[1], now + again, item)
  redis.call('ZADD', KEYS[2], now + again, item)
  redis.call('ZADD', KEYS[3], string.format('%.3f', stamp + #picked / 1000), name)
  picked[#picked + 1] = item
end

local turn, found = 1, true
while found and #picked < limit do
  found = false
  for _, name in ipairs(names) do
    local item = groups[name].items[turn]
    if item and #picked < limit then
      found = true
      pick(name, item)
    end
  end
  turn = turn + 1
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - DAY)
return picked
