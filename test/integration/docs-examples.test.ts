import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/shared/package-root.ts";
import { refusedHost } from "../support/ollama-server.ts";
import { quickShare } from "../support/quick-share.ts";

const run = promisify(execFile);
const api = pathToFileURL(join(packageRoot(), "src", "index.ts")).href;

async function programsOf(page: string): Promise<string[]> {
  const text = await readFile(join(packageRoot(), page), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
}

/** Runs a program of the docs in an empty folder, where recorded answers serve it. */
async function resultOf(code: string): Promise<{ stdout: string; skills: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-docs-"));
  try {
    const file = join(folder, "program.ts");
    await writeFile(file, code.replaceAll('from "autodidact"', `from ${JSON.stringify(api)}`));
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
      // The recorded regular expression runs into this limit, so a short one saves time.
      AUTODIDACT_EXECUTION_TIMEOUT_MS: "1200",
    };
    const { stdout } = await run(process.execPath, [file], {
      cwd: folder,
      env: { ...env, OLLAMA_HOST: await refusedHost() },
    });
    const memory = JSON.parse(
      await readFile(join(folder, "agent_workspace", "memory.json"), "utf8"),
    );
    const skills: { name: string; status: string }[] = memory.skills;
    return { stdout, skills: skills.map(({ name, status }) => `${name}: ${status}`) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("programs in the docs", () => {
  it("README.md's program runs as written and prints what its comments say", async () => {
    const [program = ""] = await programsOf("README.md");
    const lines = (await resultOf(program)).stdout.trim().split("\n");
    const said = [...program.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
    expect(said).toHaveLength(2);
    expect(lines.slice(-2).map((line) => line.replaceAll("'", '"'))).toEqual([
      said[0],
      said[1]?.replace("[[", "[ [ ").replace("], [", " ], [ ").replace("]]", " ] ]"),
    ]);
  });

  it("docs/setup.md's programs run as written", async () => {
    const programs = await programsOf("docs/setup.md");
    expect(programs).toHaveLength(3);
    const wanted = [
      { stdout: "Total skills: 1\n", skills: ["regex_matcher: working"] },
      {
        stdout: "",
        skills: [
          "create_a_base64_encoder: working",
          "create_a_url_parser: working",
          "create_a_markdown_to_html_converter: working",
        ],
      },
      { stdout: "", skills: ["create_a_base64_encoder: working"] },
    ];
    // Each makes Python skills; in the quick form the last, which the README's program precedes.
    const tried = quickShare([0, 1, 2], 3, 2);
    const results = await Promise.all(tried.map((index) => resultOf(programs[index] ?? "")));
    expect(results).toEqual(tried.map((index) => wanted[index]));
  });
});
