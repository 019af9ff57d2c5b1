import { describe, expect, it } from "vitest";
import type { RunnerMessage } from "../protocol.ts";
import type { Channel } from "./channel.ts";
import { createPrintedOutput } from "./printed-output.ts";

class ExitError extends Error {}

function fakeChannel() {
  const messages: RunnerMessage[] = [];
  const channel: Channel = {
    send: (message) => {
      messages.push(message);
    },
    sendReturned: () => {
      throw new Error("no answer is expected");
    },
    listen: () => {
      throw new Error("no listening is expected");
    },
    keepWaiting: () => {},
    exit: () => {
      throw new ExitError();
    },
  };
  const printed = (): string =>
    messages.map((message) => (message.type === "printed" ? message.text : "")).join("");
  return { channel, messages, printed };
}

describe("createPrintedOutput", () => {
  it("write() sends the first print at once, so that a call killed right after it keeps it", () => {
    const { channel, messages } = fakeChannel();
    const output = createPrintedOutput(channel, () => {});
    output.begin("1", 100, 1_000);
    output.write("before");
    expect(messages).toEqual([{ type: "printed", id: "1", text: "before" }]);
  });

  it("end() sends what is left, and later prints are dropped", () => {
    const { channel, printed } = fakeChannel();
    const output = createPrintedOutput(channel, () => {});
    output.write("nobody's");
    output.begin("1", 100, 1_000);
    output.write("a");
    output.write("b");
    output.end();
    output.write("late");
    expect(printed()).toBe("ab");
  });

  it("write() cuts a long text into pieces when a line could not carry it", () => {
    const { channel, messages, printed } = fakeChannel();
    const output = createPrintedOutput(channel, () => {});
    output.begin("1", 1_000, 80);
    output.write("x".repeat(25));
    expect(messages).toHaveLength(3);
    expect(printed()).toBe("x".repeat(25));
  });

  it("write() ends the process with output-limit when the bytes are used up", () => {
    const { channel, messages, printed } = fakeChannel();
    const output = createPrintedOutput(channel, () => {});
    output.begin("1", 10, 1_000);
    output.write("€€€");
    expect(() => output.write("€")).toThrow(ExitError);
    expect(printed()).toMatch(/^€€€/);
    expect(messages.at(-1)).toMatchObject({ type: "died", id: "1", reason: "output-limit" });
  });
});
