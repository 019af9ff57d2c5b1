import type { RunJournal } from "../journal/journal.ts";
import type { ChatModel } from "../model/chat-model.ts";
import type { ChainLink, RoleLinks } from "../model/model-chain.ts";
import { AgentError } from "../shared/errors.ts";
import type { EventListener, ModelSwitch, Role } from "../shared/events.ts";

/** Answers of one model, over the whole run, that could not be read, before the next is asked. */
const unreadableLimit = 3;
const step = "model-switched";

interface Chain {
  readonly links: readonly ChainLink[];
  position: number;
}

/**
 * Which model is asked in which role, and when the next of its chain takes over. Every switch is
 * written to the journal before the next model is asked, so that a run that goes on does so with the
 * model it had come to. One instance a run.
 */
export class RoleModels {
  readonly #chains: ReadonlyMap<Role, Chain>;
  readonly #journal: RunJournal;
  readonly #emit: EventListener;
  readonly #unreadable = new Map<string, number>();
  readonly #switches: ModelSwitch[] = [];
  /** Of an earlier pass, not yet made again. */
  readonly #recorded: ModelSwitch[];

  constructor(links: RoleLinks, journal: RunJournal, emit: EventListener) {
    const shared = new Map<readonly ChainLink[], Chain>();
    const chainOf = (list: readonly ChainLink[]): Chain => {
      const chain = shared.get(list) ?? { links: list, position: 0 };
      shared.set(list, chain);
      return chain;
    };
    const roles: readonly Role[] = ["planner", "tester", "coder", "analyst"];
    this.#chains = new Map(roles.map((role) => [role, chainOf(links[role])]));
    this.#journal = journal;
    this.#emit = emit;
    this.#recorded = journal.entries.flatMap((entry) =>
      entry.type === "step-recorded" && entry.step === step
        ? [entry.value as unknown as ModelSwitch]
        : [],
    );
  }

  /** In the order in which they were made. */
  get switches(): readonly ModelSwitch[] {
    return this.#switches;
  }

  /** Of the model that is asked now. */
  nameOf(role: Role): string {
    return this.#linkOf(role).name;
  }

  /** Opens the model that this call is for: the next one, where the last was unreadable too often. */
  async modelFor(role: Role, order: number): Promise<ChatModel> {
    while (this.mustLeave(role)) {
      const to = this.#next(role)?.name ?? "";
      await this.#switch({ role, order, from: this.nameOf(role), to, why: "format", code: "" });
    }
    return this.#linkOf(role).open();
  }

  /** True when its answers could not be read too often, and another model is there to be asked. */
  mustLeave(role: Role): boolean {
    const count = this.#unreadable.get(this.nameOf(role)) ?? 0;
    return count >= unreadableLimit && this.#next(role) !== undefined;
  }

  countUnreadable(model: string): void {
    this.#unreadable.set(model, (this.#unreadable.get(model) ?? 0) + 1);
  }

  /** Makes the switch that an earlier pass made at this very call; false when it made none. */
  async repeatSwitch(role: Role, order: number): Promise<boolean> {
    const [recorded] = this.#recorded;
    const isThis = recorded?.role === role && recorded.order === order;
    if (recorded === undefined || !isThis || recorded.why === "format") {
      return false;
    }
    await this.#switch(recorded);
    return true;
  }

  /**
   * Goes on to the next model of the chain, since this one is down.
   *
   * @throws {AgentError} the same error when there is no next one; the chain then begins anew when the
   * run goes on. REMOTE_NOT_ALLOWED when the next would leave this machine without consent.
   */
  async leave(role: Role, order: number, error: AgentError): Promise<void> {
    const from = this.nameOf(role);
    const next = this.#next(role);
    const made = { role, order, from, code: error.code };
    if (next !== undefined) {
      await openNext(next, from, error);
      await this.#switch({ ...made, to: next.name, why: "down" });
      return;
    }
    const first = this.#firstReadable(role);
    if (first === from) {
      throw error;
    }
    await this.#switch({ ...made, to: first, why: "none-answered" });
    throw noneAnswers(role, this.#chainOf(role).links, error);
  }

  async #switch(made: ModelSwitch): Promise<void> {
    const value = await this.#journal.step(step, () => made);
    this.#recorded.shift();
    this.#switches.push(value);
    const chain = this.#chainOf(value.role);
    const position = chain.links.findIndex(({ name }) => name === value.to);
    // A run may be resumed with other models than it was started with.
    if (position >= 0) chain.position = position;
    this.#emit({ type: "model-switched", ...value });
  }

  #firstReadable(role: Role): string {
    const { links } = this.#chainOf(role);
    const isReadable = ({ name }: ChainLink) => (this.#unreadable.get(name) ?? 0) < unreadableLimit;
    return (links.find(isReadable) ?? this.#linkOf(role)).name;
  }

  #next(role: Role): ChainLink | undefined {
    const { links, position } = this.#chainOf(role);
    return links[position + 1];
  }

  #linkOf(role: Role): ChainLink {
    const { links, position } = this.#chainOf(role);
    const link = links[position];
    if (link === undefined) throw new TypeError(`no model is there for the ${role}`);
    return link;
  }

  #chainOf(role: Role): Chain {
    const chain = this.#chains.get(role);
    if (chain === undefined) throw new TypeError(`no chain is there for the ${role}`);
    return chain;
  }
}

/** Nothing goes to another machine because a model on this one is down. */
async function openNext(next: ChainLink, from: string, down: AgentError): Promise<void> {
  try {
    await next.open();
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "REMOTE_NOT_ALLOWED") throw error;
    throw new AgentError(
      "REMOTE_NOT_ALLOWED",
      `Asking the next model: ${from} is down (${down.message}) and ${next.name}, the next of its chain, is not on this machine. ${error.message}`,
      { blame: "caller", cause: error },
    );
  }
}

function noneAnswers(role: Role, links: readonly ChainLink[], last: AgentError): AgentError {
  const names = links.map(({ name }) => name).join(", ");
  return new AgentError(
    last.code,
    `Asking a model for the ${role}: none of ${names} answers, one that does is wanted; the last of them: ${last.message}`,
    { blame: last.blame, isRetryable: last.isRetryable, cause: last },
  );
}
