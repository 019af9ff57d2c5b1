import { redact } from "../../shared/log.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { safeLine } from "../safe-text.ts";
import type { Session } from "../session.ts";

/** Shows each setting, where its value came from, and what it does. */
export async function showConfig(session: Session): Promise<ExitCode> {
  const { screen } = session;
  const { values } = await session.config();
  for (const each of values) {
    const value = redact(each.value);
    screen.emit({ ...each, value });
    const shown = value === null ? "not set" : JSON.stringify(value);
    screen.print(
      `${screen.style("bold", each.key)} = ${screen.style("cyan", safeLine(shown))}  ${screen.style("dim", `(${safeLine(each.source)})`)}`,
      screen.style("dim", `    ${each.description}`),
    );
  }
  return exitCodes.ok;
}
