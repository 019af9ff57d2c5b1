import { fileURLToPath } from "node:url";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { ChildRequest, PatternMatch, PatternText } from "./child-protocol.ts";
import type { SourceConstants } from "./constants/source-constants.ts";
import { type ChildReply, GuardedChild } from "./guarded-child.ts";
import type { Mutant } from "./mutant.ts";
import { checkCaps } from "./source-caps.ts";
import type {
  LinkedModule,
  ModuleFile,
  ReadOutcome,
  SourceFacts,
  SourceReader,
} from "./source-facts.ts";
import { unreadable } from "./unreadable.ts";

/** Matches patterns against a text where a pattern that never ends harms nobody. */
export interface PatternMatcher {
  /**
   * The patterns that match, with the line of the first match each. `unreadable` with reason
   * `timeout` when a pattern takes longer than the time of one request.
   */
  matchPatterns(
    source: string,
    patterns: readonly PatternText[],
  ): Promise<ReadOutcome<readonly PatternMatch[]>>;
}

export interface SourceReaderOptions {
  /** Milliseconds for one source; default 5,000. */
  readonly timeoutMs?: number;
  /** Megabytes of the child's heap; default 512. */
  readonly maxHeapMegabytes?: number;
}

const defaultTimeoutMs = 5_000;
const defaultHeapMegabytes = 512;
/** Fetching 10 MB of WebAssembly on a busy machine is no fault of the source. */
const loadTimeoutMs = 60_000;
/** Every mutant is read as a source of its own. */
const mutantsTimeFactor = 4;
/** Kilobytes; the main thread has 8 MB where this is used, so a deep tree ends as an exception. */
const stackKilobytes = 3_900;

/**
 * Returns a reader whose parsers run in one child process, started by the first request, kept,
 * and replaced when a source kills it. Requests are served one after another. Its calls throw
 * AgentError INTERNAL when the parsers themselves cannot be loaded, whatever the source.
 */
export function openSourceReader(options: SourceReaderOptions = {}): SourceReader & PatternMatcher {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const child = new GuardedChild({
    command: process.execPath,
    args: childArguments(options.maxHeapMegabytes ?? defaultHeapMegabytes),
  });
  const loaded = new Set<Language>();

  async function load(language: Language): Promise<void> {
    if (child.isCold) loaded.clear();
    if (loaded.has(language)) return;
    const reply = await child.request({ kind: "load", language }, loadTimeoutMs);
    if (reply.kind !== "answered" || reply.answer.outcome.kind !== "read") {
      throw new AgentError("INTERNAL", loadFailure(language, reply), { blame: "environment" });
    }
    loaded.add(language);
  }

  function ask<T>(language: Language | undefined, request: ChildRequest): Promise<ReadOutcome<T>> {
    const allowedMs = request.kind === "mutants" ? timeoutMs * mutantsTimeFactor : timeoutMs;
    return child.inTurn(async () => {
      if (language !== undefined) await load(language);
      return outcomeOf<T>(await child.request(request, allowedMs), allowedMs);
    });
  }

  return {
    async facts(language, source) {
      return (
        checkCaps(source) ?? (await ask<SourceFacts>(language, { kind: "facts", language, source }))
      );
    },
    async mutants(language, source, mutation) {
      const request = { kind: "mutants", language, source, options: mutation } as const;
      return checkCaps(source) ?? (await ask<readonly Mutant[]>(language, request));
    },
    async constants(language, source) {
      const request = { kind: "constants", language, source } as const;
      return checkCaps(source) ?? (await ask<SourceConstants>(language, request));
    },
    async prepareTypeScript(source) {
      return checkCaps(source) ?? (await ask<string>("typescript", { kind: "prepare", source }));
    },
    async linkTypeScript(main, files) {
      const request = { kind: "link", files: [main, ...files.map(withinCaps)] } as const;
      return checkCaps(main.source) ?? (await ask<LinkedModule[]>("typescript", request));
    },
    async matchPatterns(source, patterns) {
      if (patterns.length === 0) return { kind: "read", value: [] };
      return await ask<PatternMatch[]>(undefined, { kind: "match", source, patterns });
    },
    close: () => child.close(),
  };
}

/** One that is never imported may be as it likes. */
function withinCaps(file: ModuleFile): ModuleFile {
  const refusal = "source" in file ? checkCaps(file.source) : undefined;
  return refusal?.kind === "unreadable" ? { path: file.path, problem: refusal.message } : file;
}

function loadFailure(language: Language, reply: ChildReply): string {
  const detail =
    reply.kind === "answered" && reply.answer.outcome.kind === "unreadable"
      ? reply.answer.outcome.message
      : `the parser process ${reply.kind === "timeout" ? "did not answer" : "ended"}`;
  return `Loading the ${language} parser: ${detail}; it must start before any source is read; run npm ci again.`;
}

function childArguments(heapMegabytes: number): string[] {
  const url = new URL(
    import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js",
    import.meta.url,
  );
  const stack = process.platform === "win32" ? [] : [`--stack-size=${stackKilobytes}`];
  // The parsers in WebAssembly read little: making their code faster takes longer than it saves.
  const flags = ["--liftoff-only", "--no-warnings"];
  return [`--max-old-space-size=${heapMegabytes}`, ...stack, ...flags, fileURLToPath(url)];
}

function outcomeOf<T>(reply: ChildReply, timeoutMs: number): ReadOutcome<T> {
  switch (reply.kind) {
    case "answered":
      // The child is our own program: what it says about a source has the type we asked for.
      return reply.answer.outcome as ReadOutcome<T>;
    case "died":
      return unreadable(
        "parser-died",
        "The parser died of this source. Write it plainer: less nesting, shorter expressions.",
      );
    case "timeout":
      return unreadable(
        "timeout",
        `Reading the source took longer than ${timeoutMs} ms. Write less code, or plainer.`,
      );
    default:
      return reply satisfies never;
  }
}
