import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { analyze } from "./analyze.ts";
import { plan } from "./plan.ts";
import type { Run } from "./run.ts";
import type { AttemptProblem, BestCandidate, Candidate, LoopState } from "./state.ts";
import { initialState } from "./state.ts";
import { test } from "./test.ts";
import { write } from "./write.ts";

const nodesPerAttempt = 4;

const channels = Annotation.Root({
  attempt: Annotation<number>,
  contract: Annotation<LoopState["contract"]>,
  suite: Annotation<LoopState["suite"]>,
  stubs: Annotation<LoopState["stubs"]>,
  removedCases: Annotation<LoopState["removedCases"]>,
  witnesses: Annotation<LoopState["witnesses"]>,
  hasSealedRun: Annotation<boolean>,
  peerPrograms: Annotation<LoopState["peerPrograms"]>,
  candidate: Annotation<Candidate | null>,
  agreement: Annotation<LoopState["agreement"]>,
  problem: Annotation<AttemptProblem | null>,
  verdict: Annotation<LoopState["verdict"]>,
  feedback: Annotation<string>,
  previousCode: Annotation<string>,
  lessons: Annotation<readonly string[]>,
  tried: Annotation<LoopState["tried"]>,
  best: Annotation<BestCandidate | null>,
  sealedFailures: Annotation<LoopState["sealedFailures"]>,
  renewals: Annotation<number>,
  outcome: Annotation<LoopState["outcome"]>,
});

function buildGraph(run: Run | undefined) {
  const node = (work: (run: Run, state: LoopState) => Promise<Partial<LoopState>>) => {
    return async (state: LoopState): Promise<Partial<LoopState>> => {
      if (run === undefined) {
        return {};
      }
      run.signal?.throwIfAborted();
      // A person who refused the contract ends the run; the nodes after plan have nothing to do.
      return state.outcome === "cancelled" ? {} : work(run, state);
    };
  };
  return new StateGraph(channels)
    .addNode("plan", node(plan))
    .addNode("write", node(write))
    .addNode("test", node(test))
    .addNode("analyze", node(analyze))
    .addEdge(START, "plan")
    .addEdge("plan", "write")
    .addEdge("write", "test")
    .addEdge("test", "analyze")
    .addConditionalEdges("analyze", (state) => (state.outcome === null ? "retry" : "done"), {
      retry: "plan",
      done: END,
    })
    .compile();
}

/**
 * Runs the loop to its end and returns the last state; `outcome` is then set. A run that is resumed
 * goes through a fresh graph: its journal answers every step that was answered before.
 *
 * @throws {AgentError} what the model's server, the sandbox or the disk could not do; nothing that
 * was answered is lost.
 */
export async function runGraph(run: Run): Promise<LoopState> {
  return buildGraph(run).invoke(initialState, {
    // LangGraph's default of 25 would end a run at its sixth attempt.
    recursionLimit: nodesPerAttempt * run.settings.maxIterations + 1,
    // No signal: LangGraph would return on an abort while a node still works and writes.
  });
}

/** The loop as a Mermaid drawing, printed from the graph itself. */
export async function drawGraph(): Promise<string> {
  const drawable = await buildGraph(undefined).getGraphAsync();
  return drawable.drawMermaid({ withStyles: false });
}
