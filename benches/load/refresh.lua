-- Exchanges refresh tokens: each line of the file is one. wrk does not tell which connection a request is for, so
-- every thread keeps its tokens in a queue: a request takes the first, its reply brings the successor to the end.
-- There are more tokens than connections, so that none is ever used twice at a time.

dofile(os.getenv("BENCH_LOAD") .. "/report.lua")

counts = { rotated = 0, starved = 0 }

local tokens, first, last = {}, 1, 0

-- Threads take the lines in turn; arguments: the file, and how many threads there are.
function init(arguments)
   local line_number = 0
   for line in io.lines(arguments[1]) do
      if line_number % tonumber(arguments[2]) == number then
         last = last + 1
         tokens[last] = line
      end
      line_number = line_number + 1
   end
   wrk.headers["Content-Type"] = "application/json"
end

function request()
   local token = tokens[first]
   if token == nil then
      counts.starved = counts.starved + 1
      return wrk.format("POST", nil, nil, "{}")
   end
   tokens[first] = nil
   first = first + 1
   return wrk.format("POST", nil, nil, '{"refresh_token":"' .. token .. '"}')
end

function response(status, _, body)
   local token = body:match('"refresh_token":"([^"]+)"')
   if status == 200 and token then
      last = last + 1
      tokens[last] = token
      counts.rotated = counts.rotated + 1
   end
end
