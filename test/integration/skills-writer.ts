import { openKeyRing } from "../../src/config/signing-key.ts";
import { openMemory } from "../../src/memory/memory-json.ts";
import { openDemotionRecords } from "../../src/skills/demotion-records.ts";
import { openSkillLibrary } from "../../src/skills/workspace-library.ts";

/** Names skills for goals in a process of its own and prints the names as JSON. */
const [workspaceRoot = "", ...goals] = process.argv.slice(2);
const memory = openMemory({ workspaceRoot, failuresPerSkill: 12 });
const library = openSkillLibrary({
  workspaceRoot,
  memory,
  keys: openKeyRing(`${workspaceRoot}/signing-key.pem`),
  demotions: openDemotionRecords(`${workspaceRoot}/demoted`),
});
const names: string[] = [];
for (const goal of goals) {
  const name = await library.nameFor(goal, "python");
  const source = `# ${goal}\n`;
  await library.write({ name, language: "python", goal, description: goal, source }, new Date());
  names.push(name);
}
memory.close();
process.stdout.write(JSON.stringify(names));
