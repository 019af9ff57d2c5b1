import {
  errorTextLimits,
  filePieceBytes,
  type HostMessage,
  type RunnerLimits,
} from "../protocol.ts";
import { bytesOfBase64, textOfBytes } from "./base64.ts";
import type { Channel } from "./channel.ts";
import type { PrintedOutput } from "./printed-output.ts";
import {
  type CallResult,
  ProcessRefusal,
  type SkillRuntime,
  type WorkFolder,
  WorkFolderError,
} from "./skill-runtime.ts";

// Taken once, before any skill code could put its own in their place.
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);

type CallMessage = Extract<HostMessage, { type: "call" }>;
type LoadMessage = Extract<HostMessage, { type: "load" }>;

/** Answers the host's messages with the runtime until the host closes stdin, then ends the process. */
export async function serve(
  channel: Channel,
  printed: PrintedOutput,
  runtime: SkillRuntime,
): Promise<never> {
  let limits: RunnerLimits | undefined;
  let incoming = new Map<string, Uint8Array>();
  const programFiles = new Map<string, Uint8Array>();
  const pieces: Uint8Array[] = [];

  const load = async (message: LoadMessage): Promise<void> => {
    limits = message.limits;
    printed.begin(message.id, limits.maxOutputBytes, limits.maxMessageBytes);
    const failure = await guarded(async () => {
      runtime.settle(message.program);
      return await runtime.load(message.program, message.limits, programFiles);
    });
    printed.end();
    if (failure === undefined) {
      channel.send({ type: "loaded", id: message.id });
    } else {
      answer(channel, message.id, failure, message.limits);
    }
  };
  const call = async (message: CallMessage, loaded: RunnerLimits): Promise<void> => {
    printed.begin(message.id, loaded.maxOutputBytes, loaded.maxMessageBytes);
    const files = incoming;
    incoming = new Map();
    const result = await guarded(async () => {
      runtime.fillWorkFolder(files);
      return await runtime.call(message.args, loaded);
    });
    printed.end();
    const folder = message.collectFiles ? collect(runtime, loaded) : new Map();
    if (folder instanceof WorkFolderError) {
      const { message: detail, limit } = folder;
      const which = limit === undefined ? {} : { limit };
      channel.send({ type: "died", id: message.id, reason: "file-limit", detail, ...which });
      return;
    }
    sendFiles(channel, message.id, folder, loaded.maxMessageBytes);
    answer(channel, message.id, result, loaded);
  };
  return await channel.listen(async (message) => {
    if (message.type === "load") {
      await load(message);
    } else if (message.type === "file") {
      pieces.push(bytesOfBase64(message.contentBase64));
      if (message.last) {
        const folder = message.folder === "program" ? programFiles : incoming;
        folder.set(message.path, joined(pieces.splice(0)));
      }
    } else if (limits !== undefined) {
      await call(message, limits);
    }
  });
}

/** An interpreter that died inside shows as a throw of the runner's own; it is the skill's death. */
async function guarded<Result>(
  run: () => Promise<Result>,
): Promise<Result | Extract<CallResult, { kind: "died" }>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProcessRefusal) {
      return { kind: "died", reason: "process-limit", detail: error.message };
    }
    const whole = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // What follows the first line names files of the host.
    const [text = ""] = whole.split("\n");
    const detail = text.slice(0, errorTextLimits.detail);
    // V8 has no code for it, only these words; they are the interpreter's own, since what a skill
    // raises was caught before.
    const reason = text.includes("allocation failed") ? "out-of-memory" : "crashed";
    return { kind: "died", reason, detail };
  }
}

function collect(runtime: SkillRuntime, limits: RunnerLimits): WorkFolder | WorkFolderError {
  try {
    return runtime.readWorkFolder(limits);
  } catch (error) {
    if (error instanceof WorkFolderError) {
      return error;
    }
    throw error;
  }
}

function sendFiles(
  channel: Channel,
  id: string,
  folder: WorkFolder,
  maxMessageBytes: number,
): void {
  const pieceBytes = filePieceBytes(maxMessageBytes);
  for (const [path, content] of folder) {
    let start = 0;
    do {
      const piece = content.subarray(start, start + pieceBytes);
      start += pieceBytes;
      const contentBase64 = textOfBytes(piece);
      channel.send({ type: "file", id, path, contentBase64, last: start >= content.length });
    } while (start < content.length);
  }
}

function answer(channel: Channel, id: string, result: CallResult, limits: RunnerLimits): void {
  if (result.kind !== "returned") {
    const { kind: type, ...rest } = result;
    channel.send({ type, id, ...rest } as Parameters<Channel["send"]>[0]);
    return;
  }
  // The host measures again.
  const bytes = byteLength(result.valueText, limits.maxMessageBytes);
  if (bytes > limits.maxMessageBytes) {
    const detail = `its result takes ${bytes} bytes`;
    channel.send({ type: "died", id, reason: "output-limit", detail, limit: "maxMessageBytes" });
    return;
  }
  channel.sendReturned(id, result.valueText);
}

/** At least: what is too long already need not be encoded to know that it is. */
function byteLength(text: string, limit: number): number {
  return text.length > limit ? text.length : encode(text).length;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.length;
  }
  return whole;
}
