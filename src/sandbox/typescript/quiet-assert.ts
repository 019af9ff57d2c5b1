type Assertion = (this: unknown, ...args: unknown[]) => unknown;
interface Assert extends Assertion {
  readonly strict: Assert;
  readonly Assert?: { readonly prototype: { ok: Assertion } };
}

const { apply } = Reflect;
const { assign, defineProperty } = Object;

/**
 * Returns Node's `assert`, which without a message quotes the expression it was given from the program's
 * text, with a message of its own. Code that could read itself could tell that it was changed, as
 * mutants are.
 */
export function quietAssert(assert: Assert): Assert {
  const loose = withMessage(assert, assert);
  const strict = withMessage(assert.strict, assert.strict);
  assign(loose, { ok: loose, strict });
  assign(strict, { ok: strict, strict });
  const shared = assert.Assert?.prototype;
  if (shared !== undefined) {
    defineProperty(shared, "ok", { value: withMessage(shared.ok, {}) });
  }
  return loose;
}

function withMessage(assertion: Assertion, members: object): Assert {
  const quiet = function (this: unknown, ...args: unknown[]): unknown {
    const [value, message] = args;
    const isQuoted = args.length > 0 && !value && (message === undefined || message === null);
    if (!isQuoted) {
      return apply(assertion, this, args);
    }
    try {
      return apply(assertion, this, [value, "The expression evaluated to a falsy value"]);
    } catch (error) {
      // As where Node finds no text to quote.
      assign(error as object, { generatedMessage: true });
      throw error;
    }
  };
  return assign(quiet, members) as unknown as Assert;
}
