import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SandboxCall, TaggedValue, WorkFile } from "../sandbox/sandbox.ts";
import { isAgentsOwn } from "../shared/agents-own-files.ts";
import { AgentError } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import type { JsonValue } from "../shared/json.ts";
import { resolveInside } from "../shared/paths.ts";
import { argumentsProblem, readArguments } from "../verify/call-arguments.ts";
import type { Contract } from "../verify/contract.ts";
import { contractSignature } from "../verify/contract-signature.ts";
import { tagJson } from "../verify/tagged-value.ts";
import type { UseOptions, UseResult } from "./application.ts";
import { executionLimits } from "./execution-limits.ts";
import { prepareProgram } from "./judge-candidate.ts";
import type { Parts } from "./parts.ts";
import { readInputs } from "./read-inputs.ts";
import type { WorkspacePaths } from "./workspace.ts";

/** Calls a working skill once, in the sandbox; see `Application.useSkill`. */
export async function useSkill(
  parts: Parts,
  name: string,
  input: JsonValue,
  options: UseOptions,
): Promise<UseResult> {
  const workspace = await parts.workspace();
  const skill = await (await parts.skills()).get(name);
  if (skill.status !== "working" || skill.certificate === undefined) {
    throw new AgentError(
      "SKILL_NOT_PROVEN",
      `Using ${name}: its status is ${skill.status}, only a working skill is used; prove it again by giving its goal: ${JSON.stringify(skill.goal)}.`,
      { blame: "caller" },
    );
  }
  const { contract } = skill.certificate;
  const args = argumentsFor(contract, input);
  const program = await prepareProgram(await parts.reader(), contract, skill.source);
  if (program.kind === "unreadable") {
    throw new AgentError("SANDBOX_FAILED", `Using ${name}: ${program.message}`, { blame: "bug" });
  }
  const files = await readInputs(workspace.root, options.inputs ?? []);
  const sandbox = await parts.sandbox(contract.language);
  const started = await sandbox.start(program.value, executionLimits(parts.config), options.signal);
  if (started.kind !== "started") {
    return { skill: name, outcome: started, filesMade: [] };
  }
  try {
    const call: SandboxCall = { args, files, collectFiles: contract.files.makes.length > 0 };
    const outcome = await started.subject.call(call, options.signal);
    const made = outcome.kind === "returned" ? (outcome.files ?? []) : [];
    return { skill: name, outcome, filesMade: await copyOut(workspace, contract, made) };
  } finally {
    await started.subject.close();
  }
}

function argumentsFor(contract: Contract, input: JsonValue): readonly TaggedValue[] {
  const reading = readArguments(input, contract);
  const problem =
    reading.kind === "unreadable" ? reading.problem : argumentsProblem(reading.args, contract);
  if (reading.kind === "unreadable" || problem !== undefined) {
    throw new AgentError(
      "USAGE",
      `Using ${contract.name}: ${problem}; wanted: ${contractSignature(contract)}; give an array of arguments, or an object by parameter name.`,
      { blame: "caller" },
    );
  }
  return reading.args.map(tagJson);
}

/** Only what the contract says it makes leaves the work folder; staged in `exec/`, then moved. */
async function copyOut(
  workspace: WorkspacePaths,
  contract: Contract,
  files: readonly WorkFile[],
): Promise<readonly string[]> {
  const wanted = files.filter((file) => contract.files.makes.includes(file.path));
  if (wanted.length === 0) {
    return [];
  }
  const staging = await mkdtemp(join(workspace.exec, `${process.pid}-`));
  try {
    // All names first: a refused one must not leave half of the files behind.
    const outputs = await Promise.all(
      wanted.map(async (file) => ({ file, target: await resolveOutput(workspace, file.path) })),
    );
    for (const [index, { file, target }] of outputs.entries()) {
      const staged = join(staging, String(index));
      await writeFile(staged, Buffer.from(file.contentBase64, "base64"));
      await mkdir(dirname(target), { recursive: true });
      await rename(staged, target);
    }
    return wanted.map((file) => file.path);
  } catch (error) {
    throw fileError(`Copying files that ${contract.name} made`, workspace.root, error);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What the agent itself keeps in the workspace is never overwritten by what a skill made. */
async function resolveOutput(workspace: WorkspacePaths, path: string): Promise<string> {
  const target = await resolveInside(workspace.root, path);
  if (isAgentsOwn(path)) {
    throw new AgentError(
      "PATH_OUTSIDE_WORKSPACE",
      `Copying ${path}: the agent keeps its own files there; another name is wanted.`,
      { blame: "model" },
    );
  }
  return target;
}
