import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DownloadedModel,
  type DownloadProgress,
  downloadModel,
} from "../../src/model/embedded/download.ts";
import { parseEmbeddedName } from "../../src/model/embedded/embedded-name.ts";
import { Hub, type HubSource } from "../../src/model/embedded/hub.ts";
import { type HubServer, type HubServerOptions, startHubServer } from "../support/hub-server.ts";

const whole = Buffer.alloc(300_000, "0123456789abcdef-");
const sha256 = createHash("sha256").update(whole).digest("hex");
const source = parseEmbeddedName("hf:Some/Tiny-GGUF:Q4_K_M") as HubSource;
const noWait = () => Promise.resolve();

let directory: string;
let server: HubServer;
let hub: Hub;
const seen: DownloadProgress[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "autodidact-hub-"));
  seen.length = 0;
});
afterEach(async () => {
  await hub.close();
  await server.close();
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<HubServerOptions> = {}): Promise<void> {
  server = await startHubServer({ files: { "tiny.gguf": whole }, ...options });
  hub = new Hub(server.url);
}

function download(): Promise<DownloadedModel> {
  const onProgress = (progress: DownloadProgress) => seen.push(progress);
  return downloadModel(hub, source, directory, { onProgress, wait: noWait });
}

describe("downloadModel()", () => {
  it("keeps the file and its digest, and says both, when the hub's digest is right", async () => {
    await start();
    const { path, ...rest } = await download();
    expect(path).toBe(join(directory, "Some", "Tiny-GGUF", "Q4_K_M", "tiny.gguf"));
    expect(rest).toEqual({ sha256: [sha256] });
    expect(readFileSync(path)).toEqual(whole);
    expect(readFileSync(`${path}.sha256`, "utf8")).toBe(`${sha256}  tiny.gguf\n`);
    expect(existsSync(`${path}.partial`)).toBe(false);
    expect(seen.at(-1)).toEqual({
      status: "checking tiny.gguf",
      completedBytes: whole.length,
      totalBytes: whole.length,
    });
    const requests = server.requests.length;
    await download();
    // Asked what there is, and fetched nothing again.
    expect(server.requests.slice(requests).map((line) => line.split(" ")[0])).toEqual([
      "GET",
      "HEAD",
    ]);
  });

  it("goes on where the connection broke", async () => {
    await start({ breaksAfterBytes: [100_000, 50_000] });
    const { path } = await download();
    expect(readFileSync(path)).toEqual(whole);
    const ranges = server.requests.filter((line) => line.startsWith("GET /storage/"));
    expect(ranges.map((line) => line.split(" ")[2])).toEqual([
      "-",
      "bytes=100000-",
      "bytes=150000-",
    ]);
  });

  it("goes on where an earlier process stopped", async () => {
    await start();
    const first = new AbortController();
    const path = join(directory, "Some", "Tiny-GGUF", "Q4_K_M", "tiny.gguf");
    await server.close();
    await start({ breaksAfterBytes: Array.from({ length: 4 }, () => 40_000) });
    const stopped = downloadModel(hub, source, directory, {
      signal: first.signal,
      wait: noWait,
      onProgress: ({ completedBytes }) => {
        if (completedBytes >= 80_000) first.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
    const have = statSync(`${path}.partial`).size;
    expect(have).toBeGreaterThanOrEqual(80_000);
    expect(existsSync(path)).toBe(false);
    await server.close();
    await start();
    await download();
    expect(server.requests.at(-1)).toBe(`GET /storage/tiny.gguf bytes=${have}-`);
    expect(readFileSync(path)).toEqual(whole);
  });

  it("begins again when the server cannot go on in mid-file", async () => {
    await start({ breaksAfterBytes: [100_000], ignoresRanges: true });
    expect(readFileSync((await download()).path)).toEqual(whole);
    expect(seen.every(({ completedBytes }) => completedBytes <= whole.length)).toBe(true);
  });

  it("throws the file away when its digest is another", async () => {
    await start({ claimedSha256: "0".repeat(64) });
    await expect(download()).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    const folder = join(directory, "Some", "Tiny-GGUF", "Q4_K_M");
    expect(existsSync(join(folder, "tiny.gguf"))).toBe(false);
    expect(existsSync(join(folder, "tiny.gguf.partial"))).toBe(false);
  });

  it("fetches every part of a model in several files", async () => {
    const files = { "m-00001-of-00002.gguf": whole, "m-00002-of-00002.gguf": Buffer.from("end") };
    await start({ files });
    const { path } = await download();
    expect(path).toMatch(/m-00001-of-00002\.gguf$/);
    expect(readFileSync(join(dirname(path), "m-00002-of-00002.gguf"), "utf8")).toBe("end");
  });

  it("gives up after four broken connections that brought nothing, and keeps what is there", async () => {
    await start({ breaksAfterBytes: [70_000, 0, 0, 0, 0, 0] });
    await expect(download()).rejects.toMatchObject({ code: "MODEL_STREAM_CUT", isRetryable: true });
    const partial = join(directory, "Some", "Tiny-GGUF", "Q4_K_M", "tiny.gguf.partial");
    expect(statSync(partial).size).toBe(70_000);
  });

  it("gives up on a file that ends before the hub says it does", async () => {
    await start({ claimedBytes: whole.length + 1 });
    await expect(download()).rejects.toMatchObject({
      code: "MODEL_STREAM_CUT",
      message: expect.stringContaining(`ends after ${whole.length} of ${whole.length + 1} bytes`),
    });
  });

  const named = (rfilename: string) => JSON.stringify({ ggufFile: { rfilename } });
  it.each([
    ["is no JSON", "<html>"],
    ["has no end", " ".repeat(3_000_000)],
    ["names a folder above", named("../../evil.gguf")],
    ["names a file with control characters", named("a\u001b]0;title\u0007\n.gguf")],
    ["names a hidden file", named("q/.gguf")],
    ["names no part at all", named("m-00001-of-00000.gguf")],
    ["names a hundred thousand parts", named("m-00001-of-99999.gguf")],
  ])("throws, and makes no file, when the hub's manifest %s", async (_title, manifest) => {
    await start({ manifest });
    await expect(download()).rejects.toMatchObject({
      code: "MODEL_PROTOCOL",
      message: expect.stringContaining("no manifest of a GGUF file; a GGUF file is wanted"),
    });
    expect(server.requests).toHaveLength(1);
    expect(existsSync(join(directory, "Some"))).toBe(false);
  });

  it.each([
    [404, "MODEL_MISSING"],
    [401, "MODEL_REFUSED"],
    [503, "MODEL_SERVER_ERROR"],
  ])("throws when the hub answers %i", async (status, code) => {
    await start({ status });
    await expect(download()).rejects.toMatchObject({ code });
  });

  it("does not follow a redirect to a server without TLS", async () => {
    await start({ redirectTo: "http://203.0.113.7/file.gguf" });
    await expect(download()).rejects.toMatchObject({ code: "MODEL_PROTOCOL" });
  });

  it("throws before it fetches anything when its folder cannot be made", async () => {
    await start();
    writeFileSync(join(directory, "Some"), "a file in the way");
    await expect(download()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(server.requests.some((line) => line.includes("/storage/"))).toBe(false);
  });
});
