import { maxValueDepth } from "../sandbox/protocol.ts";
import type { SandboxCall, TaggedValue } from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import type { JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import type { Skill } from "../skills/library.ts";
import { argumentsProblem, readArguments, taggedArguments } from "../verify/call-arguments.ts";
import type { Contract } from "../verify/contract.ts";
import { contractSignature } from "../verify/contract-signature.ts";
import type { OpenSkill, UseOptions, UseResult } from "./application.ts";
import { copyOut } from "./copy-out.ts";
import { executionLimits } from "./execution-limits.ts";
import { prepareProgram } from "./judge-candidate.ts";
import type { Parts } from "./parts.ts";
import { proveHere } from "./prove-here.ts";
import { readInputs } from "./read-inputs.ts";

/** Calls a working skill once, in the sandbox; see `Application.useSkill`. */
export async function useSkill(
  parts: Parts,
  name: string,
  input: JsonValue,
  options: UseOptions,
): Promise<UseResult> {
  const skill = await openSkill(parts, name, options, (contract) => argumentsFor(contract, input));
  try {
    return await skill.call(input);
  } finally {
    await skill.close();
  }
}

/**
 * Opens a working skill for many calls; see `Application.openSkill`.
 *
 * @param check looks at the contract before anything is started
 */
export async function openSkill(
  parts: Parts,
  name: string,
  options: UseOptions,
  check: (contract: Contract) => void = () => {},
): Promise<OpenSkill> {
  const workspace = await parts.workspace();
  const skill = await (await parts.skills()).get(name);
  if (skill.status !== "working" || skill.certificate === undefined) {
    const why = skill.problem === undefined ? "" : ` (${skill.problem})`;
    const remedy = await remedyFor(parts, skill);
    throw new AgentError(
      "SKILL_NOT_PROVEN",
      `Using ${name}: its status is ${skill.status}${why}, only a working skill is used; ${remedy}.`,
      { blame: "caller" },
    );
  }
  const { contract } = skill.certificate;
  check(contract);
  const program = await prepareProgram(await parts.reader(), contract, skill.source);
  if (program.kind === "unreadable") {
    throw new AgentError("SANDBOX_FAILED", `Using ${name}: ${program.message}`, { blame: "bug" });
  }
  const files = await readInputs(workspace.root, options.inputs ?? []);
  const sandbox = await parts.sandbox(contract.language, options.signal);
  await proveHere(parts, sandbox, { ...skill, certificate: skill.certificate }, options.signal);
  const { reusableSubject } = await import("../sandbox/reusable-subject.ts");
  const { callsPerProcess } = parts.config;
  const subject = reusableSubject(sandbox, program.value, executionLimits(parts.config), {
    callsPerProcess,
  });
  const collectFiles = contract.files.makes.length > 0;
  return {
    call: async (input) => {
      const call: SandboxCall = { args: argumentsFor(contract, input), files, collectFiles };
      const outcome = await subject.call(call, options.signal);
      const made = outcome.kind === "returned" ? (outcome.files ?? []) : [];
      return { skill: name, outcome, filesMade: await copyOut(workspace, contract, made) };
    },
    close: () => subject.close(),
  };
}

/** How a skill that is not working may become it again. */
async function remedyFor(parts: Parts, { name, goal, needsReproof }: Skill): Promise<string> {
  if (needsReproof === true) {
    return `run its proof here: autodidact verify ${name}`;
  }
  const { directives } = await (await parts.memory()).read();
  // Code that was given with its cases has no directive.
  return directives.some(({ skill }) => skill === name)
    ? `prove it again by giving its goal: ${JSON.stringify(goal)}`
    : "prove it again from its files: autodidact add FILE --cases CASES";
}

function argumentsFor(contract: Contract, input: JsonValue): readonly TaggedValue[] {
  // Before anything walks it: a walk would use up the host's own stack.
  const reading = nestsDeeperThan(input, maxValueDepth)
    ? ({ kind: "unreadable", problem: `nested deeper than ${maxValueDepth} levels` } as const)
    : readArguments(input, contract);
  const problem =
    reading.kind === "unreadable" ? reading.problem : argumentsProblem(reading.args, contract);
  if (reading.kind === "unreadable" || problem !== undefined) {
    throw new AgentError(
      "USAGE",
      `Using ${contract.name}: ${problem}; wanted: ${contractSignature(contract)}; give an array of arguments, or an object by parameter name.`,
      { blame: "caller" },
    );
  }
  return taggedArguments(reading.args, contract);
}
