/*
 * What our client adds to a model's answer, over a bare `fetch` that reads the same stream, keeps its
 * connection and parses the events: as a ratio of times, the median of rounds that take turns. Wanted: at
 * most 1.1 where tokens come as a fast server sends them, and where 2,000 come at once; of an answer of one
 * token, where nothing is left to hide behind, of Ollama only: a call of the providers' packages costs more
 * than all of a bare one. Beside it stands `streamText` of the package `ai`.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import { drivers } from "../test/support/model-servers/drivers.ts";
import type { Wire } from "../test/support/model-servers/wire.ts";
import { scenarios } from "./models-server.ts";
import { median } from "./statistics.ts";

const wantedRatio = 1.1;
/** Short answers need more rounds to tell a tenth, and take less time for them. */
const roundsFactor: Readonly<Record<string, number>> = { one: 20, flood: 10 };
const messages = [{ role: "user" as const, content: "Write a function." }];
const request = { goal: "g", role: "coder" as const, order: 0, messages };

/** Answers once, and returns how many characters came. */
type Way = (url: string, model: string) => Promise<number>;

interface Figure {
  readonly provider: string;
  readonly scenario: string;
  readonly tokens: number;
  readonly fetchMs: number;
  readonly oursMs: number;
  /** Undefined: shown, but not judged. */
  readonly wantedRatio?: number;
  readonly ratio: number;
  /** Of the package `ai`, where it was measured. */
  readonly streamTextRatio?: number;
}

async function ours(provider: string): Promise<Way> {
  const driver = drivers.find(({ wire }) => wire.provider === provider);
  if (driver === undefined) throw new Error(`There is no provider ${provider}`);
  const opened = new Map<string, ReturnType<typeof driver.open>>();
  return async (url, model) => {
    const found = opened.get(model) ?? driver.open(url, { allowRemote: true }, {}, model);
    opened.set(model, found);
    return (await (await found).chat(request)).text.length;
  };
}

/** The least that gets at the text: read, cut into events, parse each. */
function bare({ chatPath, provider }: Wire): Way {
  const [separator, skip] = provider === "ollama" ? ["\n", 0] : ["\n\n", 6];
  return async (url, model) => {
    const body = JSON.stringify({ model, messages, input: messages, stream: true });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}${chatPath}`, { method: "POST", headers, body });
    const decoder = new TextDecoder();
    let [length, rest] = [0, ""];
    for await (const chunk of response.body ?? []) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split(separator);
      rest = events.pop() ?? "";
      for (const event of events) length += textOf(event, skip);
    }
    return length;
  };
}

function textOf(event: string, skip: number): number {
  const at = skip === 0 ? 0 : event.indexOf("data: ") + skip;
  if (at === skip - 1 || event.startsWith("[DONE]", at)) return 0;
  const { message, delta, choices, type } = JSON.parse(event.slice(at));
  const text =
    message?.content ??
    choices?.[0]?.delta?.content ??
    (typeof delta === "string" && type === "response.output_text.delta" ? delta : delta?.text);
  return typeof text === "string" ? text.length : 0;
}

const fieldsWay: Way = async (url, model) => {
  const provider = createOpenAICompatible({ name: "c", baseURL: `${url}/v1`, includeUsage: true });
  const { textStream } = streamText({ model: provider.chatModel(model), messages, maxRetries: 0 });
  let length = 0;
  for await (const text of textStream) length += text.length;
  return length;
};

async function timeOf(way: Way, url: string, model: string): Promise<number> {
  const startMs = performance.now();
  const length = await way(url, model);
  const durationMs = performance.now() - startMs;
  const wanted = (scenarios[model]?.tokens ?? 0) * 4;
  if (length !== wanted) throw new Error(`${length} characters came, ${wanted} were sent`);
  return durationMs;
}

async function measure(url: string, scenario: string, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { wire } of drivers) {
    const { provider } = wire;
    const ways = [bare(wire), await ours(provider)];
    if (provider === "compatible") ways.push(fieldsWay);
    const times = await takeTurns(ways, url, scenario, rounds * (roundsFactor[scenario] ?? 1));
    const [fetchTimes = [], oursTimes = [], fieldTimes] = times;
    const isJudged = scenario !== "one" || provider === "ollama";
    figures.push({
      provider,
      scenario,
      tokens: scenarios[scenario]?.tokens ?? 0,
      fetchMs: exactMedian(fetchTimes),
      oursMs: exactMedian(oursTimes),
      ratio: medianRatio(oursTimes, fetchTimes),
      ...(isJudged ? { wantedRatio } : {}),
      ...(fieldTimes === undefined ? {} : { streamTextRatio: medianRatio(fieldTimes, fetchTimes) }),
    });
  }
  return figures;
}

/** The times of each way. The first round loads and warms; it does not count. */
async function takeTurns(ways: readonly Way[], url: string, scenario: string, rounds: number) {
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    // Whoever begins is another in each round.
    const begin = round % ways.length;
    for (const way of [...ways.slice(begin), ...ways.slice(0, begin)]) {
      const ms = await timeOf(way, url, scenario);
      if (round > 0) times[ways.indexOf(way)]?.push(ms);
    }
  }
  return times;
}

/** Of each round's own: what else the machine does in it slows both. */
function medianRatio(samples: readonly number[], others: readonly number[]): number {
  return exactMedian(samples.map((sample, round) => sample / (others[round] ?? Number.NaN)));
}

/** Short calls need more than a tenth of a millisecond. */
function exactMedian(samples: readonly number[]): number {
  return median(samples.map((sample) => sample * 1_000)) / 1_000;
}

function describe(figure: Figure, one: Figure | undefined): string {
  const { provider, scenario, tokens, fetchMs, oursMs, ratio, streamTextRatio } = figure;
  const field = streamTextRatio === undefined ? "" : `, streamText ${streamTextRatio.toFixed(2)}`;
  const line = `${scenario.padEnd(6)} ${provider.padEnd(11)} fetch ${fetchMs.toFixed(2)} ms, ours ${oursMs.toFixed(2)} ms: ${ratio.toFixed(2)} times${field}`;
  if (scenario !== "flood" || one === undefined) return line;
  const callMs = one.oursMs - one.fetchMs;
  const tokenUs = ((oursMs - fetchMs - callMs) * 1_000) / tokens;
  return `${line}; added: ${callMs.toFixed(2)} ms a call, ${tokenUs.toFixed(1)} µs a token`;
}

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(new URL("./models-server.ts", import.meta.url)));
  const [port] = await once(child, "message");
  return { child, url: `http://127.0.0.1:${port}` };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, rounds: { type: "string", default: "15" } },
  });
  const { child, url } = await startServer();
  try {
    const figures: Figure[] = [];
    for (const scenario of Object.keys(scenarios)) {
      figures.push(...(await measure(url, scenario, Number(values.rounds))));
    }
    if (values.json === true) {
      console.log(JSON.stringify({ node: process.versions.node, wantedRatio, figures }));
    } else {
      for (const figure of figures) {
        const isOne = (one: Figure) => one.scenario === "one" && one.provider === figure.provider;
        console.log(describe(figure, figures.find(isOne)));
      }
    }
    const judged = figures.filter(({ wantedRatio: wanted }) => wanted !== undefined);
    process.exitCode = judged.every(({ ratio }) => ratio <= wantedRatio) ? 0 : 1;
  } finally {
    child.disconnect();
  }
}
