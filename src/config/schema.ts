import { z } from "zod";

const megabytes = 1024 * 1024;
/** "auto" and the sandbox's own names for its backends, strongest first. */
const sandboxNames = ["auto", "bubblewrap", "deno-seccomp", "deno"] as const;

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function keyFile(variable: string, whose: string) {
  return z
    .string()
    .min(1)
    .optional()
    .describe(
      `File of mode 600 that holds the key for ${whose} and nothing else. Default: the variable ${variable}.`,
    );
}

function parallelCalls(count: number) {
  return z.int().min(1).max(64).default(count).describe("Calls of this provider at once.");
}

/** One name, `a,b` for a chain, or a list, of which no name is taken apart. */
const modelNames = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(8)]);

const modelRow = z.strictObject({
  contextTokens: z.int().min(2_048).optional(),
  outputTokens: z.int().min(256).optional(),
  inputPricePerMillion: z.number().min(0).optional(),
  outputPricePerMillion: z.number().min(0).optional(),
  thinks: z.boolean().optional(),
  ignoresFormat: z.boolean().optional(),
});

function budgetOf(whose: string) {
  return z
    .strictObject({
      tokens: z
        .int()
        .min(1)
        .optional()
        .describe(`Tokens, of prompts and answers, that ${whose} may cost.`),
      requests: z.int().min(1).optional().describe(`Model calls that ${whose} may cost.`),
      timeMs: z
        .int()
        .min(1_000)
        .optional()
        .describe(`Milliseconds that the model calls of ${whose} may take together.`),
      money: z.number().positive().optional().describe(`US dollars that ${whose} may cost.`),
    })
    .prefault({});
}

/** Every setting, its default and its description; read by the loader, `config` and the docs. */
export const configSchema = z.strictObject({
  workspaceRoot: z
    .string()
    .min(1)
    .default("./agent_workspace")
    .describe("Folder that holds memory.json, skills/, runs/ and exec/."),
  model: modelNames
    .default("qwen3-coder")
    .describe(
      "Model that answers: an Ollama model's name, openai:NAME, anthropic:NAME, compatible:NAME@URL, embedded:FILE.gguf, or replay:FILE for a recorded run. Several are a chain: the next is asked when one is down, or when its answers could not be read three times.",
    ),
  coder: modelNames
    .optional()
    .describe("Model, or chain, that writes code. Default: that of model."),
  tester: modelNames
    .optional()
    .describe(
      "Model, or chain, that writes test cases; best of another family than the coder. Default: that of model.",
    ),
  analyst: modelNames
    .optional()
    .describe("Model, or chain, that reads results. Default: that of model."),
  models: z
    .record(z.string().min(1), modelRow)
    .default({})
    .describe(
      "What is known of models, by name, before the built-in table: contextTokens, outputTokens, inputPricePerMillion and outputPricePerMillion (US dollars), thinks, ignoresFormat.",
    ),
  language: z
    .enum(["python", "typescript"])
    .default("python")
    .describe("Language that new skills are written in."),
  maxIterations: z.int().min(1).max(100).default(12).describe("Attempts for one goal."),
  executionTimeoutMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(15_000)
    .describe(
      "Wall-clock milliseconds that one call of a skill may take before its process tree is killed.",
    ),
  maxCpuMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(20_000)
    .describe("Processor milliseconds that one call of a skill may use, all threads together."),
  maxMemoryBytes: z
    .int()
    .min(320 * megabytes)
    .default(1024 * megabytes)
    .describe(
      "Resident bytes that the processes of one sandbox may hold; Python in WebAssembly starts with some 220 MB.",
    ),
  maxOutputBytes: z
    .int()
    .min(1024)
    .default(megabytes)
    .describe("Bytes that a skill may print during one call."),
  maxMessageBytes: z
    .int()
    .min(4_096)
    .max(64 * megabytes)
    .default(megabytes)
    .describe("Bytes that the arguments of one call, or its result, may take as JSON."),
  maxFiles: z
    .int()
    .min(0)
    .max(10_000)
    .default(64)
    .describe("Files that a skill's work folder may hold when a call begins or ends."),
  maxFileBytes: z
    .int()
    .min(0)
    .max(256 * megabytes)
    .default(16 * megabytes)
    .describe("Bytes that the files of a skill's work folder may take together."),
  sandbox: z
    .enum(sandboxNames)
    .default("auto")
    .describe(
      "How skills are held: auto takes the strongest way whose self-test holds; a name takes that one or fails.",
    ),
  warmProcesses: z
    .int()
    .min(2)
    .max(64)
    .optional()
    .describe(
      "Ready sandbox processes to keep for each language, for a skill and its checker at least. Default: by cores and free memory.",
    ),
  warmIdleMs: z
    .int()
    .min(100)
    .default(60_000)
    .describe("Milliseconds after which ready sandbox processes that nobody used are ended."),
  callsPerProcess: z
    .int()
    .min(1)
    .default(1_000)
    .describe("Calls of one skill that one process answers before a fresh one takes over."),
  analysis: z
    .boolean()
    .default(true)
    .describe(
      "Whether the model reads the result of an attempt; off saves a call and is noted in the certificate.",
    ),
  contextTokens: z
    .int()
    .min(2_048)
    .optional()
    .describe(
      "Context window (num_ctx) to ask of Ollama; lower it where memory is short. Default: from the model table.",
    ),
  embeddedThreads: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("Processor threads that an embedded model computes with. Default: by cores."),
  ollamaHost: z
    .string()
    .optional()
    .describe(
      "Address of the Ollama server, as OLLAMA_HOST writes it. Default: OLLAMA_HOST, else 127.0.0.1:11434.",
    ),
  ollamaKeepAlive: z
    .string()
    .default("30m")
    .describe("How long Ollama keeps the model loaded after a call."),
  allowRemote: z
    .boolean()
    .default(false)
    .describe("Consent to send goals and code to a server that is not on this machine."),
  openaiKeyFile: keyFile("OPENAI_API_KEY", "OpenAI"),
  anthropicKeyFile: keyFile("ANTHROPIC_API_KEY", "Anthropic"),
  compatibleKeyFiles: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe(
      "Files of mode 600 that hold the keys for servers of compatible:NAME@URL, each by its server's origin, as https://HOST:PORT. The variable COMPATIBLE_API_KEY serves the one server that is not on this machine.",
    ),
  maxParallelCalls: z
    .strictObject({
      ollama: parallelCalls(4),
      openai: parallelCalls(8),
      anthropic: parallelCalls(8),
      compatible: parallelCalls(4),
    })
    .prefault({})
    .describe("Calls of each provider that go on at once; others wait their turn."),
  maxModelRetries: z
    .int()
    .min(0)
    .max(20)
    .default(5)
    .describe("How often a busy model server (429, 503, 529) is asked again before a call fails."),
  maxModelWaitMs: z
    .int()
    .min(0)
    .default(300_000)
    .describe("Milliseconds that one call may wait for a busy server in all."),
  firstTokenTimeoutMs: z
    .int()
    .min(1_000)
    .default(1_800_000)
    .describe("Milliseconds to wait for the first byte of an answer; a CPU may need minutes."),
  idleTimeoutMs: z
    .int()
    .min(1_000)
    .default(300_000)
    .describe("Milliseconds of silence in the middle of an answer before it is given up."),
  maxAnswerBytes: z
    .int()
    .min(10_000)
    .default(4 * megabytes)
    .describe("Bytes of one model answer before it is cut off and refused."),
  suiteCases: z.int().min(3).max(60).default(9).describe("Test cases to ask for."),
  sealedShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(1 / 3)
    .describe("Share of the model's cases that are never shown to whoever mends the code."),
  flakeRuns: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe(
      "How often a suite must give the same verdicts on what it passed, each time in a fresh process; 1 is once, and is noted in the certificate.",
    ),
  maxMutants: z
    .int()
    .min(0)
    .max(200)
    .default(30)
    .describe(
      "Small changes of the code, at most, of which the suite must notice enough; 0 makes none, and is noted in the certificate.",
    ),
  minMutationScore: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe("Share of these changes, of those that matter, that the suite must notice."),
  candidates: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe(
      "Programs to ask for in each attempt; the one that the others bear out best goes on.",
    ),
  peers: z
    .array(z.string().min(1))
    .max(8)
    .default([])
    .describe(
      "Who writes a program each to compare with, which is never admitted: other-prompt and other-language ask the same model otherwise, any other name is another model of the same server, installed already.",
    ),
  modelTurns: z
    .boolean()
    .default(true)
    .describe(
      "Whether runs of one process take turns by model, so that an Ollama server that holds one at a time does not load another for each call.",
    ),
  budget: z
    .strictObject({
      directive: budgetOf("one directive"),
      day: budgetOf("all runs of a day, in this workspace,"),
      library: budgetOf("all runs ever, in this workspace,"),
    })
    .prefault({}),
  keepRuns: z.int().min(1).default(200).describe("Finished run journals to keep."),
  keepRunDays: z.number().positive().default(90).describe("Days to keep a finished run's journal."),
  failuresPerSkill: z
    .int()
    .min(1)
    .default(12)
    .describe("Newest failures of a skill that stay in memory.json; older ones go to the archive."),
  parallel: z.int().min(1).max(64).default(2).describe("Directives that a batch works on at once."),
  cacheDirectory: z
    .string()
    .optional()
    .describe("Folder for the Python memory snapshot. Default: the system's cache folder."),
  logLevel: z
    .enum(["silent", "error", "warn", "info", "debug"])
    .default("warn")
    .describe("What goes to the log; debug also writes every step to the workspace's agent.log."),
  safety: z
    .strictObject({
      patterns: z
        .array(z.string().refine(isRegularExpression, "not a regular expression"))
        .default([])
        .describe("Regular expressions; a candidate whose text matches one is refused."),
    })
    .prefault({})
    .describe("Rules of your own, beside the built-in ones."),
});

export type Config = z.infer<typeof configSchema>;
