import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { callOnce } from "./sandbox-programs.ts";

// A host of its own: opens both sandboxes, as nobody when it may become that, makes one call of each
// and says what came back. Its arguments are the language, a cache folder and the program.
const [language = "", cacheDirectory = "", source = ""] = process.argv.slice(2);
if (process.getuid?.() === 0 && process.env["AS_NOBODY"] === "1") {
  process.setgroups?.([]);
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
const sandbox = await openSandbox(language as Language, { backend: "bubblewrap", cacheDirectory });
process.stdout.write("open\n");
const outcome = await callOnce(sandbox, source, []);
process.stdout.write(`${JSON.stringify({ user: process.getuid?.(), outcome })}\n`);
await sandbox.close();
