import * as assert from "node:assert";
import * as assertStrict from "node:assert/strict";
import * as buffer from "node:buffer";
import * as crypto from "node:crypto";
import * as events from "node:events";
import * as path from "node:path";
import * as pathPosix from "node:path/posix";
import * as querystring from "node:querystring";
import * as stream from "node:stream";
import * as stringDecoder from "node:string_decoder";
import * as timers from "node:timers";
import * as timersPromises from "node:timers/promises";
import * as url from "node:url";
import * as util from "node:util";
import * as zlib from "node:zlib";
import type { MemoryFiles } from "./memory-files.ts";
import { createNodeFiles } from "./node-files.ts";

/** Modules that compute and touch nothing; a skill's imports are rewritten to look here. */
const pureModules: Readonly<Record<string, object>> = {
  assert,
  "assert/strict": assertStrict,
  buffer,
  crypto,
  events,
  path,
  "path/posix": pathPosix,
  querystring,
  stream,
  string_decoder: stringDecoder,
  timers,
  "timers/promises": timersPromises,
  url,
  util,
  zlib,
};

/** Returns the modules a prepared script finds in its parameter `__modules`. */
export function createModules(files: MemoryFiles): Readonly<Record<string, object>> {
  const { fs, promises } = createNodeFiles(files);
  const modules: Record<string, object> = Object.create(null);
  for (const [name, module] of Object.entries({ ...pureModules, fs, "fs/promises": promises })) {
    modules[name] = module;
    modules[`node:${name}`] = module;
  }
  return Object.freeze(modules);
}
