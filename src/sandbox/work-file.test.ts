import { describe, expect, it } from "vitest";
import { workFilesProblem, workPathProblem } from "./work-file.ts";

describe("workPathProblem", () => {
  it.each(["a.csv", "data/a b.csv", ".hidden", "ünï/…", "a..b"])(
    "workPathProblem() accepts %j when it stays inside",
    (path) => {
      expect(workPathProblem(path)).toBeUndefined();
    },
  );

  it.each([
    "",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "/etc/passwd",
    "C:/x",
    "a\\b",
    "a\0b",
    "a\nb",
    "..",
    "x".repeat(1_001),
  ])("workPathProblem() refuses %j when it could lead elsewhere", (path) => {
    expect(workPathProblem(path)).toBeTypeOf("string");
  });
});

describe("workFilesProblem", () => {
  const limits = { maxFiles: 2, maxFileBytes: 4 };
  const file = (path: string, text: string) => ({
    path,
    contentBase64: Buffer.from(text).toString("base64"),
  });

  it("workFilesProblem() accepts files when they keep to the limits", () => {
    expect(workFilesProblem([file("a", "12"), file("b", "34")], limits)).toBeUndefined();
  });

  it("workFilesProblem() names the limit when files pass it", () => {
    expect(workFilesProblem([file("a", ""), file("b", ""), file("c", "")], limits)).toMatch("2");
    expect(workFilesProblem([file("a", "123"), file("b", "45")], limits)).toMatch("5 bytes");
    expect(workFilesProblem([file("a", ""), file("a", "")], limits)).toMatch("twice");
  });
});
