import { describe, expect, it } from "vitest";
import { describeEndpoint } from "../../shared/server-url.ts";
import { RemoteServer } from "./remote-server.ts";
import { remoteStatusError, reportedError } from "./status-error.ts";
import { packageError } from "./stream-answer.ts";

const server = new RemoteServer(
  "compatible",
  describeEndpoint("http://127.0.0.1:8000/v1"),
  undefined,
);
const asked = server.asked("Asking", "m");

/** In the words that servers really use. */
const bodies: readonly (readonly [status: number, text: string, type: string, code: string])[] = [
  [
    400,
    "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
    "BadRequestError",
    "MODEL_CONTEXT_OVERFLOW",
  ],
  [
    400,
    "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000",
    "invalid_request_error",
    "MODEL_CONTEXT_OVERFLOW",
  ],
  [
    400,
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    "INVALID_ARGUMENT",
    "MODEL_CONTEXT_OVERFLOW",
  ],
  [429, "Too many tokens, please wait before trying again.", "rate_limit", "MODEL_BUSY"],
  [429, "You exceeded your current quota.", "insufficient_quota", "MODEL_REFUSED"],
  [
    400,
    "Your credit balance is too low to access the API.",
    "invalid_request_error",
    "MODEL_REFUSED",
  ],
  [400, "The requested model 'm' does not exist.", "model_not_found", "MODEL_MISSING"],
  [404, "The model `m` does not exist.", "NotFoundError", "MODEL_MISSING"],
  [404, "File Not Found", "not_found_error", "MODEL_PROTOCOL"],
  [200, "Unexpected endpoint or method.", "", "MODEL_PROTOCOL"],
];

describe("remoteStatusError", () => {
  it.each(bodies)("remoteStatusError() tells what %i means when a server says %j", (...row) => {
    const [status, message, type, code] = row;
    const error = remoteStatusError(server, asked, {
      status,
      body: JSON.stringify({ error: { message, type } }),
    });
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(`${message.replace(/\.$/u, "")};`);
  });

  it("remoteStatusError() names the path of an API when a server lacks what was asked for", () => {
    const body = JSON.stringify({ detail: "Not Found" });
    const { code, message } = remoteStatusError(server, asked, { status: 404, body });
    expect(code).toBe("MODEL_PROTOCOL");
    expect(message).toMatch(/\/v1 on most servers; correct the URL\.$/u);
  });

  it("remoteStatusError() names the setting when fewer tokens may be asked for", () => {
    const body = JSON.stringify({ error: { message: "max_tokens: 16384 > 8192, the maximum" } });
    const { message } = remoteStatusError(server, asked, { status: 400, body });
    expect(message).toMatch(/fewer are wanted; set outputTokens/u);
  });
});

describe("reportedError", () => {
  it("reportedError() takes a full window for one even when no status says so", () => {
    const reported = { text: "too many tokens", type: "" };
    expect(reportedError(server, asked, reported).code).toBe("MODEL_CONTEXT_OVERFLOW");
  });
});

describe("packageError", () => {
  it("packageError() reads the status that an error in the middle of a stream has as its code", () => {
    const coded = (code: number) =>
      packageError(server, asked, { code, message: "Provider returned error" });
    expect(coded(429)).toMatchObject({ code: "MODEL_BUSY", isRetryable: true });
    expect(coded(502)).toMatchObject({ code: "MODEL_SERVER_ERROR" });
  });
});
