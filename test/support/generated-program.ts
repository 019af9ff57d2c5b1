import fc, { type Arbitrary } from "fast-check";
import type { Language } from "../../src/shared/json.ts";

/** How a language writes what both have. */
interface Words {
  readonly and: string;
  readonly or: string;
  readonly not: string;
  readonly equals: string;
  readonly atoms: readonly string[];
  readonly choice: (test: string, yes: string, no: string) => string;
}

const wordsOf: Readonly<Record<Language, Words>> = {
  python: {
    and: "and",
    or: "or",
    not: "not ",
    equals: "==",
    atoms: [
      "a",
      "b",
      "0",
      "1",
      "2.5",
      "'é😀'",
      "''",
      "True",
      "None",
      "a[0]",
      "a[1:b]",
      "[a, b]",
      "f'x{a}'",
    ],
    choice: (test, yes, no) => `(${yes} if ${test} else ${no})`,
  },
  typescript: {
    and: "&&",
    or: "||",
    not: "!",
    equals: "===",
    atoms: [
      "a",
      "b",
      "0",
      "1",
      "2.5",
      "'é😀'",
      "''",
      "true",
      "null",
      "a[0]",
      "a.slice(1, b)",
      "[a, b]",
      `\`x\${a}\``,
    ],
    choice: (test, yes, no) => `(${test} ? ${yes} : ${no})`,
  },
};

function expression(words: Words): Arbitrary<string> {
  const { and, or, equals } = words;
  return fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...words.atoms),
      fc
        .tuple(
          tie("any"),
          fc.constantFrom("+", "-", "*", "/", "%", "<", ">=", equals, and, or),
          tie("any"),
        )
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      tie("any").map((operand) => `(${words.not}${operand})`),
      fc.tuple(tie("any"), tie("any")).map(([first, second]) => `g(${first}, ${second})`),
      fc.tuple(tie("any"), tie("any"), tie("any")).map(([a, b, c]) => words.choice(a, b, c)),
    ),
  })).any;
}

function pythonStatements(value: Arbitrary<string>): Arbitrary<string[]> {
  const simple = value.map((text) => [`b = ${text}`]);
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);
  return fc.letrec<{ block: string[] }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 3 },
      simple,
      value.map((text) => [`a.append(${text})`]),
      fc.tuple(value, tie("block")).map(([test, body]) => [`if ${test}:`, ...indented(body)]),
      fc
        .tuple(value, tie("block"))
        .map(([items, body]) => [`for x in ${items}:`, ...indented(body), "    continue"]),
      fc
        .tuple(value, tie("block"))
        .map(([test, body]) => [`while ${test}:`, ...indented(body), "    a += 1"]),
      fc
        .tuple(tie("block"), tie("block"))
        .map(([body, handled]) => [
          ...["try:", ...indented(body), "    raise KeyError('é')"],
          ...["except (KeyError, errors.Own) as x:", ...indented(handled)],
        ]),
      tie("block").map((body) => [
        ...["@dataclass(order=True)", "class C(B, metaclass=M):", "    x: int = 1"],
        ...["    @property", "    def g(self, a=None, b=[]):", ...indented(indented(body))],
      ]),
      fc.tuple(tie("block"), tie("block")).map(([first, second]) => [...first, ...second]),
    ),
  })).block;
}

function typescriptStatements(value: Arbitrary<string>): Arbitrary<string[]> {
  return fc.letrec<{ block: string[] }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 3 },
      value.map((text) => [`b = ${text};`]),
      value.map((text) => [`a.push(${text} as number)`]),
      fc.tuple(value, tie("block")).map(([test, body]) => [`if (${test}) {`, ...body, "}"]),
      fc
        .tuple(value, tie("block"))
        .map(([items, body]) => [`for (const x of ${items}) {`, ...body, "continue }"]),
      fc
        .tuple(value, tie("block"))
        .map(([test, body]) => [`while (${test}) {`, ...body, "a += 1 }"]),
      fc
        .tuple(tie("block"), tie("block"))
        .map(([body, handled]) => [
          ...["try {", ...body, "throw new RangeError('é'); } catch {", ...handled, "}"],
        ]),
      tie("block").map((body) => [
        // In a block of its own: a name may be declared once in each.
        ...["{ class C<T> extends B<T> { x = 1; g(a: any = null, b: any = []) {", ...body, "} } }"],
      ]),
      fc.tuple(tie("block"), tie("block")).map(([first, second]) => [...first, ...second]),
    ),
  })).block;
}

/** Programs with a function `f(a, b)` that are read without complaint; what they do is nobody's concern. */
export function generatedProgram(language: Language): Arbitrary<string> {
  const value = expression(wordsOf[language]);
  if (language === "python") {
    return fc
      .tuple(pythonStatements(value), value, fc.constantFrom("\n", "\r\n"))
      .map(([body, result, lineEnd]) =>
        [
          "def f(a, b=1):",
          ...body.map((line) => `    ${line}`),
          `    return ${result}, b`,
          "",
        ].join(lineEnd),
      );
  }
  return fc
    .tuple(typescriptStatements(value), value)
    .map(([body, result]) =>
      [
        "export function f(a: any, b: any = 1): unknown {",
        ...body,
        `return [${result}, b];`,
        "}",
        "",
      ].join("\n"),
    );
}
