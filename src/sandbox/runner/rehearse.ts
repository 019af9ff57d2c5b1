import { defaultLimits } from "../limits.ts";
import { type HostMessage, protocolVersion, type RunnerMessage } from "../protocol.ts";
import type { Program, TaggedValue } from "../sandbox.ts";
import { createChannel } from "./channel.ts";
import { createPrintedOutput } from "./printed-output.ts";
import { serve } from "./serve.ts";
import type { SkillRuntime } from "./skill-runtime.ts";

/**
 * Serves a program and its calls as the host would send them, heard by nobody: what the first use of
 * anything costs is paid before a skill waits for it.
 */
export async function rehearse(
  runtime: SkillRuntime,
  program: Omit<Program, "language">,
  calls: readonly (readonly TaggedValue[])[],
): Promise<void> {
  const { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes } = defaultLimits;
  const limits = { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes };
  const id = "rehearsal";
  const messages: HostMessage[] = [
    { type: "load", protocolVersion, id, program, limits },
    ...calls.map((args) => ({ type: "call" as const, id, args, collectFiles: false })),
  ];
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const lines = messages.map((message) => encoder.encode(`${JSON.stringify(message)}\n`));
  let answered = Promise.withResolvers<void>();
  answered.resolve();
  const channel = createChannel({
    read: async (buffer) => {
      await answered.promise;
      answered = Promise.withResolvers();
      const line = lines.shift();
      buffer.set(line ?? []);
      return line?.length ?? null;
    },
    write: (bytes) => {
      const { type }: RunnerMessage = JSON.parse(decoder.decode(bytes));
      if (type !== "printed") {
        answered.resolve();
      }
      return bytes.length;
    },
    // At the end of its lines the rehearsal is over, not the process.
    exit: () => undefined as never,
    // It holds a skill with an entry, which never runs until nothing is left.
    keepWaiting: () => {},
  });
  await serve(
    channel,
    createPrintedOutput(channel, () => {}),
    {
      ...runtime,
      settle: () => {},
      // A program's further files are laid out once and for good: that is left to the real one.
      load: (held, heldLimits) => runtime.load(held, heldLimits),
    },
  );
}
