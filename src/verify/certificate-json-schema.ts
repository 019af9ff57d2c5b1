import { z } from "zod";
import { certificateSchema } from "./certificate-schema.ts";

/** The JSON Schema of a certificate's file, as `docs/certificate.schema.json` holds it. */
export function certificateJsonSchema(): object {
  return {
    title: "Certificate of an Autodidact skill, version 2",
    ...z.toJSONSchema(certificateSchema, { target: "draft-2020-12" }),
  };
}
