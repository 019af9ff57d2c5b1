import { backendsOf } from "../src/sandbox/backends.ts";
import { defaultLimits } from "../src/sandbox/limits.ts";
import { openSandbox } from "../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { defaultCacheDirectory } from "../src/shared/cache-directory.ts";
import type { Language } from "../src/shared/json.ts";
import type { Way } from "./sandbox-peers.ts";
import { skillCases, skillPrograms } from "./sandbox-skill.ts";

/** One of our backends: as any other way, and with processes kept ready. */
export interface OwnWay extends Way {
  readonly language: Language;
  readonly backend: string;
  readonly sandbox: Sandbox;
  /** The same without its processes: each run starts its own. */
  readonly cold: Sandbox;
}

/** Every backend of both languages that this machine has. */
export async function findOwnWays(warmProcesses: number): Promise<readonly OwnWay[]> {
  const ways: OwnWay[] = [];
  for (const language of ["python", "typescript"] as const) {
    for (const backend of backendsOf(language, defaultCacheDirectory())) {
      if ((await backend.look()).kind === "usable") {
        const sandbox = await openSandbox(language, { backend: backend.name, warmProcesses });
        const cold = await openSandbox(language, { backend: backend.name, warmProcesses: 0 });
        ways.push(ownWay(sandbox, cold));
      }
    }
  }
  return ways;
}

function ownWay(sandbox: Sandbox, cold: Sandbox): OwnWay {
  const { language, backend } = sandbox;
  return {
    name: `${language === "python" ? "Python" : "TypeScript"}, ${backend}`,
    kind: "ours",
    language,
    backend,
    sandbox,
    cold,
    runFresh: async () => {
      await runSkill(cold);
    },
    peakMemoryBytes: () => runSkill(cold),
    close: async () => {
      await Promise.all([sandbox.close(), cold.close()]);
    },
  };
}

/**
 * One fresh subject, its three calls, its end. Returns the highest resident bytes it was seen with.
 *
 * @param onAnswered told when the last answer has come; ending the process is nobody's wait
 */
export async function runSkill(sandbox: Sandbox, onAnswered?: () => void): Promise<number> {
  const subject = await startSkill(sandbox);
  let peak = 0;
  for (const [text, expected] of skillCases) {
    const outcome = await subject.call({ args: [text] });
    if (outcome.kind !== "returned" || outcome.value !== expected) {
      throw new Error(`the skill answered ${JSON.stringify(outcome)}`);
    }
    peak = Math.max(peak, outcome.usage?.peakMemoryBytes ?? 0);
  }
  onAnswered?.();
  await subject.close();
  return peak;
}

async function startSkill(sandbox: Sandbox) {
  const started = await sandbox.start(skillPrograms[sandbox.language], defaultLimits);
  if (started.kind !== "started") {
    throw new Error(`the skill did not load: ${JSON.stringify(started)}`);
  }
  return started.subject;
}
