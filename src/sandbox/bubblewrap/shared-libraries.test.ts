import { describe, expect, it } from "vitest";
import { gatheredLibraries, librariesOf } from "./shared-libraries.ts";

const list = [
  "\tlinux-vdso.so.1 (0x00007f38c5479000)",
  "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f38c5387000)",
  "\tlibgone.so => not found",
  "\t/usr/lib/python3.11/lib-dynload/_ssl.so (0x00007f38c5387000)",
  "\t/lib64/ld-linux-x86-64.so.2 (0x00007f38c547b000)",
].join("\n");

describe("librariesOf", () => {
  it("librariesOf() reads the paths when a loader lists what it loads", () => {
    expect(librariesOf(list)).toEqual([
      "/lib/x86_64-linux-gnu/libm.so.6",
      "/usr/lib/python3.11/lib-dynload/_ssl.so",
      "/lib64/ld-linux-x86-64.so.2",
    ]);
  });
});

describe("gatheredLibraries", () => {
  const many = ["a", "b", "c", "d"].map((name) => `${import.meta.dirname}/${name}`);

  it("gatheredLibraries() takes a folder when it holds many of the libraries", () => {
    expect(gatheredLibraries([...many, "/lib/x"], [])).toEqual([import.meta.dirname, "/lib/x"]);
  });

  it("gatheredLibraries() takes each library when its folder holds packages too", () => {
    const apart = [`${import.meta.dirname}/python3.12`];
    expect(gatheredLibraries(many, apart)).toEqual(many);
  });
});
