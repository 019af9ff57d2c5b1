// biome-ignore-all lint/suspicious/noConsole: this is the kind of program that prints
import { AutonomousAgent, DANGEROUS_PATTERNS } from "../../src/index.ts";

// What the guide's programs do, one after the other; docs-examples.test.ts runs them as written.
// None of them closes its agent.

// Programmatic API
const agent = new AutonomousAgent();
await agent.run("Create a base64 encoder", { skillName: "encoder" });
const memory = await agent.memory.read();
console.log(`Total skills: ${memory.skills.length}`);

// Batch Processing
const goals = ["Create a URL parser", "Create a JSON validator skill"];
const batchAgent = new AutonomousAgent({ language: "typescript" });
for (const goal of goals) {
  const { skill, status } = await batchAgent.run(goal);
  console.log(`${skill}: ${status}`);
}

// Custom Safety Rules
DANGEROUS_PATTERNS.push(/\brequests\.get\s*\(/); // Block network calls
DANGEROUS_PATTERNS.push(/\bimport base64\b/);
const careful = new AutonomousAgent({ maxIterations: 1 });
const { status, attempts } = await careful.run("Create a base64 encoder", { again: true });
console.log(`with a rule against it: ${status} after ${attempts}`);
