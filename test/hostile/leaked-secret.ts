/**
 * Says in which form the text holds a secret, or undefined: plain, reversed, hexadecimal, base64 at
 * any offset, or as the numbers of its bytes.
 */
export function leakedForm(text: string, secret: string): string | undefined {
  for (const [form, written] of writtenForms(secret)) {
    if (text.includes(written) || text.toLowerCase().includes(written)) {
      return form;
    }
  }
  // Spread over a list, or over lines.
  const squeezed = text.replaceAll(/[^A-Za-z0-9+/]/g, "");
  return squeezed.includes(secret) ? "spread out" : undefined;
}

/** The secret is of letters and digits only. */
function* writtenForms(secret: string): Generator<readonly [string, string]> {
  yield ["plain", secret];
  yield ["reversed", [...secret].toReversed().join("")];
  yield ["hexadecimal", Buffer.from(secret).toString("hex")];
  yield ["numbers", [...Buffer.from(secret)].join(",")];
  yield ["numbers", [...Buffer.from(secret)].join(", ")];
  for (const offset of [0, 1, 2]) {
    // The first and last characters depend on the neighbours.
    const encoded = Buffer.from(`${"x".repeat(offset)}${secret}`).toString("base64");
    yield ["base64", encoded.replaceAll("=", "").slice(offset === 0 ? 0 : 4, -2)];
  }
}
