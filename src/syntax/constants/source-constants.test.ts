import { describe, expect, it } from "vitest";
import { pythonConstants } from "../python/python-constants.ts";
import { typescriptConstants } from "../typescript/typescript-constants.ts";

describe("pythonConstants()", () => {
  it("pythonConstants() gives literals, those that are compared first, and what patterns match", () => {
    const source = `"""A docstring, 99."""
import re
LIMIT = 40
def f(a: "int", b=1.5) -> "str":
    "Another."
    if a == 4711 or b < 12345678901234567890:
        raise ValueError("a message")
    if a.startswith("ab"):
        return {"key": f"part{a}"}
    return re.match(r"^x\\d+", a)
`;
    expect(pythonConstants(source)).toEqual({
      numbers: ["4711", "12345678901234567890", "40", "1.5"],
      texts: ["ab", "x7", "x77", "key", "part", "^x\\d+"],
    });
  });

  it("pythonConstants() bounds what it gives", () => {
    const numbers = Array.from({ length: 300 }, (_, index) => `${index}`).join(", ");
    const found = pythonConstants(`A = [${numbers}]\nB = "${"x".repeat(300)}"\n`);
    expect(found.numbers).toHaveLength(100);
    expect(found.texts).toEqual([]);
  });
});

describe("typescriptConstants()", () => {
  it("typescriptConstants() gives literals, those that are compared first, and what patterns match", () => {
    const source = `import { join } from "node:path";
type Kind = "a" | 8;
const limit = 40;
export function f(a: Kind, b = 1.5) {
  if (a === 4711 || b < 10n) throw new RangeError("a message");
  switch (a) { case "word": return \`part\${a}end\`; }
  if (a.startsWith("ab")) return { "a key": 0x10 };
  return /^x\\d+$/.test(a) || new RegExp("y?").test(a);
}`;
    const { numbers, texts } = typescriptConstants(source);
    expect(numbers).toEqual(["4711", "10", "40", "1.5", "16"]);
    expect(texts.slice(0, 3)).toEqual(["word", "part", "end"]);
    expect(texts.toSorted()).toEqual(
      ["ab", "a key", "end", "part", "word", "x7", "x77", "y", "y?"].toSorted(),
    );
  });
});
