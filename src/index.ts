import { homedir } from "node:os";
import { AgentBase, type AgentOptions } from "./application/autonomous-agent.ts";

export type {
  AddOptions,
  AddResult,
  GivenSkill,
  ProofCheck,
  RunOptions,
  RunResult,
  SkillVerification,
  StreamResult,
  UseOptions,
  UseResult,
  VerifyOptions,
} from "./application/application.ts";
export type { AgentOptions, AgentRun } from "./application/autonomous-agent.ts";
export type { MemoryFile } from "./memory/memory.ts";
export type { SkillCost } from "./model/budget/spend-ledger.ts";
export { DANGEROUS_PATTERNS } from "./safety/dangerous-patterns.ts";
export type { SafetyRule } from "./safety/safety.ts";
export { AgentError } from "./shared/errors.ts";
export type { AgentEvent } from "./shared/events.ts";
export type { JsonValue } from "./shared/json.ts";
export type { Certificate } from "./verify/certificate.ts";

/** The agent: give it a goal, get a proven skill. */
export class AutonomousAgent extends AgentBase {
  constructor(options: AgentOptions = {}) {
    super(async ({ safetyRules = [], ...settings }) => {
      const [{ openApplication }, { loadConfig }] = await Promise.all([
        import("./wiring.ts"),
        import("./config/load-config.ts"),
      ]);
      const { config, values } = await loadConfig({
        cwd: process.cwd(),
        env: process.env,
        homeDirectory: homedir(),
        flags: JSON.parse(JSON.stringify(settings)),
        flagName: (key) => `option ${key}`,
      });
      return openApplication({ config, values, safetyRules });
    }, options);
  }
}
