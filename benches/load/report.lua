-- Prints what wrk measured as one line of JSON, after the word RESULT. Alone it costs wrk nothing per reply.

threads = {}

function setup(thread)
   thread:set("number", #threads)
   table.insert(threads, thread)
end

-- The counts that each thread keeps in its global `counts`, added up.
local function added_up()
   local sums = {}
   for _, thread in ipairs(threads) do
      for name, count in pairs(thread:get("counts") or {}) do
         sums[name] = (sums[name] or 0) + count
      end
   end
   return sums
end

function done(summary, latency)
   local parts = {}
   for name, count in pairs(added_up()) do
      table.insert(parts, string.format('"%s":%d', name, count))
   end
   local errors = summary.errors
   io.write(string.format(
      'RESULT {"requests":%d,"seconds":%.6f,"failed":%d,"refused":%d,"p50_us":%.1f,"p99_us":%.1f,"counts":{%s}}\n',
      summary.requests, summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.timeout,
      errors.status, latency:percentile(50), latency:percentile(99), table.concat(parts, ",")))
end
