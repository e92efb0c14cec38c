-- May the holder of this token still write about this generation?
-- KEYS: lease, state
-- ARGV: token, generation ("" for work without one)
-- Returns: "held", "lost" or "superseded".
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'lost'
end
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], 'wanted') ~= ARGV[2] then
  return 'superseded'
end
return 'held'
