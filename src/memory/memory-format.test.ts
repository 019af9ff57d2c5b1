import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMemory, serializeMemory } from "./memory-format.ts";

const writtenAt = new Date("2026-03-01T00:00:00.000Z");

/** The example of the guide's section "memory.json Format". */
const guide = `{
  "version": 1,
  "skills": [
    {
      "name": "json_validator",
      "status": "working",
      "description": "Validates JSON strings",
      "created_at": "2026-02-07T10:30:00",
      "updated_at": "2026-02-07T10:35:00"
    }
  ],
  "failures": [
    {
      "skill": "json_validator",
      "error": "JSONDecodeError: Expecting value",
      "code_snippet": "json.loads(data)...",
      "timestamp": "2026-02-07T10:32:00"
    }
  ],
  "directives": [
    {
      "goal": "Create a CSV to JSON converter",
      "status": "pending",
      "created_at": "2026-02-07T10:40:00"
    }
  ]
}`;

function parse(text: string): ReturnType<typeof parseMemory> {
  return parseMemory(Buffer.from(text), writtenAt);
}

describe("parseMemory()", () => {
  it("parseMemory() completes the guide's own example", () => {
    const local = (time: string): string => new Date(time).toISOString();
    const memory = parse(guide);
    expect(memory).toEqual({
      file: {
        version: 1,
        schemaVersion: 1,
        skills: [
          {
            name: "json_validator",
            status: "working",
            description: "Validates JSON strings",
            created_at: local("2026-02-07T10:30:00"),
            updated_at: local("2026-02-07T10:35:00"),
            goal: "Validates JSON strings",
            language: "python",
          },
        ],
        failures: [
          {
            skill: "json_validator",
            error: "JSONDecodeError: Expecting value",
            code_snippet: "json.loads(data)...",
            timestamp: local("2026-02-07T10:32:00"),
            goal: "Validates JSON strings",
            attempt: 0,
            kind: "unknown",
            run_id: "",
          },
        ],
        directives: [
          {
            goal: "Create a CSV to JSON converter",
            status: "pending",
            created_at: local("2026-02-07T10:40:00"),
            updated_at: local("2026-02-07T10:40:00"),
            id: expect.stringMatching(/^imported-[0-9a-f]{12}$/),
            skill: "",
            run_id: "",
          },
        ],
      },
      extra: {},
    });
    expect(parse(guide)).toEqual(memory);
  });

  it("parseMemory() fills what is missing and keeps unknown fields and statuses", () => {
    const memory = parse(
      '\uFEFF{"owner": {"name": "me"}, "skills": [{"name": "s", "status": "odd", "tags": ["x"]}]}',
    );
    expect(memory?.extra).toEqual({ owner: { name: "me" } });
    expect(memory?.file.skills).toEqual([
      {
        name: "s",
        status: "untested",
        original_status: "odd",
        tags: ["x"],
        description: "",
        created_at: writtenAt.toISOString(),
        updated_at: writtenAt.toISOString(),
        goal: "",
        language: "python",
      },
    ]);
  });

  it("parseMemory() keeps a time that cannot be read beside the one that stands in for it", () => {
    const odd = "99999-99-99T99:99:99.99Z";
    const memory = parse(
      JSON.stringify({
        skills: [{ name: "s", created_at: "yesterday", updated_at: "2026-01-02T00:00:00.000Z" }],
        failures: [{ skill: "s", error: "e", timestamp: 17 }],
        directives: [{ goal: "g", created_at: odd, updated_at: "" }],
      }),
    );
    const { skills, failures, directives } = memory?.file ?? {};
    expect(skills).toMatchObject([
      { original_created_at: "yesterday", created_at: "2026-01-02T00:00:00.000Z" },
    ]);
    expect(skills?.[0]).not.toHaveProperty("original_updated_at");
    const fallback = writtenAt.toISOString();
    expect(failures).toMatchObject([{ original_timestamp: 17, timestamp: fallback }]);
    expect(directives).toMatchObject([{ original_created_at: odd, created_at: fallback }]);
    expect(directives?.[0]).not.toHaveProperty("original_updated_at");
  });

  it("parseMemory() keeps what is no record under unreadable, once", () => {
    const first = parse(
      '{"skills": [1, {"status": "working"}], "failures": ["x"], "directives": [{}]}',
    );
    expect(first?.extra).toEqual({ unreadable: [1, { status: "working" }, "x", {}] });
    if (first === undefined) throw new Error("not parsed");
    const second = parseMemory(serializeMemory(first), writtenAt);
    expect(second).toEqual(first);
  });

  it("parseMemory() gives undefined for what is no memory", () => {
    for (const text of ["", "{", "null", "3", '{"skills": 3}']) expect(parse(text)).toBeUndefined();
  });
});

describe("serializeMemory()", () => {
  it("serializeMemory() is read back as the same memory for any records", () => {
    const record = fc.record({
      name: fc.string({ minLength: 1 }),
      description: fc.string(),
      x: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(record), fc.jsonValue(), (skills, extra) => {
        const memory = parse(JSON.stringify({ skills, extra }));
        if (memory === undefined) throw new Error("not parsed");
        expect(parseMemory(serializeMemory(memory), writtenAt)).toEqual(memory);
      }),
    );
  });

  it("serializeMemory() writes the guide's layout: an indent of two", () => {
    const memory = parse(guide);
    if (memory === undefined) throw new Error("not parsed");
    const text = serializeMemory(memory).toString();
    expect(text).toBe(`${JSON.stringify({ ...memory.file }, null, 2)}\n`);
  });
});
