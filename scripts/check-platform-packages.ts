/**
 * A lock made where the registry lacked another platform's package installs here and breaks there.
 * Every package that some locked package names as optional must itself be locked, at a version
 * that was asked for exactly; and the project's own dependencies are pinned exactly.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkedFolder, reportProblems } from "./check-outcome.ts";

const EXACT_VERSION = /^(?:npm:[^@]+@)?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

type Versions = Readonly<Record<string, string>>;

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Versions;
}

interface Manifest {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly overrides?: Readonly<Record<string, unknown>>;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** Where Node would look for `name` from the package at `from`, nearest first. */
function locations(from: string, name: string): string[] {
  const found: string[] = [];
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
    found.push(folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (folder === "") {
      return found;
    }
    if (!folder.includes("/node_modules/")) {
      return [...found, `node_modules/${name}`];
    }
  }
}

function missingOptional(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !locations(path, name).some((location) => location in packages))
      .map(([name, range]) => `package-lock.json: ${path || "the project"} names ${name}@${range}`)
      .map((problem) => `${problem}, which is not locked: another platform could not install`),
  );
}

function unpinned(manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies, overrides = {} } = manifest;
  const pinned = [dependencies, devDependencies, optionalDependencies].flatMap((versions) =>
    Object.entries(versions ?? {}),
  );
  return [...pinned, ...overriddenVersions(overrides)]
    .filter(([, range]) => !EXACT_VERSION.test(String(range)) && !String(range).startsWith("$"))
    .map(([name, range]) => `package.json: ${name} is ${String(range)}, wanted an exact version`);
}

/** An override may hold for one package's dependencies only: then it is a table of its own. */
function overriddenVersions(
  overrides: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] {
  return Object.entries(overrides).flatMap(([name, range]) =>
    typeof range === "object" && range !== null
      ? overriddenVersions(range as Readonly<Record<string, unknown>>)
      : [[name, range] as const],
  );
}

function withoutDigest(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([path, locked]) => path !== "" && locked.link !== true && !locked.integrity)
    .map(([path]) => `package-lock.json: ${path} has no integrity digest`);
}

const root = checkedFolder();
const { packages } = readJson<{ packages: Record<string, LockedPackage> }>(
  join(root, "package-lock.json"),
);
const manifest = readJson<Manifest>(join(root, "package.json"));

reportProblems(
  [...missingOptional(packages), ...unpinned(manifest), ...withoutDigest(packages)],
  `${Object.keys(packages).length - 1} packages locked`,
);
