import type { ChatModel } from "../model/chat-model.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { ModelReadiness } from "./application.ts";
import type { Parts } from "./parts.ts";

export interface ResolvedModel {
  readonly model: ChatModel;
  /** Set when recorded answers stand in for a server that does not answer. */
  readonly warning?: string;
}

/**
 * Opens the model for a goal: the one asked for, or, when no server answers, the recordings that
 * ship with the package, if they hold the goal. A run that has live answers already must not go on
 * with recorded ones: they belong to another contract.
 *
 * @throws {AgentError} MODEL_UNREACHABLE, MODEL_MISSING, REMOTE_NOT_ALLOWED, each with its remedy.
 */
export async function resolveModel(
  parts: Parts,
  goal: string,
  language: Language,
  name: string,
  options: { readonly mayUseRecordings: boolean } = { mayUseRecordings: true },
): Promise<ResolvedModel> {
  const readiness = await parts.modelReadiness(goal, language, name);
  switch (readiness.kind) {
    case "ready":
      return { model: await parts.model(readiness.model) };
    case "recorded":
      if (!options.mayUseRecordings) {
        throw unreachable(name, readiness);
      }
      return {
        model: await parts.model("recordings"),
        warning: `${readiness.problem} Recorded answers are used for this goal (${readiness.label}).`,
      };
    case "unreachable":
      throw unreachable(name, readiness);
    case "remote-not-allowed":
      throw new AgentError("REMOTE_NOT_ALLOWED", withRemedy(name, readiness), { blame: "caller" });
    case "missing": {
      if (readiness.isDownload === true) throw notDownloaded(readiness.model);
      const installed = readiness.installed.map((one) => one.name).join(", ");
      throw new AgentError(
        "MODEL_MISSING",
        `Opening the model: ${readiness.model} is not installed, one of these is: ${installed || "none"}; choose one with --model, or run: ollama pull ${readiness.model}`,
        { blame: "environment" },
      );
    }
  }
}

function notDownloaded(model: string): AgentError {
  return new AgentError(
    "MODEL_MISSING",
    `Opening the model ${model}: its file is not downloaded, it is wanted; give --pull to download it.`,
    { blame: "environment" },
  );
}

type Unready = Extract<ModelReadiness, { readonly problem: string }>;

function unreachable(name: string, readiness: Unready): AgentError {
  return new AgentError("MODEL_UNREACHABLE", withRemedy(name, readiness), {
    blame: "environment",
    isRetryable: true,
  });
}

function withRemedy(name: string, { problem, remedy }: Unready): string {
  const heading = `Opening the model ${name}: it cannot be asked. ${problem} What to do:`;
  return [heading, ...remedy.map((line) => `  ${line}`)].join("\n");
}
