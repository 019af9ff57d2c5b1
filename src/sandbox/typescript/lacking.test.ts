import { describe, expect, it } from "vitest";
import { withAdvice } from "./lacking.ts";

const refused = (message: string, errorType = "NotCapable") => ({
  errorType,
  errorBases: ["Error"],
  message,
  trace: "",
});

describe("withAdvice", () => {
  it.each([
    ["net", 'Requires net access to "127.0.0.1:80"', "take the data as an argument"],
    ["env", 'Requires env access to "HOME"', "take the setting as an argument"],
    ["sys", 'Requires sys access to "hostname"', "take the value as an argument"],
    ["run", "Requires run access", "compute in the function itself"],
  ])("withAdvice() says what to do instead when %s is asked for", (kind, said, instead) => {
    const { message } = withAdvice(refused(`${said}, run again with the --allow-${kind} flag`));
    expect(message).toMatch(said);
    expect(message).toMatch(instead);
    expect(message).not.toMatch("--allow");
  });

  it.each([
    refused("Requires toString access, run again with the --allow-toString flag"),
    refused('Requires net access to "127.0.0.1:80"', "TypeError"),
    refused("Deno.Command is not possible here"),
  ])("withAdvice() changes nothing when Deno has not asked for a flag: $message", (error) => {
    expect(withAdvice(error)).toEqual(error);
  });
});
