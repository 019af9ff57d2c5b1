import { defaultLimits } from "../../src/sandbox/limits.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  SandboxCall,
  TaggedValue,
  WorkFile,
} from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";

export function programOf(language: Language, source: string): Program {
  return {
    language,
    source,
    entry: "f",
    fileName: language === "python" ? "skill.py" : "skill.ts",
  };
}

/** Loads the source into a process of its own, makes one call of `f`, and ends the process. */
export async function callOnce(
  sandbox: Sandbox,
  source: string,
  args: readonly TaggedValue[] = [],
  options: Omit<SandboxCall, "args"> & { limits?: Partial<ExecutionLimits> } = {},
): Promise<CallOutcome> {
  const { limits, ...call } = options;
  const started = await sandbox.start(programOf(sandbox.language, source), {
    ...defaultLimits,
    ...limits,
  });
  if (started.kind !== "started") {
    return started;
  }
  try {
    return await started.subject.call({ ...call, args });
  } finally {
    await started.subject.close();
  }
}

export function workFile(path: string, text: string): WorkFile {
  return { path, contentBase64: Buffer.from(text).toString("base64") };
}

/** The sandboxes that this machine chooses, kept warm as a run keeps them. */
export async function openBoth(): Promise<Readonly<Record<Language, Sandbox>>> {
  return { python: await openSandbox("python"), typescript: await openSandbox("typescript") };
}
