/**
 * The process that holds an embedded model: a damaged file that crashes the engine, or memory that
 * runs out, ends this process and not the agent. Reads requests as lines from stdin, one question at
 * a time, answers on descriptor 3, and ends when stdin does: its parent is gone then.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Llama } from "node-llama-cpp";
import type { EngineQuestion, EngineReply, EngineRequest } from "./engine-protocol.ts";
import { inspectFile } from "./inspect-file.ts";
import { LoadedModel, type ModelFile } from "./loaded-model.ts";
import { detailOf, Refused } from "./refused.ts";

type Library = typeof import("node-llama-cpp");

const answerDescriptor = 3;
let running: number | undefined;
const stops = new Map<number, AbortController>();
let opened: Promise<{ library: Library; llama: Llama }> | undefined;
let loaded: { readonly key: string; readonly model: Promise<LoadedModel> } | undefined;
let tail: Promise<void> = Promise.resolve();

function reply(message: EngineReply): void {
  writeSync(answerDescriptor, `${JSON.stringify(message)}\n`);
}

async function openEngine(): Promise<{ library: Library; llama: Llama }> {
  try {
    const library = await import("node-llama-cpp");
    const llama = await library.getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.error,
      logger: (_level, message) => process.stderr.write(`${message}\n`),
    });
    return { library, llama };
  } catch (error) {
    throw new Refused("no-engine", detailOf(error), error);
  }
}

function load(library: Library, llama: Llama, file: ModelFile): Promise<LoadedModel> {
  const key = JSON.stringify([file.path, file.contextTokens]);
  loaded ??= { key, model: LoadedModel.load(library, llama, file) };
  if (loaded.key !== key) throw new Refused("failed", "another model is loaded in this process");
  return loaded.model;
}

async function answer(question: EngineQuestion, signal: AbortSignal): Promise<EngineReply> {
  opened ??= openEngine();
  const { library, llama } = await opened;
  const { id, path, contextTokens } = question;
  if (question.type === "inspect") {
    const inspection = await inspectFile(library, llama, path, contextTokens);
    return { type: "inspected", id, inspection };
  }
  const model = await load(library, llama, question);
  const onTokens = (tokens: number, isThinking: boolean) =>
    reply({ type: "token", id, tokens, isThinking });
  return { type: "answered", id, answer: await model.chat(question, { signal, onTokens }) };
}

async function work(question: EngineQuestion, stop: AbortController): Promise<void> {
  if (stop.signal.aborted) return;
  const { id } = question;
  running = id;
  try {
    reply(await answer(question, stop.signal));
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusal : "failed";
    reply({ type: "refused", id, refusal, detail: detailOf(error) });
  } finally {
    stops.delete(id);
  }
}

/** One that still waits for its turn is answered at once: the one before it may take minutes. */
function abort(id: number): void {
  const stop = stops.get(id);
  if (stop === undefined) return;
  stop.abort();
  if (id === running) return;
  stops.delete(id);
  reply({ type: "refused", id, refusal: "aborted", detail: "the call was stopped" });
}

function receive(line: string): void {
  const request: EngineRequest = JSON.parse(line);
  if (request.type === "abort") {
    abort(request.id);
    return;
  }
  const stop = new AbortController();
  stops.set(request.id, stop);
  tail = tail.then(() => work(request, stop));
}

createInterface({ input: process.stdin })
  .on("line", receive)
  .once("close", () => process.exit());
