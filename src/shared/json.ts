export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

export type Language = "python" | "typescript";

/** The file extension of a skill's source, dot included. */
export function sourceExtension(language: Language): ".py" | ".ts" {
  return language === "python" ? ".py" : ".ts";
}
