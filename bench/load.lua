-- The requests of `cargo xtask measure load`: each one changes an agent. wrk runs this script.

local agents = 1000
local count = 0

function init(args)
  wrk.method = "PUT"
  wrk.headers["content-type"] = "application/json"
  wrk.headers["x-workspace-id"] = "acme"
end

function request()
  count = count + 1
  local body = string.format([[{
  "name": "Customer support %d",
  "llmModel": "gpt-4.1-mini",
  "ttsModel": { "provider": "rime", "voiceId": "mistv2_Brook", "language": "en" },
  "smartCallback": true,
  "maxAttemptsForSmartCallback": 2,
  "gapBetweenEachAttemptForSmartCallback": [{ "days": 1, "hours": 0 }, { "days": 2, "hours": 12 }],
  "phoneNumberIds": ["pn_4f1c22aa", "pn_9b7d10e3"],
  "settings": { "speed": 0.9, "volume": 0.8, "temperature": 0.6 }
}]], count)
  return wrk.format(nil, "/v1/api/agents/agent-" .. count % agents, nil, body)
end

-- One line for the task: requests, microseconds, percentiles, and failures.
function done(summary, latency, requests)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("result %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failures))
end
