import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { nameOf } from "./module-text.ts";

/** A name of another module: `path` as its specifier says, before it is resolved. */
export interface ForeignName {
  readonly specifier: string;
  readonly name: string;
}

/** Where the exported names of a module come from; a local one is named by its binding. */
export interface ModuleExports {
  readonly names: ReadonlyMap<string, ForeignName | { readonly local: string }>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
}

/** The names that a JavaScript module exports. */
export function moduleExports(program: SyntaxNode): ModuleExports {
  const names = new Map<string, ForeignName | { local: string }>();
  const stars: string[] = [];
  for (const statement of children(program, "body")) {
    const specifier = nameOf(child(statement, "source"));
    switch (kindOf(statement)) {
      case "ExportDefaultDeclaration":
        names.set("default", { local: "" });
        break;
      case "ExportAllDeclaration": {
        const exported = child(statement, "exported");
        if (exported === undefined) stars.push(specifier);
        else names.set(nameOf(exported), { local: "" });
        break;
      }
      case "ExportNamedDeclaration":
        for (const name of declaredNames(child(statement, "declaration"))) {
          names.set(name, { local: name });
        }
        for (const each of children(statement, "specifiers")) {
          const local = nameOf(child(each, "local"));
          const from = child(statement, "source") === undefined ? { local } : undefined;
          names.set(nameOf(child(each, "exported")), from ?? { specifier, name: local });
        }
        break;
      default:
    }
  }
  return { names, stars };
}

/** The names that a TypeScript module exports as types alone; `*` when there may be any. */
export function exportedTypes(program: SyntaxNode): ReadonlySet<string> {
  return new Set(children(program, "body").flatMap(typesOf));
}

function typesOf(statement: SyntaxNode): string[] {
  const isType = text(statement, "exportKind") === "type";
  const declaration = child(statement, "declaration");
  switch (kindOf(statement)) {
    case "ExportDefaultDeclaration":
      return kindOf(declaration) === "TSInterfaceDeclaration" ? ["default"] : [];
    case "ExportAllDeclaration":
      return isType ? ["*"] : [];
    case "ExportNamedDeclaration": {
      const specifiers = children(statement, "specifiers").filter(
        (each) => isType || text(each, "exportKind") === "type",
      );
      const isDeclared = isType || declaration?.["declare"] === true;
      return [
        ...(isDeclared ? declaredNames(declaration) : []),
        ...specifiers.map((each) => nameOf(child(each, "exported"))),
      ];
    }
    default:
      return [];
  }
}

function declaredNames(declaration: SyntaxNode | undefined): string[] {
  if (declaration === undefined) return [];
  const id = child(declaration, "id");
  if (id !== undefined) return [nameOf(id)];
  return children(declaration, "declarations").flatMap((each) => boundNames(child(each, "id")));
}

function boundNames(pattern: SyntaxNode | undefined): string[] {
  if (pattern === undefined) return [];
  switch (kindOf(pattern)) {
    case "Identifier":
      return [text(pattern, "name")];
    case "AssignmentPattern":
      return boundNames(child(pattern, "left"));
    case "RestElement":
      return boundNames(child(pattern, "argument"));
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(boundNames);
    default:
      return children(pattern, "properties").flatMap((each) =>
        boundNames(child(each, "value") ?? each),
      );
  }
}
