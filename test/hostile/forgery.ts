import { defaultLimits } from "../../src/sandbox/limits.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { JsonValue, Language } from "../../src/shared/json.ts";
import type { Contract } from "../../src/verify/contract.ts";
import { readContract } from "../../src/verify/contract-reader.ts";
import { judge } from "../../src/verify/judge.ts";
import { readSuite } from "../../src/verify/suite-reader.ts";
import type { Verdict } from "../../src/verify/verdict.ts";

/** A wrong skill that tries to be counted as a right one, and how it tries. */
export interface Forgery {
  readonly name: string;
  readonly source: string;
  /** `shout` answers a text in upper case, `arrange` a list of numbers sorted. */
  readonly entry: "shout" | "arrange";
  /** It may never answer: given a short time limit. */
  readonly hangs?: true;
}

export function forgery(
  name: string,
  source: string,
  options: Partial<Pick<Forgery, "entry" | "hangs">> = {},
): Forgery {
  return { name, source, entry: "shout", ...options };
}

/** The errors a `shout` must raise: the first for an empty text, the second for a blank one. */
const errors: Readonly<Record<Language, readonly [string, string]>> = {
  python: ["ValueError", "LookupError"],
  typescript: ["RangeError", "SyntaxError"],
};

const properties = {
  python: {
    shout: "result == args[0].upper() and re.fullmatch('[A-Z]+', result) and json.loads('1') == 1",
    arrange: "result == sorted(args[0]) and len(result) == len(args[0]) and math.isclose(1, 1)",
  },
  typescript: {
    shout: "result === args[0].toUpperCase() && /^[A-Z]+$/.test(result) && JSON.parse('1') === 1",
    arrange: "JSON.stringify(result) === JSON.stringify(args[0].toSorted((a, b) => a - b))",
  },
} as const;

/** Right in every case: the suite passes what deserves it. */
export const honestSkills: Readonly<Record<Language, Readonly<Record<Forgery["entry"], string>>>> =
  {
    python: {
      shout:
        "def shout(text):\n    if text == '': raise ValueError('empty')\n    if text.isspace(): raise LookupError('blank')\n    return text.upper()\n",
      arrange: "def arrange(items):\n    return sorted(items)\n",
    },
    typescript: {
      shout:
        "function shout(text) {\n  if (text === '') throw new RangeError('empty');\n  if (text.trim() === '') throw new SyntaxError('blank');\n  return text.toUpperCase();\n}\n",
      arrange: "function arrange(items) { return items.toSorted((a, b) => a - b); }\n",
    },
  };

function contractOf(language: Language, entry: Forgery["entry"]): Contract {
  const isShout = entry === "shout";
  const reading = readContract(
    {
      description: isShout ? "Upper case." : "Sorted.",
      entry,
      parameters: [isShout ? "text: str" : "items: list[int]"],
      result: isShout ? "str" : "list[int]",
      errors: isShout ? [...errors[language]] : [],
    },
    { name: "forged", language },
  );
  if (reading.kind === "unreadable") {
    throw new Error(`Reading the contract of ${entry}: ${reading.problem}, a contract is wanted.`);
  }
  return reading.contract;
}

function casesOf(language: Language, entry: Forgery["entry"]): JsonValue {
  const property = properties[language][entry];
  const [empty, blank] = errors[language];
  return entry === "shout"
    ? [
        { args: ["a"], returns: "A" },
        { args: ["ef"], property },
        { args: [""], raises: empty },
        { args: [" "], raises: blank },
        { args: ["gh"], property },
        { args: ["bc"], returns: "BC" },
      ]
    : [
        { args: [[2, 1]], returns: [1, 2] },
        { args: [[5, 3, 4]], property },
        { args: [[]], returns: [] },
        { args: [[9, 8, 7]], property },
        { args: [[0, -1]], returns: [-1, 0] },
      ];
}

/** The verdict of the real judge on a skill, under a suite of values, errors and properties. */
export async function verdictOn(
  { entry, source, hangs }: Forgery,
  sandbox: Sandbox,
  checker: Sandbox,
): Promise<Verdict> {
  const { language } = sandbox;
  const contract = contractOf(language, entry);
  const { cases } = readSuite(casesOf(language, entry), contract);
  return await judge({
    program: {
      language,
      source,
      entry,
      fileName: language === "python" ? "forged.py" : "forged.ts",
    },
    suite: {
      cases: cases.map((draft, index) => ({
        ...draft,
        id: `c${index + 1}`,
        sealed: index === cases.length - 1,
      })),
    },
    contract,
    sandbox,
    checker,
    limits: { ...defaultLimits, timeoutMs: hangs === true ? 1_000 : 10_000 },
  });
}
