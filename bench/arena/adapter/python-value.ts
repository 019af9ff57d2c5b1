/** A Python literal as it is written, with what JSON cannot tell: tuples, floats, keys that are no text. */
export type PythonValue =
  | { readonly kind: "none" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "list" | "tuple" | "set"; readonly items: readonly PythonValue[] }
  | {
      readonly kind: "dictionary";
      readonly entries: readonly (readonly [PythonValue, PythonValue])[];
    };
