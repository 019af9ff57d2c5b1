import type { Application } from "../../application/application.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { safeLine, safeText } from "../safe-text.ts";
import { type Line, type Screen, verbatim } from "../screen.ts";
import type { Session } from "../session.ts";

type Status = Awaited<ReturnType<Application["sandboxStatus"]>>[number];
type Backend = Status["backends"][number];

const names: Record<Status["language"], string> = { python: "Python", typescript: "TypeScript" };
const icons: Record<Backend["state"], string> = { held: "✅", failed: "❌", unusable: "⬜" };

export interface SandboxStatusFlags {
  readonly test?: boolean;
}

/** Shows every backend of each language, strongest first, and which of them serves. */
export async function showSandboxStatus(
  session: Session,
  flags: SandboxStatusFlags,
): Promise<ExitCode> {
  const { screen } = session;
  const application = await session.application();
  const all = await application.sandboxStatus(flags.test ?? false);
  const { sandbox: insisted } = application.config;
  for (const status of all) {
    screen.emit(status);
    screen.print(...renderStatus(status, insisted, screen.style), "");
  }
  const isServed = all.every(({ chosen }) => chosen !== undefined);
  if (isServed && flags.test !== true) {
    screen.print(verbatim(`Test all anew: ${session.commandLine("sandbox status --test")}`));
  }
  return isServed ? exitCodes.ok : exitCodes.environment;
}

function renderStatus(status: Status, insisted: string, style: Screen["style"]): Line[] {
  const { language, chosen, backends } = status;
  const serves = chosen === undefined ? "nothing holds, no code is run" : `held by ${chosen}`;
  const wish = insisted === "auto" ? "" : `, since ${insisted} is insisted on`;
  const colour = chosen === undefined ? "red" : "bold";
  return [
    style(colour, `${names[language]}: ${serves}${wish}`),
    ...backends.flatMap((backend) => renderBackend(backend, style)),
  ];
}

function renderBackend(backend: Backend, style: Screen["style"]): Line[] {
  const { name, runtime, state, reason, remedy, testedAt } = backend;
  const facts = [
    ...(runtime === undefined ? [] : [runtime]),
    state === "held" ? probesHeld(backend) : state,
  ].join(", ");
  const when = testedAt === undefined ? "" : style("dim", ` (tested ${testedAt.slice(0, 16)}Z)`);
  return [
    `  ${icons[state]} ${name.padEnd(13)} ${safeLine(facts)}${when}`,
    ...(reason === undefined ? [] : [`     ${safeLine(reason)}`]),
    ...(remedy === undefined ? [] : renderRemedy(remedy)),
  ];
}

/** One line is a sentence, several are commands to type. */
function renderRemedy(remedy: string): Line[] {
  const lines = safeText(remedy)
    .split("\n")
    .map((line) => `     → ${line}`);
  return lines.length === 1 ? lines : lines.map(verbatim);
}

function probesHeld({ findings = [] }: Backend): string {
  const kinds = Map.groupBy(findings, ({ kind }) => kind);
  const counts = [...kinds]
    .filter(([kind]) => kind !== "control")
    .map(([kind, all]) => `${all.length} ${kind}`);
  return `held against ${counts.join(", ")} probes`;
}
