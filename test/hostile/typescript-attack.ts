import type { HostileProgram, HostileTopic } from "./hostile-program.ts";

type Options = Pick<HostileProgram, "twice" | "exhausts" | "reachesBare" | "isWhole">;

/**
 * Several roads to one goal in one program: what each came to, errors as text. One that is refused
 * must not keep the next from being tried.
 */
const tryAllSource = `async function tryAll(attempts) {
  const outcomes = [];
  for (const attempt of attempts) {
    try {
      outcomes.push(await attempt());
    } catch (error) {
      outcomes.push(String(error));
    }
  }
  return outcomes;
}
`;

/**
 * The same for a script that prints nothing, since it names no console: it says in its answer that it
 * attacks. `before` runs at its top level.
 */
export function silentAttackOn(
  topic: HostileTopic,
): (name: string, goal: string, body: string, before?: string) => HostileProgram {
  return (name, goal, body, before = "") => ({
    name,
    language: "typescript",
    topic,
    goal,
    isSilent: true,
    source: `${tryAllSource}${before}\nasync function attack(world) {\n${body}\n}\nasync function f(world) {\n  return ["attacking", ...(await tryAll([() => attack(world)]))];\n}\n`,
  });
}

/** A plain script whose `f(world)` says that it attacks, then runs the body. */
export function attackOn(
  topic: HostileTopic,
): (name: string, goal: string, body: string, options?: Options) => HostileProgram {
  return (name, goal, body, options = {}) => ({
    name,
    language: "typescript",
    topic,
    goal,
    source: `${tryAllSource}async function f(world) {\n  console.log("attacking");\n${body}\n}\n`,
    ...options,
  });
}
