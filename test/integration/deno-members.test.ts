import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDenoBinary } from "../../src/sandbox/deno-binary.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { keptGlobals, keptOfDeno, keptOfScope } from "../../src/sandbox/runner/kept-members.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { pureModules } from "../../src/sandbox/typescript/modules.ts";
import { callOnce } from "./sandbox-programs.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What the pinned Deno has and a skill must not: one that it gains is on neither list. */
const takenGlobals = words(`
  BroadcastChannel Cache CacheStorage EventSource GPU GPUAdapter GPUAdapterInfo GPUBindGroup
  GPUBindGroupLayout GPUBuffer GPUBufferUsage GPUCanvasContext GPUColorWrite GPUCommandBuffer
  GPUCommandEncoder GPUCompilationInfo GPUCompilationMessage GPUComputePassEncoder
  GPUComputePipeline GPUDevice GPUDeviceLostInfo GPUError GPUInternalError GPUMapMode
  GPUOutOfMemoryError GPUPipelineError GPUPipelineLayout GPUQuerySet GPUQueue GPURenderBundle
  GPURenderBundleEncoder GPURenderPassEncoder GPURenderPipeline GPUSampler GPUShaderModule
  GPUShaderStage GPUSupportedFeatures GPUSupportedLimits GPUTexture GPUTextureUsage GPUTextureView
  GPUUncapturedErrorEvent GPUValidationError ImageBitmap ImageBitmapRenderingContext ImageData
  Location Lock LockManager Navigator NavigatorUAData OffscreenCanvas Storage Window alert caches
  close closed confirm createImageBitmap localStorage location name nodeBootstrap prompt reportError
  sessionStorage
`);
/** Taken too; another stands there. */
const replacedGlobals = ["Deno", "Worker", "console", "navigator", "process"];
const takenOfDeno = words(`
  FsFile UnsafeCallback UnsafeFnPointer UnsafePointer UnsafePointerView bench cpuUsage dlopen execPath
  internal jupyter lint mainModule pid ppid serveHttp stderr stdin stdout telemetry test umask
  upgradeWebSocket
`);

interface Members {
  readonly scope: readonly string[];
  readonly chain: readonly string[];
  readonly deno: readonly string[];
}

/** As a skill, or a bare Deno, could list them once every module has been loaded. */
const listMembers = `
  const nameOf = (key) => (typeof key === "symbol" ? (key.description ?? "") : key);
  const chain = [];
  for (let holder = Object.getPrototypeOf(globalThis); holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    chain.push(...Reflect.ownKeys(holder).map(nameOf));
  }
  const members = { scope: Reflect.ownKeys(globalThis).map(nameOf), chain, deno: Reflect.ownKeys(Deno).map(nameOf) };
`;

function membersOfDeno(): Members {
  const names = JSON.stringify([...pureModules, "module", "process", "vm"]);
  // As the runner loads them.
  const load = `for (const name of ${names}) process.getBuiltinModule("node:" + name);`;
  const program = `${load}\n${listMembers}\nconsole.log(JSON.stringify(members));`;
  const args = ["run", "--quiet", "--no-prompt", "--no-config", "--no-remote", "--no-npm", "-"];
  const env = { NO_COLOR: "1", DENO_DIR: "/dev/null" };
  return JSON.parse(execFileSync(findDenoBinary().path, args, { input: program, env }).toString());
}

describe("takeAway()", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox("typescript", { warmProcesses: 0 });
  }, 120_000);
  afterAll(async () => {
    await sandbox.close();
  });

  it("knows every member that the pinned Deno has, and no other", () => {
    const { scope, chain, deno } = membersOfDeno();
    expect(scope.filter((name) => !keptGlobals.has(name)).toSorted()).toEqual(
      [...takenGlobals, ...replacedGlobals].toSorted(),
    );
    expect([...keptGlobals].filter((name) => !scope.includes(name))).toEqual([]);
    expect(chain.filter((name) => !keptOfScope.has(name))).toEqual([]);
    expect([...keptOfScope].filter((name) => !chain.includes(name))).toEqual([]);
    expect(deno.filter((name) => !keptOfDeno.has(name)).toSorted()).toEqual(
      ["Deno.internal", ...takenOfDeno].toSorted(),
    );
    expect([...keptOfDeno].filter((name) => !deno.includes(name))).toEqual([]);
  });

  it("leaves a skill that has loaded every module no more than the lists and what stands in", async () => {
    const load = "for (const name of Object.keys(__modules)) Object.keys(__modules[name]);";
    const outcome = await callOnce(
      sandbox,
      `function f() { ${load} ${listMembers} return members; }`,
    );
    expect(outcome.kind).toBe("returned");
    const { scope, chain, deno } = (outcome as unknown as { value: Members }).value;
    expect(scope.filter((name) => !keptGlobals.has(name)).toSorted()).toEqual(replacedGlobals);
    expect(chain.filter((name) => !keptOfScope.has(name))).toEqual([]);
    // Refusals that say what to do stand where these were.
    expect(deno.filter((name) => !keptOfDeno.has(name))).toEqual(["dlopen"]);
  });
});
