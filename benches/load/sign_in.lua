-- Signs in one person after the other. Arguments: a file, each line of which is the body of a request; from when
-- and until when replies are counted (seconds of the monotonic clock); how many milliseconds wait those who were
-- refused. Counts replies by their status, and refusals that do not say when to come back.

local ffi = require("ffi")
ffi.cdef [[
   typedef struct { long seconds; long nanoseconds; } bench_moment;
   int clock_gettime(int clock, bench_moment *moment);
]]
local MONOTONIC, moment = 1, ffi.new("bench_moment")

dofile(os.getenv("BENCH_LOAD") .. "/report.lua")

counts = {}

local requests, at, from, to, pause, refused = {}, 0, 0, 0, 0, false

function init(arguments)
   for line in io.lines(arguments[1]) do
      table.insert(requests, wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, line))
   end
   from, to, pause = tonumber(arguments[2]), tonumber(arguments[3]), tonumber(arguments[4])
   -- Threads begin at different people.
   at = math.floor(number * #requests / 2)
   if pause == 0 then
      delay = nil
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function delay()
   local wait = refused and pause or 0
   refused = false
   return wait
end

local function says_when(headers)
   for name in pairs(headers) do
      if name:lower() == "retry-after" then
         return true
      end
   end
   return false
end

local function now()
   ffi.C.clock_gettime(MONOTONIC, moment)
   return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function response(status, headers)
   refused = status == 503 or status == 429
   local arrived = now()
   if arrived < from or arrived > to then
      return
   end
   counts[tostring(status)] = (counts[tostring(status)] or 0) + 1
   if refused and not says_when(headers) then
      counts.without_retry_after = (counts.without_retry_after or 0) + 1
   end
end
