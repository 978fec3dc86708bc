-- Every request asks another address, so that nobody has a finished answer kept.
local number = os.time() * 1000000
request = function()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?v=" .. number)
end
