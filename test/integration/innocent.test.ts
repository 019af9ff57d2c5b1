import { afterAll, describe, expect, it } from "vitest";
import { openSafetyReader } from "../../src/safety/open-safety-reader.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { CallOutcome, Sandbox, Subject, TaggedValue } from "../../src/sandbox/sandbox.ts";
import { openSourceReader } from "../../src/syntax/source-reader.ts";
import { type InnocentProgram, innocentPrograms } from "../innocent/innocent-programs.ts";
import { quickShare } from "../support/quick-share.ts";
import { testSize } from "../support/requirements.ts";
import { isWasm, usableSandboxes } from "../support/usable-backends.ts";
import { callOnce, programOf, workFile } from "./sandbox-programs.ts";

const sandboxes = {
  // One that stands ready is one more to start.
  python: await usableSandboxes("python", testSize(0, 2, 2)),
  typescript: await usableSandboxes("typescript", 2),
};
const reader = openSourceReader({ timeoutMs: 50_000 });
afterAll(async () => {
  await Promise.all([...sandboxes.python, ...sandboxes.typescript].map((each) => each.close()));
  await reader.close();
});

const programs = {
  python: innocentPrograms.filter(({ language }) => language === "python"),
  typescript: innocentPrograms.filter(({ language }) => language === "typescript"),
};
type Failure = Exclude<CallOutcome, { kind: "returned" }>;

/** What the outcome says, by what is lacking: the sandbox's own words, or CPython's where it has some. */
const saysSo = {
  threads: /^died: process-limit: it tried to start a thread.+ 0 threads.+asyncio/,
  "time zones":
    /^raised ZoneInfoNotFoundError: No time zone found.+use datetime\.timezone.+fixed offset/,
  "key derivation": /^raised AttributeError: .*no attribute 'pbkdf2_hmac'.+use hmac/,
};
/** What people write without harm in mind, and no sandbox can give. */
const startsProcess = [
  "import os\n\ndef f():\n    return os.system('ls')\n",
  "import subprocess\n\ndef f():\n    return subprocess.run(['ls']).returncode\n",
  "import multiprocessing\n\ndef f():\n    with multiprocessing.Pool(2) as pool:\n        return pool.map(abs, [1])\n",
];
const opensSocket = [
  "import socket\n\ndef f():\n    socket.create_connection(('127.0.0.1', 80))\n",
  "import socket\n\ndef f():\n    socket.create_server(('127.0.0.1', 0))\n",
  "import socket\n\ndef f():\n    return socket.gethostbyname('example.com')\n",
  "import urllib.request\n\ndef f():\n    urllib.request.urlopen('http://example.com/')\n",
  "import asyncio\n\nasync def f():\n    await asyncio.open_connection('127.0.0.1', 80)\n",
];
const isLackedEverywhere = (lacks: InnocentProgram["lacks"]): boolean =>
  lacks === "time zones" || lacks === "threads";

/** A process takes a second of Python in WebAssembly, so there these programs run by themselves. */
const aloneCount = testSize(1, 25, 25);
/** Every so-manieth program on a backend beneath the strongest. */
const strongestStep = 6;
const quickStep = 24;

/**
 * One Python program that holds all the others, each in a module of its own: what is tried is what
 * they need, not what keeps them apart.
 */
const dispatcher = `
import sys, types

def f(name, source, args):
    module = types.ModuleType("innocent_" + name.replace("-", "_"))
    sys.modules[module.__name__] = module
    exec(compile(source, name + ".py", "exec", dont_inherit=True), module.__dict__)
    return module.f(*args)
`;

function folder(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([path, text]) => workFile(path, text));
}

async function sourceOf(program: InnocentProgram): Promise<string> {
  if (program.language === "python") {
    return program.source;
  }
  const prepared = await reader.prepareTypeScript(program.source);
  return prepared.kind === "read" ? prepared.value : `throw new Error(${JSON.stringify(prepared)})`;
}

async function runAlone(sandbox: Sandbox, program: InnocentProgram): Promise<CallOutcome> {
  return await callOnce(sandbox, await sourceOf(program), program.args, {
    files: folder(program.files),
    collectFiles: true,
  });
}

async function runTogether(subject: Subject, program: InnocentProgram): Promise<CallOutcome> {
  const args: TaggedValue[] = [program.name, program.source, [...program.args]];
  return await subject.call({ args, files: folder(program.files), collectFiles: true });
}

/** What a program should have come to, in the shape of `seen`. */
function wanted({ name, answer, made, printed }: InnocentProgram) {
  return { name, came: answer, printed, ...(made === undefined ? {} : { made }) };
}

function seen(program: InnocentProgram, outcome: CallOutcome) {
  const { name, made } = program;
  const came = outcome.kind === "returned" ? outcome.value : failure(outcome);
  const files = outcome.kind === "died" ? [] : (outcome.files ?? []);
  const texts = files.map(({ path, contentBase64 }) => [
    path,
    Buffer.from(contentBase64, "base64").toString(),
  ]);
  return {
    name,
    came,
    printed: outcome.printed,
    ...(made === undefined ? {} : { made: Object.fromEntries(texts) }),
  };
}

function failure(outcome: Failure): string {
  return outcome.kind === "died"
    ? `died: ${outcome.reason}: ${outcome.detail}`
    : `raised ${outcome.errorType}: ${outcome.message}\n${outcome.trace}`;
}

async function expectAnswers(
  list: readonly InnocentProgram[],
  run: (program: InnocentProgram) => Promise<CallOutcome>,
): Promise<void> {
  expect(list.length).toBeGreaterThan(0);
  const found = [];
  for (const program of list) {
    found.push(seen(program, await run(program)));
  }
  expect(found).toEqual(list.map(wanted));
}

/** Every n-th, so that the sample holds some of each topic. */
function sample(list: readonly InnocentProgram[]): readonly InnocentProgram[] {
  const step = Math.floor(list.length / aloneCount);
  return list.filter((_, index) => index % step === 0).slice(0, aloneCount);
}

/** All on the strongest backend; beneath it in the quick form some, others on each. */
function shareOf<Item>(list: readonly Item[], sandbox: Sandbox): readonly Item[] {
  const place = sandboxes[sandbox.language].indexOf(sandbox);
  return place === 0 ? list : quickShare(list, 3, place);
}

describe("innocent programs", () => {
  it("there are at least 210, of both languages, each with a name of its own", () => {
    expect(programs.python.length).toBeGreaterThanOrEqual(140);
    expect(programs.typescript.length).toBeGreaterThanOrEqual(70);
    const names = innocentPrograms.map(({ language, name }) => `${language} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("every language has a backend here", () => {
    expect(sandboxes.python.length).toBeGreaterThan(0);
    expect(sandboxes.typescript.length).toBeGreaterThan(0);
  });

  const alone = [...sandboxes.python, ...sandboxes.typescript].filter((each) => !isWasm(each));
  it.each(alone.map((each) => [each.language, each.backend, each] as const))(
    "call() of %s gives the answer of each program when it runs in %s",
    async (language, _backend, sandbox) => {
      await sandbox.warm();
      const all = programs[language].filter(({ lacks }) => !isLackedEverywhere(lacks));
      const place = sandboxes[language].indexOf(sandbox);
      const list = quickShare(all, place === 0 ? strongestStep : quickStep, place);
      await expectAnswers(list, (program) => runAlone(sandbox, program));
    },
    300_000,
  );

  const wasm = sandboxes.python.filter(isWasm);
  const runnable = programs.python.filter(({ lacks }) => lacks === undefined);
  it.each(wasm.map((each) => [each.backend, each] as const))(
    "call() of python gives the answer of each program when one process in %s holds them all",
    async (_backend, sandbox) => {
      const started = await sandbox.start(programOf("python", dispatcher), defaultLimits);
      if (started.kind !== "started") {
        throw new Error(failure(started));
      }
      // What differs between these two is the lock, which a few programs show as well.
      const list = quickShare(runnable, sandbox === wasm[0] ? 3 : quickStep);
      await expectAnswers(list, (program) => runTogether(started.subject, program));
      await started.subject.close();
    },
    300_000,
  );

  it.each(wasm.map((each) => [each.backend, each] as const))(
    "call() of python gives the answer of each program when a sample runs by itself in %s",
    async (_backend, sandbox) => {
      await sandbox.warm();
      await expectAnswers(sample(runnable), (program) => runAlone(sandbox, program));
    },
    300_000,
  );

  it.each(sandboxes.python.map((each) => [each.backend, each] as const))(
    "call() of python says what is lacking when a program needs it in %s",
    async (_backend, sandbox) => {
      const lacking = programs.python.filter(
        ({ lacks }) => isLackedEverywhere(lacks) || (lacks !== undefined && isWasm(sandbox)),
      );
      const tried = shareOf(lacking, sandbox);
      expect(tried).not.toEqual([]);
      for (const program of tried) {
        const outcome = await runAlone(sandbox, program);
        const { came } = seen(program, outcome);
        expect(came).toMatch(saysSo[program.lacks ?? "threads"]);
      }
    },
    300_000,
  );

  it.each(sandboxes.python.map((each) => [each.backend, each] as const))(
    "call() of python says that processes are lacking when it starts a process in %s",
    async (_backend, sandbox) => {
      for (const source of shareOf(startsProcess, sandbox)) {
        const outcome = await callOnce(sandbox, source);
        expect(outcome).toMatchObject({
          kind: "died",
          reason: "process-limit",
          detail: expect.stringMatching(
            /it tried to start .+ a skill may start 0 processes.*; compute in the function itself/,
          ),
        });
      }
    },
  );

  it.each(sandboxes.python.map((each) => [each.backend, each] as const))(
    "call() of python says that sockets are lacking when it opens one in %s",
    async (_backend, sandbox) => {
      for (const source of shareOf(opensSocket, sandbox)) {
        expect(await callOnce(sandbox, source)).toMatchObject({
          kind: "raised",
          message: expect.stringContaining("a skill has no sockets and no network; take the data"),
        });
      }
    },
  );

  it.each(sandboxes.typescript.map((each) => [each.backend, each] as const))(
    "call() of typescript says what it is lacking when it asks for the network in %s",
    async (_backend, sandbox) => {
      const source = "async function f() { await Deno.connect({ port: 80 }); }";
      expect(await callOnce(sandbox, source)).toMatchObject({
        kind: "raised",
        message: expect.stringMatching(/Requires net access .+no network; take the data[^-]+$/),
      });
    },
  );

  it("read() accepts every program but those that ask for more than a skill has", async () => {
    const safety = openSafetyReader({ reader });
    const refused: Record<string, string[]> = {};
    for (const { language, name, source } of innocentPrograms) {
      const report = await safety.read(language, source, []);
      if (!report.accepted) {
        refused[name] = report.findings.map(({ tier, rule }) => `${tier} ${rule}`);
      }
    }
    expect(refused).toEqual({
      "environment-default": ["approval environment"],
      "thread-and-queue": ["unavailable threads"],
      "thread-pool": ["unavailable threads"],
      "threads-and-a-lock": ["unavailable threads"],
    });
  });
});
