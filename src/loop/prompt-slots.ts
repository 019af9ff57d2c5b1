import type { Contract } from "../verify/contract.ts";
import type { PromptSlot } from "./prompt-budget.ts";
import { contractText, fenced, fencedList } from "./prompt-text.ts";

/** A proven skill shown for orientation; with its source where the coder may copy from it. */
export interface RelatedSkill {
  readonly name: string;
  readonly description: string;
  readonly source?: string;
}

export function goalSlot(goal: string): PromptSlot {
  return {
    kind: "text",
    name: "goal",
    label: "the goal",
    text: goal,
    maxCharacters: 4_000,
    minCharacters: 400,
    render: (text) => fenced(text, "text"),
  };
}

export function contractSlot(contract: Contract): PromptSlot {
  return {
    kind: "text",
    name: "contract",
    label: "the contract",
    text: contractText(contract),
    maxCharacters: 12_000,
    minCharacters: 3_000,
    render: (text) => fenced(text, "json"),
  };
}

export function codeSlot(name: string, label: string, code: string, info: string): PromptSlot {
  return {
    kind: "text",
    name,
    label,
    text: code.trimEnd(),
    maxCharacters: 24_000,
    minCharacters: 1_500,
    render: (text) => fenced(text, info),
  };
}

export function feedbackSlot(feedback: string): PromptSlot {
  return {
    kind: "text",
    name: "feedback",
    label: "the facts of the failure",
    text: feedback,
    maxCharacters: 6_000,
    minCharacters: 800,
    render: (text) => fenced(text, "text"),
  };
}

export function examplesSlot(examples: readonly string[]): PromptSlot {
  // Somebody's own examples are law: every one that fits at all is shown.
  return list("examples", "examples", examples, {
    maxItems: 40,
    maxItemCharacters: 1_000,
    keep: 3,
  });
}

export function inputsSlot(inputs: readonly string[]): PromptSlot {
  return list("inputs", "input files", inputs, { maxItems: 40, maxItemCharacters: 300, keep: 1 });
}

export function openCasesSlot(openCases: readonly string[]): PromptSlot {
  return list("openCases", "open cases", openCases, {
    maxItems: 24,
    maxItemCharacters: 1_000,
    keep: 2,
  });
}

/** For the tester, who wrote them: sealed ones too. */
export function existingCasesSlot(cases: readonly string[]): PromptSlot {
  return list("existingCases", "existing cases", cases, {
    maxItems: 60,
    maxItemCharacters: 600,
    shortenItems: true,
    keep: 0,
  });
}

export function resultsSlot(results: readonly string[]): PromptSlot {
  return list("results", "results", results, {
    maxItems: 24,
    maxItemCharacters: 600,
    shortenItems: true,
    keep: 0,
  });
}

export function recalledFailuresSlot(failures: readonly string[]): PromptSlot {
  return list("recalledFailures", "recalled failures", failures, {
    maxItems: 6,
    maxItemCharacters: 400,
    shortenItems: true,
    keep: 0,
  });
}

export function lessonsSlot(lessons: readonly string[]): PromptSlot {
  return list("lessons", "lessons", lessons, {
    maxItems: 24,
    maxItemCharacters: 400,
    shortenItems: true,
    keep: 1,
    dropFrom: "start",
  });
}

/** For the planner: what exists, without source. */
export function relatedNamesSlot(skills: readonly RelatedSkill[]): PromptSlot {
  const lines = skills.map(({ name, description }) => `${name}: ${description}`);
  return list("relatedSkills", "related skills", lines, {
    maxItems: 5,
    maxItemCharacters: 400,
    shortenItems: true,
    keep: 0,
  });
}

/** For the coder: whole sources only, since half a function helps nobody. */
export function relatedSourcesSlot(skills: readonly RelatedSkill[], info: string): PromptSlot {
  return {
    ...list(
      "relatedSkills",
      "related skills",
      skills.flatMap(({ source }) => (source === undefined ? [] : [source.trimEnd()])),
      { maxItems: 2, maxItemCharacters: 6_000, keep: 0 },
    ),
    render: (sources: readonly string[]) =>
      sources.map((source) => fenced(source, info)).join("\n\n"),
  };
}

type ListSlot = Extract<PromptSlot, { kind: "list" }>;

function list(
  name: string,
  label: string,
  items: readonly string[],
  limits: Pick<ListSlot, "maxItems" | "maxItemCharacters" | "keep"> &
    Partial<Pick<ListSlot, "shortenItems" | "dropFrom">>,
): ListSlot {
  return { kind: "list", name, label, items, dropFrom: "end", render: fencedList, ...limits };
}
