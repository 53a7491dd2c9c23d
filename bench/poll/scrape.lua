-- One scrape after the other of device after device. SCRAPE names whose paths to ask, DEVICES how
-- many there are, SNMP_PORT where they answer. The last line of output is for scrapes.ts.
local kind = os.getenv("SCRAPE")
local devices = tonumber(os.getenv("DEVICES"))
local port = os.getenv("SNMP_PORT")
local module = os.getenv("MODULE")
local place = 0

-- Each connection pauses between its scrapes, in ms. Without a pause a fast server is asked more
-- than this client can read, whose full receive windows would then be what is measured.
function delay()
  return 20
end

function request()
  local at = place % devices
  place = place + 1
  if kind == "service" then return wrk.format("GET", "/metrics/devices/dev-" .. at) end
  local address = 0x010001 + at
  local target = string.format("127.%d.%d.%d:%s", math.floor(address / 65536),
    math.floor(address / 256) % 256, address % 256, port)
  return wrk.format("GET", "/snmp?target=" .. target .. "&module=" .. module)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("\nRESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.status + errors.timeout + errors.read + errors.connect))
end
