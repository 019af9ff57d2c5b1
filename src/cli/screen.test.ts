import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { CliEnvironment } from "./cli-environment.ts";
import { createScreen, verbatim } from "./screen.ts";

function screenOn(isTTY: boolean, isJson = false) {
  const texts = { out: "", error: "" };
  const stream = (name: "out" | "error") =>
    Object.assign(new PassThrough(), { isTTY, columns: 30 }).on("data", (chunk: Buffer) => {
      texts[name] += chunk.toString("utf8");
    });
  const environment: Pick<CliEnvironment, "stdout" | "stderr" | "stdin" | "env"> = {
    stdout: stream("out"),
    stderr: stream("error"),
    stdin: new PassThrough(),
    env: {},
  };
  return { screen: createScreen(environment, isJson), texts };
}

const prose = "   a sentence that is longer than thirty columns";
const command = "     ollama pull a-model-with-a-long-name   # once";

describe("createScreen", () => {
  it("print() and note() wrap prose on a terminal and leave a command whole", () => {
    const { screen, texts } = screenOn(true);
    const wanted = `   a sentence that is longer\n   than thirty columns\n${command}\n`;
    screen.print(prose, verbatim(command));
    screen.note(prose, verbatim(command));
    expect(texts).toEqual({ out: wanted, error: wanted });
  });

  it("print() leaves lines whole off a terminal", () => {
    const { screen, texts } = screenOn(false);
    screen.print(prose, verbatim(command));
    expect(texts.out).toBe(`${prose}\n${command}\n`);
  });

  it("emit() never wraps and print() is silent under --json", () => {
    const { screen, texts } = screenOn(true, true);
    screen.print(prose);
    screen.emit({ prose });
    expect(texts.out).toBe(`${JSON.stringify({ prose })}\n`);
  });
});
