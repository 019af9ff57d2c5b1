import type { PolicyFigures } from "./outcomes.ts";
import type { CollectionFigures } from "./report.ts";

const size = { width: 900, panel: 300, left: 70, right: 330, top: 56, gap: 50 };
const colours = { peer: "#c77d2e", ours: "#2f6fde", bound: "#8a8f98" } as const;
const font = 'font-family="system-ui, sans-serif"';

/** An SVG: for each collection its policies, problems solved (up) against wrong admissions (right). */
export function plotArena(collections: readonly CollectionFigures[]): string {
  const height = collections.length * (size.panel + size.gap) + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" ${font} font-size="12">`,
    `<rect width="${size.width}" height="${height}" fill="#ffffff"/>`,
    ...collections.flatMap((one, index) => panel(one, index * (size.panel + size.gap))),
    "</svg>",
    "",
  ].join("\n");
}

function panel({ collection, policies }: CollectionFigures, top: number): string[] {
  const [innerWidth, innerHeight] = [size.width - size.left - size.right, size.panel - size.top];
  const most = Math.max(10, ...policies.map(({ wrongPercent }) => wrongPercent ?? 0));
  const limit = Math.ceil(most / 10) * 10;
  const x = (wrong: number) => size.left + (wrong / limit) * innerWidth;
  const y = (solved: number) => top + size.top + (1 - solved / 100) * innerHeight;
  const ticks = [0, 25, 50, 75, 100];
  return [
    text(16, top + 28, `${collection}: problems solved, %, against wrong ÷ admitted, %`, 15),
    ...ticks.map((tick) => line(size.left, y(tick), size.left + innerWidth, y(tick))),
    ...ticks.map((tick) => text(size.left - 34, y(tick) + 4, String(tick), 11)),
    ...[0, limit / 2, limit].map((tick) => text(x(tick) - 6, y(0) + 18, String(tick), 11)),
    ...policies.flatMap((policy, index) => mark(policy, index, { x, y, top })),
  ];
}

interface Scales {
  readonly x: (wrong: number) => number;
  readonly y: (solved: number) => number;
  readonly top: number;
}

/** A numbered dot, and its line in the key. */
function mark(policy: PolicyFigures, index: number, { x, y, top }: Scales): string[] {
  const [cx, cy] = [x(policy.wrongPercent ?? 0), y(policy.solvedPercent)];
  const keyX = size.width - size.right + 24;
  const keyY = top + size.top + 8 + index * 19;
  const dot = (at: number, down: number) =>
    `<circle cx="${at.toFixed(1)}" cy="${down.toFixed(1)}" r="5" fill="${colours[policy.kind]}"/>`;
  const name = `${index + 1} ${policy.policy}: ${policy.solvedPercent} / ${policy.wrongPercent ?? "–"}`;
  return [
    dot(cx, cy),
    text(cx + 7, cy - 5, String(index + 1), 11),
    dot(keyX, keyY - 4),
    text(keyX + 10, keyY, name, 11),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1.toFixed(1)}" x2="${x2}" y2="${y2.toFixed(1)}" stroke="#e2e4e8"/>`;
}

function text(x: number, y: number, content: string, fontSize: number): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${fontSize}" fill="#20242b">${escaped}</text>`;
}
