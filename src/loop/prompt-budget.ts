import { estimateTokens } from "../model/estimate-tokens.ts";
import type { ChatMessage } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import { shorten } from "./prompt-text.ts";

/** Messages as they are sent, and what the limits kept out of them, one line a kind. */
export interface BuiltPrompt {
  readonly messages: ChatMessage[];
  readonly leftOut: string[];
}

/** Whole items; when room is short they are dropped one by one, down to `keep`. */
interface ListSlot {
  readonly kind: "list";
  readonly name: string;
  /** As it is called in `leftOut`: `recalled failures`. */
  readonly label: string;
  readonly items: readonly string[];
  readonly maxItems: number;
  /** Of one item. A longer one is dropped whole, or shortened when `shortenItems` is set. */
  readonly maxItemCharacters: number;
  readonly shortenItems?: boolean;
  readonly keep: number;
  readonly dropFrom: "start" | "end";
  readonly render: (items: readonly string[]) => string;
}

/** One text; when room is short it loses its middle, down to `minCharacters`. */
interface TextSlot {
  readonly kind: "text";
  readonly name: string;
  readonly label: string;
  readonly text: string;
  readonly maxCharacters: number;
  readonly minCharacters: number;
  readonly render: (text: string) => string;
}

export type PromptSlot = ListSlot | TextSlot;

interface Item {
  readonly text: string;
  readonly isShortened: boolean;
}

/** A slot as it stands while room is being made. */
interface Filling {
  readonly slot: PromptSlot;
  items: readonly Item[];
  maxCharacters: number;
}

/** Part of a context that a prompt may take; the rest is the answer's. */
export function promptBudgetTokens(contextTokens: number): number {
  return contextTokens - Math.min(8_192, Math.floor(contextTokens * 0.4));
}

/**
 * Fills the slots and makes them fit `budgetTokens`, giving up room in the order in which they are
 * listed.
 *
 * @throws {AgentError} MODEL_CONTEXT_OVERFLOW when even the smallest form is too large.
 */
export function fitPrompt(
  slots: readonly PromptSlot[],
  budgetTokens: number,
  build: (values: ReadonlyMap<string, string>) => ChatMessage[],
): BuiltPrompt {
  const fillings = slots.map(firstFilling);
  const current = () => build(new Map(fillings.map(rendered)));
  let messages = current();
  for (const filling of fillings) {
    let excess = excessTokens(messages, budgetTokens);
    while (excess > 0 && giveRoom(filling, excess)) {
      messages = current();
      excess = excessTokens(messages, budgetTokens);
    }
  }
  const excess = excessTokens(messages, budgetTokens);
  if (excess > 0) {
    throw new AgentError(
      "MODEL_CONTEXT_OVERFLOW",
      `Building a prompt: it needs about ${excess + budgetTokens} tokens, the model's context leaves ${budgetTokens} for it; raise contextTokens or choose a model with a larger context.`,
      { blame: "caller" },
    );
  }
  return { messages, leftOut: fillings.flatMap(lossesOf) };
}

function excessTokens(messages: readonly ChatMessage[], budgetTokens: number): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content), 0) - budgetTokens;
}

function firstFilling(slot: PromptSlot): Filling {
  if (slot.kind === "text") {
    return { slot, items: [], maxCharacters: slot.maxCharacters };
  }
  const { items, maxItems, maxItemCharacters, shortenItems } = slot;
  const sized = items.flatMap((item): Item[] => {
    if (item.length <= maxItemCharacters) {
      return [{ text: item, isShortened: false }];
    }
    const { text } = shorten(item, maxItemCharacters);
    return shortenItems === true ? [{ text, isShortened: true }] : [];
  });
  const kept = slot.dropFrom === "start" ? sized.slice(-maxItems) : sized.slice(0, maxItems);
  return { slot, items: kept, maxCharacters: 0 };
}

function rendered({ slot, items, maxCharacters }: Filling): [string, string] {
  if (slot.kind === "list") {
    return [slot.name, items.length === 0 ? "" : slot.render(items.map(({ text }) => text))];
  }
  return [slot.name, slot.text === "" ? "" : slot.render(shorten(slot.text, maxCharacters).text)];
}

/** Takes a little away; false when the slot has nothing more to give. */
function giveRoom(filling: Filling, excess: number): boolean {
  const { slot, items, maxCharacters } = filling;
  if (slot.kind === "list") {
    filling.items = slot.dropFrom === "start" ? items.slice(1) : items.slice(0, -1);
    if (filling.items.length < slot.keep || items.length === 0) {
      filling.items = items;
      return false;
    }
    return true;
  }
  const length = Math.min(slot.text.length, maxCharacters);
  const wanted = Math.max(slot.minCharacters, Math.floor(length - excess * 3.5));
  if (wanted >= length) {
    return false;
  }
  filling.maxCharacters = wanted;
  return true;
}

function lossesOf({ slot, items, maxCharacters }: Filling): string[] {
  if (slot.kind === "list") {
    const { label, maxItemCharacters } = slot;
    const total = slot.items.length;
    const dropped = total - items.length;
    const shortened = items.filter(({ isShortened }) => isShortened).length;
    return [
      ...(dropped === 0 ? [] : [`${dropped} of ${total} ${label}`]),
      ...(shortened === 0
        ? []
        : [`${shortened} of ${total} ${label} beyond ${maxItemCharacters} characters`]),
    ];
  }
  const { leftOut } = shorten(slot.text, maxCharacters);
  return leftOut === 0 ? [] : [`${leftOut} of ${slot.text.length} characters of ${slot.label}`];
}
