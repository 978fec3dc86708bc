-- Every request asks another address, so that nobody has a finished answer kept.
-- Eleven digits at most: longer numbers would be written with an exponent, and then all alike.
local threads = 0

function setup(thread)
  thread:set("offset", threads * 5000000000)
  threads = threads + 1
end

function init(args)
  number = (os.time() % 4000) * 1000000 + offset
end

request = function()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?v=" .. string.format("%d", number))
end
