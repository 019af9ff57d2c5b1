import { describe, expect, it } from "vitest";
import { splitThinking } from "./thinking.ts";

describe("splitThinking", () => {
  it.each([
    ["plain", { text: "plain", thinking: "" }],
    ["<think>a</think>b", { text: "b", thinking: "a" }],
    ["\n<THINK>a</think>\nb", { text: "b", thinking: "a" }],
    ["a\n</think>\nb", { text: "b", thinking: "a" }],
    ["<think>a</think>\n<think>\nb</think>c", { text: "c", thinking: "a\nb" }],
    ["<think>a</thinking>b", { text: "b", thinking: "a" }],
    ["a</think>So b", { text: "So b", thinking: "a" }],
    ["say </think> and `</think>`", { text: "say </think> and `</think>`", thinking: "" }],
    ["<think>never ends", { text: "", thinking: "never ends" }],
    ["say <think> in prose", { text: "say <think> in prose", thinking: "" }],
    ['{"a": "x</think>\\n"}', { text: '{"a": "x</think>\\n"}', thinking: "" }],
    ["```\n</think>\n```", { text: "```\n</think>\n```", thinking: "" }],
  ])("splitThinking(%j)", (text, expected) => {
    expect(splitThinking(text)).toEqual(expected);
  });
});
