import { describe, expect, it } from "vitest";
import { parseRunnerMessage } from "./runner-messages.ts";

describe("parseRunnerMessage", () => {
  it("parseRunnerMessage() returns the message when the line has its exact shape", () => {
    const message = { type: "returned", id: "1", value: { $float: "nan" } };
    expect(parseRunnerMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ["is not JSON", "SUCCESS"],
    ["is empty", ""],
    ["is no object", "[1]"],
    ["is of an unknown type", '{"type":"passed","id":"1"}'],
    ["lacks its value", '{"type":"returned","id":"1"}'],
    ["carries an unknown field", '{"type":"loaded","id":"1","passed":true}'],
    ["has an overlong id", JSON.stringify({ type: "loaded", id: "x".repeat(65) })],
    [
      "claims a finding that is the host's",
      '{"type":"died","id":"1","reason":"timeout","detail":""}',
    ],
    ["has another protocol version", '{"protocolVersion":1,"type":"ready","startedFrom":"plain"}'],
    [
      "is nested too deeply",
      `{"type":"returned","id":"1","value":${"[".repeat(600)}${"]".repeat(600)}}`,
    ],
    [
      "has an overlong message",
      JSON.stringify({
        type: "raised",
        id: "1",
        errorType: "E",
        errorBases: [],
        message: "x".repeat(4_001),
        trace: "",
      }),
    ],
  ])("parseRunnerMessage() returns undefined when the line %s", (_reason, line) => {
    expect(parseRunnerMessage(line)).toBeUndefined();
  });
});
