// biome-ignore-all lint/suspicious/noConsole: this is the kind of program that prints
import { AutonomousAgent, DANGEROUS_PATTERNS } from "../../src/index.ts";

// The guide's three programs, one after the other. None of them closes its agent.

// Programmatic API
const agent = new AutonomousAgent();
await agent.run("Create a regex pattern matcher", { skillName: "regex_matcher" });
const memory = await agent.memory.read();
console.log(`Total skills: ${memory.skills.length}`);

// Batch Processing
const goals = [
  "Create a base64 encoder",
  "Create a URL parser",
  "Create a markdown to HTML converter",
];
const batchAgent = new AutonomousAgent();
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
