import { AgentError } from "../shared/errors.ts";

/**
 * Your own patterns: a candidate whose text matches one is refused, in any language. Add to it at
 * any time (`DANGEROUS_PATTERNS.push(/\brequests\.get\s*\(/)`); it is read anew for each candidate.
 * A text is compiled as a regular expression without flags, and needs its backslashes twice
 * (`"\\brequests\\.get\\s*\\("`); one that cannot be compiled fails the read with CONFIG_INVALID.
 * The built-in rules are not here: they look at the syntax tree, not at the text.
 */
export const DANGEROUS_PATTERNS: (RegExp | string)[] = [];

/**
 * Returns the regular expression that a text is; `place` names where it stands.
 *
 * @throws {AgentError} CONFIG_INVALID when it is none, or holds a backspace, which is what one
 * backslash before a b becomes in a string: such a pattern would silently match nothing.
 */
export function compilePattern(text: string, place: string): RegExp {
  const named = JSON.stringify(text);
  if (text.includes("\b")) {
    throw new AgentError(
      "CONFIG_INVALID",
      `Reading ${place}: ${named} holds a backspace character where a word boundary is wanted; write the backslash before b twice, or give a regular expression between slashes.`,
      { blame: "caller" },
    );
  }
  try {
    return new RegExp(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AgentError(
      "CONFIG_INVALID",
      `Reading ${place}: ${named} is no regular expression (${detail}); a JavaScript regular expression without slashes is wanted; correct or remove it.`,
      { blame: "caller", cause: error },
    );
  }
}
