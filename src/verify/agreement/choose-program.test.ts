import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import { chooseProgram, rankGroups } from "./choose-program.ts";

describe("chooseProgram()", () => {
  test("chooseProgram() takes the larger group when both pass as much", () => {
    const programs = [
      behaviour(["1", "3"], "1"),
      behaviour(["1", "2"], "1"),
      behaviour(["1", "2"], "1", { samples: 4 }),
    ];
    expect(chooseProgram(programs, weighedCases("o"))).toBe(2);
  });

  test("chooseProgram() counts copies once when many programs are one slip", () => {
    const copies = Array.from({ length: 5 }, () =>
      behaviour(["9", "8"], "1", { treeDigest: "slip" }),
    );
    const own = [behaviour(["1", "2"], "1"), behaviour(["1", "2"], "1")];
    expect(chooseProgram([...copies, ...own], weighedCases("o"))).toBe(5);
  });

  test("chooseProgram() holds examples for law when more programs fail one", () => {
    const many = Array.from({ length: 6 }, () => behaviour(["1", "2"], "0111"));
    const programs = [...many, behaviour(["4", "5"], "1000")];
    expect(chooseProgram(programs, weighedCases("eooo"))).toBe(6);
  });

  test("chooseProgram() prefers answers to a constant when all else is equal", () => {
    const programs = [behaviour(["0", "0"], "1"), behaviour(["1", "2"], "1")];
    expect(chooseProgram(programs, weighedCases("o"))).toBe(1);
  });

  test("chooseProgram() takes the text that was written most often, whatever its locals are called", () => {
    const twice = { treeDigest: "written twice" };
    const programs = [
      behaviour(["1", "2"], "1"),
      behaviour(["1", "2"], "1", twice),
      behaviour(["1", "2"], "1", twice),
    ];
    expect(chooseProgram(programs, weighedCases("o"))).toBe(1);
  });

  test("chooseProgram() keeps an eligible one when the best is not", () => {
    const peers = [behaviour(["1", "2"], "1"), behaviour(["1", "2"], "1")];
    const programs = [...peers, behaviour(["1", "3"], "1"), behaviour(["1", "2"], "1")];
    expect(chooseProgram(programs, weighedCases("o"), (index) => index > 1)).toBe(3);
    expect(chooseProgram(peers, weighedCases("o"), () => false)).toBeUndefined();
  });

  test("chooseProgram() gives nothing for a case that hardly a program passes", () => {
    const many = Array.from({ length: 9 }, (_, index) => behaviour([`${index}`, "2"], "01"));
    const [one, ...others] = many;
    const programs = [...(one === undefined ? [] : [{ ...one, passes: [true, true] }]), ...others];
    const scores = rankGroups(programs, weighedCases("oo")).map(
      ({ features }) => features.passedWeight,
    );
    expect(new Set(scores)).toEqual(new Set([1]));
  });

  test("chooseProgram() gives nothing when there are no programs", () => {
    expect(chooseProgram([], weighedCases("oo"))).toBeUndefined();
  });
});

describe("rankGroups()", () => {
  test("rankGroups() gives each behaviour its score in whatever order programs and inputs come", () => {
    const outcome = fc.constantFrom("1", "2", "died", "raised:E");
    const row = fc.array(outcome, { minLength: 3, maxLength: 3 });
    const text = fc.constantFrom("a", "b", "c");
    const programs = fc.array(fc.tuple(row, text), { minLength: 1, maxLength: 8 });
    const scoresOf = (rows: readonly (readonly [readonly string[], string])[], order: number[]) =>
      rankGroups(
        rows.map(([outcomes, treeDigest]) => {
          const turned = order.map((at) => outcomes[at] ?? "");
          return behaviour(turned, outcomes[0] === "1" ? "1" : "0", { treeDigest });
        }),
        weighedCases("o"),
      )
        .map(({ outcomes, score }) => {
          const back = order.map((_, at) => outcomes[order.indexOf(at)]);
          return `${back.join()} ${score}`;
        })
        .toSorted();
    const turns = fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(programs, turns, fc.infiniteStream(fc.nat()), (rows, order, draws) => {
        const keyed = rows.map((one) => [draws.next().value ?? 0, one] as const);
        const shuffled = keyed.toSorted(([a], [b]) => a - b).map(([, one]) => one);
        expect(scoresOf(shuffled, order)).toEqual(scoresOf(rows, [0, 1, 2]));
      }),
    );
  });

  test("rankGroups() scores every group with a finite number when outcomes are any", () => {
    const row = fc.array(fc.constantFrom("1", "2", "died", "raised:E"), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const ranked = rankGroups(
          rows.map((outcomes) => behaviour(outcomes, "1")),
          weighedCases("o"),
        );
        const scores = ranked.map(({ score }) => score);
        expect(scores.every(Number.isFinite)).toBe(true);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});
