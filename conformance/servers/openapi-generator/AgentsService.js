// The handler of the generated server: it keeps agents in memory and merges the given fields.
const Service = require('./Service');

const agents = new Map([
  ['acme agent_1', {
    _id: 'agent_1',
    workspaceId: 'acme',
    name: 'Front desk',
    llmModel: 'gpt-4o-mini',
    ttsModel: { provider: 'rime' },
    settings: { speed: 1 },
    status: 'ready',
    createdAt: '2026-01-01T00:00:00Z',
  }],
]);

// The generated controller names header parameters as they are on the wire, and the body `body`.
const updateAgent = async ({ agentId, 'x-workspace-id': workspaceId, body }) => {
  const agent = agents.get(`${workspaceId} ${agentId}`);
  if (agent === undefined) {
    throw Service.rejectResponse({ type: 'about:blank', title: 'There is no such agent.', status: 404 }, 404);
  }
  Object.assign(agent, body, {
    ttsModel: { ...agent.ttsModel, ...body.ttsModel },
    settings: { ...agent.settings, ...body.settings },
    updatedAt: new Date().toISOString(),
  });
  // The key stays on the server.
  const { elevenLabsApiKey, ...ttsModel } = agent.ttsModel;
  return Service.successResponse({ ...agent, ttsModel });
};

module.exports = { updateAgent };
