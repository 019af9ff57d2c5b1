import { configSchema } from "../../src/config/schema.ts";
import { openApplication } from "../../src/wiring.ts";

/** Runs a goal, or resumes the newest run, in a workspace of the test's, until it ends or is killed. */
const [workspaceRoot, ollamaHost, language, goal] = process.argv.slice(2);
const config = configSchema.parse({ workspaceRoot, ollamaHost, language, maxMutants: 8 });
const application = await openApplication({ config });
const run = goal === undefined ? application.resumeRun() : application.runDirective(goal);
await run.result;
await application.close();
