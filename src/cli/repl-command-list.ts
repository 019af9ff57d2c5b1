/** The commands of the interactive prompt, in the order `:help` shows them. */
export const replCommands = [
  {
    name: "directive",
    usage: ":directive GOAL",
    text: "give the agent a goal; before it --again, --example LINE",
  },
  { name: "resume", usage: ":resume [RUN]", text: "go on with a run that was cut off" },
  { name: "use", usage: ":use SKILL JSON", text: "call a proven skill" },
  { name: "add", usage: ":add FILE CASES", text: "prove code of yours by cases of yours" },
  { name: "verify", usage: ":verify [SKILL…]", text: "run proofs again; all without a name" },
  { name: "skills", usage: ":skills", text: "list all learned skills" },
  { name: "show", usage: ":show SKILL|RUN", text: "show a skill or a run" },
  { name: "memory", usage: ":memory", text: "show the memory" },
  { name: "runs", usage: ":runs", text: "list the runs" },
  { name: "replay", usage: ":replay RUN", text: "run a recorded run again, compare" },
  { name: "doctor", usage: ":doctor", text: "check the surroundings" },
  { name: "config", usage: ":config", text: "show the settings" },
  { name: "help", usage: ":help", text: "list these commands" },
  { name: "quit", usage: ":quit", text: "leave" },
] as const;

export type ReplCommandName = (typeof replCommands)[number]["name"];
