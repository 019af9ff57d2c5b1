import type { RaisedError } from "../protocol.ts";

const insteadOf: Readonly<Record<string, string>> = {
  net: "a skill has no sockets and no network; take the data as an argument",
  env: "a skill has no environment; take the setting as an argument",
  sys: "a skill cannot look at the machine; take the value as an argument",
  run: "a skill may start or signal 0 processes; compute in the function itself",
};

/** Returns the error with what to do instead, where Deno advises a flag that no skill can pass. */
export function withAdvice(error: RaisedError): RaisedError {
  const kind = /^Requires (\w+) access/.exec(error.message)?.[1] ?? "";
  const instead = Object.hasOwn(insteadOf, kind) ? insteadOf[kind] : undefined;
  if (error.errorType !== "NotCapable" || instead === undefined) {
    return error;
  }
  const said = error.message.replace(/, run again with the --allow-\w+ flag$/, "");
  return { ...error, message: `${said.slice(0, 3000)} (${instead})` };
}
