/*
 * What a runner leaves to skill code, by name: whatever else Deno has, or will have, is taken away
 * (`take-away.ts`). Each of these computes, or asks for a permission that the process does not hold.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Of the global object. Symbols stand for themselves by their descriptions: events need both. */
export const keptGlobals: ReadonlySet<string> = new Set([
  "[[webidl.brand]]",
  "",
  ...words(`
    AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt
    BigInt64Array BigUint64Array Blob Boolean Buffer ByteLengthQueuingStrategy CloseEvent
    CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DOMMatrix
    DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect DOMRectReadOnly DataView Date
    DecompressionStream DisposableStack Error ErrorEvent EvalError Event EventTarget File FileReader
    FinalizationRegistry Float16Array Float32Array Float64Array FormData Function Headers Infinity
    Int16Array Int32Array Int8Array Intl Iterator JSON Map Math MessageChannel MessageEvent
    MessagePort NaN Number Object Performance PerformanceEntry PerformanceMark PerformanceMeasure
    PerformanceObserver PerformanceObserverEntryList ProgressEvent Promise PromiseRejectionEvent Proxy
    QuotaExceededError RangeError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
    ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader
    ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer String SubtleCrypto
    SuppressedError Symbol SyntaxError Temporal TextDecoder TextDecoderStream TextEncoder
    TextEncoderStream TransformStream TransformStreamDefaultController TypeError URIError URL
    URLPattern URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef
    WeakSet WebAssembly WebSocket WritableStream WritableStreamDefaultController
    WritableStreamDefaultWriter atob btoa clearImmediate clearInterval clearTimeout crypto decodeURI
    decodeURIComponent encodeURI encodeURIComponent escape eval fetch global globalThis isFinite isNaN
    onbeforeunload onerror onload onunhandledrejection onunload parseFloat parseInt performance
    queueMicrotask self setImmediate setInterval setTimeout structuredClone undefined unescape
  `),
]);

/** Of the prototypes of the global object, which is a target of events. */
export const keptOfScope: ReadonlySet<string> = new Set([
  "Symbol.toStringTag",
  // Deno itself asks for both.
  "Deno.privateCustomInspect",
  "getParent",
  ...words("addEventListener constructor dispatchEvent removeEventListener"),
]);

/** Of `Deno`. Its files are replaced by those in memory, and what remains asks and is refused. */
export const keptOfDeno: ReadonlySet<string> = new Set(
  words(`
    ChildProcess Command HttpClient Permissions PermissionStatus Process SeekMode addSignalListener
    args build chdir chmod chmodSync chown chownSync connect connectTls consoleSize copyFile
    copyFileSync create createHttpClient createSync cwd env errors exit exitCode gid hostname inspect
    isatty kill link linkSync listen listenTls loadavg lstat lstatSync makeTempDir makeTempDirSync
    makeTempFile makeTempFileSync memoryUsage mkdir mkdirSync networkInterfaces noColor open openSync
    osRelease osUptime permissions readDir readDirSync readFile readFileSync readLink readLinkSync
    readTextFile readTextFileSync realPath realPathSync refTimer remove removeSignalListener removeSync
    rename renameSync resolveDns run serve spawn spawnAndWait spawnAndWaitSync startTls stat statSync symlink
    symlinkSync systemMemoryInfo truncate truncateSync uid unrefTimer utime utimeSync version watchFs writeFile
    writeFileSync writeTextFile writeTextFileSync
  `),
);
