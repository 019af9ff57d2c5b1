import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestBytes } from "../shared/digest.ts";
import { type DemotionRecords, openDemotionRecords } from "./demotion-records.ts";

const code = digestBytes("x = 1\n");
const path = () => join(folder, `${code.slice("sha256:".length)}.json`);
const day = (number: number) => `2026-01-0${number}T00:00:00.000Z`;
const demotion = (at: string) => ({ runtime: "r", reason: "f(1) fails", at });

let root: string;
let folder: string;
let records: DemotionRecords;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "demotions-"));
  folder = join(root, "own", "demoted");
  records = openDemotionRecords(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("standing()", () => {
  it("standing() tells a demotion of what was issued until then, and nothing of what came later", async () => {
    expect(await records.standing(code, day(1))).toBeUndefined();
    await records.record(code, demotion(day(2)));
    expect(await records.standing(code, day(1))).toEqual(demotion(day(2)));
    expect(await records.standing(code, day(2))).toEqual(demotion(day(2)));
    expect(await records.standing(code, day(3))).toBeUndefined();
    expect(await records.standing(code, "no time")).toEqual(demotion(day(2)));
    expect(await records.standing(digestBytes("y"), day(1))).toBeUndefined();
  });

  it.each([
    ["nothing", ""],
    ["half of one", '{"code": "sha256:'],
    ["no object", "null"],
    ["no time", '{"runtime": "r", "reason": "x", "at": "?"}'],
    ["too much", " ".repeat(70_000)],
  ])(
    "standing() counts a record that holds %s, until the bytes are proven anew",
    async (_, text) => {
      await records.record(code, demotion(day(2)));
      await writeFile(path(), text);
      expect(await records.standing(code, day(9))).toMatchObject({
        reason: "the record of it is damaged",
      });
      await records.outlive(code, day(9));
      expect(await records.standing(code, day(9))).toBeUndefined();
      expect(await records.standing(code, day(8))).toBeDefined();
    },
  );
});

describe("record()", () => {
  it.skipIf(process.platform === "win32")(
    "record() makes files that their user alone may read",
    async () => {
      await records.record(code, demotion(day(2)));
      expect((await stat(path())).mode & 0o777).toBe(0o600);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    },
  );

  it("record() keeps the newest when many are recorded at once", async () => {
    const others = [1, 2, 3, 4, 5, 6].map((number) => digestBytes(`${number}`));
    await Promise.all([
      ...[3, 7, 5, 1].map((number) => records.record(code, demotion(day(number)))),
      ...others.map((other) => openDemotionRecords(folder).record(other, demotion(day(1)))),
    ]);
    expect(await records.standing(code, day(1))).toEqual(demotion(day(7)));
    for (const other of others) {
      expect(await records.standing(other, day(1))).toBeDefined();
    }
  });

  it("record() is not hindered by what a writer that was killed left behind", async () => {
    await mkdir(folder, { recursive: true });
    const half = join(folder, `.${code.slice("sha256:".length)}.json.writing`);
    await writeFile(half, '{"code"');
    expect(await records.standing(code, day(1))).toBeUndefined();
    await records.record(code, demotion(day(2)));
    expect(JSON.parse(await readFile(path(), "utf8"))).toEqual({ code, ...demotion(day(2)) });
    expect(await readdir(folder)).not.toContain(basename(half));
  });

  it("record() forgets the oldest when there are too many", async () => {
    const few = openDemotionRecords(folder, 3);
    const digests = [1, 2, 3, 4, 5].map((number) => digestBytes(`${number}`));
    for (const [index, digest] of digests.entries()) {
      await few.record(digest, demotion(day(1)));
      const file = join(folder, `${digest.slice("sha256:".length)}.json`);
      await utimes(file, index, index).catch(() => {});
    }
    const known = await Promise.all(digests.map((digest) => few.standing(digest, day(1))));
    expect(known.map((found) => found !== undefined)).toEqual([false, false, true, true, true]);
  });

  it.skipIf(process.platform === "win32")(
    "record() refuses a folder that others may write",
    async () => {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o777);
      await expect(records.record(code, demotion(day(2)))).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("chmod go-w"),
      });
    },
  );

  it("record() says so when its folder cannot be one", async () => {
    await mkdir(join(root, "own"));
    await writeFile(folder, "");
    await expect(records.record(code, demotion(day(2)))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
