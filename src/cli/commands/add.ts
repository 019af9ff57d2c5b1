import { basename, extname, resolve } from "node:path";
import type { AddResult, GivenSkill, ProofCheck } from "../../application/application.ts";
import { readCasesFile, readContractFile } from "../../application/read-given-file.ts";
import { readProgram } from "../../application/read-program.ts";
import { AgentError } from "../../shared/errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { renderCheck } from "../render-check.ts";
import { count } from "../run-memory.ts";
import { safeLine } from "../safe-text.ts";
import { sampleInput } from "../sample-input.ts";
import { type Line, verbatim } from "../screen.ts";
import type { Session } from "../session.ts";

export interface AddFlags {
  readonly cases?: string;
  readonly name?: string;
  readonly goal?: string;
  readonly entry?: string;
  readonly contract?: string;
}

/** Puts a file of code through the gate, with cases that somebody gave, and without a model. */
export async function addSkill(session: Session, file: string, flags: AddFlags): Promise<ExitCode> {
  const given = await readGiven(session, file, flags);
  const { screen } = session;
  const application = await session.application();
  const interruption = watchInterrupts(session);
  let sample: string | undefined;
  try {
    const result = await application.addSkill(given, {
      signal: interruption.signal,
      onRead: ({ contract, signature, cases }) => {
        sample = sampleInput(contract);
        screen.print(
          `Contract: ${screen.style("bold", safeLine(signature))}`,
          `Cases: ${cases}, all of them yours`,
        );
      },
      onCheck: (check: ProofCheck) => screen.print(renderCheck(check, screen.style)),
    });
    screen.emit(result);
    screen.print(...renderEnd(session, result, sample));
    return exitCodeOf(result);
  } finally {
    interruption.stop();
  }
}

async function readGiven(session: Session, file: string, flags: AddFlags): Promise<GivenSkill> {
  const { cwd } = session.environment;
  if (flags.cases === undefined) {
    throw usage(
      "no cases are named, a file of them is wanted",
      `try: ${session.commandLine(`add ${safeLine(file)} --cases cases.json`)}`,
    );
  }
  const { language, source, fileName, files } = await readProgram(resolve(cwd, file), []);
  if (files.length > 0 || fileName !== basename(file)) {
    throw usage("a folder is named, one file is wanted", "name the file with the public function");
  }
  const { goal, entry, contract } = flags;
  return {
    language,
    source,
    name: flags.name ?? nameOfFile(fileName),
    cases: await readCasesFile(resolve(cwd, flags.cases)),
    ...(goal === undefined ? {} : { goal }),
    ...(entry === undefined ? {} : { entry }),
    ...(contract === undefined ? {} : { contract: await readContractFile(resolve(cwd, contract)) }),
  };
}

/** `Parse-URLs.ts` is `parse_urls`. */
function nameOfFile(fileName: string): string {
  const stem = basename(fileName, extname(fileName)).toLowerCase();
  return stem.replace(/[^a-z0-9]+/g, "_").replace(/^(?=\d)/, "_");
}

function renderEnd(session: Session, result: AddResult, sample: string | undefined): Line[] {
  const { skill, status, missing, advice, path, cases } = result;
  const { style } = session.screen;
  const name = style("bold", safeLine(skill));
  const dim = (lines: readonly string[]) =>
    lines.map((line) => style("dim", `   ${safeLine(line)}`));
  switch (status) {
    case "working":
      return [
        `✅ ${name} is working: proven to its contract by ${count(cases, "case")}`,
        `   File: ${safeLine(path ?? "")}`,
        verbatim(`   Use it: ${session.commandLine(`use ${safeLine(skill)}`, sample ?? "[]")}`),
        ...dim(advice),
      ];
    case "untested":
      return [
        `🟡 ${name} is untested: every case passes, but too little proves it. What it needs:`,
        ...missing.map((line) => `   • ${safeLine(line)}`),
        ...dim(advice),
        `   Add cases to the file, then the same command again.`,
      ];
    case "failed":
      return [`❌ ${name} was not added: a case fails. Mend the code or the case.`];
    case "refused":
      return [`❌ ${name} was not added: its code may not be run.`];
  }
}

function exitCodeOf({ status }: AddResult): ExitCode {
  switch (status) {
    case "working":
      return exitCodes.ok;
    case "untested":
      return exitCodes.unproven;
    case "failed":
    case "refused":
      return exitCodes.failed;
  }
}

function usage(problem: string, remedy: string): AgentError {
  return new AgentError("USAGE", `Adding a skill: ${problem}; ${remedy}`, { blame: "caller" });
}
