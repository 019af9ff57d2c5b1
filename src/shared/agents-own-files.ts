const ownNames = new Set(["skills", "certificates", "runs", "exec", "agent.log"]);
/** `memory.json`, its backup and what was damaged, its lock, the archive, what was spent. */
const ownPrefix = /^(?:\.|memory\.json|memory\.lock|memory-archive\.|spend\.sqlite)/;

/**
 * True for a workspace path that the agent keeps for itself: a skill neither sees nor makes it. The
 * case of letters does not count, since some file systems ignore it.
 */
export function isAgentsOwn(path: string): boolean {
  const steps = path.replaceAll("\\", "/").split("/");
  const first = (steps.find((step) => step !== "" && step !== ".") ?? "").toLowerCase();
  return ownNames.has(first) || ownPrefix.test(first);
}
