type Options = Readonly<Partial<Record<"type" | "endings" | "lastModified", unknown>>>;

/** Makes `now` the date of every file that is made without one: by `File`, in a form, from a form's text. */
export function shiftFiles(now: () => number): void {
  const {
    File: PlainFile,
    FormData: Form,
    Request: WebRequest,
    Response: WebResponse,
  } = globalThis;
  const make = (part: Blob, name: string): File =>
    new PlainFile([part], name, { type: part.type, lastModified: now() });
  const ShiftedFile = new Proxy(PlainFile, {
    construct: (target, args: unknown[], newTarget) => {
      const [parts, name, options = {}] = args;
      const isMade = args.length > 1 && typeof options === "object";
      // Read as the constructor reads it; what is not there is as good as undefined.
      const { type, endings, lastModified = now() } = (options ?? {}) as Options;
      const dated = [parts, name, { type, endings, lastModified }];
      return Reflect.construct(target, isMade ? dated : args, newTarget);
    },
  });
  PlainFile.prototype.constructor = ShiftedFile;
  const { append } = Form.prototype;
  const place = { writable: true, configurable: true };
  Object.defineProperty(globalThis, "File", { value: ShiftedFile, ...place });

  for (const method of ["append", "set"] as const) {
    const plain = Form.prototype[method] as (...args: unknown[]) => void;
    Form.prototype[method] = function (this: FormData, ...args: unknown[]): void {
      const [name, value, fileName] = args;
      const isUndated = value instanceof Blob && !(value instanceof PlainFile);
      const held = isUndated ? [name, make(value, String(fileName ?? "blob"))] : args;
      Reflect.apply(plain, this, held);
    };
  }
  for (const { prototype } of [WebRequest, WebResponse]) {
    const plain = prototype.formData;
    const formData = async function (this: unknown): Promise<FormData> {
      const shifted = new Form();
      for (const [name, value] of await Reflect.apply(plain, this, [])) {
        const held = typeof value === "string" ? value : make(value, value.name);
        Reflect.apply(append, shifted, [name, held]);
      }
      return shifted;
    };
    Object.defineProperty(prototype, "formData", { value: formData, ...place });
  }
}
