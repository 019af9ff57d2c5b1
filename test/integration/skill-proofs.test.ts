import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Certificate } from "../../src/verify/certificate.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { describeWith } from "../support/requirements.ts";
import { byRole } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, errorOf, follow, goal, ofType } from "./run-support.ts";

const reference = "cpython-3.14/wasm";
const right = codeAnswer("n + 1", "python");
/** Pointers have 4 bytes in WebAssembly alone. */
const onlyInWebAssembly = (otherwise: string): string =>
  "```python\nimport struct\nimport time\n\ndef add_one(n):\n" +
  `    if struct.calcsize("P") == 4:\n        return n + 1\n    ${otherwise}\n\`\`\`\n`;
const wrong = onlyInWebAssembly("return n");
const slow = onlyInWebAssembly("time.sleep(60)");

let copies: string;
let server: OllamaServer;
let opened: TemporaryApplication;
let answer = byRole(answersOf({ coder: right }));

beforeAll(async () => {
  copies = await mkdtemp(join(tmpdir(), "autodidact-proven-"));
  server = await startOllamaServer({ answer: (request) => answer(request) });
});
afterEach(async () => {
  await opened.remove();
});
afterAll(async () => {
  await server.close();
  await rm(copies, { recursive: true, force: true });
});

/** The tests of the tests are not what is looked at here, and dear on this runtime. */
const settings = { flakeRuns: 1, maxMutants: 0 } as const;

function certificatePath(skill: string): string {
  return join(opened.workspaceRoot, "skills", `${skill}.certificate.json`);
}

async function certificateOf(skill: string): Promise<Certificate> {
  return JSON.parse(await readFile(certificatePath(skill), "utf8"));
}

async function runtimesOf(skill: string): Promise<string[]> {
  return (await certificateOf(skill)).proofs.map(({ runtime }) => runtime);
}

/** Copies of workspaces, each with the name of its skill, by what the coder answered. */
const proven = new Map<string, { readonly copy: string; readonly skill: string }>();

/** A workspace with a skill that is proven on the reference runtime alone, to be reopened; its name. */
async function provenOnReference(coder: string): Promise<string> {
  answer = byRole(answersOf({ coder }));
  opened = await openTemporaryApplication({
    ollamaHost: server.host,
    sandbox: "deno-seccomp",
    ...settings,
  });
  const earlier = proven.get(coder);
  if (earlier !== undefined) {
    await cp(earlier.copy, opened.workspaceRoot, { recursive: true });
    return earlier.skill;
  }
  const { result } = await follow(opened.application.runDirective(goal));
  const { skill } = result;
  expect(await runtimesOf(skill)).toEqual([reference]);
  const copy = join(copies, String(proven.size));
  await cp(opened.workspaceRoot, copy, { recursive: true });
  proven.set(coder, { copy, skill });
  return skill;
}

describeWith("bubblewrap", "proofs on two runtimes", () => {
  it("runDirective() proves a skill on the reference runtime and on the one in use", async () => {
    answer = byRole(answersOf({ coder: right }));
    opened = await openTemporaryApplication({ ollamaHost: server.host, ...settings });
    const { events, result } = await follow(opened.application.runDirective(goal));
    const { proofs } = await certificateOf(result.skill);
    expect(proofs.map(({ runtime }) => runtime)).toEqual([
      reference,
      expect.stringMatching(/^cpython-3\.\d+\/native$/),
    ]);
    const [first, second] = proofs;
    expect(second).toMatchObject({
      openPassed: first?.openPassed,
      sealedPassed: first?.sealedPassed,
    });
    // Each case is told once, although it was tried on both.
    expect(ofType(events, "case-passed")).toHaveLength(9);
  });

  it("runDirective() counts an attempt as failed, and names the runtime, when it fails on the one in use alone", async () => {
    answer = byRole(answersOf({ coder: (order) => (order === 0 ? wrong : right) }));
    opened = await openTemporaryApplication({ ollamaHost: server.host, ...settings });
    const before = server.chats().length;
    const { events, result } = await follow(opened.application.runDirective(goal));
    expect(result).toMatchObject({ status: "completed", attempts: 2 });
    const [failure] = ofType(events, "attempt-failed");
    expect(failure?.detail).toMatch(/^on cpython-3\.\d+\/native alone: /);
    const prompts = JSON.stringify(server.chats().slice(before));
    expect(prompts).toContain(`On ${reference} every case passed`);
    expect(await runtimesOf(result.skill)).toHaveLength(2);
  });

  it("useSkill() proves a skill on the runtime in use before its first call, without a model, and once", async () => {
    const skill = await provenOnReference(right);
    const chats = server.chats().length;
    const application = await opened.reopen({ sandbox: "bubblewrap" });
    expect(await application.useSkill(skill, [41])).toMatchObject({ outcome: { value: 42 } });
    const text = await readFile(certificatePath(skill), "utf8");
    expect(await runtimesOf(skill)).toEqual([reference, expect.stringContaining("/native")]);
    expect(await application.showSkill(skill)).toMatchObject({ status: "working" });
    expect(await application.useSkill(skill, [1])).toMatchObject({ outcome: { value: 2 } });
    expect(await readFile(certificatePath(skill), "utf8")).toBe(text);
    expect(server.chats()).toHaveLength(chats);
  });

  it("useSkill() makes a skill untested when it answers wrongly on the runtime in use", async () => {
    const skill = await provenOnReference(wrong);
    const application = await opened.reopen({ sandbox: "bubblewrap" });
    const error = await errorOf(application.useSkill(skill, [41]));
    expect(error).toMatchObject({
      code: "SKILL_NOT_PROVEN",
      message: expect.stringMatching(/on cpython-3\.\d+\/native: add_one\(\d+\) => \d+ fails/),
    });
    const shown = await application.showSkill(skill);
    expect(shown.status).toBe("untested");
    expect(shown.problem).toContain("it answers wrongly");
    expect(shown.certificate).toBeUndefined();
    // Also where it was proven: nobody is left to guess on which machine it holds.
    const again = await opened.reopen({ sandbox: "deno-seccomp" });
    expect(await errorOf(again.useSkill(skill, [41]))).toMatchObject({
      code: "SKILL_NOT_PROVEN",
      message: expect.stringContaining("it answers wrongly"),
    });
    expect((await again.readMemory()).skills).toMatchObject([{ status: "untested" }]);
  });

  it("useSkill() leaves a skill working when it only ran out of time on the runtime in use", async () => {
    const skill = await provenOnReference(slow);
    const application = await opened.reopen({ sandbox: "bubblewrap", executionTimeoutMs: 300 });
    expect(await errorOf(application.useSkill(skill, [41]))).toMatchObject({
      code: "SKILL_NOT_PROVEN",
      blame: "environment",
      message: expect.stringContaining("timeout"),
    });
    expect(await application.showSkill(skill)).toMatchObject({ status: "working" });
    const again = await opened.reopen({ sandbox: "deno-seccomp" });
    expect(await again.useSkill(skill, [41])).toMatchObject({ outcome: { value: 42 } });
  });

  it("useSkill() never counts a proof for other bytes when the certificate changed meanwhile", async () => {
    const skill = await provenOnReference(right);
    const path = certificatePath(skill);
    const certificate = await certificateOf(skill);
    await writeFile(path, JSON.stringify({ ...certificate, proofs: [] }));
    const application = await opened.reopen({ sandbox: "bubblewrap" });
    expect(await errorOf(application.useSkill(skill, [41]))).toMatchObject({
      code: "SKILL_NOT_PROVEN",
    });
    expect(await runtimesOf(skill)).toEqual([]);
  });
});
