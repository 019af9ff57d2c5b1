import { z } from "zod";
import { nestsDeeperThan } from "../shared/nesting.ts";
import { errorTextLimits, fieldLimits, protocolVersion, type RunnerMessage } from "./protocol.ts";
import type { TaggedValue } from "./sandbox.ts";

const id = z.string().max(fieldLimits.idCharacters);
const shortName = z.string().max(errorTextLimits.name);

const messageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    protocolVersion: z.literal(protocolVersion),
    type: z.literal("ready"),
    startedFrom: z.enum(["snapshot", "plain"]),
  }),
  z.strictObject({
    type: z.literal("printed"),
    id,
    text: z.string().max(fieldLimits.printedCharacters),
  }),
  z.strictObject({
    type: z.literal("file"),
    id,
    path: z.string().min(1).max(fieldLimits.pathCharacters),
    contentBase64: z.base64(),
    last: z.boolean(),
  }),
  z.strictObject({ type: z.literal("loaded"), id }),
  z.strictObject({ type: z.literal("returned"), id, value: z.custom<TaggedValue>(isTagged) }),
  z.strictObject({
    type: z.literal("raised"),
    id,
    errorType: shortName,
    errorBases: z.array(shortName).max(errorTextLimits.bases),
    message: z.string().max(errorTextLimits.message),
    trace: z.string().max(errorTextLimits.trace),
  }),
  z.strictObject({
    type: z.literal("died"),
    id,
    // The others are the host's own findings; a runner cannot know them.
    reason: z.enum(["output-limit", "file-limit", "process-limit", "out-of-memory", "crashed"]),
    detail: z.string().max(errorTextLimits.detail),
    limit: z
      .enum([
        "maxOutputBytes",
        "maxMessageBytes",
        "maxFiles",
        "maxFileBytes",
        "maxMemoryBytes",
        "addressSpace",
        "heap",
        "wasmMemory",
      ])
      .exactOptional(),
  }),
]);

/** JSON by construction, since it was parsed; only its depth can still hurt who walks it. */
function isTagged(value: unknown): value is TaggedValue {
  return value !== undefined && !nestsDeeperThan(value as TaggedValue, fieldLimits.lineDepth);
}

/** Returns the message of one line, or undefined when the line is none: hostile until proven. */
export function parseRunnerMessage(line: string): RunnerMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // Not JSON: the same finding as JSON of the wrong shape.
    return undefined;
  }
}
