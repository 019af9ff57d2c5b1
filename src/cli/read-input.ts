import { AgentError } from "../shared/errors.ts";
import type { InputStream } from "./cli-environment.ts";

const maxInputBytes = 16 * 1024 * 1024;

/**
 * Returns all of standard input as text.
 *
 * @throws {AgentError} USAGE beyond 16 MB.
 */
export async function readWholeInput(stdin: InputStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxInputBytes) {
      throw new AgentError(
        "USAGE",
        `Reading standard input: it has more than ${maxInputBytes} bytes; at most that is wanted; give large data as a file with --input.`,
        { blame: "caller" },
      );
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
