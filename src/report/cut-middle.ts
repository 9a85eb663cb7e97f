/** A text cut in the middle to about a width, so that beginning and end of long ids stay. */
export function cutMiddle(text: string, maxCharacters: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxCharacters) return text;
  const head = Math.ceil((maxCharacters - 1) / 2);
  const tail = maxCharacters - 1 - head;
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
}
