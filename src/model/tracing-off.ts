/** Read by LangChain's libraries; any of them set to "true" sends every prompt to a server. */
const switches = [
  "LANGSMITH_TRACING",
  "LANGSMITH_TRACING_V2",
  "LANGCHAIN_TRACING",
  "LANGCHAIN_TRACING_V2",
] as const;

/**
 * Takes the tracing of LangChain's libraries out of the environment: keys and endpoints are
 * removed, the switches set to "false". Call it before those libraries are imported.
 */
export function turnTracingOff(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (/^(?:LANGSMITH|LANGCHAIN)_/i.test(name)) delete env[name];
  }
  for (const name of switches) env[name] = "false";
}
