/** Of the language itself, where it has them: nothing of Node's layer need be loaded for it. */
interface Native {
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
  readonly prototype: { readonly toBase64?: () => string };
}

// Taken once, before any skill code could put its own in their place.
const { apply } = Reflect;
const native = Uint8Array as unknown as Native;
const { fromBase64 } = native;
const { toBase64 } = native.prototype;
const { slice } = String.prototype;
const Bytes = Uint8Array;
const padded = 4;

/** Returns the bytes of a text whose letters are base64's; padding may be missing. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  if (fromBase64 === undefined) {
    return new Uint8Array(Buffer.from(text, "base64"));
  }
  // One letter alone carries no byte.
  const isCut = text.length % padded === 1;
  return apply(fromBase64, Uint8Array, [isCut ? apply(slice, text, [0, -1]) : text]);
}

/** Returns the bytes of a view as base64, padded; Emscripten's files are some of signed ones. */
export function textOfBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return toBase64 === undefined
    ? Buffer.from(buffer, byteOffset, byteLength).toString("base64")
    : apply(toBase64, new Bytes(buffer, byteOffset, byteLength), []);
}
