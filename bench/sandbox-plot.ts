import type { SandboxFigures, WayFigures } from "./sandbox.ts";

const width = 860;
const rowHeight = 34;
const labelWidth = 210;
const chartWidth = width - labelWidth - 90;
const colours = { floor: "#8a8f98", peer: "#c77d2e", ours: "#2f6fde" } as const;
const warmColour = "#7fb0ff";
const growthHeight = 260;
/** Labels nearer to each other than this overlap. */
const labelHeight = 15;
const font = 'font-family="system-ui, sans-serif"';

/** Returns an SVG: a bar for each way's cold and warm start, and a line for how each grows. */
export function plotSandboxFigures(figures: SandboxFigures): string {
  const barsHeight = 70 + figures.ways.length * rowHeight;
  const height = barsHeight + growthHeight + 110;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font} font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(16, 26, "One fresh run of a small skill with its cases, milliseconds (logarithmic)", 16),
    text(16, 46, `${figures.cores} cores; dark: cold start, light: a process was ready`, 12),
    ...bars(figures.ways),
    ...growth(figures.ways, barsHeight + 40),
    "</svg>",
    "",
  ].join("\n");
}

function bars(ways: readonly WayFigures[]): string[] {
  const all = ways.flatMap((way) => [way.coldMs, way.warmMs ?? way.coldMs]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = Math.max(...all);
  const x = (ms: number) => (Math.log(ms / low) / Math.log(high / low)) * chartWidth;
  return ways.flatMap((way, index) => {
    const y = 64 + index * rowHeight;
    const bar = (ms: number, top: number, colour: string) => [
      `<rect x="${labelWidth}" y="${top}" width="${x(ms).toFixed(1)}" height="12" fill="${colour}"/>`,
      text(labelWidth + x(ms) + 5, top + 11, String(ms), 11),
    ];
    return [
      text(16, y + 16, way.name, 13),
      ...bar(way.coldMs, y, colours[way.kind]),
      ...(way.warmMs === null ? [] : bar(way.warmMs, y + 14, warmColour)),
    ];
  });
}

function growth(ways: readonly WayFigures[], top: number): string[] {
  const counts = Object.keys(ways[0]?.runsPerSecond ?? {}).map(Number);
  const rates = ways.flatMap((way) => Object.values(way.runsPerSecond));
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const x = (count: number) => 60 + (Math.log2(count) / Math.log2(counts.at(-1) ?? 2)) * 520;
  const y = (rate: number) =>
    top + growthHeight - (Math.log(rate / low) / Math.log(high / low)) * (growthHeight - 30);
  const last = (way: WayFigures) => way.runsPerSecond[counts.at(-1) ?? 1] ?? low;
  const labelTops = spread(ways.map((way) => y(last(way)) + 4));
  const lines = ways.flatMap((way, index) => {
    const points = counts.map((count) => `${x(count)},${y(way.runsPerSecond[count] ?? low)}`);
    const labelX = x(counts.at(-1) ?? 1) + 24;
    const labelY = labelTops[index] ?? 0;
    const dash = way.name.startsWith("TypeScript") ? ' stroke-dasharray="6 3"' : "";
    return [
      `<polyline points="${points.join(" ")}" fill="none" stroke="${colours[way.kind]}" stroke-width="2"${dash}/>`,
      `<line x1="${x(counts.at(-1) ?? 1) + 3}" y1="${y(last(way)).toFixed(1)}" x2="${labelX - 3}" y2="${(labelY - 4).toFixed(1)}" stroke="${colours[way.kind]}"/>`,
      text(labelX, labelY, `${way.name}: ${last(way)}`, 11),
    ];
  });
  return [
    text(16, top, "Fresh runs a second (logarithmic), by how many run at once", 16),
    ...counts.map((count) => text(x(count) - 4, top + growthHeight + 24, String(count), 12)),
    ...lines,
  ];
}

/** Moves labels down until each stands a line below the one above it. */
function spread(tops: readonly number[]): number[] {
  const moved = [...tops];
  const order = tops
    .map((_top, index) => index)
    .toSorted((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0));
  let lowest = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    lowest = Math.max(moved[index] ?? 0, lowest + labelHeight);
    moved[index] = lowest;
  }
  return moved;
}

function text(x: number, y: number, content: string, size: number): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" fill="#20242b">${escaped}</text>`;
}
