import { describe, expect, it } from "vitest";
import { IncomingFiles } from "./incoming-files.ts";
import { defaultLimits } from "./limits.ts";

const limits = { ...defaultLimits, maxFiles: 2, maxFileBytes: 10 };

function piece(path: string, text: string, last = true) {
  const contentBase64 = Buffer.from(text).toString("base64");
  return { type: "file", id: "1", path, contentBase64, last } as const;
}

describe("IncomingFiles", () => {
  it("add() joins a file's pieces when they come in order", () => {
    const incoming = new IncomingFiles(limits);
    expect(incoming.add(piece("a", "one", false))).toBeUndefined();
    expect(incoming.add(piece("a", " two"))).toBeUndefined();
    expect(incoming.add(piece("b", ""))).toBeUndefined();
    expect(incoming.files).toEqual([
      { path: "a", contentBase64: Buffer.from("one two").toString("base64") },
      { path: "b", contentBase64: "" },
    ]);
  });

  it("add() keeps files of one folder, and names that begin alike", () => {
    const incoming = new IncomingFiles({ ...limits, maxFiles: 4 });
    for (const path of ["a/b", "a/c", "a/d/e", "ab"]) {
      expect(incoming.add(piece(path, "", true))).toBeUndefined();
    }
    expect(incoming.files.map(({ path }) => path)).toEqual(["a/b", "a/c", "a/d/e", "ab"]);
  });

  it.each([
    ["two files are mixed", [piece("a", "x", false), piece("b", "x")], "protocol-error"],
    ["an empty piece is not the last", [piece("a", "", false)], "protocol-error"],
    ["a path leads out", [piece("../a", "x")], "file-limit"],
    ["a path comes twice", [piece("a", "x"), piece("a", "y")], "file-limit"],
    ["a path is a file and a folder", [piece("a", "x"), piece("a/b", "y")], "file-limit"],
    ["a path is a folder and a file", [piece("a/b/c", "x"), piece("a/b", "y")], "file-limit"],
    ["names differ in case", [piece("a", "x"), piece("A", "y")], "file-limit"],
    ["folders differ in case", [piece("a/b", "x"), piece("A/c", "y")], "file-limit"],
    ["names differ in form", [piece("caf\u00e9", "x"), piece("cafe\u0301", "y")], "file-limit"],
    ["names differ by a sign of case", [piece("\u017f", "x"), piece("s", "y")], "file-limit"],
    ["there are too many", [piece("a", ""), piece("b", ""), piece("c", "")], "file-limit"],
    ["they are too large", [piece("a", "123456"), piece("b", "12345")], "file-limit"],
  ] as const)("add() refuses a piece when %s", (_why, pieces, reason) => {
    const incoming = new IncomingFiles(limits);
    const found = pieces.map((one) => incoming.add(one)?.reason);
    expect(found).toEqual([...pieces.slice(1).map(() => undefined), reason]);
  });
});
