/*
 * What the processes of a fleet agree on, as Lua: Redis runs a script as a whole, so no two of them see it half done.
 * ARGV[1] is the prefix of every key; it carries a hash tag, so that a cluster keeps them together.
 *
 * A key (of jobs) is in one state:  ready ─▶ admitted ─▶ running ─▶ gone, or again
 *                                     ▲                    │
 *                                     └──────── due ◀──────┘  spacing and backoff
 *
 * k:KEY     state, installation, ticket, tries and failures      w:KEY  what waits, as it came      r:KEY  what runs
 * lane:I    ready keys of an installation                        lanes  installations by how much they hold
 * admitted  keys with a ticket in BullMQ                         held   tickets by installation
 */

const PRELUDE = `
local prefix = ARGV[1]
local function at(name) return prefix .. name end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Lanes are in order of what they hold, then of when they came: the first has the best claim to a slot.
local function queue_lane(installation)
  if redis.call('EXISTS', at('lane:' .. installation)) == 0 then
    redis.call('ZREM', at('lanes'), installation)
    return
  end
  local held = tonumber(redis.call('HGET', at('held'), installation) or '0')
  redis.call('ZADD', at('lanes'), held * 1e12 + redis.call('INCR', at('seq')), installation)
end

local function ready(key, installation)
  redis.call('HSET', at('k:' .. key), 'state', 'ready')
  redis.call('RPUSH', at('lane:' .. installation), key)
  if not redis.call('ZSCORE', at('lanes'), installation) then queue_lane(installation) end
end

local function schedule(key, installation, delay)
  local spacing = redis.call('PTTL', at('started:' .. key))
  local wait = math.max(delay, spacing)
  if wait <= 0 then return ready(key, installation) end
  redis.call('HSET', at('k:' .. key), 'state', 'due')
  redis.call('ZADD', at('due'), now + wait, key)
end

local function note_waiting(key, installation)
  if redis.call('ZADD', at('waiting'), 'NX', now, key) == 1 then
    redis.call('HINCRBY', at('waiting_of'), installation, 1)
  end
end

local function note_taken(key, installation)
  if redis.call('ZREM', at('waiting'), key) == 0 then return end
  if redis.call('HINCRBY', at('waiting_of'), installation, -1) <= 0 then
    redis.call('HDEL', at('waiting_of'), installation)
  end
end

local function add(key, installation, job)
  local state = redis.call('HGET', at('k:' .. key), 'state')
  local length = redis.call('RPUSH', at('w:' .. key), job)
  note_waiting(key, installation)
  if state ~= 'running' then redis.call('HSET', at('k:' .. key), 'tries', 0) end
  if not state then
    redis.call('HSET', at('k:' .. key), 'installation', installation)
    schedule(key, installation, 0)
  end
  return length
end

-- Nobody holds more than three times what is free, so there is room for who comes late; who holds nothing is let in.
local function admit()
  local tickets = {}
  local slots = tonumber(redis.call('GET', at('slots')) or '0')
  local holds = tonumber(redis.call('GET', at('holds')) or '0')
  while true do
    local installation = redis.call('ZRANGE', at('lanes'), 0, 0)[1]
    if not installation then break end
    local held = tonumber(redis.call('HGET', at('held'), installation) or '0')
    if held > 0 and held >= 3 * (slots - holds) then break end
    local key = redis.call('LPOP', at('lane:' .. installation))
    local ticket = 't' .. string.format('%.0f', now) .. '-' .. redis.call('INCR', at('seq'))
    redis.call('HSET', at('k:' .. key), 'state', 'admitted', 'ticket', ticket)
    redis.call('ZADD', at('admitted'), now, key)
    redis.call('HINCRBY', at('held'), installation, 1)
    holds = redis.call('INCR', at('holds'))
    queue_lane(installation)
    table.insert(tickets, key)
    table.insert(tickets, ticket)
  end
  return tickets
end

local function release(key, installation)
  if redis.call('ZREM', at('admitted'), key) == 0 then return end
  if redis.call('HINCRBY', at('held'), installation, -1) <= 0 then redis.call('HDEL', at('held'), installation) end
  redis.call('DECR', at('holds'))
  redis.call('HDEL', at('k:' .. key), 'ticket')
  if redis.call('ZSCORE', at('lanes'), installation) then queue_lane(installation) end
end
`;

/** key, installation, job → how many wait under the key, and tickets to hand out. */
export const ADD = `${PRELUDE}
local length = add(ARGV[2], ARGV[3], ARGV[4])
return { length, admit() }`;

/** key, length, job → puts one job in the place of all that wait, where nothing has changed since they were read. */
export const COMPACT = `${PRELUDE}
local list = at('w:' .. ARGV[2])
if redis.call('LLEN', list) ~= tonumber(ARGV[3]) then return 0 end
redis.call('DEL', list)
redis.call('RPUSH', list, ARGV[4])
return 1`;

/** key, ticket, spacing → tries, failures and the jobs to run; nothing where the ticket is not the key's any more. */
export const TAKE = `${PRELUDE}
local key, ticket, spacing = ARGV[2], ARGV[3], tonumber(ARGV[4])
local state = redis.call('HMGET', at('k:' .. key), 'ticket', 'installation', 'tries', 'failures')
if state[1] ~= ticket then return {} end
for _, job in ipairs(redis.call('LRANGE', at('w:' .. key), 0, -1)) do redis.call('RPUSH', at('r:' .. key), job) end
redis.call('DEL', at('w:' .. key))
note_taken(key, state[2])
redis.call('HSET', at('k:' .. key), 'state', 'running')
if spacing > 0 then redis.call('SET', at('started:' .. key), '', 'PX', spacing) end
return { state[3] or '0', state[4] or '0', redis.call('LRANGE', at('r:' .. key), 0, -1) }`;

/** key, ticket, delay (empty: it went well), most tries → the result, and tickets to hand out. */
export const FINISH = `${PRELUDE}
local key, ticket, delay, most = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local state = redis.call('HMGET', at('k:' .. key), 'ticket', 'installation', 'tries', 'failures')
if state[1] ~= ticket then return { 'lost', {} } end
local installation = state[2]
local newer = redis.call('EXISTS', at('w:' .. key)) == 1
local result = 'done'
release(key, installation)
if delay == '' then
  redis.call('DEL', at('r:' .. key))
  if newer then
    redis.call('HSET', at('k:' .. key), 'tries', 0, 'failures', 0)
    schedule(key, installation, 0)
  else
    redis.call('DEL', at('k:' .. key))
  end
else
  local tries = tonumber(state[3] or '0') + 1
  if tries >= most and not newer then
    result = 'dropped'
    redis.call('DEL', at('r:' .. key), at('k:' .. key))
  else
    result = 'retried'
    -- What failed came before what waits.
    local jobs = redis.call('LRANGE', at('r:' .. key), 0, -1)
    for i = #jobs, 1, -1 do redis.call('LPUSH', at('w:' .. key), jobs[i]) end
    redis.call('DEL', at('r:' .. key))
    note_waiting(key, installation)
    redis.call('HSET', at('k:' .. key), 'tries', newer and 0 or tries, 'failures', tonumber(state[4] or '0') + 1)
    schedule(key, installation, tonumber(delay))
  end
end
return { result, admit() }`;

/** key, moment, job → remembered for then; of two moments for one key the earlier stays. */
export const WAKE = `${PRELUDE}
local known = redis.call('ZSCORE', at('wakes'), ARGV[2])
if known and tonumber(known) <= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', at('wakes'), ARGV[3], ARGV[2])
redis.call('HSET', at('wake_jobs'), ARGV[2], ARGV[4])
return 1`;

/**
 * process, its slots, milliseconds that it counts as alive, milliseconds after which a ticket is handed out again → how
 * long until something is due (-1: nothing is), and tickets to hand out. A ticket that was lost between here and BullMQ
 * comes again; one that was not is known to BullMQ by its id.
 */
export const TICK = `${PRELUDE}
local process, own, alive, patience = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if alive > 0 then
  redis.call('ZADD', at('processes'), now + alive, process)
  redis.call('HSET', at('process_slots'), process, own)
else
  redis.call('ZADD', at('processes'), 0, process)
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', at('processes'), '-inf', now)) do
  redis.call('ZREM', at('processes'), gone)
  redis.call('HDEL', at('process_slots'), gone)
end
local slots = 0
for _, some in ipairs(redis.call('HVALS', at('process_slots'))) do slots = slots + tonumber(some) end
redis.call('SET', at('slots'), slots)
for _, key in ipairs(redis.call('ZRANGEBYSCORE', at('due'), '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', at('due'), key)
  local installation = redis.call('HGET', at('k:' .. key), 'installation')
  if installation then ready(key, installation) end
end
for _, key in ipairs(redis.call('ZRANGEBYSCORE', at('wakes'), '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', at('wakes'), key)
  local job = redis.call('HGET', at('wake_jobs'), key)
  redis.call('HDEL', at('wake_jobs'), key)
  if job then add(key, string.match(key, '^%d+'), job) end
end
local tickets = admit()
for _, key in ipairs(redis.call('ZRANGEBYSCORE', at('admitted'), '-inf', now - patience, 'LIMIT', 0, 1000)) do
  redis.call('ZADD', at('admitted'), now, key)
  table.insert(tickets, key)
  table.insert(tickets, redis.call('HGET', at('k:' .. key), 'ticket'))
end
local due = redis.call('ZRANGE', at('due'), 0, 0, 'WITHSCORES')[2]
local wake = redis.call('ZRANGE', at('wakes'), 0, 0, 'WITHSCORES')[2]
local first = math.min(tonumber(due or '9e15'), tonumber(wake or '9e15'))
return { first < 9e15 and math.max(0, first - now) or -1, tickets }`;

/** installation, or empty for all → how many wait, and for how long the oldest has. */
export const DEPTH = `${PRELUDE}
if ARGV[2] ~= '' then return { tonumber(redis.call('HGET', at('waiting_of'), ARGV[2]) or '0'), 0, 0 } end
local oldest = redis.call('ZRANGE', at('waiting'), 0, 0, 'WITHSCORES')[2]
local open = tonumber(redis.call('GET', at('holds')) or '0')
return { redis.call('ZCARD', at('waiting')), oldest and math.max(0, now - tonumber(oldest)) or 0, open }`;
