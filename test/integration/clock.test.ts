import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { launchedSandbox } from "../../src/sandbox/launched-sandbox.ts";
import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import type { Contract } from "../../src/verify/contract.ts";
import { judge } from "../../src/verify/judge.ts";
import { namesClock } from "../../src/verify/repeat-clocks.ts";
import { type RepeatOptions, repeatSuite } from "../../src/verify/repeats.ts";
import type { Case, Suite } from "../../src/verify/suite.ts";
import { openTemporaryApplication } from "../support/temporary-application.ts";
import { type UsableBackend, usableBackends } from "../support/usable-backends.ts";

const opened: Sandbox[] = [];
afterAll(async () => {
  await Promise.all(opened.map((sandbox) => sandbox.close()));
});

function sandboxOn({ language, name, launcher }: UsableBackend): Sandbox {
  const sandbox = launchedSandbox(language, name, launcher, { warmProcesses: 0 });
  opened.push(sandbox);
  return sandbox;
}

/** The last two of three differ in their lock alone. */
const backendsIn = async (language: Language): Promise<readonly UsableBackend[]> =>
  (await usableBackends(language)).slice(0, 2);

const programOf = (language: Language, source: string) =>
  ({
    language,
    source,
    entry: "f",
    fileName: `skill.${language === "python" ? "py" : "ts"}`,
  }) as const;

/** Each way to ask for the day, as `2032-02-29`; then three that a clock does not change. */
const everyDay: Readonly<Record<Language, string>> = {
  python: `import calendar, datetime, time
from datetime import date, datetime as moment, timezone
from time import time as seconds
class Mine(moment):
    pass
at_load = str(moment.now())
def day(*parts):
    return "%04d-%02d-%02d" % parts[:3]
def f():
    days = [at_load, str(moment.now()), str(moment.now(timezone.utc)), str(moment.now(tz=timezone.utc)), str(moment.utcnow()),
            str(moment.today()), str(date.today()), str(Mine.now()), time.strftime("%Y-%m-%d"),
            str(moment.fromtimestamp(seconds())), str(moment.fromtimestamp(time.time_ns() // 10**9)),
            day(*time.localtime()), day(*time.gmtime()), day(*time.localtime(None)),
            str(moment.strptime(time.ctime(), "%c")), str(moment.strptime(time.asctime(), "%c")),
            str(moment.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME)))]
    fixed = [time.gmtime(0)[0], time.strftime("%Y", time.gmtime(0)), time.monotonic() < 10**8]
    return [[text[:10] for text in days], fixed, isinstance(Mine.now(), Mine) and type(moment.now()) is moment]
`,
  typescript: `const atLoad = new Date();
class Mine extends Date {}
async function f() {
  const zones = { timeZone: "UTC" };
  const format = new Intl.DateTimeFormat("sv-SE", zones);
  const now = Temporal.Now;
  const form = new FormData();
  form.append("a", new Blob([]));
  const files = [new File([], "a"), form.get("a"), (await new Response(form).formData()).get("a")];
  const days = [atLoad, new Date(), new Mine(), new Date(Date.now()), new Date(Date()),
    new Date(performance.timeOrigin + performance.now()), ...files.map((file) => new Date(file.lastModified))].map((date) => date.toISOString());
  const others = [format.format(), format.formatToParts().map((part) => part.value).join(""),
    now.instant(), now.plainDateISO(), now.plainDateTimeISO("UTC"), now.zonedDateTimeISO("UTC")].map(String);
  const fixed = [new Date(0).getUTCFullYear(), format.format(0).slice(0, 4), performance.now() < 1e8];
  const made = new Date();
  return [[...days, ...others].map((text) => text.slice(0, 10)), fixed,
    new File([], "a", { lastModified: 0 }).lastModified === 0 && made instanceof Date && made.constructor === Date && new Mine() instanceof Mine];
}
`,
};

describe.each(["python", "typescript"] as const)("the clock of a %s program", (language) => {
  it("start() sets every clock of the day and none that only goes on", async () => {
    for (const backend of await backendsIn(language)) {
      const program = programOf(language, everyDay[language]);
      const clockOffsetMs = Date.parse("2032-02-29T12:00:00Z") - Date.now();
      const started = await sandboxOn(backend).start({ ...program, clockOffsetMs }, defaultLimits);
      const outcome = await started.subject?.call({ args: [] });
      await started.subject?.close();
      const days = language === "python" ? 17 : 15;
      const value = [Array.from({ length: days }, () => "2032-02-29"), [1970, "1970", true], true];
      expect(outcome, backend.name).toMatchObject({ kind: "returned", value });
    }
  });
});

const contractIn = (language: Language): Contract => ({
  ...{ name: "f", language, description: "", entry: "f", parameters: [], result: {} },
  ...{ errors: [], capabilities: [], files: { reads: [], makes: [] } },
});

function suiteOf(...calls: [JsonValue, JsonValue][]): Suite {
  const base = { files: [], filesAfter: [], sealed: false, why: "", origin: "model" } as const;
  return {
    cases: calls.map(
      ([argument, expected], index): Case => ({
        ...base,
        ...{ id: `c${index + 1}`, args: [argument], kind: "returns", expected },
      }),
    ),
  };
}

/** A Wednesday in November, whenever this runs. */
const baseMs = Date.parse("2026-11-25T10:00:00Z");

async function repeated(
  sandboxes: { readonly usual: Sandbox; readonly reseeded?: Sandbox },
  source: string,
  suite: Suite,
  { runs = 3, ...options }: RepeatOptions & { readonly runs?: number } = {},
) {
  const { language } = sandboxes.usual;
  const program = programOf(language, source);
  const judgeAt = (sandbox: Sandbox, cases: Suite, offsetMs: number) =>
    judge({
      ...{ program, suite: cases, contract: contractIn(language), isRepeat: true },
      ...{ sandbox, checker: sandbox, limits: defaultLimits },
      clockOffsetMs: baseMs - Date.now() + offsetMs,
    });
  const first = await judgeAt(sandboxes.usual, suite, 0);
  expect(first.passed).toBe(true);
  return await repeatSuite(
    first,
    suite,
    runs,
    (again, { clockOffsetMs, isFirst }) => {
      const { usual, reseeded = usual } = sandboxes;
      return judgeAt(isFirst ? reseeded : usual, again, clockOffsetMs);
    },
    { nowMs: baseMs, namesClock: namesClock(language, source), ...options },
  );
}

/** Each is wrong for one argument: at weekends, from a day on, before a day, in February, at night. */
const faulty: Readonly<Record<Language, string>> = {
  python: `from datetime import date, datetime
def f(n):
    today = date.today()
    wrong = [today.weekday() >= 5, today.year >= 2030, today < date(2025, 1, 1), today.month == 2,
             datetime.now().hour > 21, False]
    return -1 if wrong[n] else n
`,
  typescript: `function f(n) {
  const now = new Date();
  const wrong = [[0, 6].includes(now.getUTCDay()), Date.now() > Date.UTC(2030, 0),
    now.getUTCFullYear() < 2025, Temporal.Now.plainDateISO().month === 2, now.getUTCHours() > 21, false];
  return wrong[n] ? -1 : n;
}
`,
};

describe.each(["python", "typescript"] as const)("%s code that reads the clock", (language) => {
  it("repeatSuite() finds code that is wrong on other days than that of its proof", async () => {
    const [backend] = await usableBackends(language);
    const usual = sandboxOn(backend as UsableBackend);
    const suite = suiteOf(...[0, 1, 2, 3, 4, 5].map((n): [JsonValue, JsonValue] => [n, n]));
    const { byClock, wavering } = await repeated({ usual }, faulty[language], suite);
    expect(byClock).toEqual(["c1", "c2", "c3", "c4", "c5"]);
    expect(wavering.map(({ detail }) => detail)).toEqual(
      byClock?.map(() => expect.stringContaining("it depends on the clock")),
    );
  });

  it("repeatSuite() gives properties the same clock, so that one of today holds on every day", async () => {
    const [source, expression] =
      language === "python"
        ? [
            "from datetime import date\ndef f(n):\n    return str(date.today())\n",
            "result == str(datetime.date.today())",
          ]
        : [
            "function f(n) { return new Date().toISOString().slice(0, 10); }\n",
            "result === new Date().toISOString().slice(0, 10)",
          ];
    const [backend] = await usableBackends(language);
    const [one] = suiteOf([1, 1]).cases;
    const suite = { cases: [{ ...one, kind: "property", expression } as Case] };
    const { runs, wavering } = await repeated(
      { usual: sandboxOn(backend as UsableBackend) },
      source,
      suite,
    );
    expect(wavering).toEqual([]);
    expect(runs).toBe(5);
  });
});

describe("the hash seed of Pyodide", () => {
  it("repeatSuite() finds code that counts on the order of a set", async () => {
    const backend = (await usableBackends("python")).find(({ launcher }) => launcher.reseeded);
    const { reseeded, ...usual } = (backend as UsableBackend).launcher;
    const source = "def f(words):\n    return ' '.join(set(words))\n";
    const words = "red orange yellow green blue indigo violet black white grey".split(" ");
    const sandboxes = {
      usual: sandboxOn({ ...(backend as UsableBackend), launcher: usual }),
      reseeded: sandboxOn({ ...(backend as UsableBackend), launcher: reseeded ?? usual }),
    };
    const started = await sandboxes.usual.start(programOf("python", source), defaultLimits);
    const outcome = await started.subject?.call({ args: [words] });
    await started.subject?.close();
    const value = outcome?.kind === "returned" ? outcome.value : null;
    const suite = suiteOf([words, value]);
    const { varied, wavering, byClock } = await repeated(sandboxes, source, suite, {
      canReseed: true,
      runs: 2,
    });
    expect(varied).toContain("hash seed");
    expect(wavering).toMatchObject([{ caseId: "c1" }]);
    expect(byClock).toEqual([]);
  }, 120_000);
});

describe("addSkill", () => {
  it("addSkill() leaves code untested that is wrong in a year to come, and says it is the clock", async () => {
    const { application, workspaceRoot, remove } = await openTemporaryApplication({
      maxMutants: 0,
    });
    try {
      const body = "return new Date().getUTCFullYear() === 2032 ? 0 : n * n;";
      const source = `export function f(n: number) {\n  ${body}\n}\n`;
      const cases = [1, 2, 3, -4].map((n) => ({ args: [n], returns: n * n }));
      const added = await application.addSkill({
        language: "typescript",
        name: "square",
        source,
        cases,
      });
      expect(added).toMatchObject({
        status: "untested",
        missing: expect.arrayContaining([
          expect.stringContaining(
            "it depends on the clock, take day or time as an argument: at 2032-02-29",
          ),
        ]),
      });
      const path = join(workspaceRoot, "skills", "square.certificate.json");
      const { evidence } = JSON.parse(await readFile(path, "utf8"));
      expect(evidence.flakiness).toMatchObject({
        runs: 5,
        varied: ["clock", "random seed"],
        clocks: ["2032-02-29T23:30:00Z", ...Array.from({ length: 3 }, () => expect.any(String))],
      });
    } finally {
      await remove();
    }
  });
});
