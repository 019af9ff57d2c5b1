import type { JsonValue } from "../shared/json.ts";
import type { UnansweredInputs } from "../verify/evidence.ts";
import { showValue } from "../verify/show-value.ts";

type Reason = UnansweredInputs["deaths"][number]["reason"];

const deathWords: Readonly<Record<string, string>> = {
  timeout: "too slow",
  "out-of-memory": "out of memory",
  "output-limit": "too much output",
  "file-limit": "too many or too large files",
  "process-limit": "a process or thread",
  "protocol-error": "no readable answer",
  crashed: "crashed",
} satisfies Record<Reason, string>;

/** As events and certificates have them, whose reasons may be those of a later version. */
interface Unanswered {
  readonly tried: number;
  readonly deaths: readonly {
    readonly reason: string;
    readonly inputs: number;
    readonly example: readonly JsonValue[];
  }[];
}

/** `no answer to 3 of 57 generated inputs (2 too slow, as for [0]; 1 crashed, as for ["x"])` */
export function describeUnanswered({ tried, deaths }: Unanswered): string {
  const died = deaths.reduce((sum, { inputs }) => sum + inputs, 0);
  const causes = deaths.map(
    ({ reason, inputs, example }) =>
      `${inputs} ${deathWords[reason] ?? reason}, as for ${showValue([...example], 60)}`,
  );
  return `no answer to ${died} of ${tried} generated inputs (${causes.join("; ")})`;
}
