import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveInside } from "./paths.ts";

let folder = "";
let root = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paths-"));
  root = join(folder, "workspace");
  await mkdir(join(root, "data"), { recursive: true });
  await mkdir(join(folder, "workspace-evil"));
  await writeFile(join(folder, "secret.txt"), "secret");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const refused = { code: "PATH_OUTSIDE_WORKSPACE", blame: "caller" };

describe("resolveInside()", () => {
  it("resolveInside() gives the path of a file that exists, of one that does not, and of the root", async () => {
    await writeFile(join(root, "data/a.csv"), "");
    expect(await resolveInside(root, "data/a.csv")).toBe(join(root, "data/a.csv"));
    expect(await resolveInside(root, "new/deep/..b")).toBe(join(root, "new/deep/..b"));
    expect(await resolveInside(root, "./data")).toBe(join(root, "data"));
    expect(await resolveInside(join(root, "data/a.csv"), "below")).toBe(
      join(root, "data/a.csv/below"),
    );
  });

  it.each([
    "",
    "..",
    "../secret.txt",
    "data/../../secret.txt",
    "data/..",
    "../workspace-evil/x",
    "/etc/passwd",
    "C:/windows",
    "c:evil",
    "data\\..\\..\\x",
    "a\0b",
  ])("resolveInside() refuses %j", async (path) => {
    await expect(resolveInside(root, path)).rejects.toMatchObject(refused);
  });

  it("resolveInside() refuses a symbolic link out, to a sibling, to nowhere, and to itself", async () => {
    await symlink(folder, join(root, "up"));
    await symlink(join(folder, "workspace-evil"), join(root, "sibling"));
    await symlink(join(folder, "not-yet"), join(root, "nowhere"));
    await symlink(join(root, "loop"), join(root, "loop"));
    await symlink(join(folder, "secret.txt"), join(root, "data/leaf"));
    for (const path of [
      "up",
      "up/secret.txt",
      "up/new",
      "sibling/x",
      "nowhere",
      "loop",
      "data/leaf",
    ]) {
      await expect(resolveInside(root, path)).rejects.toMatchObject(refused);
    }
  });

  it("resolveInside() follows a link that stays inside, also when the root itself is a link", async () => {
    await symlink(join(root, "data"), join(root, "alias"));
    await symlink(root, join(folder, "link-to-root"));
    expect(await resolveInside(root, "alias/x")).toBe(join(root, "alias/x"));
    const linked = join(folder, "link-to-root");
    expect(await resolveInside(linked, "alias/x")).toBe(join(linked, "alias/x"));
  });
});
