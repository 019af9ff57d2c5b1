import { describe, expect, it } from "vitest";
import { MemoryFiles } from "./memory-files.ts";

const limits = { maxOutputBytes: 1, maxMessageBytes: 1, maxFiles: 2, maxFileBytes: 10 };
const bytes = (text: string) => new TextEncoder().encode(text);
const withCode = (code: string) => expect.objectContaining({ code });

describe("MemoryFiles", () => {
  it("MemoryFiles reads what was written when the path is named in another way", () => {
    const files = new MemoryFiles();
    files.makeFolder("a", false);
    files.write("a/b.txt", bytes("x"));
    files.write("/work/a/b.txt", bytes("y"), { append: true });
    expect(new TextDecoder().decode(files.read("./a/../a/b.txt"))).toBe("xy");
    expect(files.list("a")).toEqual([{ name: "b.txt", isFile: true }]);
    expect(files.list(".")).toEqual([{ name: "a", isFile: false }]);
    expect(files.stat(new URL("file:///work/a/b.txt"))).toEqual({ isFile: true, size: 2 });
  });

  it.each(["../x", "/etc/passwd", "a/../../x", "/work/../x", "/workshop/x", "a\0"])(
    "MemoryFiles refuses %j when it leads out of the work folder",
    (path) => {
      const files = new MemoryFiles();
      expect(() => files.read(path)).toThrow(withCode("EACCES"));
      expect(() => files.write(path, bytes("x"))).toThrow(withCode("EACCES"));
    },
  );

  it("MemoryFiles names what is wrong when a folder or file stands in the way", () => {
    const files = new MemoryFiles();
    files.write("f", bytes("x"));
    files.makeFolder("d/e", true);
    expect(() => files.read("none")).toThrow(withCode("ENOENT"));
    expect(() => files.read("d")).toThrow(withCode("EISDIR"));
    expect(() => files.write("f/x", bytes("x"))).toThrow(withCode("ENOTDIR"));
    expect(() => files.write("none/x", bytes("x"))).toThrow(withCode("ENOENT"));
    expect(() => files.makeFolder("d", false)).toThrow(withCode("EEXIST"));
    expect(() => files.remove("d", false)).toThrow(withCode("ENOTEMPTY"));
    files.remove("d", true);
    expect(files.exists("d/e")).toBe(false);
  });

  it("MemoryFiles forgets everything when it is filled anew", () => {
    const files = new MemoryFiles();
    files.write("old", bytes("x"));
    files.fill(new Map([["sub/new", bytes("y")]]));
    expect([...files.readAll(limits).keys()]).toEqual(["sub/new"]);
  });

  it("MemoryFiles refuses to hand out more than the limits when it is read", () => {
    const files = new MemoryFiles();
    files.write("a", bytes("12345678901"));
    expect(() => files.readAll(limits)).toThrow(expect.objectContaining({ limit: "maxFileBytes" }));
    files.write("a", bytes(""));
    files.write("b", bytes(""));
    files.write("c", bytes(""));
    expect(() => files.readAll(limits)).toThrow(expect.objectContaining({ limit: "maxFiles" }));
  });

  it("MemoryFiles reads the program's own files under /skill and never changes them", () => {
    const files = new MemoryFiles();
    files.fillProgram(new Map([["data/list.txt", bytes("a")]]));
    files.fill(new Map([["work.txt", bytes("b")]]));
    expect(new TextDecoder().decode(files.read("/skill/data/list.txt"))).toBe("a");
    expect(files.list("../skill").map(({ name }) => name)).toEqual(["data"]);
    expect(files.exists("/skill/work.txt")).toBe(false);
    expect(() => files.write("/skill/data/list.txt", bytes("x"))).toThrow(withCode("EROFS"));
    expect(() => files.remove("/skill/data", true)).toThrow(withCode("EROFS"));
    expect(() => files.makeFolder("/work/../skill/new", false)).toThrow(withCode("EROFS"));
    expect([...files.readAll(limits).keys()]).toEqual(["work.txt"]);
  });
});
