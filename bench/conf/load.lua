-- wrk -s load.lua URL -- POSTED ROUTES: posts so many bytes (0 for a GET); with ROUTES, asks for one of /svc-00001 to
-- /svc-ROUTES at random each time, before the path of the URL. BENCH_TOKEN in the environment is sent along.
-- Prints what the run came to as one line of JSON.
local requests = {}

function init(args)
  local posted, routes = tonumber(args[1]), tonumber(args[2])
  if posted > 0 then
    wrk.method = "POST"
    wrk.body = string.rep("x", posted)
  end
  local token = os.getenv("BENCH_TOKEN")
  if token then
    wrk.headers["Authorization"] = "Bearer " .. token
  end
  for route = 1, routes do
    requests[route] = wrk.format(nil, string.format("/svc-%05d%s", route, wrk.path))
  end
  if routes == 0 then
    requests[1] = wrk.format()
  end
  math.randomseed(1)
end

function request()
  return requests[#requests == 1 and 1 or math.random(#requests)]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nJSON {"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"p999_us":%d,"max_us":%d,'
      .. '"not_2xx":%d,"socket_errors":%d,"timeouts":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), latency.max, e.status, e.connect + e.read + e.write, e.timeout))
end
