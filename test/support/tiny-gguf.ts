/**
 * A model file of some hundred kilobytes with random weights: answers without sense, and everything
 * around them for real. Tokens are single bytes and single ASCII characters; an answer without a
 * grammar never ends by itself.
 *
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
const version = 3;
const alignmentBytes = 32;
const embedding = 32;
const feedForward = 64;
const heads = 2;
const endOfText = 2;

const types = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;
const tokenTypes = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;

type Value =
  | { readonly type: "uint32" | "int32" | "float32"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int32s" | "float32s"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] };

interface Tensor {
  readonly name: string;
  /** Innermost first, as ggml counts. */
  readonly shape: readonly number[];
}

export interface TinyModelOptions {
  readonly contextTokens?: number;
  readonly seed?: number;
  /** Absent takes a plain one; a real model brings its own. */
  readonly chatTemplate?: string;
  /** Claims so many layers' weights of this width without holding them: too large for any memory. */
  readonly claimedEmbedding?: number;
}

const plainTemplate =
  "{% for message in messages %}[{{ message.role }}]{{ message.content }}</s>{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";

/** The bytes of one GGUF file. */
export function tinyGguf(options: TinyModelOptions = {}): Buffer {
  const width = options.claimedEmbedding ?? embedding;
  const tokens = vocabulary();
  const tensors = tensorsFor(tokens.length, width);
  const metadata = metadataFor(tokens, width, options);
  const offsets: number[] = [];
  let end = 0;
  for (const tensor of tensors) {
    offsets.push(end);
    end = aligned(end + bytesOf(tensor));
  }
  const header = Buffer.concat([
    Buffer.from("GGUF"),
    uint32(version),
    uint64(tensors.length),
    uint64(metadata.length),
    ...metadata.map(([key, value]) => Buffer.concat([text(key), encode(value)])),
    ...tensors.map((tensor, index) => tensorInfo(tensor, offsets[index] ?? 0)),
  ]);
  const padding = Buffer.alloc(aligned(header.length) - header.length);
  const weights =
    options.claimedEmbedding === undefined
      ? tensors.map((tensor) => weightsOf(tensor, options.seed ?? 1))
      : [];
  return Buffer.concat([header, padding, ...weights]);
}

function vocabulary(): readonly { readonly token: string; readonly type: number }[] {
  const special = [
    { token: "<unk>", type: tokenTypes.unknown },
    { token: "<s>", type: tokenTypes.control },
    { token: "</s>", type: tokenTypes.control },
  ];
  const bytes = Array.from({ length: 256 }, (_, byte) => ({
    token: `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
    type: tokenTypes.byte,
  }));
  const characters = Array.from({ length: 94 }, (_, index) => ({
    token: String.fromCharCode(33 + index),
    type: tokenTypes.normal,
  }));
  // SentencePiece writes a space as this sign.
  return [...special, ...bytes, { token: "▁", type: tokenTypes.normal }, ...characters];
}

function metadataFor(
  tokens: ReturnType<typeof vocabulary>,
  width: number,
  options: TinyModelOptions,
): readonly (readonly [string, Value])[] {
  return [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.name", { type: "string", value: "tiny random" }],
    ["general.file_type", { type: "uint32", value: 0 }],
    ["llama.vocab_size", { type: "uint32", value: tokens.length }],
    ["llama.context_length", { type: "uint32", value: options.contextTokens ?? 4_096 }],
    ["llama.embedding_length", { type: "uint32", value: width }],
    ["llama.block_count", { type: "uint32", value: 1 }],
    ["llama.feed_forward_length", { type: "uint32", value: feedForward }],
    ["llama.attention.head_count", { type: "uint32", value: heads }],
    ["llama.attention.head_count_kv", { type: "uint32", value: heads }],
    ["llama.rope.dimension_count", { type: "uint32", value: width / heads }],
    ["llama.attention.layer_norm_rms_epsilon", { type: "float32", value: 1e-5 }],
    ["tokenizer.ggml.model", { type: "string", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "strings", value: tokens.map(({ token }) => token) }],
    ["tokenizer.ggml.scores", { type: "float32s", value: tokens.map((_, index) => -index) }],
    ["tokenizer.ggml.token_type", { type: "int32s", value: tokens.map(({ type }) => type) }],
    ["tokenizer.ggml.unknown_token_id", { type: "uint32", value: 0 }],
    ["tokenizer.ggml.bos_token_id", { type: "uint32", value: 1 }],
    ["tokenizer.ggml.eos_token_id", { type: "uint32", value: endOfText }],
    ["tokenizer.chat_template", { type: "string", value: options.chatTemplate ?? plainTemplate }],
  ];
}

function tensorsFor(vocabularySize: number, width: number): readonly Tensor[] {
  return [
    { name: "token_embd.weight", shape: [width, vocabularySize] },
    { name: "blk.0.attn_norm.weight", shape: [width] },
    { name: "blk.0.attn_q.weight", shape: [width, width] },
    { name: "blk.0.attn_k.weight", shape: [width, width] },
    { name: "blk.0.attn_v.weight", shape: [width, width] },
    { name: "blk.0.attn_output.weight", shape: [width, width] },
    { name: "blk.0.ffn_norm.weight", shape: [width] },
    { name: "blk.0.ffn_gate.weight", shape: [width, feedForward] },
    { name: "blk.0.ffn_down.weight", shape: [feedForward, width] },
    { name: "blk.0.ffn_up.weight", shape: [width, feedForward] },
    { name: "output_norm.weight", shape: [width] },
    { name: "output.weight", shape: [width, vocabularySize] },
  ];
}

function weightsOf(tensor: Tensor, seed: number): Buffer {
  const count = countOf(tensor);
  const bytes = Buffer.alloc(aligned(count * 4));
  const isNorm = tensor.shape.length === 1;
  let state = seed + tensor.name.length * 7_919;
  for (let index = 0; index < count; index += 1) {
    // Numerical Recipes' generator: any will do, as long as a seed gives one file.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeFloatLE(isNorm ? 1 : (state / 2 ** 32 - 0.5) * 0.4, index * 4);
  }
  if (tensor.name === "token_embd.weight") markFirstDimension(bytes, tensor);
  if (tensor.name === "output.weight") bytes.writeFloatLE(-5, endOfText * embedding * 4);
  return bytes;
}

/** Every hidden state leans into this direction, and the end of text away from it: never chosen freely. */
function markFirstDimension(bytes: Buffer, { shape: [width = 1, count = 0] }: Tensor): void {
  for (let token = 0; token < count; token += 1) bytes.writeFloatLE(1, token * width * 4);
}

function tensorInfo(tensor: Tensor, offset: number): Buffer {
  const float32 = 0;
  return Buffer.concat([
    text(tensor.name),
    uint32(tensor.shape.length),
    ...tensor.shape.map(uint64),
    uint32(float32),
    uint64(offset),
  ]);
}

function encode(value: Value): Buffer {
  switch (value.type) {
    case "uint32":
      return Buffer.concat([uint32(types.uint32), uint32(value.value)]);
    case "int32":
      return Buffer.concat([uint32(types.int32), int32(value.value)]);
    case "float32":
      return Buffer.concat([uint32(types.float32), float32(value.value)]);
    case "string":
      return Buffer.concat([uint32(types.string), text(value.value)]);
    case "strings":
      return list(types.string, value.value.map(text));
    case "int32s":
      return list(types.int32, value.value.map(int32));
    case "float32s":
      return list(types.float32, value.value.map(float32));
  }
}

function list(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(types.array), uint32(type), uint64(items.length), ...items]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function countOf({ shape }: Tensor): number {
  return shape.reduce((product, side) => product * side, 1);
}

function bytesOf(tensor: Tensor): number {
  return countOf(tensor) * 4;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignmentBytes) * alignmentBytes;
}
