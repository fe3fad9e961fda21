-- Asks for one of many things after the other: each line of the file is a path, a tab and a bearer token.

dofile(os.getenv("BENCH_LOAD") .. "/report.lua")

local requests, at = {}, 0

function init(arguments)
   for line in io.lines(arguments[1]) do
      local path, token = line:match("^(%S+)\t(%S+)$")
      table.insert(requests, wrk.format("GET", path, { ["Authorization"] = "Bearer " .. token }))
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end
