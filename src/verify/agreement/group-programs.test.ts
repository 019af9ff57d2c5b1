import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { behaviour } from "../testing/fake-behaviours.ts";
import { groupPrograms } from "./group-programs.ts";

describe("groupPrograms()", () => {
  test("groupPrograms() puts every program into exactly one group when outcomes are any", () => {
    const outcomes = fc.array(fc.constantFrom("1", "2", "died"), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(outcomes, { maxLength: 12 }), (rows) => {
        const groups = groupPrograms(rows.map((row) => behaviour(row)));
        const members = groups.flatMap((group) => group.members).toSorted((a, b) => a - b);
        expect(members).toEqual([...rows.keys()]);
        expect(groups).toHaveLength(new Set(rows.map((row) => row.join())).size);
      }),
    );
  });

  test("groupPrograms() counts samples of all members and equal syntax trees once", () => {
    const [group] = groupPrograms([
      behaviour(["1"], "", { samples: 3, treeDigest: "t" }),
      behaviour(["1"], "", { samples: 2, treeDigest: "t" }),
      behaviour(["1"], "", { treeDigest: "u" }),
    ]);
    expect(group).toMatchObject({ samples: 6, distinctTexts: 2 });
  });
});
