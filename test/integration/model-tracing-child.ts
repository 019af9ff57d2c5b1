import { turnTracingOff } from "../../src/model/tracing-off.ts";

/** Runs a small graph; with "off" as argument the way the loop does, else as LangGraph comes. */
if (process.argv[2] === "off") turnTracingOff(process.env);
const { Annotation, END, START, StateGraph } = await import("@langchain/langgraph");
const { awaitAllCallbacks } = await import("@langchain/core/callbacks/promises");
const state = Annotation.Root({ count: Annotation<number>() });
const graph = new StateGraph(state)
  .addNode("one", ({ count }) => ({ count: count + 1 }))
  .addEdge(START, "one")
  .addEdge("one", END)
  .compile();
const result = await graph.invoke({ count: 1 });
await awaitAllCallbacks();
process.stdout.write(`count ${result.count}\n`);
