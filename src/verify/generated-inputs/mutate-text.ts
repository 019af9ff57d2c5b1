import type { SeededRandom } from "./seeded-random.ts";

const maxCharacters = 400;

/** A text like the given one with one small change; made of its own characters and the alphabet's. */
export function mutateText(text: string, random: SeededRandom, alphabet: string): string {
  const characters = [...text].slice(0, maxCharacters);
  const letters = [...(alphabet === "" ? "aB1 " : alphabet)];
  const drawn = random.pick(letters) ?? "a";
  const at = random.below(characters.length);
  const character = characters[at];
  if (character === undefined) {
    return drawn;
  }
  const other = random.below(characters.length);
  switch (random.below(11)) {
    case 0:
      return characters.toSpliced(at, 1).join("");
    case 1:
      return characters.toSpliced(at, 0, character).join("");
    case 2:
      return characters
        .with(at, characters[other] ?? drawn)
        .with(other, character)
        .join("");
    case 3:
      return characters.toReversed().join("");
    case 4:
      return characters.slice(0, at + 1).join("");
    case 5:
      return characters.toSpliced(other, 0, drawn).join("");
    case 6:
      return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
    case 7:
      return [...characters, ...characters.slice(at)].join("");
    case 8:
      return `${characters.join("")}${drawn}`;
    default:
      return characters.with(at, sameKind(character, letters, random) ?? drawn).join("");
  }
}

/** A digit for a digit, a letter for a letter: what is a time or a number often stays one. */
function sameKind(
  character: string,
  letters: readonly string[],
  random: SeededRandom,
): string | undefined {
  if (/\d/.test(character)) {
    return String(random.below(10));
  }
  const isLetter = (text: string) => /\p{L}/u.test(text);
  return random.pick(letters.filter((letter) => isLetter(letter) === isLetter(character)));
}
