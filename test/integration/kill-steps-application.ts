import { join } from "node:path";
import type { Application } from "../../src/application/application.ts";
import { configSchema } from "../../src/config/schema.ts";
import { openApplication } from "../../src/wiring.ts";
import { inProcessParts } from "../support/in-process-parts.ts";
import { scriptedChat } from "../support/scripted-chat.ts";
import { type RunKind, runKinds, scriptedAnswer } from "./kill-steps-script.ts";

/** An application of one kind of run, told of each call of its model before it and after it. */
export function openKillApplication(
  workspaceRoot: string,
  kindText: string,
  step: (name: string) => void,
): Promise<Application> {
  const kind = kindOf(kindText);
  const chatModel = scriptedChat((request) => scriptedAnswer(kind, request), {
    asked: ({ role, order }) => step(`asked ${role} ${order}`),
    answered: ({ role, order }) => step(`answered ${role} ${order}`),
  });
  const config = configSchema.parse({ workspaceRoot, language: "typescript", maxIterations: 3 });
  return openApplication({
    config,
    chatModel,
    signingKeyPath: join(workspaceRoot, "..", "signing-key"),
    parts: inProcessParts(),
  });
}

function kindOf(text: string): RunKind {
  const kind = runKinds.find((one) => one === text);
  if (kind === undefined) {
    throw new Error(`${text} is no kind of run; one of ${runKinds.join(", ")} is wanted`);
  }
  return kind;
}
