import { execFile } from "node:child_process";

const timeoutMs = 10_000;
const maxAnswerBytes = 4 * 1024 * 1024;

export interface Answer {
  readonly isSuccess: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system for what it says; one that fails, or takes 10 s, is an answer too. */
export async function askProgram(
  path: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Answer> {
  return await new Promise((resolve) => {
    const child = execFile(
      path,
      [...args],
      { env: { ...options.env }, timeout: timeoutMs, maxBuffer: maxAnswerBytes },
      (error, stdout, stderr) => {
        const said = stderr === "" ? (error?.message ?? "") : stderr;
        resolve({ isSuccess: error === null, stdout, stderr: said });
      },
    );
    // It may end before it has read everything; its answer says how.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}
