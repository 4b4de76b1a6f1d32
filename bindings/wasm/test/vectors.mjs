// Answers a case of `conformance/PROTOCOL.md` with the package, in Node.js and in a browser.

const findings = (found) => found.map(({ code, pointer }) => ({ code, pointer }));

export function answerTo(callagent, { id, kind, as, text, base64, tolerant, accept, agent, update }) {
  if (kind === "apply") {
    return { id, after: callagent.applyStored(agent, update), sent: callagent.apply(agent, update) };
  }
  const document = base64 === undefined ? text : Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  const options = { tolerateUnknownFields: tolerant, tolerateUnknownValues: tolerant, accept };
  const report = callagent.check(document, as, options);
  const answer = {
    id,
    valid: report.valid,
    violations: findings(report.violations),
    advisories: findings(report.advisories),
  };
  const [first] = report.violations;
  if (first?.code === "malformed") {
    const { offset } = first;
    answer.offset = base64 === undefined ? new TextEncoder().encode(text.slice(0, offset)).length : offset;
  }
  if (report.valid) answer.output = callagent.normalize(document, as, options);
  return answer;
}
