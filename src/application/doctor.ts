import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { describeChain, modelChain, roleChains } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";
import type { MemoryFile } from "../memory/memory.ts";
import type { BackendStatus } from "../sandbox/sandbox-status.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { DoctorCheck } from "./application.ts";
import { isRecording } from "./model-settings.ts";
import type { Parts } from "./parts.ts";
import { dependencyVersions } from "./versions.ts";

const gigabyte = 1024 ** 3;

/** Looks at all that a run needs; each finding that is not well comes with its remedy. */
export async function doctor(parts: Parts): Promise<DoctorCheck[]> {
  const checks = [
    checkNode(),
    checkPlatform(),
    ...(await dependencyVersions()),
    ...(await checkServer(parts)),
    ...(await checkModel(parts)),
    ...(await checkRoom(parts, modelChain(parts.config.model)[0] ?? "")),
    ...(
      await Promise.all([checkSandbox(parts, "python"), checkSandbox(parts, "typescript")])
    ).flat(),
    ...(await checkWorkspace(parts)),
  ];
  return checks;
}

function checkNode(): DoctorCheck {
  const major = Number(process.versions.node.split(".")[0]);
  return major >= 24
    ? { name: "Node.js", state: "ok", found: process.versions.node }
    : {
        name: "Node.js",
        state: "problem",
        found: process.versions.node,
        remedy: "Node 24 or later is wanted; in a clone, npm ci brings it.",
      };
}

function checkPlatform(): DoctorCheck {
  const found = `${process.platform} ${process.arch}`;
  return process.platform === "linux"
    ? { name: "Platform", state: "ok", found }
    : {
        name: "Platform",
        state: "warning",
        found: `${found}: unproven here`,
        remedy:
          "The sandbox's tests were run on Linux only; the flags are the same, the proof is not.",
      };
}

/** Recordings that are named need none. */
async function checkServer(parts: Parts): Promise<DoctorCheck[]> {
  if (modelChain(parts.config.model).every(isRecording)) return [];
  const server = await parts.modelServer();
  return server.kind === "answers"
    ? [{ name: server.name, state: "ok", found: `${server.version} at ${server.url}` }]
    : [{ name: server.name, state: "problem", found: server.problem }];
}

/** One finding a model that may be asked, in whatever role. */
async function checkModel(parts: Parts): Promise<DoctorCheck[]> {
  const chains = roleChains(parts.config);
  const names = new Set(Object.values(chains).flat());
  const checks: DoctorCheck[] = [];
  for (const name of names) {
    checks.push(await checkOneModel(parts, name));
  }
  const roles = Object.entries(chains).map(([role, chain]) => `${role}: ${describeChain(chain)}`);
  return names.size < 2
    ? checks
    : [...checks, { name: "Roles", state: "ok", found: roles.join("; ") }];
}

async function checkOneModel(parts: Parts, model: string): Promise<DoctorCheck> {
  try {
    return await describeModel(parts, model);
  } catch (error) {
    if (!(error instanceof AgentError)) {
      throw error;
    }
    return { name: "Model", state: "problem", found: error.message };
  }
}

async function describeModel(parts: Parts, model: string): Promise<DoctorCheck> {
  const readiness = await parts.modelReadiness("", parts.config.language, model);
  switch (readiness.kind) {
    case "ready": {
      const found = `${readiness.model}, context ${readiness.contextTokens} tokens`;
      return {
        name: "Model",
        state: "ok",
        found: readiness.thinks === true ? `${found}, thinks first` : found,
      };
    }
    case "missing":
      return {
        name: "Model",
        state: "problem",
        ...(readiness.isDownload === true
          ? {
              found: `${readiness.model} is not downloaded`,
              remedy: `autodidact --pull --model ${readiness.model} "GOAL" downloads it first`,
            }
          : {
              found: `${readiness.model} is not installed (installed: ${readiness.installed.map((one) => one.name).join(", ") || "none"})`,
              remedy: `ollama pull ${readiness.model}, or name an installed one with --model`,
            }),
      };
    case "recorded":
    case "unreachable":
    case "remote-not-allowed":
      return {
        name: "Model",
        state: "problem",
        found: `${model} cannot be asked: ${readiness.problem}`,
        remedy: readiness.remedy.join("\n"),
      };
  }
}

/** Memory and free disk against what the model needs; its file is loaded whole. */
async function checkRoom(parts: Parts, model: string): Promise<DoctorCheck[]> {
  const sizeBytes = await parts.modelSizeBytes(model);
  if (sizeBytes === undefined) {
    return [];
  }
  const size = `the model takes ${gigabytes(sizeBytes)}`;
  const fits = totalmem() > sizeBytes * 1.1;
  return [
    {
      name: "Memory",
      state: fits ? "ok" : "warning",
      found: `${gigabytes(totalmem())} in all, ${gigabytes(freemem())} free; ${size}`,
      ...(fits
        ? {}
        : { remedy: "Choose a smaller model with --model; a lower contextTokens helps." }),
    },
    ...(await checkDisk(parts, sizeBytes)),
  ];
}

async function checkDisk(parts: Parts, sizeBytes: number): Promise<DoctorCheck[]> {
  let freeBytes: number;
  try {
    const { root } = await parts.workspace();
    const disk = await statfs(root);
    freeBytes = disk.bavail * disk.bsize;
  } catch {
    // What is wrong with the workspace is a finding of its own.
    return [];
  }
  const fits = freeBytes > sizeBytes;
  return [
    {
      name: "Disk",
      state: fits ? "ok" : "warning",
      found: `${gigabytes(freeBytes)} free; the model takes ${gigabytes(sizeBytes)}`,
      ...(fits ? {} : { remedy: "Free some space before pulling the model." }),
    },
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}

/** The backend that serves, and each stronger one with why it does not and what to do about it. */
async function checkSandbox(parts: Parts, language: Language): Promise<DoctorCheck[]> {
  const { backends, chosen } = await parts.sandboxStatus(language, true);
  const name = `Sandbox (${language})`;
  const index = backends.findIndex((backend) => backend.name === chosen);
  const serving = backends[index];
  if (serving === undefined) {
    return [unserved(name, parts.config.sandbox, backends)];
  }
  const count = serving.findings?.length ?? 0;
  const found = `${serving.name}, ${serving.runtime}; its self-test held, ${count} probes`;
  // Whoever insists on a weaker one wants no advice about stronger ones.
  const stronger = parts.config.sandbox === "auto" ? backends.slice(0, index) : [];
  return [
    { name, state: "ok", found },
    ...stronger.map((backend) => ({
      name,
      state: "warning" as const,
      found: `${backend.name} would be stronger: ${backend.reason}`,
      ...(backend.remedy === undefined ? {} : { remedy: backend.remedy }),
    })),
  ];
}

function unserved(
  name: string,
  insisted: Config["sandbox"],
  backends: readonly BackendStatus[],
): DoctorCheck {
  const wanted = backends.filter((backend) => insisted === "auto" || backend.name === insisted);
  return {
    name,
    state: "problem",
    found: `none holds, no code is run: ${wanted.map((one) => `${one.name}: ${one.reason}`).join("; ")}`,
    remedy: wanted.map((one) => one.remedy ?? "").join("\n"),
  };
}

async function checkWorkspace(parts: Parts): Promise<DoctorCheck[]> {
  try {
    const { root } = await parts.workspace();
    await access(root, constants.R_OK | constants.W_OK);
    const found = `${root} can be written`;
    return [{ name: "Workspace", state: "ok", found }, await checkMemoryFile(parts)];
  } catch (error) {
    return [
      {
        name: "Workspace",
        state: "problem",
        found: error instanceof Error ? error.message : String(error),
        remedy: "chmod -R u+w the workspace, or set workspaceRoot to another folder.",
      },
    ];
  }
}

async function checkMemoryFile(parts: Parts): Promise<DoctorCheck> {
  const memory = await readMemory(parts);
  if (memory instanceof AgentError) {
    const remedy = "Restore the file from a copy, or move it away: a new one is begun.";
    return { name: "Memory file", state: "problem", found: memory.message, remedy };
  }
  const warnings = parts.warnings();
  const found = `${count(memory.skills, "skill")}, ${count(memory.failures, "failure")}, version ${memory.version}`;
  return warnings.length === 0
    ? { name: "Memory file", state: "ok", found }
    : { name: "Memory file", state: "warning", found: `${found}; ${warnings.join("; ")}` };
}

function count({ length }: readonly unknown[], thing: string): string {
  return `${length} ${thing}${length === 1 ? "" : "s"}`;
}

async function readMemory(parts: Parts): Promise<MemoryFile | AgentError> {
  try {
    return await (await parts.memory()).read();
  } catch (error) {
    if (error instanceof AgentError) {
      return error;
    }
    throw error;
  }
}
