/** Opens the model of its first argument, prints the engine's process id, and dies. */
import { configSchema } from "../../src/config/schema.ts";
import { EmbeddedModel } from "../../src/model/embedded/embedded-model.ts";
import { Engine } from "../../src/model/embedded/engine.ts";

const path = process.argv[2] ?? "";
const engine = new Engine();
await EmbeddedModel.open("embedded:tiny", path, configSchema.parse({}), engine);
process.stdout.write(`${engine.pid}\n`, () => process.kill(process.pid, "SIGKILL"));
